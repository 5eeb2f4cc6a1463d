#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/isa/neuron_fixture.hpp"

using namespace seamount;
using testing::Args;
using testing::Neuron;

namespace {

using Json = nlohmann::json;
constexpr double kOne = 65536.0;
constexpr double kInputUnit = 256.0;  // the default input_exp

/// What one neuron did; times in ms.
struct Trace {
    double dt = 0;
    std::vector<double> v;  ///< mV, one per step
    std::vector<double> u;
    std::vector<double> spikes;

    /// Spikes in [from, to).
    [[nodiscard]] std::vector<double> between(double from, double to) const {
        std::vector<double> found;
        std::copy_if(spikes.begin(), spikes.end(), std::back_inserter(found),
                     [&](double t) { return t >= from && t < to; });
        return found;
    }
    [[nodiscard]] std::size_t count(double from, double to) const {
        return between(from, to).size();
    }
    [[nodiscard]] double at(double ms) const { return v.at(static_cast<std::size_t>(ms / dt)); }
    [[nodiscard]] double lowest(double from, double to) const {
        return *std::min_element(v.begin() + static_cast<std::ptrdiff_t>(from / dt),
                                 v.begin() + static_cast<std::ptrdiff_t>(to / dt));
    }
    [[nodiscard]] double highest(double from, double to) const {
        return *std::max_element(v.begin() + static_cast<std::ptrdiff_t>(from / dt),
                                 v.begin() + static_cast<std::ptrdiff_t>(to / dt));
    }
    [[nodiscard]] std::vector<double> intervals() const {
        std::vector<double> found;
        for (std::size_t i = 1; i < spikes.size(); ++i) {
            found.push_back(spikes[i] - spikes[i - 1]);
        }
        return found;
    }
    /// Numbers of spikes in runs whose intervals are at most `gap` ms.
    [[nodiscard]] std::vector<int> bursts(double gap) const {
        std::vector<int> found;
        for (std::size_t i = 0; i < spikes.size(); ++i) {
            if (i == 0 || spikes[i] - spikes[i - 1] > gap) found.push_back(0);
            ++found.back();
        }
        return found;
    }
};

const Json& patterns() {
    static const Json all = [] {
        std::ifstream file{SEAMOUNT_SOURCE_DIR "/configs/neurons/izhikevich_patterns.json"};
        return Json::parse(file);
    }();
    return all;
}

const Json& pattern(const std::string& name) {
    for (const Json& p : patterns()) {
        if (p.at("name") == name) return p;
    }
    throw std::out_of_range{name};
}

/// The input current at time `ms`: the sum of the segments [from, to, value, slope per ms].
double input_at(const Json& pattern, double ms) {
    double sum = 0;
    for (const Json& s : pattern.at("input")) {
        const double from = s.at(0);
        if (ms >= from && ms < s.at(1).get<double>()) {
            sum += s.at(2).get<double>() + (ms - from) * s.at(3).get<double>();
        }
    }
    return sum;
}

Args args_of(const Json& pattern) {
    return pattern.at("params").get<Args>();
}

Trace run(const Json& pattern) {
    static const isa::Program program =
        isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/izhikevich.asm");
    const isa::PhiloxSource unused{1};
    Neuron neuron{program, args_of(pattern)};
    Trace trace;
    trace.dt = std::ldexp(1.0, -pattern.at("params").at("dt_exp").get<int>());
    const auto steps = static_cast<std::uint64_t>(pattern.at("ms").get<double>() / trace.dt);
    for (std::uint64_t t = 0; t < steps; ++t) {
        const double ms = static_cast<double>(t) * trace.dt;
        const auto input =
            static_cast<std::int32_t>(std::lround(input_at(pattern, ms) * kInputUnit));
        const isa::LaneResult result = neuron.step(input, unused, NeuronId{0}, t);
        if (!result.spikes.empty()) trace.spikes.push_back(ms);
        trace.v.push_back(neuron.word("v") / kOne);
        trace.u.push_back(neuron.word("u") / kOne);
    }
    return trace;
}

/// The same scheme in floating point.
Trace in_floating_point(const Json& pattern) {
    const Json& params = pattern.at("params");
    const auto p = [&](const char* name, double otherwise) {
        return params.value(name, otherwise) / 1000.0;
    };
    Trace trace;
    trace.dt = std::ldexp(1.0, -params.at("dt_exp").get<int>());
    const double a = p("a", 0);
    const double b = p("b", 0);
    double v = p("v", 0);
    double u = b * v + p("u", 0);
    const auto steps = static_cast<std::uint64_t>(pattern.at("ms").get<double>() / trace.dt);
    for (std::uint64_t t = 0; t < steps; ++t) {
        const double ms = static_cast<double>(t) * trace.dt;
        const double i = input_at(pattern, ms) + p("bias", 0);
        v += trace.dt * ((0.04 * v + p("linear", 5000)) * v + p("constant", 140000) - u + i);
        const bool spike = v >= 30;
        v = std::min(v, 30.0);
        u += trace.dt * a * (b * (v + p("u_shift", 0)) - u * params.value("u_leak", 1));
        if (spike) {
            v = p("c", 0);
            u += p("d", 0);
            trace.spikes.push_back(ms);
        }
        trace.v.push_back(v);
        trace.u.push_back(u);
    }
    return trace;
}

}  // namespace

TEST_CASE("izhikevich computes its documented fixed-point formulas", "[izhikevich]") {
    const isa::Program program =
        isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/izhikevich.asm");
    const isa::PhiloxSource unused{1};
    Neuron neuron{program, {{"a", 100}, {"b", 260}, {"c", -60000}, {"d", 900}, {"dt_exp", 2}}};
    const std::int64_t a_dt = 100 * (std::int64_t{1} << 24) / 4000;
    const std::int64_t b = 260 * 65536 / 1000;
    std::int64_t v = -65 * 65536;
    std::int64_t u = std::int64_t{260} * -65000 * 65536 / 1000000;
    int spikes = 0;
    for (std::uint64_t t = 0; t < 3000; ++t) {
        const std::int64_t input = static_cast<std::int64_t>(t * 7919 % 6000) - 1000;
        std::int64_t next = ((v * (40 * (std::int64_t{1} << 24) / 1000)) >> 24) + 5 * 65536;
        next = ((next * v) >> 16) + 140 * 65536 - u + input * 256;
        next = std::max(v + (next >> 2), std::int64_t{-8388607});
        const bool spike = next >= 30 * 65536;
        next = std::min(next, std::int64_t{30 * 65536});
        u += ((((next * b) >> 16) - u) * a_dt) >> 24;
        v = spike ? -60 * 65536 : next;
        if (spike) u += 900 * 65536 / 1000;
        const auto result = neuron.step(static_cast<std::int32_t>(input), unused, NeuronId{0}, t);
        REQUIRE(result.spikes.size() == (spike ? 1U : 0U));
        REQUIRE(neuron.word("v") == v);
        REQUIRE(neuron.word("u") == u);
        REQUIRE(result.overflows == 0);
        spikes += spike ? 1 : 0;
    }
    CHECK(spikes > 20);
}

TEST_CASE("every firing pattern starts as in floating point and spikes about as often",
          "[izhikevich]") {
    REQUIRE(patterns().size() == 20);
    for (const Json& p : patterns()) {
        INFO(p.at("name"));
        const Trace fixed = run(p);
        const Trace floating = in_floating_point(p);
        REQUIRE_FALSE(fixed.spikes.empty());
        CHECK(std::abs(fixed.spikes.front() - floating.spikes.front()) <= 0.5);
        // Before bistability's second pulse, of which the effect hangs on the exact phase.
        const double end = 0.7 * p.at("ms").get<double>();
        const auto n = static_cast<double>(floating.count(0, end));
        CHECK(std::abs(static_cast<double>(fixed.count(0, end)) - n) <= std::max(1.0, n / 10));
        // Up to the first spike the voltages agree to a tenth of a millivolt where they are slow.
        const auto until = static_cast<std::size_t>(fixed.spikes.front() / fixed.dt / 2);
        for (std::size_t t = 0; t < until; ++t) {
            REQUIRE(std::abs(fixed.v[t] - floating.v[t]) < 0.1);
        }
    }
}

TEST_CASE("tonic and phasic patterns", "[izhikevich]") {
    SECTION("tonic spiking goes on at a constant rate while the input lasts") {
        const Trace t = run(pattern("tonic spiking"));
        const std::vector<double> isi = t.intervals();
        REQUIRE(t.count(10, 100) >= 4);
        CHECK(t.count(0, 10) == 0);
        CHECK(isi.back() == Approx(isi[isi.size() - 2]).epsilon(0.05));
    }
    SECTION("phasic spiking answers the onset of a lasting input with one spike") {
        const Trace t = run(pattern("phasic spiking"));
        CHECK(t.count(20, 60) == 1);
        CHECK(t.spikes.size() == 1);
    }
    SECTION("tonic bursting repeats bursts") {
        const std::vector<int> bursts = run(pattern("tonic bursting")).bursts(15);
        REQUIRE(bursts.size() >= 3);
        CHECK(*std::min_element(bursts.begin(), bursts.end() - 1) >= 3);
    }
    SECTION("phasic bursting answers the onset with one burst") {
        const Trace t = run(pattern("phasic bursting"));
        REQUIRE(t.bursts(15).size() == 1);
        CHECK(t.bursts(15).front() >= 3);
        CHECK(t.spikes.back() < 100);
    }
    SECTION("mixed mode starts with a burst and goes on with single spikes") {
        const std::vector<int> bursts = run(pattern("mixed mode")).bursts(15);
        REQUIRE(bursts.size() >= 3);
        CHECK(bursts.front() >= 2);
        CHECK(std::all_of(bursts.begin() + 1, bursts.end(), [](int n) { return n == 1; }));
    }
    SECTION("spike frequency adaptation lengthens the intervals") {
        const std::vector<double> isi = run(pattern("spike frequency adaptation")).intervals();
        REQUIRE(isi.size() >= 4);
        CHECK(std::is_sorted(isi.begin(), isi.end()));
        CHECK(isi.back() > 5 * isi.front());
    }
}

TEST_CASE("excitability: class 1 starts at a low rate, class 2 at a high one", "[izhikevich]") {
    const Trace one = run(pattern("class 1 excitable"));
    const std::vector<double> isi = one.intervals();
    REQUIRE(isi.size() >= 5);
    CHECK(std::is_sorted(isi.rbegin(), isi.rend()));  // the rate follows the strength of the input
    CHECK(isi.front() > 2 * isi.back());
    const Trace two = run(pattern("class 2 excitable"));
    REQUIRE(two.intervals().size() >= 5);
    CHECK(two.intervals().front() < 0.6 * isi.front());
    // From its start the rate rises less than that of class 1.
    CHECK(two.intervals().front() / two.intervals().back() < isi.front() / isi.back());
}

TEST_CASE("responses to single pulses", "[izhikevich]") {
    SECTION("latency: the spike comes well after the pulse has ended") {
        const Trace t = run(pattern("spike latency"));
        REQUIRE(t.spikes.size() == 1);
        CHECK(t.spikes.front() > 13 + 3);
    }
    SECTION("subthreshold oscillations follow the spike") {
        const Trace t = run(pattern("subthreshold oscillations"));
        REQUIRE(t.spikes.size() == 1);
        const double rest = t.v.back();
        CHECK(t.highest(60, 90) > rest + 0.5);
        CHECK(t.lowest(90, 115) < rest - 0.3);
        CHECK(t.highest(115, 145) > rest + 0.1);
    }
    SECTION("a depolarizing after-potential keeps v above rest after the spike") {
        const Trace t = run(pattern("depolarizing after-potential"));
        REQUIRE(t.spikes.size() == 1);
        CHECK(t.highest(t.spikes.front() + 1, t.spikes.front() + 8) > t.at(8) + 5);
    }
}

TEST_CASE("pairs of pulses", "[izhikevich]") {
    SECTION("the resonator prefers pulses at the period of its oscillation to closer ones") {
        const Trace t = run(pattern("resonator"));
        CHECK(t.count(40, 280) == 0);   // 20 ms apart
        CHECK(t.count(320, 400) >= 1);  // 40 ms apart
    }
    SECTION("the integrator prefers pulses that are close") {
        const Trace t = run(pattern("integrator"));
        CHECK(t.count(9, 70) == 1);    // 5 ms apart
        CHECK(t.count(70, 100) == 0);  // 10 ms apart
    }
    SECTION("threshold variability: inhibition before a weak pulse makes it a spike") {
        const Trace t = run(pattern("threshold variability"));
        CHECK(t.count(0, 80) == 0);
        CHECK(t.count(80, 100) == 1);
    }
    SECTION("bistability: one pulse starts spiking, the next one stops it") {
        const Trace t = run(pattern("bistability"));
        CHECK(t.count(0, 37) == 0);
        CHECK(t.count(43, 216) >= 4);
        CHECK(t.count(222, 300) == 0);
    }
    SECTION("accommodation: a slow ramp leaves it silent, a fast one of half its height does not") {
        const Trace t = run(pattern("accommodation"));
        CHECK(t.count(0, 300) == 0);
        CHECK(t.count(300, 320) >= 1);
    }
}

TEST_CASE("inhibition that excites", "[izhikevich]") {
    SECTION("rebound spike") {
        const Trace t = run(pattern("rebound spike"));
        CHECK(t.count(0, 25) == 0);
        CHECK(t.spikes.size() == 1);
        CHECK(t.lowest(20, 25) < -75);
    }
    SECTION("rebound burst") {
        const Trace t = run(pattern("rebound burst"));
        CHECK(t.count(0, 25) == 0);
        REQUIRE(t.bursts(15).size() == 1);
        CHECK(t.bursts(15).front() >= 4);
    }
    SECTION("inhibition-induced spiking") {
        const Trace t = run(pattern("inhibition-induced spiking"));
        CHECK(t.count(0, 50) == 0);
        CHECK(t.count(50, 250) >= 3);
        CHECK(t.bursts(15).size() == t.spikes.size());
        CHECK(t.count(270, 350) == 0);
    }
    SECTION("inhibition-induced bursting") {
        const Trace t = run(pattern("inhibition-induced bursting"));
        CHECK(t.count(0, 50) == 0);
        REQUIRE(t.bursts(15).size() >= 2);
        CHECK(t.bursts(15).front() >= 3);
        CHECK(t.count(300, 350) == 0);
    }
}
