#include "tools/session/state.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tools/session/drive/simulation.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::session {
namespace {

using Catch::Contains;

const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";
const std::filesystem::path kTwoLayers =
    std::filesystem::path{SEAMOUNT_SYSTEM_DATA} / "two_layers.yaml";

std::shared_ptr<const Loaded> opened(const std::filesystem::path& file,
                                     const CompileSettings& settings = {}) {
    Listener silent;
    return std::make_shared<const Loaded>(open(file, settings, silent));
}

/// A chip with few compartments per core spreads a network over many.
CompileSettings small_cores(const test::TemporaryFolder& folder, const std::string& compartments) {
    CompileSettings settings;
    const std::string chip = "extends: loihi1\nlimits: {compartments: " + compartments + "}\n";
    settings.chip = folder.write("chip.yaml", std::string_view{chip});
    settings.placer = compiler::Placer::kHilbert;
    return settings;
}

bool same_synapses(const SynapseTable& a, const SynapseTable& b) {
    return a.source == b.source && a.target == b.target && a.weight == b.weight &&
           a.delay == b.delay && a.tag == b.tag && a.second_tag == b.second_tag;
}

/// Stops a run in the middle, writes its state, and lets other mappings, meshes and threads go on
/// from it: they must end as the run that never stopped.
void continues_everywhere(const std::string& network, std::uint64_t stop, std::uint64_t steps,
                          const std::string& compartments) {
    const test::TemporaryFolder folder;
    const auto here = opened(kNetworks / network);
    const auto there = opened(kNetworks / network, small_cores(folder, compartments));
    if (here->image.neuron_count() > 1) {
        REQUIRE(there->image.cores.size() > here->image.cores.size());
    }

    Simulation whole{here};
    whole.run(steps);
    const RunResult expected = whole.result();
    Simulation first{here, {.mesh = emu::MeshFidelity::kIdeal}};
    first.run(stop);
    const State saved = first.snapshot();
    save_state(saved, folder.path() / "s.state");
    const State state = load_state(folder.path() / "s.state");
    CHECK(state.machine == saved.machine);
    CHECK(to_bytes(state) == to_bytes(saved));

    for (const auto& loaded : {here, there}) {
        for (const RunSettings& settings :
             {RunSettings{}, RunSettings{.mesh = emu::MeshFidelity::kIdeal, .threads = 2}}) {
            Simulation second{loaded, settings};
            second.restore(state);
            CHECK(second.steps_done() == stop);
            CHECK(second.snapshot().machine == state.machine);
            second.run(steps - stop);
            const RunResult result = second.result();
            CHECK(result.spike_hash == expected.spike_hash);
            CHECK(result.run.steps == steps);
            CHECK(result.run.spikes == expected.run.spikes);
            CHECK(result.run.synaptic_events == expected.run.synaptic_events);
            CHECK(result.run.learning.synapse_writes == expected.run.learning.synapse_writes);
            CHECK(result.correct == expected.correct);
            CHECK(confusion_of(result.answers).counts == confusion_of(expected.answers).counts);
            CHECK(result.clearness.confidence == expected.clearness.confidence);
            CHECK(result.sample_count == expected.sample_count);
            CHECK(second.snapshot().machine == whole.snapshot().machine);
            for (const isa::PlasticImage& plastic : here->image.learning.projections) {
                const std::string& name = here->image.projections[plastic.projection].name;
                CHECK(same_synapses(second.weights(name), whole.weights(name)));
            }
        }
    }
}

TEST_CASE("a state goes on as the run that never stopped: a dataset, within a sample", "[state]") {
    continues_everywhere("digits.yaml", 45, 100, "32");
}
TEST_CASE("a state goes on as the run that never stopped: STDP", "[state]") {
    continues_everywhere("stdp.yaml", 61, 150, "16");
}
TEST_CASE("a state goes on as the run that never stopped: triplets", "[state]") {
    continues_everywhere("triplet.yaml", 61, 150, "8");
}
TEST_CASE("a state goes on as the run that never stopped: rewards and programs", "[state]") {
    continues_everywhere("bandit.yaml", 130, 260, "2");
}
TEST_CASE("a state goes on as the run that never stopped: PES", "[state]") {
    continues_everywhere("pes.yaml", 77, 160, "1");
}
TEST_CASE("a state goes on as the run that never stopped: classes one after another", "[state]") {
    continues_everywhere("class_incremental.yaml", 45, 100, "32");
}
TEST_CASE("a state goes on as the run that never stopped: a balanced network", "[state]") {
    continues_everywhere("balanced.yaml", 20, 40, "128");
}

TEST_CASE("a state of the plain loop and one of SystemC are the same bytes", "[state]") {
    const auto loaded = opened(kTwoLayers);
    Listener silent;
    const RunResult systemc =
        run(*loaded, plan_run(*loaded, {.steps = 25}), {}, silent, {.keep_state = true});
    Simulation plain{loaded};
    plain.run(25);
    REQUIRE(systemc.state.has_value());
    CHECK(to_bytes(*systemc.state) == to_bytes(plain.snapshot()));
}

TEST_CASE("SystemC goes on from a state, with all its totals", "[state]") {
    const auto loaded = opened(kTwoLayers);
    Simulation whole{loaded};
    whole.run(25);
    const State state = whole.snapshot();
    whole.run(25);
    const RunPlan plan = plan_run(*loaded, {.steps = 25}, state);
    CHECK(plan.first_step == 25);
    Listener silent;
    const RunResult result = run(*loaded, plan, {}, silent, {.resume = &state});
    const RunResult expected = whole.result();
    CHECK(result.spike_hash == expected.spike_hash);
    CHECK(result.run.steps == 50);
    CHECK(result.totals.time == expected.totals.time);
    CHECK(result.totals.counts == expected.totals.counts);
    CHECK(result.totals.contention == expected.totals.contention);
    CHECK(result.time_parts == expected.time_parts);
}

TEST_CASE("a snapshot holds what the host has given for the next step", "[state]") {
    const auto loaded = opened(kTwoLayers);
    Simulation simulation{loaded};
    simulation.run(3);
    simulation.inject("clicks", std::vector<std::uint32_t>{0, 1, 2});
    simulation.write("hidden", "v", std::vector<std::int32_t>{500}, std::vector<std::uint32_t>{4});
    const State state = state_of(to_bytes(simulation.snapshot()), "s");
    simulation.run(10);
    const RunResult expected = simulation.result();
    simulation.restore(state);
    simulation.run(10);
    CHECK(simulation.result().spike_hash == expected.spike_hash);
    CHECK(simulation.result().run.counts == expected.run.counts);
    CHECK(simulation.result().totals.time == expected.totals.time);
    simulation.restore(state);
    CHECK(simulation.step().counts.of(isa::Event::kHostWrite) == 1);
}

TEST_CASE("a file that is no state of the network is refused with the reason", "[state]") {
    const test::TemporaryFolder folder;
    const auto loaded = opened(kTwoLayers);
    const auto other = opened(kNetworks / "digits.yaml");
    Simulation simulation{loaded};
    simulation.run(2);
    const State state = simulation.snapshot();
    CHECK_THROWS_WITH(Simulation{other}.restore(state), Contains("[RUN-STATE]"));
    Simulation seeded{loaded, {.seed = 5}};
    CHECK_THROWS_WITH(seeded.restore(state), Contains("seed 7, this one has seed 5"));
    CHECK_THROWS_WITH(plan_run(*loaded, {.steps = 1, .seed = 5}, state), Contains("--seed is 5"));

    const auto path = folder.write("short.state", std::string_view{"SEA"});
    CHECK_THROWS_WITH(load_state(path), Contains("is no state of a run"));
    std::vector<std::byte> bytes = to_bytes(state);
    bytes[8] = std::byte{99};
    CHECK_THROWS_WITH(state_of(bytes, "s"), Contains("version 99"));
    bytes = to_bytes(state);
    bytes.back() ^= std::byte{1};
    CHECK_THROWS_WITH(state_of(bytes, "s"), Contains("damaged"));
    bytes.pop_back();
    CHECK_THROWS_WITH(state_of(bytes, "s"), Contains("its header says"));

    // A state that fits by its populations but not by what they hold.
    State wrong = state;
    wrong.machine.words.pop_back();
    CHECK_THROWS_WITH(simulation.restore(wrong), Contains("the number of state words"));
    wrong = state;
    wrong.machine.sums.push_back({9999, 0, 0, 1});
    CHECK_THROWS_WITH(simulation.restore(wrong), Contains("an accumulator that is not there"));
    wrong = state;
    wrong.machine.host_spikes.push_back({0, 3, 1});
    CHECK_THROWS_WITH(simulation.restore(wrong), Contains("a spike of the host"));
    simulation.run(3);
    CHECK(simulation.steps_done() == 5);
}

}  // namespace
}  // namespace seamount::session
