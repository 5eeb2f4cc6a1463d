// Networks of configs/ on several ranks, which are threads here, against one machine.
#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "emulator/timing/step_loop.hpp"
#include "isa/image/image_hash.hpp"
#include "tests/support/thread_ranks.hpp"
#include "tools/session/ranks/follow.hpp"
#include "tools/session/ranks/team.hpp"
#include "tools/session/run_sum.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::session {
namespace {

const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";

Loaded opened(const std::filesystem::path& file, const std::vector<std::string>& set = {}) {
    Listener silent;
    CompileSettings settings;
    settings.assignments = set;
    return open(file, settings, silent);
}

using Row = std::vector<std::uint64_t>;

/// All that a step did, core by core, and what it cost.
class Everything final : public RunObserver {
public:
    explicit Everything(const isa::Image& image, bool with_weights)
        : image_{image}, with_weights_{with_weights} {}

    void on_step(const emu::StepReport& report, const Tally& tally) override {
        const emu::StepActivity& activity = report.activity;
        Row row{tally.input_spikes,
                tally.spikes,
                tally.packets,
                tally.synaptic_events,
                activity.host_writes,
                activity.host_packets,
                activity.host_rewards,
                static_cast<std::uint64_t>(activity.rewards[0]),
                static_cast<std::uint64_t>(activity.rewards[1]),
                activity.packets.size(),
                report.started.count(),
                report.duration.count()};
        for (const emu::CoreActivity& core : activity.cores) {
            for (const CoreCounterInfo& counter : kCoreCounters) row.push_back(counter.of(core));
            row.push_back(core.cycles);
            row.push_back(core.padding_cycles);
            const emu::LearningActivity& l = core.learning;
            row.insert(row.end(), {l.synapse_updates, l.synapse_writes, l.trace_updates,
                                   l.axon_trace_updates, l.multiply_accumulates, l.saturations});
            for (const emu::EmittedSpike& s : core.spikes) {
                row.insert(row.end(),
                           {s.compartment, static_cast<std::uint32_t>(s.payload), s.channel});
            }
        }
        for (std::size_t e = 0; e < isa::kEvents; ++e) {
            row.push_back(report.counts.of(static_cast<isa::Event>(e)));
        }
        for (const std::uint64_t part : report.path.parts) row.push_back(part);
        steps.push_back(std::move(row));
        read_states(report);
        if (!with_weights_ || steps.size() != last_) return;
        learned.emplace(image_);
        report.machine.store_learned(*learned);
    }
    void expect_steps(std::uint64_t number) { last_ = number; }
    void read_states(const emu::StepReport& report) {
        for (const NeuronId neuron : all_neurons(image_)) {
            for (std::uint32_t w = 0; w < 3; ++w) {
                states.push_back(report.machine.state(neuron, w));
                states.push_back(report.machine.due(neuron, w));
                states.push_back(report.machine.trace(neuron, w));
            }
        }
    }
    std::vector<Row> steps;
    std::vector<std::int32_t> states;
    std::optional<isa::Image> learned;

private:
    const isa::Image& image_;
    bool with_weights_;
    std::size_t last_ = 0;
};

struct Seen {
    std::vector<Row> steps;
    std::vector<std::int32_t> states;
    std::optional<std::string> learned;  ///< hash of the image
    RunResult result;
};

/// Runs by a plain loop, which plays time as SystemC does and can be had more than once.
RunResult play(const Loaded& loaded, const RunPlan& plan, RunObserver& observer, const Team* team) {
    RunSum sum{loaded.image};
    std::vector<RunObserver*> observers{&observer};
    emu::RunParams params = run_params(plan, observers, sum);
    if (team != nullptr) team->join(params.machine);
    emu::StepLoop loop{loaded.image, loaded.chip, params};
    while (loop.step()) {
    }
    RunResult result;
    result.totals = loop.totals();
    sum.fill(result);
    return result;
}

Seen alone(const Loaded& loaded, const RunSettings& settings) {
    const RunPlan plan = plan_run(loaded, settings);
    const bool learns = !loaded.image.learning.projections.empty();
    Everything all{loaded.image, learns};
    all.expect_steps(plan.steps);
    Seen seen;
    seen.result = play(loaded, plan, all, nullptr);
    seen.steps = std::move(all.steps);
    seen.states = std::move(all.states);
    if (all.learned) seen.learned = isa::image_hash(*all.learned);
    return seen;
}

Seen divided(Loaded loaded, const RunSettings& settings, std::uint32_t ranks) {
    const RunPlan plan = plan_run(loaded, settings);
    const bool learns = !loaded.image.learning.projections.empty();
    Seen seen;
    testing::ThreadRanks team_of{ranks};
    team_of.run(
        [&](emu::Ranks& self) {
            Everything all{loaded.image, learns};
            all.expect_steps(plan.steps);
            Team team{self, loaded};
            team.begin(plan, {all_neurons(loaded.image), learns});
            seen.result = play(loaded, plan, all, &team);
            CHECK(team.end() > 0);
            seen.steps = std::move(all.steps);
            seen.states = std::move(all.states);
            if (all.learned) seen.learned = isa::image_hash(*all.learned);
        },
        [](emu::Ranks& self) { follow(self); });
    return seen;
}

void same(const Seen& found, const Seen& expected) {
    REQUIRE(found.steps.size() == expected.steps.size());
    for (std::size_t t = 0; t < expected.steps.size(); ++t) {
        INFO("step " << t);
        REQUIRE(found.steps[t] == expected.steps[t]);
    }
    CHECK(found.states == expected.states);
    CHECK(found.learned == expected.learned);
    CHECK(found.result.spike_hash == expected.result.spike_hash);
    CHECK(found.result.correct == expected.result.correct);
    CHECK(found.result.sample_count == expected.result.sample_count);
    CHECK(found.result.totals.time == expected.result.totals.time);
    CHECK(found.result.totals.counts == expected.result.totals.counts);
    CHECK(found.result.totals.max_link_flits == expected.result.totals.max_link_flits);
    CHECK(found.result.totals.contention == expected.result.totals.contention);
}

/// Small cores, so that there are several of them.
void same_on_ranks(const std::string& network, std::uint64_t steps, std::uint32_t compartments) {
    INFO(network);
    const Loaded loaded = opened(kNetworks / (network + ".yaml"),
                                 {"limits.compartments=" + std::to_string(compartments)});
    REQUIRE(loaded.image.cores.size() > 1);
    RunSettings settings{.steps = steps};
    for (const bool untimed : {true, false}) {
        settings.untimed = untimed;
        settings.threads = 1;
        const Seen expected = alone(loaded, settings);
        CHECK(expected.result.run.spikes > 0);
        for (const std::uint32_t ranks : {2U, 4U}) {
            for (const std::uint32_t threads : {1U, 2U}) {
                settings.threads = threads;
                INFO("ranks " << ranks << ", threads " << threads << ", untimed " << untimed);
                same(divided(loaded, settings, ranks), expected);
            }
        }
    }
}

}  // namespace

TEST_CASE("ranks give the spikes, states, counts and times of one machine: recurrence, noise",
          "[ranks]") {
    same_on_ranks("balanced", 30, 150);
    same_on_ranks("noise", 30, 60);
}
TEST_CASE("ranks give the spikes, states, counts and times of one machine: datasets", "[ranks]") {
    same_on_ranks("digits", 60, 30);
    same_on_ranks("conv_digits", 30, 64);
}
TEST_CASE("ranks give the spikes, states, weights and times of one machine: learning", "[ranks]") {
    same_on_ranks("stdp", 200, 10);
    same_on_ranks("bandit", 80, 2);
    same_on_ranks("class_incremental", 40, 32);
}
TEST_CASE("ranks give the spikes, states, counts and times of one machine: samples end early",
          "[ranks]") {
    same_on_ranks("predictive", 200, 20);
}

}  // namespace seamount::session
