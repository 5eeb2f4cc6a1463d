#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "tools/session/drive/simulation.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::session {
namespace {

using Catch::Contains;

const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";
const std::filesystem::path kTwoLayers =
    std::filesystem::path{SEAMOUNT_SYSTEM_DATA} / "two_layers.yaml";

std::shared_ptr<const Loaded> opened(const std::filesystem::path& file) {
    Listener silent;
    return std::make_shared<const Loaded>(open(file, {}, silent));
}

/// What a step did, but for its time: per core all counters and spikes.
class Function final : public RunObserver {
public:
    void on_step(const emu::StepReport& report, const Tally& tally) override {
        timed = timed && report.timed();
        std::vector<std::uint64_t> step{tally.input_spikes,
                                        tally.spikes,
                                        tally.packets,
                                        tally.synaptic_events,
                                        report.activity.host_writes,
                                        report.activity.host_packets,
                                        report.activity.host_rewards};
        for (const emu::CoreActivity& core : report.activity.cores) {
            for (const CoreCounterInfo& row : kCoreCounters) step.push_back(row.of(core));
            const emu::LearningActivity& l = core.learning;
            step.insert(step.end(), {l.synapse_updates, l.synapse_writes, l.traces(),
                                     l.multiply_accumulates, l.saturations});
            for (const emu::EmittedSpike& s : core.spikes) {
                step.push_back(s.compartment);
                step.push_back(static_cast<std::uint32_t>(s.payload));
            }
        }
        steps.push_back(std::move(step));
    }
    bool timed = true;
    std::vector<std::vector<std::uint64_t>> steps;
};

/// The state without what was summed up of it, which has times.
std::vector<std::byte> bytes_of_machine(const Simulation& simulation) {
    State state = simulation.snapshot();
    state.progress = {};
    state.totals = {};
    return to_bytes(state);
}

void same_function(const std::filesystem::path& file, std::uint64_t steps) {
    const auto loaded = opened(file);
    Function with_time;
    Simulation timed{loaded, {}, {&with_time}};
    timed.run(steps);
    for (const std::uint32_t threads : {1U, 2U}) {
        INFO("threads " << threads);
        Function without;
        Simulation untimed{loaded, {.untimed = true, .threads = threads}, {&without}};
        untimed.run(steps);
        CHECK(with_time.timed);
        CHECK(!without.timed);
        REQUIRE(without.steps.size() == steps);
        for (std::size_t t = 0; t < steps; ++t) {
            INFO("step " << t);
            REQUIRE(without.steps[t] == with_time.steps[t]);
        }
        const RunResult expected = timed.result();
        const RunResult found = untimed.result();
        CHECK(found.run.spikes > 0);
        CHECK(found.spike_hash == expected.spike_hash);
        CHECK(found.correct == expected.correct);
        CHECK(found.sample_count == expected.sample_count);
        CHECK(bytes_of_machine(untimed) == bytes_of_machine(timed));
        CHECK(found.plan.untimed);
        CHECK(found.totals.time == Picoseconds{});
        CHECK(found.totals.counts == emu::EventCounts{});
    }
}

}  // namespace

TEST_CASE("without time a run has the same spikes, states and counts: noise, delays", "[untimed]") {
    same_function(kTwoLayers, 80);
    same_function(kNetworks / "noise.yaml", 60);
    same_function(kNetworks / "balanced.yaml", 30);
}
TEST_CASE("without time a run has the same spikes, states and counts: datasets", "[untimed]") {
    same_function(kNetworks / "digits.yaml", 100);
    same_function(kNetworks / "conv_digits.yaml", 50);
    same_function(kNetworks / "feature_maps.yaml", 10);
}
TEST_CASE("without time a run has the same spikes, states and counts: learning", "[untimed]") {
    for (const char* const network : {"stdp", "triplet", "pes", "bandit", "class_incremental"}) {
        INFO(network);
        same_function(kNetworks / (std::string{network} + ".yaml"), 130);
    }
}
TEST_CASE("without time a run has the same spikes, states and counts: programs", "[untimed]") {
    same_function(kNetworks / "dendrites.yaml", 60);
    same_function(kNetworks / "winner.yaml", 100);
}
TEST_CASE("without time a run has the same spikes, states and counts: searches", "[untimed]") {
    same_function(kNetworks / "lasso.yaml", 60);
    same_function(kNetworks / "sudoku.yaml", 40);
}

TEST_CASE("a run without time needs no SystemC and can be had again and again", "[untimed]") {
    const auto loaded = opened(kTwoLayers);
    Listener silent;
    const RunPlan plan = plan_run(*loaded, {.steps = 25, .untimed = true});
    const RunResult first = run(*loaded, plan, {}, silent, {.keep_state = true});
    const RunResult second = run(*loaded, plan, {}, silent);
    CHECK(first.spike_hash == second.spike_hash);
    CHECK(first.run.steps == 25);
    REQUIRE(first.state);
    const RunPlan rest = plan_run(*loaded, {.steps = 15, .untimed = true}, *first.state);
    const RunResult continued = run(*loaded, rest, {}, silent, {.resume = &*first.state});
    const RunResult whole =
        run(*loaded, plan_run(*loaded, {.steps = 40, .untimed = true}), {}, silent);
    CHECK(continued.spike_hash == whole.spike_hash);
    CHECK(continued.run.synaptic_events == whole.run.synaptic_events);
}

TEST_CASE("a timed run does not go on from steps that had no time", "[untimed]") {
    const auto loaded = opened(kTwoLayers);
    Simulation untimed{loaded, {.untimed = true}};
    untimed.run(10);
    const State state = untimed.snapshot();
    CHECK_THROWS_WITH(plan_run(*loaded, {.steps = 5}, state),
                      Contains("10 of the 10 steps before the state were run without times"));
    Simulation timed{loaded};
    timed.run(3);
    const auto before = timed.steps_done();
    CHECK_THROWS_WITH(timed.restore(state), Contains("RUN-STATE"));
    CHECK(timed.steps_done() == before);
    // The other way round nothing is lost.
    untimed.restore(timed.snapshot());
    untimed.run(1);
    CHECK(untimed.steps_done() == 4);
}

}  // namespace seamount::session
