#include <algorithm>

#include <catch2/catch.hpp>

#include "compiler/frontend/inputs/rate_units.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using compiler::frontend::rate_units;

namespace {

__extension__ using Int128 = __int128;

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

TEST_CASE("a file without spikes is as good as an empty list", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("none.npy", test::npy_i4({0, 2}, {}));
    folder.write("flat.npy", test::npy_i4({0}, {}));
    folder.write("head.csv", "step,index\n");
    folder.write("none.csv", "");
    for (const char* const source :
         {"[]", "{file: none.npy}", "{file: flat.npy}", "{file: head.csv}", "{file: none.csv}"}) {
        INFO(source);
        const auto image = only_input(folder, std::string{"{size: 5, spikes: "} + source + "}");
        CHECK(image.kind == isa::InputKind::kSpikes);
        CHECK(image.spike_steps.empty());
    }
    CHECK_THAT(errors(folder, "{size: 3, rate: {file: none.npy}}"),
               Contains("the array is empty, its shape is (0, 2)") && Contains("NET-SHAPE"));
}

TEST_CASE("a source that spikes twice in a step is an error", "[inputs]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors(folder, "{size: 5, spikes: [[1, 2], [3, 2], [1, 2]]}"),
               Contains("source 2 spikes more than once in step 1") && Contains("NET-SPIKES"));
    CHECK_THAT(errors(folder, "{size: 5, spikes: [[1, 5]]}"), Contains("must be in [0, 4]"));
}

TEST_CASE("a rate gives its share of spikes in every number of steps", "[inputs]") {
    // floor(n * rate) spikes in n steps, with the fraction that the text or the float means
    struct Rate {
        double value;
        std::uint64_t top;
        std::uint64_t bottom;
    };
    for (const Rate& rate :
         {Rate{0.9, 9, 10},
          {0.7, 7, 10},
          {0.001, 1, 1000},
          {0.29, 29, 100},
          {1.0 / 3, 1, 3},
          {123456.0 / 1234567, 123456, 1234567},
          {double{0.9F}, 9, 10},
          {double{1.0F / 3}, 1, 3},
          {12345.0 / 65536, 12345, 65536},
          {0x1p-40, 1, std::uint64_t{1} << 40U},
          {1.0 - 0x1p-53, (std::uint64_t{1} << 53U) - 1, std::uint64_t{1} << 53U}}) {
        const std::uint64_t units = rate_units(rate.value);
        for (const std::uint64_t n : {1ULL, 3ULL, 9ULL, 10ULL, 99ULL, 1000ULL, 65'536ULL,
                                      1'234'567ULL, 1'000'000'000'000ULL}) {
            INFO(rate.value << " in " << n << " steps");
            const auto times = [n](std::uint64_t a) { return static_cast<Int128>(n) * a; };
            CHECK(static_cast<std::uint64_t>(times(units) >> 64) ==
                  static_cast<std::uint64_t>(times(rate.top) / rate.bottom));
        }
    }
    CHECK(rate_units(0.0) == 0);
    CHECK(rate_units(1e-300) == 1);
    CHECK(rate_units(1.0) == isa::InputImage::kAlways);
}

TEST_CASE("rates count in units of 2^-64", "[inputs]") {
    const test::TemporaryFolder folder;
    const auto steady = only_input(folder, "{size: 3, rate: {values: [0, 0.25, 1]}}");
    CHECK(steady.kind == isa::InputKind::kRate);
    CHECK(steady.rates ==
          std::vector<std::uint64_t>{0, std::uint64_t{1} << 62U, isa::InputImage::kAlways});
    const auto noise = only_input(folder, "{shape: [2, 2], poisson: 0.5}");
    CHECK(noise.kind == isa::InputKind::kPoisson);
    CHECK(noise.rates == std::vector<std::uint64_t>(4, std::uint64_t{1} << 63U));
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

TEST_CASE("samples are not held against a full scale that was left out", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_f8({2, 2}, {0, 9, 3, 200}));
    for (const std::string max : {"", ", max: none", ", max: 0"}) {
        const std::string found =
            errors(folder, "{size: 2, dataset: {samples: {file: x.npy}, steps: 5" + max + "}}");
        CHECK_THAT(found, Contains("'max' is") && !Contains("sample"));
    }
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
               Contains("(1, 1) is 9, must be a number in [0, 4]"));
}

TEST_CASE("samples need not be whole numbers", "[inputs]") {
    const test::TemporaryFolder folder;
    const auto samples = [&](const std::vector<double>& values, const std::string& max) {
        folder.write("x.npy", test::npy_f8({values.size(), 1}, values));
        return only_input(
            folder, "{size: 1, dataset: {samples: {file: x.npy}, max: " + max + ", steps: 4}}");
    };
    using List = std::vector<std::int32_t>;
    const auto whole = samples({0, 3, 16}, "16");
    CHECK(whole.full_scale == 16);
    CHECK(whole.samples == List{0, 3, 16});
    const auto pixels = samples({0, double{1.0F / 255}, double{128.0F / 255}, 1}, "1.0");
    CHECK(pixels.full_scale == 255);
    CHECK(pixels.samples == List{0, 1, 128, 255});
    const auto decimals = samples({0.2, 0.624, 0.992}, "1");
    CHECK(decimals.full_scale == 125);
    CHECK(decimals.samples == List{25, 78, 124});
    const auto halves = samples({0.5, 16}, "16");
    CHECK(halves.full_scale == 32);
    CHECK(halves.samples == List{1, 32});
    const auto wide = samples({0, 7.5, 10}, "12.5");
    CHECK(wide.full_scale == 5);
    CHECK(wide.samples == List{0, 3, 4});
    const auto any = samples({0.1234567890123, 0.7182818284}, "1.0");
    CHECK(any.full_scale == 1 << 24);
    CHECK(any.samples == List{2'071'261, 12'050'769});
}

TEST_CASE("samples that are all small against the full scale are warned of", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_f8({2, 1}, {0, 1}));
    const auto warnings = [&](const std::string& max) {
        Diagnostics found;
        (void)test::read(folder,
                         kPopulation +
                             "inputs:\n  in: {size: 1, dataset: {samples: {file: x.npy}, "
                             "steps: 4, max: " +
                             max + "}}\n",
                         found);
        CHECK_FALSE(found.has_errors());
        std::string text;
        for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
        return text;
    };
    CHECK_THAT(warnings("255"), Contains("the largest value of the samples is 1, the full scale") &&
                                    Contains("say max: 1") && Contains("[NET-DATASET]"));
    CHECK_THAT(warnings("1.0"), !Contains("NET-DATASET"));
    CHECK_THAT(warnings("16"), !Contains("NET-DATASET"));
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

TEST_CASE("values of a graded dataset are payloads, times its scale", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_f8({2, 3}, {0.5, 1.5, 0.1, -2.5, 0, 1000}));
    folder.write("steps.npy", test::npy_i4({1, 2, 3}, {1, 2, 3, 4, 5, 6}));
    folder.write("wrong.npy", test::npy_i4({1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    const auto given = [](const std::string& keys) {
        return "{size: 3, dataset: {steps: 3, blank: 1, encode: graded, samples: {file: " + keys +
               "}}";
    };
    const auto image = only_input(folder, given("x.npy}"));
    CHECK(image.kind == isa::InputKind::kGraded);
    CHECK(image.samples == std::vector<std::int32_t>{0, 2, 0, -2, 0, 1000});
    CHECK(only_input(folder, given("x.npy}, scale: -10")).samples ==
          std::vector<std::int32_t>{-5, -15, -1, 25, 0, -10000});
    CHECK(only_input(folder, given("steps.npy}")).samples ==
          std::vector<std::int32_t>{1, 2, 3, 4, 5, 6});
    CHECK_THAT(errors(folder, given("wrong.npy}")),
               Contains("payloads of 3 sources have shape (S, 3), or (S, 2, 3) for each step with "
                        "input; the array has shape (1, 3, 3)") &&
                   Contains("NET-SHAPE"));
    CHECK_THAT(
        errors(folder, given("x.npy}, scale: 1e7")),
        Contains("sample value 1000 of element 5, times a scale of 10000000, is no payload") &&
            Contains("NET-VALUE"));
    CHECK_THAT(errors(folder, given("x.npy}, scale: 0")),
               Contains("a scale of 0 leaves no payloads [NET-DATASET]"));
    CHECK_THAT(errors(folder, given("x.npy}, max: 4")),
               Contains("'max' belongs to 'encode: rate, latency or poisson' [NET-DATASET]"));
    CHECK_THAT(errors(folder, given("x.npy}, phase: random")),
               Contains("'phase' belongs to 'encode: rate' [NET-DATASET]"));
    Diagnostics found;
    (void)test::read(folder, kPopulation + "inputs:\n  in: " + given("x.npy}, scale: 1e-6") + "\n",
                     found);
    CHECK_FALSE(found.has_errors());
    CHECK(std::any_of(found.all().begin(), found.all().end(), [](const Diagnostic& each) {
        return each.code == "NET-DATASET" && each.severity == Severity::kWarning;
    }));
}

TEST_CASE("payloads of a dataset go only where they are taken", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({1, 2}, {5, 6}));
    const auto yaml = [](const std::string& keys) {
        return kPopulation +
               "inputs:\n  in: {size: 2, dataset: {steps: 3, encode: graded, samples: {file: "
               "x.npy}}}\nprojections:\n  - {from: in, to: b, rule: one_to_one, weights: 1" +
               keys + "}\n";
    };
    CHECK_THAT(test::errors_of(folder, yaml("")),
               Contains("projection 'in->b' takes no payloads") && Contains("NET-GRADED") &&
                   Contains("graded: true"));
    CHECK(test::read(folder, yaml(", graded: true")).projections.size() == 1);
}

TEST_CASE("the phase of rates is drawn where a network says so", "[inputs]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({1, 2}, {5, 6}));
    const std::string dataset = "dataset: {steps: 3, max: 8, samples: {file: x.npy}";
    CHECK(only_input(folder, "{size: 2, rate: 0.5, phase: random}").kind ==
          isa::InputKind::kPhasedRate);
    CHECK(only_input(folder, "{size: 2, rate: 0.5, phase: zero}").kind == isa::InputKind::kRate);
    CHECK(only_input(folder, "{size: 2, " + dataset + ", phase: random}}").kind ==
          isa::InputKind::kPhasedRate);
    CHECK(only_input(folder, "{size: 2, " + dataset + "}}").kind == isa::InputKind::kRate);
    CHECK_THAT(errors(folder, "{size: 2, rate: 0.5, phase: any}"),
               Contains("phase") && Contains("random"));
    CHECK_THAT(errors(folder, "{size: 2, poisson: 0.5, phase: random}"),
               Contains("'phase' belongs to 'rate', not to 'poisson' [NET-INPUT]"));
    CHECK_THAT(errors(folder, "{size: 2, phase: random, " + dataset + "}}"),
               Contains("'phase' belongs to 'rate', not to 'dataset' [NET-INPUT]") &&
                   Contains("dataset: {..., phase: random}"));
    CHECK_THAT(errors(folder, "{size: 2, " + dataset + ", encode: latency, phase: random}}"),
               Contains("'phase' belongs to 'encode: rate' [NET-DATASET]"));
    CHECK_THAT(errors(folder, "{size: 2, " + dataset + ", scale: 2}}"),
               Contains("'scale' belongs to 'encode: graded' [NET-DATASET]"));
}
