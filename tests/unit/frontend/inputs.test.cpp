#include <catch2/catch.hpp>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

const std::string kPopulation =
    "populations:\n"
    "  a: {neuron: lif, size: 3, params: {vth: 5, bias_exp: {values: [0, 1, 2]}}}\n"
    "  b: {neuron: lif, size: 2, params: {vth: 5}}\n";

isa::InputImage only_input(const test::TemporaryFolder& folder, const std::string& input) {
    const auto network = test::read(folder, kPopulation + "inputs:\n  in: " + input + "\n");
    REQUIRE(network.inputs.size() == 1);
    CHECK(network.inputs[0].image.output_first.empty());
    return network.inputs[0].image;
}

std::string errors(const test::TemporaryFolder& folder, const std::string& input) {
    return test::errors_of(folder, kPopulation + "inputs:\n  in: " + input + "\n");
}

}  // namespace

TEST_CASE("a spike list is sorted by step and source wherever it comes from", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("s.npy", test::npy_i4({4, 2}, {7, 1, 2, 4, 7, 0, 2, 3}));
    folder.write("s.csv", "step,index\n7,1\n2,4\n7,0\n2,3\n");
    folder.write("t.csv", "index,step\n1,7\n4,2\n0,7\n3,2\n");
    const std::string source = GENERATE("[[7, 1], [2, 4], [7, 0], [2, 3]]", "{file: s.npy}",
                                        "{file: s.csv}", "{file: t.csv}");
    const auto image = only_input(folder, "{size: 5, spikes: " + source + "}");
    CHECK(image.kind == isa::InputKind::kSpikes);
    CHECK(image.spike_steps == std::vector<std::uint64_t>{2, 2, 7, 7});
    CHECK(image.spike_sources == std::vector<std::uint32_t>{3, 4, 0, 1});
}

TEST_CASE("a source that spikes twice in a step is an error", "[inputs]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors(folder, "{size: 5, spikes: [[1, 2], [3, 2], [1, 2]]}"),
               Contains("source 2 spikes more than once in step 1") && Contains("NET-SPIKES"));
    CHECK_THAT(errors(folder, "{size: 5, spikes: [[1, 5]]}"), Contains("must be in [0, 4]"));
}

TEST_CASE("rates count in units of 2^-32", "[inputs]") {
    const test::TemporaryFolder folder;
    const auto steady = only_input(folder, "{size: 3, rate: {values: [0, 0.25, 1]}}");
    CHECK(steady.kind == isa::InputKind::kRate);
    CHECK(steady.rates ==
          std::vector<std::uint64_t>{0, std::uint64_t{1} << 30U, std::uint64_t{1} << 32U});
    const auto noise = only_input(folder, "{shape: [2, 2], poisson: 0.5}");
    CHECK(noise.kind == isa::InputKind::kPoisson);
    CHECK(noise.rates == std::vector<std::uint64_t>(4, std::uint64_t{1} << 31U));
    CHECK(noise.shape == std::vector<std::uint32_t>{2, 2});
    CHECK_THAT(errors(folder, "{size: 3, rate: 1.5}"), Contains("must be in [0, 1]"));
}

TEST_CASE("a dataset sets schedule, labels and samples", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7}));
    folder.write("y.csv", "label\n1\n0\n");
    const auto network = test::read(
        folder,
        kPopulation +
            "inputs:\n"
            "  in: {shape: [2, 2], dataset: {samples: {file: x.npy}, labels: {file: y.csv},\n"
            "       max: 8, steps: 10, blank: 3, encode: latency, reset: false}}\n"
            "readout: {population: b, by: max_state, state: threshold}\n");
    CHECK(network.dataset.samples == 2);
    CHECK(network.dataset.steps_per_sample == 10);
    CHECK(network.dataset.blank == 3);
    CHECK_FALSE(network.dataset.reset);
    CHECK(network.dataset.labels == std::vector<std::int32_t>{1, 0});
    const auto& image = network.inputs[0].image;
    CHECK(image.kind == isa::InputKind::kLatency);
    CHECK(image.full_scale == 8);
    CHECK(image.samples == std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(network.readout.by == isa::ReadoutBy::kMaxState);
    CHECK(network.readout.population == 1);
    CHECK(network.readout.state == 2);
    CHECK(network.readout.reference_accuracy == -1.0);
}

TEST_CASE("a raster has a row per step with input", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({1, 3, 2}, {0, 1, 1, 0, 0, 1}));
    const auto image = only_input(
        folder, "{size: 2, dataset: {samples: {file: x.npy}, steps: 5, blank: 2, encode: spikes}}");
    CHECK(image.kind == isa::InputKind::kRaster);
    CHECK(image.samples == std::vector<std::int32_t>{0, 1, 1, 0, 0, 1});
    CHECK_THAT(
        errors(folder, "{size: 2, dataset: {samples: {file: x.npy}, steps: 5, encode: spikes}}"),
        Contains("have shape (S, 5, 2), the array has (1, 3, 2)"));
}

TEST_CASE("datasets of one network must agree", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 1}, {0, 1}));
    folder.write("z.npy", test::npy_i4({3, 1}, {0, 1, 1}));
    const auto text =
        errors(folder,
               "{size: 1, dataset: {samples: {file: x.npy}, max: 1, steps: 4}}\n"
               "  two: {size: 1, dataset: {samples: {file: z.npy}, max: 1, steps: 5}}");
    CHECK_THAT(text, Contains("samples: 3, an earlier one has 2") &&
                         Contains("steps: 5, an earlier one has 4"));
}

TEST_CASE("sample values are checked against the full scale", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_f8({2, 2}, {0, 1, 1.5, 9}));
    CHECK_THAT(errors(folder, "{size: 2, dataset: {samples: {file: x.npy}, max: 4, steps: 4}}"),
               Contains("(1, 0) is 1.5, must be an integer in [0, 4]"));
}

TEST_CASE("written biases become values of the state word, neuron by neuron", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 3}, {1, 1, 1, -3, 5, 10}));
    const auto held = only_input(folder, "{target: a, bias: 7}");
    CHECK(held.kind == isa::InputKind::kWrite);
    CHECK(held.size == 3);
    CHECK(held.samples == std::vector<std::int32_t>{7, 14, 28});
    REQUIRE(held.writes.size() == 3);
    CHECK(held.writes[2] == isa::InputImage::WriteTarget{NeuronId{2}, 1});
    const auto each = only_input(folder, "{target: a, bias: {values: [1, -1, 3]}}");
    CHECK(each.samples == std::vector<std::int32_t>{1, -2, 12});
    const auto samples =
        only_input(folder, "{target: a, bias: {dataset: {samples: {file: x.npy}, steps: 5}}}");
    CHECK(samples.samples == std::vector<std::int32_t>{1, 2, 4, -3, 10, 40});
    const auto other = only_input(folder, "{target: b, bias: 9, arg: vth}");
    CHECK(other.samples == std::vector<std::int32_t>{9, 9});
    CHECK(other.writes[1] == isa::InputImage::WriteTarget{NeuronId{4}, 2});
}

TEST_CASE("only arguments that decide one state word can be driven", "[inputs]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors(folder, "{target: a, bias: 1, arg: leak}"),
               Contains("feeds parameter 'keep'") && Contains("NET-WRITE"));
    CHECK_THAT(errors(folder, "{target: a, bias: 1, arg: twice}"),
               Contains("more than one state word: 'one' and 'two'"));
    CHECK_THAT(errors(folder, "{target: a, bias: 1, arg: vht}"), Contains("did you mean 'vth'?"));
    CHECK_THAT(errors(folder, "{target: a, bias: 101}"), Contains("must be in [-100, 100]"));
    CHECK_THAT(errors(folder, "{target: c, bias: 1}"), Contains("no population 'c'"));
}

TEST_CASE("a state word is driven by one input only", "[inputs]") {
    const test::TemporaryFolder folder;
    const auto text = errors(folder,
                             "{target: a, bias: 1}\n"
                             "  again: {target: a, bias: 2}\n"
                             "  other: {target: b, bias: 3}\n"
                             "  named: {target: a, bias: 4, arg: vth}\n"
                             "  third: {target: b, bias: 5, arg: vth}\n"
                             "  fourth: {target: b, bias: 6, arg: vth}");
    CHECK_THAT(text,
               Contains("net.yaml:6:19: error: state word 'drive' of population 'a' is driven "
                        "by input 'in' already [NET-WRITE]") &&
                   Contains("net.yaml:10:37: error: state word 'threshold' of population 'b' "
                            "is driven by input 'third' already"));
    CHECK(text.find("'other'") == std::string::npos);
    CHECK(text.find("'named'") == std::string::npos);
}

TEST_CASE("an input is driven by exactly one thing", "[inputs]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors(folder, "{size: 2}"), Contains("nothing that drives it"));
    CHECK_THAT(errors(folder, "{size: 2, rate: 1, poisson: 1}"),
               Contains("both 'rate' and 'poisson'"));
}
