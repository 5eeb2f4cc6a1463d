#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// Which of the steps that are due a probe reads.
struct ProbeWindow {
    static constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};
    enum class When : std::uint8_t { kAlways = 0, kPopulation = 1, kInput = 2 };  ///< it spiked
    std::uint64_t first = 0;
    std::uint64_t end = kNoEnd;          ///< behind the last one
    When when = When::kAlways;           ///< in the step
    std::uint32_t index = 0;             ///< of the population or input
    std::vector<std::uint32_t> members;  ///< any of these, ascending; empty: any of all

    [[nodiscard]] bool has(std::uint64_t step) const { return step >= first && step < end; }
    friend bool operator==(const ProbeWindow&, const ProbeWindow&) = default;
};

/// Neurons whose words are recorded after every `every`-th step.
struct ProbeImage {
    std::uint32_t population = 0;
    /// A state word, view or accumulator (what is due in the next step) of the population's
    /// program, or a trace register y0..y3.
    std::string variable;
    std::vector<std::uint32_t> neurons;  ///< index within the population; empty: all of it
    std::uint32_t every = 1;
    SourceLocation where;
    ProbeWindow window{};
    friend bool operator==(const ProbeImage&, const ProbeImage&) = default;
};

/// What is recorded of cores after every `every`-th step.
struct CoreProbeImage {
    std::string variable;              ///< isa::CoreWord
    std::vector<std::uint32_t> cores;  ///< core ids; empty: all that are used
    std::uint32_t every = 1;
    ProbeWindow window{};
    friend bool operator==(const CoreProbeImage&, const CoreProbeImage&) = default;
};

/// In how many of its steps a probe would write a row that another one writes too. Probes that wait
/// for spikes of which none is one of both are taken to share no step; `every` is at least 1.
enum class SameRows : std::uint8_t { kNone, kSome, kAll };

/// Of two probes of one word.
[[nodiscard]] SameRows same_rows(const ProbeImage& a, const ProbeImage& b);
[[nodiscard]] SameRows same_rows(const CoreProbeImage& a, const CoreProbeImage& b);
/// Of two probes of one thing, by when they read it.
[[nodiscard]] SameRows same_rows(std::uint32_t every_a, const ProbeWindow& window_a,
                                 std::uint32_t every_b, const ProbeWindow& window_b);

/// Whether a probe's variable is a trace register: y0..y3.
[[nodiscard]] constexpr bool is_trace_name(std::string_view name) noexcept {
    return name.size() == 2 && name[0] == 'y' && name[1] >= '0' &&
           name[1] < static_cast<char>('0' + kTraceRegisters);
}

}  // namespace seamount::isa
