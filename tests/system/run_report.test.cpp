#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "isa/assembly/assembler.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = run_network();

}  // namespace

TEST_CASE("a run explains its time: what bounded it, and the longest steps", "[run_report]") {
    const Finished finished = run_seamount({"run", kNetwork, "--steps", "60", "--explain-time"});
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out,
               Catch::Contains("what bounded the run") && Catch::Contains("largest in steps") &&
                   Catch::Contains("the 10 longest steps") && Catch::Contains(" > barrier "));
    const Finished none = run_seamount({"run", kNetwork, "--steps", "60"});
    CHECK_THAT(none.out, !Catch::Contains("longest steps"));
}

TEST_CASE("a run without output of its own prints a summary", "[run_report]") {
    const Finished finished = run_seamount({"run", kNetwork, "--steps", "5"});
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out, Contains("two_layers on loihi1") && Contains("synaptic events") &&
                                 Contains("modelled time") && Contains("per step") &&
                                 Contains("steps/s"));
}

TEST_CASE("the compile report counts what the image holds", "[run_report]") {
    TemporaryFolder folder;
    const Finished finished =
        run_seamount({"compile", kNetwork, "-o", "n.smi", "--report", "r.json"}, folder.path());
    REQUIRE(finished.code == 0);
    CHECK_THAT(finished.out, Contains("fullest core") && Contains("synapse bits"));
    const Json report = Json::parse(read_text(folder / "r.json"));
    for (const char* key : {"packets_per_step", "hops_per_step", "max_link_load", "partition_s",
                            "place_s", "compile_s", "peak_rss_bytes"}) {
        INFO(key);
        CHECK(report.contains(key));
    }
    CHECK(report["version"] == SEAMOUNT_VERSION);
    CHECK(report["network"] == "two_layers");
    CHECK(report["chip"] == "loihi1");
    CHECK(report["seed"] == 1);
    CHECK(report["fills"][0]["microcode_words"] > 0);
    const Json run = run_json({folder / "n.smi", "--steps", "1"});
    CHECK(report["neurons"] == run["neurons"]);
    CHECK(report["synapses"] == run["synapses"]);
    CHECK(report["cores"] == run["cores"]);
    CHECK(report["fills"].size() == run["cores"]);
    const Finished sheet = run_seamount({"inspect", "n.smi"}, folder.path());
    CHECK(sheet.code == 0);
    CHECK_THAT(sheet.out, Contains("two_layers on loihi1 (prices davies2018): 50 neurons") &&
                              Contains("relay") && Contains("poisson") && Contains("v_chip"));
}

TEST_CASE("what a run loses or cannot show is said on stderr", "[run_report]") {
    const Finished noisy = run_seamount({"run", kNetwork, "--steps", "60"});
    CHECK_THAT(noisy.err, Contains("warning: weights of 'hidden->output': ") &&
                              Contains(" of 120 truncated to the grid of 2; error mean -") &&
                              Contains("'rounding: nearest'") && Contains("[RUN-PRECISION]"));
    TemporaryFolder folder;
    const Finished views = run_seamount({"run", kNetwork, "--steps", "3", "--out", folder / "o"});
    CHECK_THAT(views.err, Contains("divided by zero or overflowed") && Contains("[RUN-VIEW]"));
    CHECK(run_seamount({"run", kNetwork, "--steps", "60", "-q"}).err.empty());

    // every compartment pushes to its right neighbour; the last one has none. The compiler refuses
    // such programs, an image may have them.
    const auto program = seamount::isa::assemble(
        ".acc input\n.state s\n        psh #1, input, #1\n        end\n", "push.asm");
    seamount::testing::ImageBuilder builder;
    builder.program(program.words);
    builder.raw().programs[0].accumulators = program.accumulators;
    builder.raw().programs[0].states = {"s"};
    builder.group(builder.core(0), 0, 3, {}, {{0}});
    seamount::isa::Image image = builder.build();
    image.network = "push";
    image.chip =
        seamount::isa::ChipSpec::load(SEAMOUNT_SOURCE_DIR "/configs/chips/loihi1.yaml").resolved;
    seamount::isa::save_image(image, folder / "push.smi");
    const Finished push =
        run_seamount({"run", "push.smi", "--steps", "10", "--json", "r.json"}, folder.path());
    INFO(push.err);
    CHECK(push.code == 0);
    CHECK_THAT(push.err,
               Contains("10 PSH of the microcode went beyond") && Contains("[RUN-DROPPED]"));
    CHECK(Json::parse(read_text(folder / "r.json"))["dropped_pushes"] == 10);
}

TEST_CASE("results that overflow their width are counted and said on stderr", "[run_report]") {
    // Two weights of 255 * 2^7 sum to 65,280 units of 2^6: the 22-bit accumulator wraps, once.
    TemporaryFolder folder;
    write_text(folder / "wrap.yaml",
               "network: wrap\n"
               "populations:\n"
               "  n: {neuron: loihi1_cuba, size: 1, params: {vth: 131071}}\n"
               "inputs:\n"
               "  i: {size: 2, spikes: [[1, 0], [1, 1], [2, 0]]}\n"
               "projections:\n"
               "  - {from: i, to: n, rule: all_to_all, weights: 255, exponent: 7}\n");
    const Finished run = run_seamount(
        {"run", "wrap.yaml", "--steps", "5", "--out", "o", "--json", "r.json"}, folder.path());
    INFO(run.err);
    REQUIRE(run.code == 0);
    CHECK_THAT(run.err,
               Contains("1 result of the microcode did not fit") && Contains("[RUN-OVERFLOW]"));
    CHECK(Json::parse(read_text(folder / "r.json"))["overflows"] == 1);
    CHECK_THAT(read_text(folder / "o/cores.csv"), Contains(",overflows\n") && Contains(",1\n"));
}
