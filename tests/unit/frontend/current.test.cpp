#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numbers>

#include "isa/base/random_domain.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

/// By step and neuron: what is written.
using Writes = std::map<std::pair<std::uint64_t, std::uint32_t>, std::int32_t>;

const std::string kHead =
    "seed: 6\npopulations:\n  a: {neuron: lif, size: 3, params: {vth: 5, bias_exp: {values: [0, 1, "
    "2]}}}\ninputs:\n  i: {target: a, current: ";

Writes writes_of(const std::string& current, const std::string& more = "") {
    const test::TemporaryFolder folder;
    folder.write("i.csv", "5,6,7\n5,6,8\n-1,6,8\n");
    const auto network = test::read(folder, kHead + current + more + "}\n");
    const isa::InputImage& image = network.inputs[0].image;
    CHECK(image.kind == isa::InputKind::kWrite);
    CHECK(image.samples.empty());
    Writes writes;
    for (std::size_t k = 0; k < image.spike_steps.size(); ++k) {
        const auto& target = image.writes.at(image.spike_sources[k]);
        CHECK(target.state == 1);
        writes[{image.spike_steps[k], target.neuron.value()}] = image.spike_payloads[k];
    }
    return writes;
}

/// Writes of the changes of `value(neuron, step)`, which each neuron takes times 2^neuron.
template <class Value>
Writes changes(Value value, int steps, int every = 1) {
    Writes writes;
    for (std::uint32_t i = 0; i < 3; ++i) {
        std::int64_t last = 1 << 20;
        for (int t = 0; t < steps; t += every) {
            const auto now = static_cast<std::int64_t>(std::round(value(i, t)));
            if (now == last) continue;
            writes[{static_cast<std::uint64_t>(t), i}] = static_cast<std::int32_t>(now << i);
            last = now;
        }
    }
    return writes;
}

std::string error_of(const std::string& current, const std::string& more = "") {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, kHead + current + more + "}\n");
}

}  // namespace

TEST_CASE("a current of steps holds each value until the next", "[current]") {
    CHECK(writes_of("{step: [[2, 10], [5, 10], [7, -3]]}") ==
          Writes{
              {{2, 0}, 10}, {{2, 1}, 20}, {{2, 2}, 40}, {{7, 0}, -3}, {{7, 1}, -6}, {{7, 2}, -12}});
}

TEST_CASE("a ramp goes from point to point in whole values", "[current]") {
    const auto ramp = [](std::uint32_t, int t) {
        return t < 10 ? 0.7 * t : t < 14 ? 7 - 2.5 * (t - 10) : -3.0;
    };
    CHECK(writes_of("{ramp: [[0, 0], [10, 7], [14, -3]]}") == changes(ramp, 30));
    CHECK(writes_of("{ramp: [[0, 0], [9, 9]], every: 3}") ==
          changes([](std::uint32_t, int t) { return t; }, 10, 3));
}

TEST_CASE("a current by formula knows step, neuron and place", "[current]") {
    const auto sine = [](std::uint32_t i, int t) {
        return 30.0 * std::sin(2 * std::numbers::pi * t / 20.0) + i;
    };
    CHECK(writes_of("{formula: \"30 * sin(2 * pi * t / 20) + i\", steps: 50}") ==
          changes(sine, 50));
    CHECK(writes_of("{formula: \"t * x\", steps: 9, every: 4}") ==
          changes([](std::uint32_t i, int t) { return t * (i / 2.0); }, 9, 4));
}

TEST_CASE("noise is drawn anew for each neuron and time from the seed of the network",
          "[current]") {
    const auto drawn = [](std::uint32_t i, int t) {
        const auto words = RandomStream{RandomDomain::kNeurons, 6, 0}.block(
            i, 1 + static_cast<std::uint32_t>(t / 2), 0x80000000U);
        return -20 + std::floor((words[1] * 0x1p-32 + words[0] * 0x1p-64) * 41);
    };
    CHECK(writes_of("{uniform: [-20, 20], steps: 40, every: 2}") == changes(drawn, 40, 2));
    double sum = 0.0;
    double squares = 0.0;
    const Writes normal = writes_of("{normal: [10, 6], steps: 3000}");
    std::map<std::uint64_t, int> values;
    for (const auto& [place, value] : normal) {
        if (place.second != 0) continue;
        sum += value;
        squares += (value - 10.0) * (value - 10.0);
        values[place.first] = value;
    }
    const auto count = static_cast<double>(values.size());
    CHECK(count > 2700);  // some are equal to the one before
    CHECK(sum / count == Approx(10).margin(0.5));
    CHECK(std::sqrt(squares / count) == Approx(6).margin(0.3));
}

TEST_CASE("a current from a file has a row for each time", "[current]") {
    const std::vector<std::vector<int>> rows{{5, 6, 7}, {5, 6, 8}, {-1, 6, 8}};
    const auto value = [&](std::uint32_t i, int t) {
        return rows[static_cast<std::size_t>(t / 10)][i];
    };
    CHECK(writes_of("{file: i.csv, every: 10}") == changes(value, 30, 10));
    CHECK(writes_of("{values: [[5, 6, 7], [5, 6, 8], [-1, 6, 8]], every: 10}") ==
          changes(value, 30, 10));
    CHECK(writes_of("{file: i.csv, column: 2}") ==
          changes([&](std::uint32_t, int t) { return rows[static_cast<std::size_t>(t)][2]; }, 3));
    CHECK(writes_of("{values: [4, 4, 9]}") ==
          changes([](std::uint32_t, int t) { return t < 2 ? 4 : 9; }, 3));
}

TEST_CASE("currents of a part and times with units", "[current]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder,
                   "dt: 2ms\npopulations:\n  a: {neuron: lif, size: 4, params: {vth: 5}}\ninputs:\n"
                   "  i: {target: \"a[2:]\", current: {step: [[0ms, 4], [20ms, 9]]}}\n"
                   "  j: {target: \"a[:2]\", bias: 3}\n");
    const isa::InputImage& image = network.inputs[0].image;
    CHECK(image.spike_steps == std::vector<std::uint64_t>{0, 0, 10, 10});
    CHECK(image.writes[0].neuron == NeuronId{2});
}

TEST_CASE("currents that cannot be are refused", "[current]") {
    CHECK_THAT(error_of("{every: 3}"), Contains("nothing says what the current is [NET-INPUT]"));
    CHECK_THAT(error_of("{step: [[0, 1]], normal: [0, 1]}"),
               Contains("the current is both 'step' and 'normal'"));
    CHECK_THAT(error_of("5"), Contains("'current' must be a map"));
    CHECK_THAT(error_of("{step: [[3, 1], [3, 2]]}"), Contains("step 3 does not come after step 3"));
    CHECK_THAT(error_of("{step: [[3, 101]]}"), Contains("'value' is 101, must be in [-100, 100]"));
    CHECK_THAT(error_of("{step: [[3, 1.5]]}"),
               Contains("'bias' of neuron 0 in step 3 is 1.5, must be an integer [NET-VALUE]") ||
                   Contains("is 1.5, must be an integer in [-100, 100]"));
    CHECK_THAT(
        error_of("{formula: \"t\", steps: 200}"),
        Contains("'bias' of neuron 0 in step 101 is 101, must be an integer in [-100, 100]"));
    CHECK_THAT(error_of("{formula: \"t\"}"), Contains("'steps' is missing"));
    CHECK_THAT(error_of("{formula: \"j\", steps: 3}"), Contains("variables: t i n x y pi"));
    CHECK_THAT(error_of("{file: i.csv}"), Contains("NET-FILE"));
    CHECK_THAT(error_of("{values: [[1, 2]]}"), Contains("this has 2 columns [NET-SHAPE]"));
    CHECK_THAT(error_of("{normal: [0, 1], steps: 1e9}"), Contains("NET-SIZE"));
    CHECK_THAT(error_of("{step: [[0, 1]], every: 2}"), Contains("unknown key 'every'"));
    CHECK_THAT(error_of("{step: [[0, 1]]}", ", bias: 3"),
               Contains("has both 'bias' and 'current'"));
    CHECK_THAT(error_of("{step: [[0, 1]]}", ", arg: leak"), Contains("[NET-WRITE]"));
}

TEST_CASE("currents of more values than the limit are refused before they are made", "[current]") {
    const std::string many =
        "populations:\n  a: {neuron: lif, size: 100000, params: {vth: 5}}\n"
        "  b: {neuron: lif, size: 1, params: {vth: 5}}\ninputs:\n  i: {";
    const test::TemporaryFolder folder;
    const auto error = [&](const std::string& input) {
        return test::errors_of(folder, many + input + "}\n");
    };
    CHECK_THAT(error("target: a, current: {formula: \"5\", steps: 16000000}"),
               Contains("net.yaml:5:27: error: the current has values at 16000000 times for each "
                        "of 100000 neurons, must be at [1, 2684] times [NET-SIZE]"));
    // One value for all of them is computed once.
    CHECK_THAT(error("target: a, current: {ramp: [[0, 5], [1000000000, 5]]}"),
               Contains("net.yaml:5:27: error: the current has values at 1000000001 times for all "
                        "neurons, must be at [1, 268435456] times [NET-SIZE]"));
    CHECK(error("target: a, current: {ramp: [[0, 5], [6000, 6]], every: 2}").empty());
    CHECK_THAT(error("target: b, current: {ramp: [[0, 5], [281474976710656, 5]]}"),
               Contains("must be at [1, 268435456] times"));
    CHECK_THAT(error("target: a, current: {formula: \"5\", steps: 4294967296}"),
               Contains("[1, 2684] times"));
    std::string steps;
    std::string values;
    for (int k = 0; k < 3000; ++k) {
        steps += (k == 0 ? "[" : ", [") + std::to_string(k) + ", 5]";
        values += k == 0 ? "5" : ", 5";
    }
    CHECK(error("target: a, current: {step: [" + steps + "]}").empty());
    CHECK(error("target: a, current: {values: [" + values + "]}").empty());
    CHECK(error("target: b, current: {ramp: [[0, 5], [281474976710656, 5]], every: 4294967296}") ==
          "");
}

TEST_CASE("the hint of a current that is out of range is about what gives it", "[current]") {
    CHECK_THAT(error_of("{formula: \"0 / (t - t)\", steps: 3}"),
               Contains("in step 0 is not a number, must be") &&
                   Contains("hint: formula: min(max(...") && !Contains("deviation"));
    CHECK_THAT(error_of("{formula: \"-(0 / (t - t))\", steps: 3}"), Contains("is not a number,"));
    CHECK_THAT(error_of("{normal: [0, 90], steps: 300}"),
               Contains("hint: normal needs a smaller standard deviation") && !Contains("formula"));
    CHECK_THAT(error_of("{step: [[3, 1.5]]}"), !Contains("formula") && !Contains("deviation"));
    CHECK_THAT(error_of("{formula: \"\", steps: 3}"), Contains("[NET-FORMULA]"));
}
