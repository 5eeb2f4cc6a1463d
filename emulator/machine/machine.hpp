#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "emulator/learning/core_learning.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/machine/host_input.hpp"
#include "emulator/machine/machine_state.hpp"
#include "emulator/machine/ranks/ranks.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::emu {

class Parallel;

struct CoreUpdate;

/// The chip without time: runs the function of all cores, step by step, exactly. No SystemC.
///
/// One step: (0) at a sample's start, reset and host writes; (1) host spikes of this step are
/// integrated into ring slot t + delay; (2) every core updates its compartments; (3) spikes go
/// through the output axons and are integrated at their targets into slot t + 1 + delay; (4)
/// synapses learn, at the ends of their epochs. The result does not depend on mapping or threads.
/// A sample that a spike of (2) ends goes on with its blank steps, or the next one follows.
class Machine {
public:
    struct Params {
        std::uint32_t threads = 1;
        std::uint64_t seed = 1;  ///< of run-time randomness
        const isa::RandomSource* random =
            nullptr;           ///< instead of Philox(seed); must outlive the machine
        bool learning = true;  ///< false: synapses keep their values, whatever the image says
        std::uint32_t access_words = 0;  ///< Neurocore::Learning::access_words
        /// False: packets are counted, but StepActivity::packets stays empty. Only what plays them
        /// out in time needs them.
        bool packets = true;
        /// Steps of the run in which samples end early, ascending, instead of where the image's
        /// population ends them: plays a run again where others spike. Must outlive the machine.
        const std::vector<std::uint64_t>* sample_ends = nullptr;

        /// The machine is one of those that divide a network among themselves: it computes the
        /// cores of its rank, and step() waits for the spikes of the others. Rank 0 has the whole
        /// StepActivity, the others of foreign cores only the spikes. What is said above but
        /// `threads`, and below, is as rank 0 has it. Not with `random` or `sample_ends`, nor for
        /// images with tied weights. Must outlive the machine; null: it has all cores.
        Ranks* ranks = nullptr;
        /// Where the cores of each rank begin (first_cores); needed at rank 0 only.
        std::vector<std::uint32_t> first_cores{};
        /// Of other ranks, the neurons whose state(), due() and trace() rank 0 can read after a
        /// step; its own it can read anyway.
        std::vector<NeuronId> watched{};
    };

    /// `image` must come from isa::deserialize or satisfy isa::check_image, and must outlive the
    /// machine. What it has in synapse memory, rows and input axons of cores of other ranks is not
    /// looked at, and may be missing.
    Machine(const isa::Image& image, const Params& params);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Runs one step; the result stays valid until the next call.
    const StepActivity& step();
    [[nodiscard]] std::uint64_t steps_done() const noexcept;
    /// Where the next step, or the open one, stands in the dataset: further than steps_done() by
    /// what samples that ended early have skipped.
    [[nodiscard]] SamplePosition position() const;

    // For who looks inside a step. save(), load() and what a host does are not for an open step.

    /// The first part of the next step: the start of a sample, what the host writes, and its
    /// spikes. step() does the rest.
    void open_step();
    [[nodiscard]] bool step_is_open() const noexcept;
    /// What a compartment computes with in the next step; before it is open, without what the host
    /// adds to it.
    [[nodiscard]] isa::Lane lane(CoreSlot core, std::uint32_t compartment) const;
    /// What is due in an accumulator `delay` steps after the next one; 0 beyond the longest delay.
    [[nodiscard]] std::int64_t pending(CoreSlot core, std::uint32_t compartment,
                                       std::uint32_t accumulator, std::uint32_t delay) const;
    /// How many trace registers the neuron's program has.
    [[nodiscard]] std::uint32_t trace_registers(NeuronId neuron) const;
    /// What the update of a core does in the open step, instead of what it would do.
    void give_update(CoreSlot core, CoreUpdate update);

    // What a host does between two steps. Indices are in range (SM_ASSERT).

    /// Sources of input `input`, which spikes, spike in the next step, beside those that the input
    /// itself lets spike. A source may come twice. `payloads`: one for each, or none: all are 1.
    void inject(std::uint32_t input, std::span<const std::uint32_t> sources,
                std::span<const std::int32_t> payloads = {});
    /// State word `state` of a neuron becomes `value`, at once; the next step counts the message
    /// of the host, and writes again if it resets the cores for a sample.
    void write_state(NeuronId neuron, std::uint32_t state, std::int32_t value);
    /// Reward on channel 0 or 1 in the next step; those of one step add up.
    void reward(std::uint32_t channel, std::int32_t value);
    /// From now on synapses learn, or not, whatever the image's schedule says; nothing: as it says.
    /// Traces go on, and so do rules that spikes have switched off: they stay off. Has no effect on
    /// a machine that never learns (learns()). One message of the host, which all cores hear: the
    /// next step counts it among its writes.
    void set_learning(std::optional<bool> on);
    /// The tags of the synapses of an entry of LearningImage::projections become 0, at once; the
    /// next step counts a write of the host for each of its synapses. Nothing if they have none.
    void clear_tags(std::uint32_t entry);
    /// Its traces become 0 and what spiked in the epoch so far is forgotten, at once; a write of
    /// the host for each source and each target that has synapses. Traces that a neuron program
    /// writes come back with the next step.
    void clear_traces(std::uint32_t entry);
    /// Whether synapses may learn: some do, Params::learning is on and so is the image's schedule
    /// in some step.
    [[nodiscard]] bool learns() const noexcept;

    /// Everything that the machine holds.
    [[nodiscard]] MachineState save() const;
    /// Continues from there, with the machine's own seed. Throws std::invalid_argument, which says
    /// why, and leaves the machine as it was, if the state is not one of this network.
    void load(const MachineState& state);
    /// As it was built, but for what synapses learned.
    void restart();

    /// State word `state` of a neuron as it is after the last step.
    [[nodiscard]] std::int32_t state(NeuronId neuron, std::uint32_t state) const;
    /// What is due in an accumulator in the next step.
    [[nodiscard]] std::int32_t due(NeuronId neuron, std::uint32_t accumulator) const;
    /// Trace register `index` as the program last set it; 0 if it never does.
    [[nodiscard]] std::int32_t trace(NeuronId neuron, std::uint32_t index) const;
    /// Parameter `index` of the neuron's group.
    [[nodiscard]] std::int32_t parameter(NeuronId neuron, std::uint32_t index) const;
    /// Who lives in a compartment of a core.
    [[nodiscard]] NeuronId neuron(CoreSlot core, std::uint32_t compartment) const;

    /// The learning engine of a core; null if nothing learns there.
    [[nodiscard]] const CoreLearning* learning(CoreSlot core) const;
    /// The threads that it runs on, for what else is done in a step.
    [[nodiscard]] Parallel& threads() noexcept;

    /// Writes weights, delays and tags as they are now into `image`, a copy of the machine's own:
    /// a machine that is built of it starts with them. Traces are not kept. On ranks: all of them
    /// call it, and rank 0 puts the whole synapse memory of the others' cores into its image.
    void store_learned(isa::Image& image) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::emu
