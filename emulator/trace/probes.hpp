#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "isa/image/image.hpp"
#include "isa/microcode/expression.hpp"

namespace seamount::emu {

/// Where probes read: the state after the last step. Machine behind two functions, so that tests
/// need no machine.
struct StateReader {
    std::function<std::int32_t(NeuronId neuron, std::uint32_t index)> state;
    std::function<std::int32_t(NeuronId neuron, std::uint32_t index)> parameter;
    /// What is due in an accumulator in the next step, and a trace register; may be missing where
    /// nothing asks for them.
    std::function<std::int32_t(NeuronId neuron, std::uint32_t index)> accumulator{};
    std::function<std::int32_t(NeuronId neuron, std::uint32_t index)> trace{};
    /// Whether the trigger of a window fired in the step; missing: always.
    std::function<bool(const isa::ProbeWindow& window)> fired{};
};

struct ProbeValue {
    std::uint32_t probe = 0;            ///< index into Image::probes
    std::uint32_t neuron = 0;           ///< index within the probe's population
    std::optional<std::int64_t> value;  ///< nothing if the view divides by zero or overflows
};

/// Reads the probed words and views of an image. Plain C++, no files.
class ProbeRecorder {
public:
    /// Throws InputError (IMG-PROBE) if a probe names no word of its population's program.
    explicit ProbeRecorder(const isa::Image& image);

    /// Values after step `step`, by probe, then in the probe's neuron order. A probe with `every`
    /// = n samples after steps n - 1, 2n - 1, ... The result is valid until the next call.
    [[nodiscard]] std::span<const ProbeValue> record(std::uint64_t step, const StateReader& read);

    /// Views that could not be evaluated so far.
    [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }

private:
    /// Where a name of a view's expression gets its value.
    struct Source {
        std::string name;
        bool is_state = false;
        std::uint32_t index = 0;
    };
    enum class Bank : std::uint8_t { kState, kAccumulator, kTrace };
    struct Probe {
        std::uint32_t every = 1;
        NeuronId first_neuron;
        std::uint32_t count = 0;             ///< neurons to record
        std::vector<std::uint32_t> neurons;  ///< within the population; empty: the first `count`
        Bank bank = Bank::kState;            ///< if there is no view
        std::uint32_t word = 0;              ///< of it
        isa::ProbeWindow window{};
        std::optional<isa::Expression> view;
        std::vector<Source> sources;
    };

    [[nodiscard]] static Probe resolve(const isa::Image& image, const isa::ProbeImage& wanted);
    [[nodiscard]] static std::vector<Source> sources_of(const isa::Expression& view,
                                                        const isa::ProgramImage& program);
    [[nodiscard]] std::optional<std::int64_t> read_one(const Probe& probe, NeuronId neuron,
                                                       const StateReader& read);

    std::vector<Probe> probes_;
    std::vector<ProbeValue> values_;
    std::uint64_t failures_ = 0;
};

}  // namespace seamount::emu
