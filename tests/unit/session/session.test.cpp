#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "isa/image/image.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/session/request.hpp"
#include "tools/session/systemc/run.hpp"

namespace seamount::session {
namespace {

using Catch::Contains;

// SystemC elaborates once per process, and ctest gives every TEST_CASE a process of its own: one
// run per TEST_CASE, no sections.

const std::filesystem::path kNetwork =
    std::filesystem::path{SEAMOUNT_SYSTEM_DATA} / "two_layers.yaml";

/// Keeps what it hears.
class Heard final : public Listener {
public:
    void phase_begins(const std::string& what) override { phases.push_back(what); }
    void phase_ends() override { ++ended; }
    void warning(const Diagnostic& warning) override { warnings.push_back(to_string(warning)); }

    std::vector<std::string> phases;
    std::size_t ended = 0;
    std::vector<std::string> warnings;
};

/// Counts what it sees.
class Counting final : public RunObserver {
public:
    [[nodiscard]] bool watches_packets() const override { return true; }
    void on_packets(Picoseconds /*started*/, std::span<const emu::MeshPacket> some) override {
        packets += some.size();
    }
    void on_step(const emu::StepReport& report, const Tally& tally) override {
        in_order = in_order && report.activity.step == steps;
        ++steps;
        spikes += tally.spikes;
    }
    void finish(const emu::RunTotals& totals) override { finished_after = totals.steps; }

    std::uint64_t steps = 0;
    std::uint64_t spikes = 0;
    std::uint64_t packets = 0;
    std::uint64_t finished_after = 0;
    bool in_order = true;
};

/// The messages of the error that `function` throws; empty if there is none.
template <class Function>
std::string errors_of(Function&& function) {
    std::string text;
    try {
        function();
    } catch (const InputError& error) {
        for (const Diagnostic& diagnostic : error.diagnostics()) text += to_string(diagnostic);
    }
    return text;
}

TEST_CASE("a network is compiled while the listener hears of it", "[session]") {
    Heard heard;
    const Loaded loaded = open(kNetwork, {}, heard);
    CHECK(loaded.file == kNetwork);
    CHECK(loaded.report.has_value());
    CHECK(loaded.image.neuron_count() > 0);
    CHECK(loaded.chip.name == "loihi1");
    CHECK(heard.phases == std::vector<std::string>{"compiling " + kNetwork.string()});
    CHECK(heard.ended == 1);
}

TEST_CASE("an image opens as what was compiled, and takes no settings of the mapping",
          "[session]") {
    Listener silent;
    const Loaded compiled = open_network(kNetwork, {}, silent);
    const std::vector<std::byte> bytes = isa::serialize(compiled.image);
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.write("network.smi", bytes);
    const Loaded loaded = open(path, {}, silent);
    CHECK(isa::serialize(loaded.image) == bytes);
    CHECK_FALSE(loaded.report.has_value());
    const auto open_mapped = [&] {
        CompileSettings settings;
        settings.effort = 3;
        settings.placer = compiler::Placer::kForce;
        (void)open(path, settings, silent);
    };
    CHECK_THAT(errors_of(open_mapped),
               Contains("--effort: the image is mapped already") && Contains("--placer"));
}

TEST_CASE("how long a run takes is decided before it, or refused", "[session]") {
    Listener silent;
    const Loaded loaded = open(kNetwork, {}, silent);
    CHECK_THAT(errors_of([&] { (void)plan_run(loaded, {}); }), Contains("CLI-STEPS"));
    CHECK_THAT(errors_of([&] { (void)plan_run(loaded, {.samples = 2}); }), Contains("CLI-SAMPLES"));
    const RunPlan plan = plan_run(loaded, {.steps = 7, .threads = 2});
    CHECK(plan.steps == 7);
    CHECK(plan.threads == 2);
    CHECK(plan.seed == loaded.image.seed);
}

TEST_CASE("threads that are chosen are those that the network has work for", "[session]") {
    Heard heard;
    isa::Image image = open(kNetwork, {}, heard).image;
    CHECK(threads_for(3, image) == 3);
    CHECK(threads_for(kAutoThreads, image) == 1);
    const std::uint32_t processors = std::max(1U, std::thread::hardware_concurrency());
    for (const std::uint32_t shares : {1U, 2U, 3U}) {
        image.cores[0].synapses.resize(std::size_t{64} * 65536 * shares);
        CHECK(threads_for(kAutoThreads, image) == std::min(processors, shares));
    }
}

TEST_CASE("observers see every step of a run, which sums up the same", "[session]") {
    Heard heard;
    const Loaded loaded = open(kNetwork, {}, heard);
    Counting counting;
    RunObserver* const observers[] = {&counting};
    const RunResult result = run(loaded, plan_run(loaded, {.steps = 20}), observers, heard);
    CHECK(counting.in_order);
    CHECK(counting.steps == 20);
    CHECK(counting.finished_after == 20);
    CHECK(counting.spikes == result.run.spikes);
    CHECK(counting.packets == result.run.packets);
    CHECK(result.run.spikes > 0);
    CHECK(result.run.steps == 20);
    CHECK(result.totals.time == result.run.time);
    CHECK(heard.phases.back() == "building the chip");
    std::uint64_t parts = 0;
    for (const std::uint64_t part : result.time_parts) parts += part;
    CHECK(parts == result.run.time.count());
}

TEST_CASE("the spike hash of a run does not depend on mesh, threads or observers", "[session]") {
    Listener silent;
    const Loaded loaded = open(kNetwork, {}, silent);
    const RunPlan plan =
        plan_run(loaded, {.steps = 20, .mesh = emu::MeshFidelity::kIdeal, .threads = 2});
    const RunResult result = run(loaded, plan, {}, silent);
    CHECK(result.spike_hash == 0x04809ff524577162);
}

TEST_CASE("a second run in the process is an error that says what to do", "[session]") {
    Listener silent;
    const Loaded loaded = open(kNetwork, {}, silent);
    const RunPlan plan = plan_run(loaded, {.steps = 1});
    (void)run(loaded, plan, {}, silent);
    CHECK_THAT(errors_of([&] { (void)run(loaded, plan, {}, silent); }),
               Contains("SystemC cannot build a second one") && Contains("[RUN-AGAIN]") &&
                   Contains("process of its own"));
}

}  // namespace

TEST_CASE("a request for a run is the same after it was handed on as text", "[session]") {
    RunRequest request;
    request.file = "net.yaml";
    request.inputs = {"clicks=a b.csv"};
    request.mapping.chip = "loihi1";
    request.mapping.assignments = {"k=3", "populations.a.size=4"};
    request.mapping.placer = seamount::compiler::Placer::kHilbert;
    request.mapping.effort = 2;
    request.run.steps = 7;
    request.run.seed = 18'446'744'073'709'551'615ULL;
    request.run.mesh = seamount::emu::MeshFidelity::kIdeal;
    request.run.learning = false;
    const RunRequest again = request_of(text_of(request));
    CHECK(text_of(again) == text_of(request));
    CHECK(again.inputs == request.inputs);
    CHECK(again.mapping.placer == request.mapping.placer);
    CHECK(again.run.seed == request.run.seed);
    CHECK_FALSE(again.run.samples);
    CHECK_FALSE(again.run.learning);
}

TEST_CASE("what is no request for a run is refused", "[session]") {
    std::string unknown = text_of(RunRequest{});
    unknown.replace(unknown.find("packet"), 6, "smoke!");
    for (const std::string& text : {std::string{"nonsense"}, std::string{"{}"}, unknown}) {
        CHECK_THAT(errors_of([&] { (void)request_of(text); }), Contains("CLI-REQUEST"));
    }
}

}  // namespace seamount::session
