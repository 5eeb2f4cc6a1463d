#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/unit/isa/neuron_fixture.hpp"

using namespace seamount;
using testing::Args;
using testing::Neuron;
using testing::ScriptedSource;

namespace {

/// The compartment as the chip's description states it: division for truncation, plain int64.
struct Reference {
    std::int64_t u = 0;
    std::int64_t v = 0;
    std::int64_t blocked = 0;  ///< steps for which v is still held at 0
    std::int64_t probe = 0;    ///< what the voltage register reads

    static std::int64_t wrap(std::int64_t x, int bits) {
        const std::int64_t span = std::int64_t{1} << bits;
        x %= span;
        if (x < -span / 2) x += span;
        if (x >= span / 2) x -= span;
        return x;
    }
    static std::int64_t decayed(std::int64_t x, std::int64_t d) { return x * (4096 - d) / 4096; }

    bool step(const Args& args, std::int64_t input, std::int64_t draw) {
        const auto arg = [&](const char* name) { return args.at(name); };
        std::int64_t noise = 0;
        if (arg("noise_enable") != 0) {
            noise = (draw + 64 * arg("noise_offset")) * (std::int64_t{1} << arg("noise_exp")) / 128;
        }
        const bool membrane = arg("noise_at_membrane") != 0;
        const std::int64_t bias = arg("bias") * (std::int64_t{1} << arg("bias_exp"));
        const std::int64_t vmin = 1 - (std::int64_t{1} << arg("vmin_exp"));
        const std::int64_t vmax = (std::int64_t{512} << (2 * arg("vmax_exp"))) - 1;

        const std::int64_t q = wrap(input * 64 + (membrane ? 0 : noise), 22);
        u = wrap(decayed(u, arg("decay_u")) + q, 24);
        const std::int64_t s = wrap(u + bias + (membrane ? noise : 0), 24);
        v = std::clamp(decayed(v, arg("decay_v")) + s, vmin, vmax);
        if (blocked > 0) v = 0;
        const bool spike = v > arg("vth") * 64;
        const std::int64_t refract = arg("refract");
        if (spike) {
            v = 0;
            probe = refract * 128;
            blocked = refract - 1;
        } else if (blocked > 0) {
            probe = refract * 128 + refract - blocked;
            --blocked;
        } else {
            probe = v;
        }
        return spike;
    }
};

Args random_args(const isa::Program& program, std::mt19937_64& engine) {
    Args args;
    for (const auto& arg : program.args) {
        const auto range = static_cast<std::uint64_t>(arg.max - arg.min);
        const auto kind = engine() % 8;
        const std::uint64_t above = kind == 0 ? 0 : kind == 1 ? range : engine() % (range + 1);
        args[arg.name] = arg.min + static_cast<std::int64_t>(above);
        if (kind >= 5 && arg.initial) args[arg.name] = *arg.initial;
    }
    if (engine() % 2 == 0) args["vth"] = static_cast<std::int64_t>(engine() % 3000);
    return args;
}

}  // namespace

TEST_CASE("loihi1_cuba follows the chip's description for any arguments and input",
          "[loihi1_cuba]") {
    const isa::Program program = testing::loihi1_cuba();
    std::mt19937_64 engine{41};
    std::uint64_t spikes = 0;
    for (int trial = 0; trial < 1500; ++trial) {
        const Args args = random_args(program, engine);
        Neuron neuron{program, args};
        Reference reference;
        const int scale = static_cast<int>(engine() % 30);
        for (std::uint64_t k = 0; k < 60; ++k) {
            std::int32_t input = static_cast<std::int32_t>(engine()) >> scale;
            if (engine() % 3 == 0) input = 0;
            const auto draw = static_cast<std::int32_t>(engine() % 255) - 127;
            const ScriptedSource random{std::vector<std::vector<std::int32_t>>(k + 1, {draw})};
            const auto result = neuron.step(input, random, NeuronId{0}, k);
            const bool spike = reference.step(args, input, draw);
            INFO("trial " << trial << " step " << k << " input " << input);
            REQUIRE(neuron.word("u") == reference.u);
            REQUIRE(neuron.word("v") == reference.v);
            REQUIRE(neuron.view(0) == reference.probe);
            REQUIRE(result.spikes.size() == (spike ? 1U : 0U));
            if (spike) REQUIRE(result.spikes.front() == isa::SpikeOut{1, 0});
            REQUIRE(neuron.lane.accumulators[0] == 0);
            spikes += result.spikes.size();
        }
    }
    CHECK(spikes > 1000);
}

TEST_CASE("the voltage register reads a counter while refractory", "[loihi1_cuba]") {
    const isa::Program program = testing::loihi1_cuba();
    REQUIRE(program.views.front().name == "v_chip");
    const isa::PhiloxSource random{1};
    const auto read = [&](std::int64_t refract) {
        Neuron neuron{program, {{"vth", 10}, {"refract", refract}, {"bias", 700}}};
        std::vector<std::int64_t> values;
        for (std::uint64_t k = 0; k < 8; ++k) {
            neuron.step(0, random, NeuronId{0}, k);
            values.push_back(neuron.view(0));
        }
        return values;
    };
    CHECK(read(1) == std::vector<std::int64_t>(8, 128));
    CHECK(read(5) == std::vector<std::int64_t>{640, 641, 642, 643, 644, 640, 641, 642});
}

TEST_CASE("a neuron without noise draws no random numbers", "[loihi1_cuba]") {
    const isa::Program program = testing::loihi1_cuba();
    const ScriptedSource nothing{{}};  // throws when asked
    Neuron quiet{program, {{"vth", 100}}};
    Neuron noisy{program, {{"vth", 100}, {"noise_enable", 1}}};
    const auto cheap = quiet.step(5, nothing, NeuronId{0}, 0).instructions;
    CHECK_THROWS(noisy.step(5, nothing, NeuronId{0}, 0));
    CHECK(noisy.step(5, isa::PhiloxSource{1}, NeuronId{0}, 0).instructions == cheap + 6);
}

TEST_CASE("what often differs between neurons is state, so that it does not split groups",
          "[loihi1_cuba]") {
    const isa::Program program = testing::loihi1_cuba();
    for (const auto& param : program.params) {
        INFO(param.name);
        for (const auto& used : param.initial.names()) {
            CHECK(
                (used != "vth" && used != "bias" && used != "bias_exp" && used != "noise_enable"));
        }
    }
}
