#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emulator/base/parallel.hpp"
#include "emulator/core/lockstep.hpp"
#include "emulator/core/neurocore.hpp"
#include "emulator/learning/tied_weights.hpp"
#include "emulator/machine/core_update.hpp"
#include "emulator/machine/host_input.hpp"
#include "emulator/machine/machine.hpp"
#include "emulator/machine/ranks/division.hpp"
#include "emulator/machine/ranks/watched.hpp"
#include "emulator/machine/rewards.hpp"
#include "emulator/machine/router.hpp"
#include "emulator/machine/rule_spikes.hpp"
#include "emulator/machine/sample_clock.hpp"
#include "emulator/machine/spike_rows.hpp"

namespace seamount::emu {

/// What a Machine is made of; machine.cpp steps it, machine_host.cpp is what the host does between
/// two steps, machine_open.cpp what a debugger does inside one, machine_ranks.cpp what ranks tell
/// each other, machine_state.cpp its state.
struct Machine::Impl {
    struct Place {
        CoreSlot core;
        std::uint32_t compartment = 0;
    };

    /// `params` as all ranks have them, see agreed().
    Impl(const isa::Image& from, const Params& params);
    /// What rank 0 was given, with the rank's own threads.
    [[nodiscard]] static Params agreed(const Params& params);
    void build_cores(const Params& params);
    void build_routes();
    /// Rank 0 hears what packets to the cores of others cost.
    void tell_costs();
    /// What this rank counted in the step goes to rank 0, and what it is to know of states.
    void tell_counts();
    [[nodiscard]] Watched watched_of(const std::vector<NeuronId>& neurons) const;
    /// Calls work(core, worker) for the cores of this rank.
    template <class Work>
    void for_own(const Work& work) {
        const std::size_t first = division.first();
        parallel.for_each(division.end() - first,
                          [&](std::size_t i, std::size_t worker) { work(first + i, worker); });
    }

    const StepActivity& step();
    void open_step();
    void begin_step();
    void present_sample();
    void host_spikes();
    void update();
    void end_sample();
    void take_update(std::size_t core, const CoreUpdate& update);
    void route();
    std::uint64_t count_in_chunks();
    void route_in_chunks();
    [[nodiscard]] std::size_t first_core_of(std::size_t chunk) const {
        return cores.size() * chunk / inboxes.size();
    }
    void integrate(std::span<const Inboxes> inboxes, std::uint64_t slot);
    void learn();
    void tie_weights();
    void copy_tied();
    void finish_step();
    [[nodiscard]] const Place& place_of(NeuronId neuron) const;

    void restart();
    void save(MachineState& state) const;
    void save_sums(MachineState& state) const;
    /// What is wrong with a state, or nothing.
    [[nodiscard]] std::string misfit(const MachineState& state) const;
    [[nodiscard]] std::string misfit_of_sums(const MachineState& state) const;
    void load(const MachineState& state);
    /// Entry of LearningImage::projections that the projection is.
    [[nodiscard]] std::size_t entry_of(const PlasticProjection& projection) const;
    /// The parts of such an entry, core by core.
    template <class Visit>
    void for_parts_of(std::uint32_t entry, Visit visit) {
        for (Neurocore& core : cores) {
            if (core.learning() == nullptr) continue;
            for (PlasticProjection& projection : core.learning()->projections()) {
                if (entry_of(projection) == entry) visit(projection);
            }
        }
    }

    const isa::Image& image;
    std::uint64_t seed;
    isa::PhiloxSource philox;
    const isa::RandomSource& random;
    Parallel parallel;
    Division division;
    Watched watched;
    std::vector<LockstepProgram> programs;
    std::vector<Neurocore> cores;
    std::vector<Lockstep> engines;  ///< one per worker
    IdVector<NeuronId, Place> places;
    std::vector<FanOut> fan_outs;  ///< by core
    SpikeRows rows;                ///< of all plain rows, unless they are too many
    bool packets;                  ///< Params::packets; of ranks only the first has them
    std::vector<HostInput> inputs;
    std::vector<FanOut> input_fan_outs;
    SampleClock clock;
    Rewards rewards;
    RuleSpikes rule_spikes;
    std::optional<TiedWeights> tied;   ///< if some projection is
    bool learns = false;               ///< some core has synapses that learn
    bool learning_allowed;             ///< by the parameters, and on in some step
    bool learning_enabled;             ///< by the image's schedule
    std::size_t next_switch = 0;       ///< index into LearningImage::switches
    std::optional<bool> learning_set;  ///< over the schedule

    bool open = false;                                ///< open_step() was called for `now`
    std::map<std::size_t, CoreUpdate> given_updates;  ///< by core, of the open step

    // What the host gave for the coming step; rewards keep theirs.
    std::vector<HostSpike> given_spikes;
    std::vector<HostWrite> given_writes;
    std::uint64_t given_messages = 0;            ///< that changed the learning engines
    std::vector<HostInput::Write> input_writes;  ///< of one input, in this step

    SamplePosition here;         ///< of the step in work
    std::uint64_t left_out = 0;  ///< steps of its sample that it has skipped

    // One step; kept between steps for their memory.
    StepActivity activity;
    std::vector<Inboxes> inboxes;  ///< one per chunk of source cores
    std::vector<Inboxes> host_inboxes;
    std::vector<SpikePacket> host_packets;
    std::vector<std::uint32_t> host_sources;
    std::vector<std::int32_t> host_payloads;
    std::vector<std::size_t> chunk_packets;
    std::vector<std::uint64_t> tied_writes;  ///< by core
    std::uint64_t now = 0;
};

}  // namespace seamount::emu
