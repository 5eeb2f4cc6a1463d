#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"
#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

using Trace = std::vector<std::vector<std::int32_t>>;  ///< [step][neuron]

/// The trace that a vector holds as [step][neuron], or [step] and more than one index (x, y,
/// channel), the last one fastest. Throws InputError for what is none.
[[nodiscard]] Trace trace_of(const Json& list, std::string_view what);

/// A member as a trace: at least `steps` rows, of which the first ones are given, each of `width`.
[[nodiscard]] Trace trace_at(const Json& object, const std::string& key, std::size_t steps,
                             std::size_t width);
/// A member as a trace with rows of equal length; at least one row.
[[nodiscard]] Trace whole_trace_at(const Json& object, const std::string& key);

/// First difference of two traces as text, or empty. `got` may have more steps.
[[nodiscard]] std::string compare_trace(std::string_view what, const Trace& got,
                                        const Trace& expected);

/// Runs a machine and keeps, for every step, all state words and what every neuron sent.
class Tape {
public:
    /// Both must outlive the tape.
    Tape(const isa::Image& image, emu::Machine& machine) : image_{image}, machine_{machine} {}

    void run(std::uint64_t steps);

    /// Sum of the payloads that each neuron of a population sent on a channel, 0 for no spike.
    [[nodiscard]] Trace payloads(std::size_t population, std::uint8_t channel = 0) const;
    /// A state word of each neuron of a population after each step.
    [[nodiscard]] Trace states(std::size_t population, const std::string& name) const;

private:
    struct Sent {
        std::size_t step = 0;
        NeuronId neuron;
        std::int32_t payload = 0;
        std::uint8_t channel = 0;
    };

    const isa::Image& image_;
    emu::Machine& machine_;
    std::vector<Sent> sent_;
    std::vector<Trace> words_;  ///< [step][neuron][state word]
};

}  // namespace seamount::conform
