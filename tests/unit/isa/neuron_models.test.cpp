#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/unit/isa/neuron_fixture.hpp"

using namespace seamount;
using testing::Args;
using testing::Neuron;

namespace {

using Int = std::int64_t;
constexpr Int kMost = 8388607;

Int clip(Int x) {
    return std::clamp(x, -kMost, kMost);
}
Int toward_zero(Int x, Int d) {
    return x * (4096 - d) / 4096;
}
Int floor_shift(Int x, Int n) {
    return x >> n;
}
/// lava's current: one turn of 2^24, and 2^23 itself stays.
Int turned(Int x) {
    if (x > kMost + 1) return x - (Int{1} << 24);
    if (x <= -kMost - 1) return x + (Int{1} << 24);
    return x;
}
Int wrapped(Int x) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(x));
}

/// What a reference does in a step: takes the two inputs, returns the payload, 0 for no spike.
using Step = std::function<Int(Int, Int)>;

/// A named word of the program, and where the reference keeps the same.
struct Watched {
    std::string name;
    const Int* value;
};

void compare(const std::string& name, const Args& args, const Step& reference,
             const std::vector<Watched>& words, const std::vector<std::vector<Int>>& inputs,
             const Step& on_channel_1 = {}) {
    const isa::Program program =
        isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/" + name + ".asm");
    Neuron neuron(program, args);
    const isa::PhiloxSource unused{1};
    for (std::size_t t = 0; t < inputs.size(); ++t) {
        INFO(name << ", step " << t << ", input " << inputs[t][0] << " " << inputs[t][1]);
        const Int expected = reference(inputs[t][0], inputs[t][1]);
        neuron.lane.accumulators[1] = static_cast<std::int32_t>(inputs[t][1]);
        const isa::LaneResult result =
            neuron.step(static_cast<std::int32_t>(inputs[t][0]), unused, NeuronId{0}, t);
        std::vector<isa::SpikeOut> spikes;
        if (expected != 0) spikes.push_back({static_cast<std::int32_t>(expected), 0});
        const Int other = on_channel_1 ? on_channel_1(inputs[t][0], inputs[t][1]) : 0;
        if (other != 0) spikes.push_back({static_cast<std::int32_t>(other), 1});
        REQUIRE(result.spikes == spikes);
        for (const Watched& word : words) {
            INFO(word.name);
            REQUIRE(neuron.word(word.name) == *word.value);
        }
    }
}

/// Inputs that are small, at the edges of 24 bits after the input's shift, or 0, in bursts.
std::vector<std::vector<Int>> inputs(std::uint32_t seed, Int small,
                                     std::initializer_list<Int> edges) {
    std::mt19937 random{seed};
    const std::vector<Int> special(edges);
    std::vector<std::vector<Int>> all;
    for (int t = 0; t < 600; ++t) {
        std::vector<Int>& pair = all.emplace_back();
        for (int k = 0; k < 2; ++k) {
            const auto draw = static_cast<Int>(random());
            const Int one = draw % 4 == 0 && !special.empty()
                                ? special[static_cast<std::size_t>(draw / 4) % special.size()]
                                : draw / 4 % (2 * small + 1) - small;
            pair.push_back(t / 20 % 3 == 2 ? 0 : one);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("lava's LIF programs agree with their formulas, edges of the 24 bits included",
          "[neuron_models]") {
    const Int edge = 131072;  // times 64: 2^23
    for (const Int du : {Int{-1}, Int{0}, Int{1000}, Int{4095}}) {
        for (const Int dv : {Int{0}, Int{37}, Int{4096}}) {
            Int u = 0;
            Int v = 0;
            Int ref = 0;
            const auto integrate = [&](Int input) {
                u = turned(toward_zero(u, du + 1) + input * 64);
                return clip(toward_zero(v, dv) + u - 3 * 64);
            };
            const Args args{{"du", du}, {"dv", dv}, {"bias", -3}, {"bias_exp", 6}};
            const auto with = [&](Args more) {
                more.insert(args.begin(), args.end());
                return more;
            };
            const auto restart = [&] { u = v = ref = 0; };
            const auto stimulus = inputs(static_cast<std::uint32_t>(du + dv + 2), 300,
                                         {edge, -edge, edge + 3, 3, 103, -edge - 1, edge - 1, -97});
            compare(
                "lif", with({{"vth", 100}}),
                [&](Int input, Int) -> Int {
                    v = integrate(input);
                    if (v <= 100 * 64) return 0;
                    v = 0;
                    return 1;
                },
                {{"u", &u}, {"v", &v}}, stimulus);
            restart();
            compare(
                "ternary_lif", with({{"vth_hi", 100}, {"vth_lo", -100}}),
                [&](Int input, Int) -> Int {
                    v = integrate(input);
                    const Int s = (v > 100 * 64 ? 1 : 0) - (v < -100 * 64 ? 1 : 0);
                    if (s != 0) v = 0;
                    return s;
                },
                {{"u", &u}, {"v", &v}}, stimulus);
            restart();
            compare(
                "lif_refractory", with({{"vth", 100}, {"refractory_period", 3}}),
                [&](Int input, Int) -> Int {
                    const Int next = integrate(input);
                    if (ref > 0) {
                        --ref;
                        return 0;
                    }
                    v = next;
                    if (v <= 100 * 64) return 0;
                    v = 0;
                    ref = 3;
                    return 1;
                },
                {{"u", &u}, {"v", &v}, {"ref", &ref}}, stimulus);
            restart();
            compare(
                "point_lif",
                Args{{"dv", 65536},
                     {"vth", 6400},
                     {"reset", -64},
                     {"bias", 5},
                     {"refractory_period", 3}},
                [&](Int input, Int) -> Int {
                    if (ref > 0) {
                        --ref;
                        return 0;
                    }
                    v = v * ((1 << 20) - 65536) / (1 << 20) + input * 64 + 5;
                    if (v <= 6400) return 0;
                    v = -64;
                    ref = 3;
                    return 1;
                },
                {{"v", &v}, {"ref", &ref}}, stimulus);
            restart();
            Int time = 0;
            compare(
                "lif_reset", with({{"vth", 100}, {"reset_interval", 7}, {"reset_offset", 16}}),
                [&](Int input, Int) -> Int {
                    if (++time % 7 == 16 % 7) u = v = 0;
                    v = integrate(input);
                    if (v <= 100 * 64) return 0;
                    v = 0;
                    return 1;
                },
                {{"u", &u}, {"v", &v}}, stimulus);
        }
    }
}

TEST_CASE("atrlif agrees with its formulas", "[neuron_models]") {
    Int i = 0;
    Int v = 0;
    Int theta = 20 * 64;
    Int r = 0;
    compare(
        "atrlif",
        {{"delta_i", 700},
         {"delta_v", 90},
         {"delta_theta", 301},
         {"delta_r", 111},
         {"theta_0", 20},
         {"theta_step", 9}},
        [&](Int input, Int) -> Int {
            i = turned(toward_zero(i, 701) + input * 64);
            v = clip(toward_zero(v, 90) + i);
            theta = toward_zero(theta - 20 * 64, 301) + 20 * 64;
            r = toward_zero(r, 111);
            if (v - r < theta) return 0;
            r += 2 * theta;
            theta += 9 * 64;
            return 1;
        },
        {{"i", &i}, {"v", &v}, {"theta", &theta}, {"r", &r}},
        inputs(5, 60, {131072, -131072, 20, 131073}));
}

TEST_CASE("delta and sigma-delta programs agree with their formulas", "[neuron_models]") {
    for (const Int cumulative : {0, 1}) {
        for (const Int relu : {0, 1}) {
            Int sigma = 0;
            Int act = 0;
            Int residue = 0;
            Int error = 0;
            const auto changed = [&](Int x, Int threshold) -> Int {
                const Int d = x - act + residue;
                if (cumulative != 0) error += d;
                const Int o = std::abs(cumulative != 0 ? error : d) >= threshold ? d : 0;
                if (o != 0) error = 0;
                residue = d - o;
                act = x;
                return floor_shift(o, 3);
            };
            const Args args{
                {"vth", 3}, {"spike_exp", 1}, {"state_exp", 3}, {"cum_error", cumulative}};
            const std::vector<Watched> words{
                {"act", &act}, {"residue", &residue}, {"error", &error}};
            compare(
                "delta", args, [&](Int input, Int) { return changed(input * 16, 3 * 16); }, words,
                inputs(6, 5, {0, 1, -1, 3, -3}));
            sigma = act = residue = error = 0;
            Args more = args;
            more["relu"] = relu;
            more["bias"] = 2;
            compare(
                "sigma_delta", more,
                [&](Int input, Int) {
                    sigma += input;
                    const Int x = sigma + 2 * 16;
                    return changed(relu != 0 ? std::max<Int>(x, 0) : x, 3 * 16);
                },
                words, inputs(7, 50, {0, 48, -48, 47, -47}));
            sigma = act = 0;
            more.erase("cum_error");
            compare(
                "sigma_delta_corrected", more,
                [&](Int input, Int) {
                    sigma += input;
                    const Int x = sigma + 2 * 16;
                    const Int d = (relu != 0 ? std::max<Int>(x, 0) : x) - act;
                    const Int sent = std::abs(d) >= 3 * 16 ? floor_shift(d, 3) : 0;
                    act += sent * 8;
                    return sent;
                },
                {{"sigma", &sigma}, {"act", &act}}, inputs(8, 50, {0, 48, -48, 47, -47}));
        }
    }
}

TEST_CASE("resonators agree with their formulas", "[neuron_models]") {
    const Int sine = 2239;
    const Int cosine = 3081;
    Int re = 0;
    Int im = 0;
    const Args args{{"sin_decay", sine}, {"cos_decay", cosine}, {"vth", 640}, {"state_exp", 6}};
    const auto turn = [&](Int a, Int b) {
        const Int next_re = clip(cosine * re / 4096 - sine * im / 4096 + a * 64);
        const Int next_im = clip(sine * re / 4096 + cosine * im / 4096 + b * 64);
        return std::pair{next_re, next_im};
    };
    const auto stimulus = inputs(9, 40, {10, -10, 0, 1, 200000});
    compare(
        "rf", args,
        [&](Int a, Int b) -> Int {
            const auto [x, y] = turn(a, b);
            const bool spike = x >= 640 && y >= 0 && im < 0;
            re = x;
            im = y;
            return spike ? 1 : 0;
        },
        {{"real", &re}, {"imag", &im}}, stimulus);
    re = im = 0;
    compare(
        "rf_iz", args,
        [&](Int a, Int b) -> Int {
            std::tie(re, im) = turn(a, b);
            if (im < 640) return 0;
            re = 0;
            im = 639;
            return 1;
        },
        {{"real", &re}, {"imag", &im}}, stimulus);
    re = im = 0;
    compare(
        "resfire_zero", {{"lst", 10025}, {"lct", 30854}, {"uth", 5}},
        [&](Int a, Int b) -> Int {
            const auto part = [](Int c, Int x) { return floor_shift(wrapped(c * x), 15); };
            const Int x = part(30854, re) - part(10025, im) + a;
            const Int y = part(10025, re) + part(30854, im) + b;
            const bool spike = x > 5 && y >= 0 && im < 0;
            re = x;
            im = y;
            return spike ? x : 0;
        },
        {{"u", &re}, {"v", &im}}, inputs(10, 30, {5, 6, -6, 100000, 70000}));
}

TEST_CASE("programs without memory agree with their formulas", "[neuron_models]") {
    const auto stimulus = inputs(11, 40, {0, 10, -10, 11, -11, 4000, -4000, 70000, -70000});
    const auto beyond = [](Int x, Int threshold) { return std::abs(x) > threshold ? x : 0; };
    compare(
        "graded_vec", {{"vth", 10}, {"exp", 0}}, [&](Int a, Int) { return beyond(a, 10); }, {},
        stimulus);
    compare(
        "graded_vec", {{"vth", 0}, {"exp", 2}},
        [&](Int a, Int) { return beyond(floor_shift(a, 2), 0); }, {}, stimulus);
    compare(
        "graded_relu_vec", {{"vth", 10}}, [&](Int a, Int) { return a > 10 ? a : 0; }, {}, stimulus);
    compare(
        "prod_neuron", {{"vth", 100}, {"exp", 3}},
        [&](Int a, Int b) { return beyond(floor_shift(wrapped(a * b), 3), 100); }, {}, stimulus);
    Int v = 0;
    compare(
        "norm_vec_delay", {{"vth", 100}},
        [&](Int a, Int b) {
            const Int product = wrapped(v * b);
            v = a;
            return beyond(product, 100);
        },
        {{"v", &v}}, stimulus, [](Int a, Int) { return wrapped(a * a); });
}

TEST_CASE("inv_sqrt agrees with its iteration and sends nothing for 0 and below",
          "[neuron_models]") {
    std::vector<std::vector<Int>> numbers;
    for (int k = 0; k < 24; ++k) {
        for (const Int x : {Int{1} << k, (Int{3} << k) / 2, (Int{2} << k) - 1}) {
            numbers.push_back({x, 0});
        }
    }
    numbers.push_back({0, 0});
    numbers.push_back({-5, 0});
    compare(
        "inv_sqrt", {},
        [](Int x, Int) -> Int {
            if (x <= 0) return 0;
            Int k = 0;
            while (x >> (k + 1) != 0) ++k;
            double guess = 262144.0 / 1.238982962;
            for (Int i = 0; i < k; ++i) guess /= 1.4142135623730951;
            Int y = static_cast<Int>(guess);
            Int z = 2 * y;
            Int b = x;
            for (int step = 0; step < 5; ++step) {
                b = floor_shift(floor_shift(b * z, 13) * z, 13);
                z = 3 * 4096 - b;
                y = floor_shift(y * z, 13);
            }
            return y;
        },
        {}, numbers);
}
