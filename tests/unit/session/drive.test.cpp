#include "tools/session/drive/simulation.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::session {
namespace {

using Catch::Contains;

// SystemC elaborates once per process, and ctest gives every TEST_CASE a process of its own: one
// session::run() per TEST_CASE. Simulations may be as many as one likes.

const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";
const std::filesystem::path kTwoLayers =
    std::filesystem::path{SEAMOUNT_SYSTEM_DATA} / "two_layers.yaml";

using Spike = std::tuple<std::uint32_t, std::int32_t, std::uint8_t>;
using Packet = std::tuple<std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t>;

/// All that is seen of one core in a step.
struct CoreSeen {
    std::vector<std::uint64_t> counts;
    std::vector<Spike> spikes;
    friend bool operator==(const CoreSeen&, const CoreSeen&) = default;
};

/// All that is seen of a step.
struct StepSeen {
    std::uint64_t started = 0;
    std::uint64_t duration = 0;
    emu::EventCounts counts;
    emu::CauseTimes parts{};
    std::vector<std::uint64_t> sums;
    std::vector<CoreSeen> cores;
    std::vector<Packet> packets;
    double energy = 0.0;
    friend bool operator==(const StepSeen&, const StepSeen&) = default;
};

class Watching final : public RunObserver {
public:
    Watching(const Loaded& loaded, bool queues) : loaded_{loaded}, queues_{queues} {}
    [[nodiscard]] bool watches_queues() const override { return queues_; }
    [[nodiscard]] bool watches_packets() const override { return true; }
    void on_packets(Picoseconds /*started*/, std::span<const emu::MeshPacket> packets) override {
        packets_.clear();
        for (const emu::MeshPacket& p : packets) {
            packets_.emplace_back(p.inject.count(), std::uint32_t{p.source_tile.value()},
                                  std::uint32_t{p.target_tile.value()}, p.flits);
        }
    }
    void on_step(const emu::StepReport& report, const Tally& tally) override {
        StepSeen seen;
        seen.started = report.started.count();
        seen.duration = report.duration.count();
        seen.counts = report.counts;
        seen.parts = report.path.parts;
        seen.sums = {tally.steps, tally.input_spikes, tally.spikes, tally.packets,
                     tally.synaptic_events};
        for (const emu::CoreActivity& core : report.activity.cores) {
            CoreSeen& at = seen.cores.emplace_back();
            for (const CoreCounterInfo& row : kCoreCounters) at.counts.push_back(row.of(core));
            at.counts.push_back(core.learning.synapse_updates);
            at.counts.push_back(core.learning.traces());
            for (const emu::EmittedSpike& s : core.spikes) {
                at.spikes.emplace_back(s.compartment, s.payload, s.channel);
            }
        }
        seen.packets = packets_;
        seen.energy = emu::price(tally.counts, tally.time, loaded_.chip).total().count();
        steps.push_back(std::move(seen));
    }

    std::vector<StepSeen> steps;

private:
    const Loaded& loaded_;
    bool queues_;
    std::vector<Packet> packets_;
};

std::shared_ptr<const Loaded> opened(const std::filesystem::path& file) {
    Listener silent;
    return std::make_shared<const Loaded>(open(file, {}, silent));
}

bool same_links(const std::vector<emu::LinkUse>& a, const std::vector<emu::LinkUse>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](const emu::LinkUse& x, const emu::LinkUse& y) {
            return x.tile == y.tile && x.way == y.way && x.mesh == y.mesh && x.flits == y.flits &&
                   x.busy == y.busy && x.wait == y.wait && x.max_wait == y.max_wait;
        });
}

/// Runs a network under SystemC and in the plain loop, and compares every step.
void same_steps(const std::filesystem::path& file, std::uint64_t steps, RunSettings settings = {}) {
    const auto loaded = opened(file);
    settings.steps = steps;
    Listener silent;
    Watching systemc{*loaded, true};
    RunObserver* const observers[] = {&systemc};
    const RunResult expected = run(*loaded, plan_run(*loaded, settings), observers, silent);

    Watching plain{*loaded, true};
    settings.threads = 1;  // never shows
    Simulation simulation{loaded, settings, {&plain}};
    simulation.run(steps);
    REQUIRE(plain.steps.size() == steps);
    for (std::size_t t = 0; t < steps; ++t) {
        INFO("step " << t);
        REQUIRE(plain.steps[t] == systemc.steps[t]);
    }
    const RunResult result = simulation.result();
    CHECK(result.run.spikes > 0);
    CHECK(result.spike_hash == expected.spike_hash);
    CHECK(result.time_parts == expected.time_parts);
    CHECK(result.correct == expected.correct);
    CHECK(result.totals.counts == expected.totals.counts);
    CHECK(result.totals.time == expected.totals.time);
    CHECK(result.totals.contention == expected.totals.contention);
    CHECK(result.totals.max_link_flits == expected.totals.max_link_flits);
    CHECK(result.totals.stages == expected.totals.stages);
    CHECK(same_links(result.totals.links, expected.totals.links));
    CHECK(result.totals.powered.tiles == expected.totals.powered.tiles);
}

TEST_CASE("the plain loop takes the steps of SystemC: noise, delays, recurrence", "[drive]") {
    same_steps(kTwoLayers, 60);
}
TEST_CASE("the plain loop takes the steps of SystemC: a dataset with resets", "[drive]") {
    same_steps(kNetworks / "digits.yaml", 70);
}
TEST_CASE("the plain loop takes the steps of SystemC: convolutions", "[drive]") {
    same_steps(kNetworks / "conv_digits.yaml", 40);
}
TEST_CASE("the plain loop takes the steps of SystemC: graded feature maps", "[drive]") {
    same_steps(kNetworks / "feature_maps.yaml", 10);
}
TEST_CASE("the plain loop takes the steps of SystemC: a balanced network", "[drive]") {
    same_steps(kNetworks / "balanced.yaml", 30, {.threads = 2});
}
TEST_CASE("the plain loop takes the steps of SystemC: STDP", "[drive]") {
    same_steps(kNetworks / "stdp.yaml", 120);
}
TEST_CASE("the plain loop takes the steps of SystemC: triplets", "[drive]") {
    same_steps(kNetworks / "triplet.yaml", 120);
}
TEST_CASE("the plain loop takes the steps of SystemC: PES", "[drive]") {
    same_steps(kNetworks / "pes.yaml", 120);
}
TEST_CASE("the plain loop takes the steps of SystemC: rewards", "[drive]") {
    same_steps(kNetworks / "bandit.yaml", 160);
}
TEST_CASE("the plain loop takes the steps of SystemC: classes one after another", "[drive]") {
    same_steps(kNetworks / "class_incremental.yaml", 70);
}
TEST_CASE("the plain loop takes the steps of SystemC: dendrites", "[drive]") {
    same_steps(kNetworks / "dendrites.yaml", 60);
}
TEST_CASE("the plain loop takes the steps of SystemC: the largest of several values", "[drive]") {
    same_steps(kNetworks / "argmax.yaml", 100);
}

TEST_CASE("the plain loop takes the steps of SystemC: winner take all", "[drive]") {
    same_steps(kNetworks / "winner.yaml", 100);
}
TEST_CASE("the plain loop takes the steps of SystemC: flits", "[drive]") {
    same_steps(kTwoLayers, 40, {.mesh = emu::MeshFidelity::kFlit});
}
TEST_CASE("the plain loop takes the steps of SystemC: the ideal mesh", "[drive]") {
    same_steps(kNetworks / "digits.yaml", 40, {.mesh = emu::MeshFidelity::kIdeal});
}

TEST_CASE("many simulations live in one process, in threads too, and do not disturb each other",
          "[drive]") {
    const auto loaded = opened(kTwoLayers);
    const auto hash_of = [&loaded](std::uint64_t seed) {
        Simulation simulation{loaded, {.seed = seed}};
        simulation.run(30);
        return simulation.result().spike_hash;
    };
    std::vector<std::uint64_t> expected;
    for (std::uint64_t seed = 0; seed < 8; ++seed) expected.push_back(hash_of(seed));
    CHECK(expected[0] != expected[1]);
    std::vector<std::uint64_t> found(8);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            threads.emplace_back([&, seed] { found[seed] = hash_of(seed); });
        }
    }
    CHECK(found == expected);
}

/// A relay of three neurons that live spikes drive.
const char* const kLive = R"(network: live
populations:
  relay:
    neuron: loihi1_cuba
    size: 3
    params: {decay_u: 4096, decay_v: 4096, vth: 10}
inputs:
  eye: {size: 3, live: true}
projections:
  - {from: eye, to: relay, rule: one_to_one, weights: 100}
)";

TEST_CASE("spikes that are injected reach the network in the next step, and are priced",
          "[drive]") {
    const test::TemporaryFolder folder;
    const auto loaded = opened(folder.write("live.yaml", std::string_view{kLive}));
    Simulation simulation{loaded};
    CHECK(simulation.step().input_spikes == 0);
    simulation.inject("eye", std::vector<std::uint32_t>{0, 2});
    const Tally step = simulation.step();
    CHECK(step.input_spikes == 2);
    CHECK(step.packets == 2);
    CHECK(step.spikes == 2);
    CHECK(step.counts.of(isa::Event::kHostPacket) == 2);
    CHECK(simulation.step().input_spikes == 0);
    int called = 0;
    simulation.before_step = [&called](Simulation& self) {
        ++called;
        self.inject("eye", std::vector<std::uint32_t>{1});
    };
    simulation.run(5);
    CHECK(called == 5);
    CHECK(simulation.result().run.spikes == 2 + 5);
}

TEST_CASE("live spikes do what the same spikes in the file do", "[drive]") {
    const test::TemporaryFolder folder;
    std::string listed{kLive};
    listed.replace(listed.find("live: true"), 10, "spikes: [[1, 0], [1, 2], [4, 1]]");
    const auto file = opened(folder.write("file.yaml", std::string_view{listed}));
    const auto live = opened(folder.write("live.yaml", std::string_view{kLive}));
    Watching from_file{*file, false};
    Watching from_host{*live, false};
    Simulation a{file, {}, {&from_file}};
    Simulation b{live, {}, {&from_host}};
    for (int t = 0; t < 8; ++t) {
        (void)a.step();
        if (t == 1) b.inject("eye", std::vector<std::uint32_t>{0, 2});
        if (t == 4) b.inject("eye", std::vector<std::uint32_t>{1});
        (void)b.step();
    }
    CHECK(from_file.steps == from_host.steps);
}

TEST_CASE("a state that is written holds at once, and costs a write of the host", "[drive]") {
    const test::TemporaryFolder folder;
    const auto loaded = opened(folder.write("live.yaml", std::string_view{kLive}));
    Simulation simulation{loaded};
    simulation.write("relay", "v", std::vector<std::int32_t>{7, 8, 9});
    simulation.write("relay", "u", std::vector<std::int32_t>{64 * 11},
                     std::vector<std::uint32_t>{1});
    CHECK(simulation.state("relay", "v") == std::vector<std::int32_t>{7, 8, 9});
    CHECK(simulation.state("relay", "u") == std::vector<std::int32_t>{0, 64 * 11, 0});
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 4);
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 0);
}

TEST_CASE("a host clears tags and traces at once, and each costs a write of the host", "[drive]") {
    const test::TemporaryFolder folder;
    std::string text{kLive};
    text.replace(text.find("weights: 100"), 12, "weights: 100, name: seen, learning: marks");
    text += "learning:\n  rules:\n    marks: {dw: x1*y0, dt: 5*x0, x1: {impulse: 9, tau: 50}}\n";
    const auto loaded = opened(folder.write("marks.yaml", std::string_view{text}));
    Simulation simulation{loaded};
    simulation.inject("eye", std::vector<std::uint32_t>{0, 2});
    (void)simulation.step();
    CHECK(simulation.weights("seen").tag == std::vector<std::int32_t>{5, 0, 5});
    simulation.set_learning(false);
    simulation.clear_tags();
    CHECK(simulation.weights("seen").tag == std::vector<std::int32_t>{0, 0, 0});
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 4);

    const auto trace = [&simulation] {
        const auto& part = simulation.machine().learning(CoreSlot{0})->projections().front();
        return part.pre().stored(0, 0) + part.pre().stored(0, 1) + part.pre().stored(0, 2);
    };
    CHECK(trace() > 0);
    const State before = state_of(to_bytes(simulation.snapshot()), "s");
    simulation.clear_traces("seen");
    CHECK(trace() == 0);
    const State cleared = state_of(to_bytes(simulation.snapshot()), "s");
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 6);
    simulation.restore(cleared);
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 6);
    simulation.restore(before);
    CHECK(trace() > 0);
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 0);
    CHECK_THROWS_WITH(simulation.clear_tags("seem"), Contains("[RUN-NAME]"));

    text.replace(text.find(", dt: 5*x0"), 10, "");
    Simulation untagged{opened(folder.write("untagged.yaml", std::string_view{text}))};
    CHECK_THROWS_WITH(untagged.clear_tags(), Contains("no projection has synapses with tags"));
    CHECK_THROWS_WITH(untagged.clear_tags("seen"), Contains("'seen' have no tags"));
}

TEST_CASE("rewards of the host make a network learn, and learning can be switched", "[drive]") {
    const test::TemporaryFolder folder;
    std::string text{kLive};
    text.replace(text.find("weights: 100"), 12, "weights: 100, learning: paid");
    text += "learning:\n  rules:\n    paid: {dw: r0*x0}\n";
    const auto loaded = opened(folder.write("paid.yaml", std::string_view{text}));
    Simulation simulation{loaded};
    const auto pay = [&simulation](std::int32_t value) {
        simulation.inject("eye", std::vector<std::uint32_t>{1});
        simulation.reward(0, value);
        return simulation.step();
    };
    CHECK(pay(5).counts.of(isa::Event::kHostReward) == 1);
    CHECK(simulation.weights("eye->relay").weight == std::vector<std::int32_t>{100, 105, 100});
    simulation.set_learning(false);
    (void)pay(9);
    CHECK(simulation.weights("eye->relay").weight[1] == 105);
    simulation.set_learning(std::nullopt);
    (void)pay(-2);
    CHECK(simulation.weights("eye->relay").weight[1] == 103);
    simulation.reset(true);
    CHECK(simulation.steps_done() == 0);
    CHECK(simulation.weights("eye->relay").weight[1] == 103);
    simulation.reset();
    CHECK(simulation.weights("eye->relay").weight[1] == 100);
    CHECK(simulation.weights("eye->relay").source == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("synapses that do not learn are read from the image, by source and target", "[drive]") {
    const test::TemporaryFolder folder;
    const auto loaded = opened(folder.write("live.yaml", std::string_view{kLive}));
    const SynapseTable table = Simulation{loaded}.weights("eye->relay");
    CHECK(table.source == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(table.target == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(table.weight == std::vector<std::int32_t>{100, 100, 100});
    CHECK(table.delay == std::vector<std::int32_t>{0, 0, 0});
    CHECK(table.tag.empty());
    // Parallel projections are stored as one.
    std::string twice{kLive};
    twice += "  - {from: eye, to: relay, name: again, rule: one_to_one, weights: 3}\n";
    const auto both = opened(folder.write("twice.yaml", std::string_view{twice}));
    CHECK_THROWS_WITH(Simulation{both}.weights("again"), Contains("stored as one"));
}

TEST_CASE("after a reset a simulation repeats its run to the last bit", "[drive]") {
    const auto loaded = opened(kNetworks / "stdp.yaml");
    Watching watching{*loaded, false};
    Simulation simulation{loaded, {}, {&watching}};
    simulation.run(50);
    const std::vector<StepSeen> first = watching.steps;
    watching.steps.clear();
    simulation.reset();
    CHECK(simulation.result().run.steps == 0);
    simulation.run(50);
    CHECK(watching.steps == first);
}

TEST_CASE("what a simulation does not have is an error that names what it has", "[drive]") {
    const test::TemporaryFolder folder;
    const auto loaded = opened(folder.write("live.yaml", std::string_view{kLive}));
    Simulation simulation{loaded};
    const std::vector<std::uint32_t> one{0};
    const std::vector<std::int32_t> two{1, 2};
    CHECK_THROWS_WITH(simulation.inject("eyes", one), Contains("did you mean 'eye'?"));
    CHECK_THROWS_WITH(simulation.state("rely", "v"), Contains("[RUN-NAME]") && Contains("relay"));
    CHECK_THROWS_WITH(simulation.state("relay", "w"), Contains("[RUN-NAME]"));
    CHECK_THROWS_WITH(simulation.weights("x"), Contains("eye->relay"));
    CHECK_THROWS_WITH(
        simulation.inject("eye", std::vector<std::uint32_t>{3}),
        Contains("source 3 of input 'eye', must be in [0, 2]") && Contains("[RUN-VALUE]"));
    CHECK_THROWS_WITH(simulation.inject("eye", one, two), Contains("2 payloads for 1 spikes"));
    CHECK_THROWS_WITH(simulation.write("relay", "v", two), Contains("2 values for 3 neurons"));
    CHECK_THROWS_WITH(simulation.reward(2, 1), Contains("must be 0 or 1"));
    CHECK_THROWS_WITH(simulation.reward(0, 128), Contains("must be in [-128, 127]"));
    CHECK_THROWS_WITH(simulation.set_learning(true), Contains("can learn"));
    CHECK_THROWS_WITH(simulation.clear_tags(), Contains("can learn"));
    CHECK_THROWS_WITH(simulation.clear_traces("eye->relay"), Contains("can learn"));
    CHECK(simulation.step().input_spikes == 0);
}

TEST_CASE("an input that is not live and has nothing that drives it is an error", "[drive]") {
    const test::TemporaryFolder folder;
    std::string text{kLive};
    text.replace(text.find("live: true"), 10, "live: false");
    CHECK_THROWS_WITH(opened(folder.write("off.yaml", std::string_view{text})),
                      Contains("'live' is false") && Contains("[NET-INPUT]"));
}

}  // namespace
}  // namespace seamount::session
