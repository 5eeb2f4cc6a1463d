#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"
#include "tools/session/drive/synapse_table.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/open.hpp"
#include "tools/session/options.hpp"
#include "tools/session/results.hpp"
#include "tools/session/state.hpp"

namespace seamount::session {

/// A run that is driven from outside, step by step:
///
///     session::Listener silent;
///     auto loaded = std::make_shared<session::Loaded>(session::open("net.yaml", {}, silent));
///     session::Simulation simulation{loaded};
///     for (int t = 0; t < 1000; ++t) {
///         simulation.inject("eye", std::vector<std::uint32_t>{3, 5});
///         const session::Tally& step = simulation.step();
///     }
///
/// The same machine, timing and mesh models as session::run(), in a plain loop without SystemC:
/// every step has the same spikes, counts, times and energy. Any number of simulations may live in
/// a process, in threads too; each is used by one thread at a time. What the host gives is priced
/// as the chip file says: host_packet for spikes, host_write for writes, host_reward for rewards.
///
/// Names that a network does not have are InputErrors (RUN-NAME), indices and values out of range
/// too (RUN-VALUE); the simulation is as it was then.
class Simulation {
public:
    /// RunSettings::steps and samples do not matter: it runs as long as it is asked to; behind the
    /// end of a dataset its inputs are silent. `observers` must outlive it.
    explicit Simulation(std::shared_ptr<const Loaded> loaded, const RunSettings& settings = {},
                        std::vector<RunObserver*> observers = {});
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    /// Called before each step, when the host may act for it.
    std::function<void(Simulation&)> before_step;

    /// Plays one step; says what happened in it.
    const Tally& step();
    void run(std::uint64_t steps);
    /// Steps since the start, those before a restored snapshot included.
    [[nodiscard]] std::uint64_t steps_done() const;
    /// The step of the dataset that comes next: ahead of steps_done() by what samples that ended
    /// early have skipped.
    [[nodiscard]] std::uint64_t dataset_step() const;

    /// Back to the state before step 0, totals too (but for stages, links and max_link_flits, which
    /// count from when the simulation was built). `keep_learned`: synapses keep what they learned.
    void reset(bool keep_learned = false);
    [[nodiscard]] State snapshot() const;
    /// Continues from there. Throws InputError (RUN-STATE) if it is not a state of this network,
    /// or of a run with another seed.
    void restore(const State& state);

    /// Sources of an input spike in the next step, once for each time that they are given.
    /// `payloads`: one for each, or none: 1.
    void inject(std::string_view input, std::span<const std::uint32_t> sources,
                std::span<const std::int32_t> payloads = {});
    /// The same by index into Image::inputs.
    void inject(std::uint32_t input, std::span<const std::uint32_t> sources,
                std::span<const std::int32_t> payloads = {});
    /// Writes a state word: `values` are one for each of `neurons` (indices within the population;
    /// none given: all of it), or one for all.
    void write(std::string_view population, std::string_view state,
               std::span<const std::int32_t> values, std::span<const std::uint32_t> neurons = {});
    /// Reward on channel 0 (r0) or 1 (r1) in the next step, -128..127.
    void reward(std::uint32_t channel, std::int32_t value);
    /// Synapses learn from the next step on, or do not, whatever the network says; nothing: as it
    /// says. RUN-VALUE if nothing learns in this simulation.
    void set_learning(std::optional<bool> on);
    /// The tags of a projection's synapses become 0, at once. `projection`: none: of all that have
    /// tags. RUN-VALUE if there are none, or if nothing learns in this simulation.
    void clear_tags(std::optional<std::string_view> projection = std::nullopt);
    /// The traces of a projection's sources and targets become 0, at once, and what spiked in the
    /// epoch so far is forgotten. `projection` as of clear_tags().
    void clear_traces(std::optional<std::string_view> projection = std::nullopt);

    /// A state word of all neurons of a population after the last step.
    [[nodiscard]] std::vector<std::int32_t> state(std::string_view population,
                                                  std::string_view word) const;
    void read_state(std::uint32_t population, std::uint32_t word,
                    std::span<std::int32_t> values) const;
    [[nodiscard]] SynapseTable weights(std::string_view projection) const;

    [[nodiscard]] const Loaded& loaded() const noexcept;
    [[nodiscard]] const isa::Image& image() const noexcept { return loaded().image; }
    /// What session::run() would say of the steps so far; run_s and plan.steps are 0.
    [[nodiscard]] RunResult result() const;
    /// Of all steps so far, as the chip file prices them. Of an untimed simulation it says nothing
    /// (RunPlan::untimed).
    [[nodiscard]] emu::EnergyReport energy() const;
    [[nodiscard]] const emu::Machine& machine() const noexcept;
    /// Tells the observers that the run is over.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::session
