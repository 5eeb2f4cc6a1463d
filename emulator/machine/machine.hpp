#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "emulator/learning/core_learning.hpp"
#include "emulator/machine/activity.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::emu {

/// The chip without time: runs the function of all cores, step by step, exactly. No SystemC.
///
/// One step: (0) at a sample's start, reset and host writes; (1) host spikes of this step are
/// integrated into ring slot t + delay; (2) every core updates its compartments; (3) spikes go
/// through the output axons and are integrated at their targets into slot t + 1 + delay; (4)
/// synapses learn, at the ends of their epochs. The result does not depend on mapping or threads.
class Machine {
public:
    struct Params {
        std::uint32_t threads = 1;
        std::uint64_t seed = 1;  ///< of run-time randomness
        const isa::RandomSource* random =
            nullptr;           ///< instead of Philox(seed); must outlive the machine
        bool learning = true;  ///< false: synapses keep their values, whatever the image says
    };

    /// `image` must come from isa::deserialize or satisfy isa::check_image, and must outlive the
    /// machine.
    Machine(const isa::Image& image, const Params& params);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Runs one step; the result stays valid until the next call.
    const StepActivity& step();
    [[nodiscard]] std::uint64_t steps_done() const noexcept;

    /// State word `state` of a neuron as it is after the last step.
    [[nodiscard]] std::int32_t state(NeuronId neuron, std::uint32_t state) const;
    /// Parameter `index` of the neuron's group.
    [[nodiscard]] std::int32_t parameter(NeuronId neuron, std::uint32_t index) const;
    /// Who lives in a compartment of a core.
    [[nodiscard]] NeuronId neuron(CoreSlot core, std::uint32_t compartment) const;

    /// The learning engine of a core; null if nothing learns there.
    [[nodiscard]] const CoreLearning* learning(CoreSlot core) const;
    /// Writes weights, delays and tags as they are now into `image`, a copy of the machine's own:
    /// a machine that is built of it starts with them. Traces are not kept.
    void store_learned(isa::Image& image) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::emu
