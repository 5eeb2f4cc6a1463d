#include <catch2/catch.hpp>

#include "isa/image/image.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

std::string network(const std::string& dt, const std::string& params, const std::string& inputs,
                    const std::string& projection, const std::string& more = "") {
    return dt + "populations:\n  a: {neuron: lif, size: 2, params: {vth: 5, " + params +
           "}}\ninputs:\n  in: {size: 2, " + inputs +
           "}\nprojections:\n  - {from: in, to: a, rule: all_to_all, weights: 1, " + projection +
           "}\n" + more;
}

std::string error_of(const std::string& dt, const std::string& params, const std::string& inputs,
                     const std::string& projection) {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, network(dt, params, inputs, projection));
}

std::vector<std::int64_t> leaks(const std::string& dt, const std::string& leak) {
    const test::TemporaryFolder folder;
    return test::read(folder, network(dt, "leak: " + leak, "rate: 1", "delay: 1"))
        .populations[0]
        .args.at("leak")
        .list;
}

}  // namespace

TEST_CASE("times and rates with units become steps and spikes per step", "[units]") {
    const test::TemporaryFolder folder;
    const auto read = test::read(
        folder,
        network("dt: 0.5ms\n", "leak: 20ms", "rate: 40Hz", "delay: {uniform: [1ms, 0.0015 s]}",
                "probes: [{population: a, record: v, every: 10 ms}]\n"
                "learning: {rules: {r: {dw: 2^-2*x1*y0, epoch: 2ms, x1: {impulse: 9, tau: "
                "10.1ms}}}}\n"));
    CHECK(read.dt_s == 0.0005);
    CHECK(read.inputs[0].image.rates[0] ==
          test::read(folder, network("", "leak: 0", "rate: 0.02", "delay: 0"))
              .inputs[0]
              .image.rates[0]);
    for (const auto& row : test::rows_of(read, 0)) {
        for (const auto& synapse : row) CHECK((synapse.delay == 2 || synapse.delay == 3));
    }
    CHECK(read.probes[0].every == 20);
    CHECK(read.learning.rules[0].epoch == 4);
    const auto trace =
        test::read(folder, network("", "leak: 0", "rate: 0", "delay: 0",
                                   "learning: {rules: {r: {dw: 2^-2*x1*y0, epoch: 4, "
                                   "x1: {impulse: 9, tau: 20.2}}}}\n"));
    CHECK(read.learning.rules[0].traces == trace.learning.rules[0].traces);
    REQUIRE(read.with_units.size() == 7);
    CHECK(read.with_units[0].name == "leak");
    CHECK(read.with_units[0].written == "20ms");
    CHECK(read.with_units[0].became == "101 of 4096 decay per step (time constant 0.02003 s)");
    CHECK(read.with_units[1].became == "0.02 spikes per step");
}

TEST_CASE("a time constant is the share that decays exponentially in a step", "[units]") {
    // 4096 * (1 - exp(-dt / tau)), by a desk calculator
    CHECK(leaks("dt: 1ms\n", "20ms") == std::vector<std::int64_t>{200});
    CHECK(leaks("dt: 1ms\n", "{values: [5ms, 100 ms]}") == std::vector<std::int64_t>{742, 41});
    CHECK(leaks("dt: 100us\n", "5ms") == std::vector<std::int64_t>{81});
    CHECK(leaks("dt: 1ms\n", "1us") == std::vector<std::int64_t>{4096});
    CHECK(leaks("dt: 1ms\n", "300") == std::vector<std::int64_t>{300});
}

TEST_CASE("units that cannot be taken are refused with the way", "[units]") {
    CHECK_THAT(
        error_of("", "leak: 20ms", "rate: 40Hz", "delay: 2ms"),
        Contains("'leak' is 20ms, but the network does not say how long a step is [NET-UNIT]") &&
            Contains("hint: dt: 1ms in the network, or --dt 1ms") &&
            Contains("'rate' is 40Hz, but the network") && Contains("counts spikes per step") &&
            Contains("'delay' is 2ms, but"));
    CHECK_THAT(error_of("dt: 1ms\n", "leak: 20Hz", "rate: 5ms", "delay: 1.5ms"),
               Contains("'leak' is 20Hz, must be a time [NET-UNIT]") &&
                   Contains("'rate' is 5ms, must be a rate [NET-UNIT]") &&
                   Contains("'delay' is 1.5ms, which is 1.5 steps of 0.001 s [NET-UNIT]") &&
                   Contains("must be a whole number of steps"));
    CHECK_THAT(
        error_of("dt: 1ms\n", "leak: 90s", "rate: 2kHz", "delay: 80ms"),
        Contains("'leak' is 90s, must be in [0 s, 8.191 s]: of 4096 parts less than half a one "
                 "would decay in a step of 0.001 s [NET-UNIT]") &&
            Contains("'rate' is 2kHz (2), must be in [0, 1] [YML-RANGE]") &&
            Contains("'delay' is 80ms (80), must be in [0, 63]"));
    CHECK_THAT(error_of("dt: 1\n", "leak: 1", "rate: 1", "delay: 0"),
               Contains("'dt' is 1, must be a time above 0 with its unit [NET-UNIT]"));
    CHECK_THAT(error_of("dt: 0ms\n", "leak: 1", "rate: 1", "delay: 0"), Contains("'dt' is 0ms"));
    CHECK_THAT(error_of("dt: 1ms\n", "leak: {uniform: [5ms, 9ms]}", "rate: 1", "delay: 0"),
               Contains("must be an integer in [0, 4096]"));
    CHECK_THAT(error_of("dt: 1ms\n", "bias: 3ms", "rate: 1", "delay: 0"),
               Contains("'bias' is 3ms, must be an integer"));
}

TEST_CASE("times that are no whole number of steps are never rounded to one", "[units]") {
    const auto delay = [](const std::string& dt, const std::string& time) {
        return error_of("dt: " + dt + "\n", "leak: 1", "rate: 1", "delay: " + time);
    };
    CHECK_THAT(delay("1s", "0.5ns"), Contains("'delay' is 0.5ns, which is 5e-10 steps of 1 s"));
    CHECK_THAT(delay("1ms", "3.00000001ms"), Contains("which is 3.00000001 steps of 0.001 s"));
    CHECK_THAT(delay("1s", "1e-330s"), Contains("'delay'"));
    CHECK(delay("1s", "0ns") == "");
    CHECK(delay("0.1ms", "0.3ms") == "");
    CHECK(delay("0.7us", "+2.1 us") == "");
    CHECK(delay("0.1ms", "2.00000000000000133ms") == "");  // as a sum of twenty has it
    CHECK(delay("0.3333333333ms", "1ms") == "");
    const test::TemporaryFolder folder;
    const auto every = [&](const std::string& time) {
        return test::errors_of(
            folder, network("dt: 1ms\n", "leak: 1", "rate: 1", "delay: 1",
                            "probes: [{population: a, record: v, every: " + time + "}]\n"));
    };
    CHECK_THAT(every("1000000000.4ms"), Contains("which is 1000000000.4 steps of 0.001 s"));
    CHECK_THAT(error_of("dt: 1e300s\n", "leak: 1", "rate: 1e300kHz", "delay: 0"),
               Contains("'rate' is 1e300kHz, too large to be counted in spikes per step"));
}

TEST_CASE("a step has a length above 0", "[units]") {
    for (const std::string dt : {"[1ms]", "{a: 1}", ""}) {
        CHECK_THAT(error_of("dt: " + dt + "\n", "leak: 1", "rate: 1", "delay: 0"),
                   Contains("'dt' must be a time above 0 with its unit [NET-UNIT]"));
    }
    for (const std::string dt : {"\"\"", "5e-324ns", "0ms", "-1ms", "1e999ms", "1", "ms", "5Hz"}) {
        CHECK_THAT(error_of("dt: " + dt + "\n", "leak: 1", "rate: 1", "delay: 0"),
                   Contains("'dt' is " + dt + ", must be a time above 0 with its unit [NET-UNIT]"));
    }
}

TEST_CASE("words that are no units are named where numbers may have units", "[units]") {
    CHECK_THAT(error_of("dt: 1ms\n", "leak: 20sec", "rate: 40hz", "delay: 2MS"),
               Contains("'leak' is 20sec, must be a time: 'sec' is no unit [NET-UNIT]") &&
                   Contains("'rate' is 40hz, must be a rate: 'hz' is no unit") &&
                   Contains("hint: in Hz, kHz, or a number: it counts spikes per step") &&
                   Contains("'delay' is 2MS, must be a time: 'MS' is no unit") &&
                   Contains("hint: in s, ms, us, ns, or a number: it counts steps") &&
                   !Contains("numbers have no units"));
    CHECK_THAT(error_of("dt: 1ms\n", "leak: 1.2.3ms", "rate: 1_0kHz", "delay: 1e999ms"),
               Contains("'leak' is 1.2.3ms, must be a time [NET-UNIT]") &&
                   Contains("'rate' is 1_0kHz, must be a rate [NET-UNIT]") &&
                   Contains("'delay' is 1e999ms, must be a time [NET-UNIT]"));
    CHECK_THAT(error_of("", "leak: 1", "rate: 1", "delay: 2MS"), Contains("numbers have no units"));
}
