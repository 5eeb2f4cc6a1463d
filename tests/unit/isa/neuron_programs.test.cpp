#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
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
Int keep(Int x, Int d) {
    return x * (4096 - d) / 4096;
}

isa::Program load(const std::string& name) {
    return isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/" + name + ".asm");
}

/// The payload that a step sends, 0 if none.
class Runner {
public:
    Runner(const std::string& name, const Args& args)
        : program_{load(name)}, neuron_{program_, args} {}

    Int step(Int input, Int second = 0) {
        neuron_.lane.accumulators[1] = static_cast<std::int32_t>(second);
        const auto result =
            neuron_.step(static_cast<std::int32_t>(input), random_, NeuronId{0}, time_++);
        REQUIRE(result.spikes.size() <= 1);
        return result.spikes.empty() ? 0 : result.spikes.front().payload;
    }
    Int word(std::string_view name) { return neuron_.word(name); }

private:
    isa::Program program_;
    Neuron neuron_;
    isa::PhiloxSource random_{1};
    std::uint64_t time_ = 0;
};

/// Input in -small..small, with some at the edges of its 18 bits.
std::vector<Int> stimulus(std::uint32_t seed, Int small) {
    std::mt19937 random{seed};
    std::vector<Int> all;
    for (int t = 0; t < 800; ++t) {
        const auto draw = static_cast<Int>(random());
        const Int edge = draw % 2 == 0 ? 131071 : -131072;
        all.push_back(draw % 37 == 0 ? edge : draw / 64 % (2 * small + 1) - small / 2);
    }
    return all;
}

}  // namespace

TEST_CASE("soft_reset_lif subtracts the threshold and keeps the excess", "[neuron_programs]") {
    Runner neuron{"soft_reset_lif", {{"du", 1000}, {"dv", 40}, {"vth", 100}, {"bias", 7}}};
    Int u = 0;
    Int v = 0;
    int spikes = 0;
    for (const Int input : stimulus(1, 60)) {
        u = keep(u, 1001) + input * 64;
        if (u > kMost + 1) u -= 1 << 24;
        if (u <= -kMost - 1) u += 1 << 24;
        v = clip(keep(v, 40) + u + 7);
        const bool spike = v > 6400;
        if (spike) v -= 6400;
        REQUIRE(neuron.step(input) == (spike ? 1 : 0));
        REQUIRE(neuron.word("v") == v);
        spikes += spike ? 1 : 0;
    }
    CHECK(spikes > 50);
}

TEST_CASE("soft_reset_lif without leak spikes in proportion to its input", "[neuron_programs]") {
    for (const Int input : {1, 17, 50, 99}) {
        Runner neuron{"soft_reset_lif", {{"vth", 100}}};
        Int spikes = 0;
        for (int t = 0; t < 1000; ++t) spikes += neuron.step(input);
        CHECK(std::abs(spikes - input * 10) <= 1);
    }
}

TEST_CASE("if sums its input without a leak, with either reset", "[neuron_programs]") {
    for (const Int soft : {0, 1}) {
        Runner neuron{"if", {{"vth", 90}, {"bias", -3}, {"bias_exp", 2}, {"soft_reset", soft}}};
        Int v = 0;
        int spikes = 0;
        for (const Int input : stimulus(2, 40)) {
            v = clip(v + input * 64 - 12);
            const bool spike = v > 90 * 64;
            if (spike) v = soft == 1 ? v - 90 * 64 : 0;
            REQUIRE(neuron.step(input) == (spike ? 1 : 0));
            REQUIRE(neuron.word("v") == v);
            spikes += spike ? 1 : 0;
        }
        CHECK(spikes > 50);
    }
}

TEST_CASE("li filters its input, silently or with a graded readout", "[neuron_programs]") {
    for (const Int readout : {0, 1}) {
        Runner neuron{"li", {{"dv", 300}, {"bias", 9}, {"readout", readout}, {"readout_exp", 8}}};
        Int v = 0;
        for (const Int input : stimulus(3, 200)) {
            v = clip(keep(v, 300) + input * 64 + 9);
            REQUIRE(neuron.step(input) == (readout == 1 ? v >> 8 : 0));
            REQUIRE(neuron.word("v") == v);
        }
    }
}

TEST_CASE("if_fine sums its input in 31 bits, with either reset", "[neuron_programs]") {
    constexpr Int kWide = (1 << 30) - 1;
    for (const Int soft : {0, 1}) {
        Runner neuron{"if_fine", {{"vth", 90}, {"bias", -1}, {"soft_reset", soft}}};
        Int v = 0;
        int spikes = 0;
        for (const Int input : stimulus(2, 60)) {
            v = std::clamp(v + input - 1, -kWide, kWide);
            const bool spike = v > 90;
            if (spike) v = soft == 1 ? v - 90 : 0;
            REQUIRE(neuron.step(input) == (spike ? 1 : 0));
            REQUIRE(neuron.word("v") == v);
            spikes += spike ? 1 : 0;
        }
        CHECK(spikes > 50);
        for (int t = 0; t < 200; ++t) (void)neuron.step(-8388608);
        CHECK(neuron.word("v") == -kWide);
    }
}

TEST_CASE("lif_fine and cuba_li decay in 1/2^20 of current and voltage", "[neuron_programs]") {
    const auto fine = [](Int x, Int d) { return x * ((1 << 20) - d) / (1 << 20); };
    for (const Int soft : {0, 1}) {
        Runner spiking{
            "lif_fine",
            {{"du", 300000}, {"dv", 999}, {"vth", 400}, {"soft_reset", soft}, {"bias", 7}}};
        Runner silent{"cuba_li", {{"du", 300000}, {"dv", 999}, {"bias", 7}, {"readout", soft}}};
        constexpr Int kWide = (1 << 29) - 1;
        Int u = 0;
        Int v = 0;
        Int narrow = 0;
        Int filtered = 0;
        int spikes = 0;
        for (const Int input : stimulus(6, 60)) {
            u = std::clamp(fine(u, 300000) + input * 64, -kWide, kWide);
            v = std::clamp(fine(v, 999) + 7 + u, -kWide, kWide);
            narrow = fine(narrow, 300000) + input * 64;
            if (narrow > kMost + 1) narrow -= 1 << 24;
            if (narrow <= -kMost - 1) narrow += 1 << 24;
            filtered = clip(fine(filtered, 999) + narrow + 7);
            const bool spike = v > 400 * 64;
            if (spike) v = soft == 1 ? v - 400 * 64 : 0;
            REQUIRE(spiking.step(input) == (spike ? 1 : 0));
            REQUIRE(spiking.word("v") == v);
            REQUIRE(silent.step(input) == (soft == 1 ? filtered >> 6 : 0));
            REQUIRE(silent.word("v") == filtered);
            spikes += spike ? 1 : 0;
        }
        CHECK(spikes > 20);
    }
}

TEST_CASE("pc_error sends the signed, leaky difference of evidence and prediction",
          "[neuron_programs]") {
    Runner neuron{"pc_error", {{"de", 2048}, {"vth", 5}}};
    Int e = 0;
    const std::vector<Int> evidence = stimulus(4, 30);
    const std::vector<Int> predicted = stimulus(5, 30);
    int up = 0;
    int down = 0;
    for (std::size_t t = 0; t < evidence.size(); ++t) {
        e = clip(keep(e, 2048) + (evidence[t] - predicted[t]) * 64);
        const Int expected = std::abs(e) > 5 * 64 ? e / 64 : 0;
        REQUIRE(neuron.step(evidence[t], predicted[t]) == expected);
        REQUIRE(neuron.word("error") == e);
        up += expected > 0 ? 1 : 0;
        down += expected < 0 ? 1 : 0;
    }
    CHECK((up > 50 && down > 50));
    Runner quiet{"pc_error", {}};
    for (const Int x : {5, -5, 400}) CHECK(quiet.step(x, x) == 0);  // a true prediction
    CHECK(quiet.step(7, 3) == 4);
    CHECK(quiet.step(3, 7) == -4);
}

TEST_CASE("wta says by how much its voltage exceeds the threshold", "[neuron_programs]") {
    Runner neuron{"wta", {{"dv", 100}, {"vth", 50}, {"bias", 10}, {"bias_exp", 3}}};
    Int v = 0;
    int spikes = 0;
    for (const Int input : stimulus(6, 40)) {
        v = clip(keep(v, 100) + input * 64 + 80);
        const Int payload = v > 3200 ? (v - 3200) / 64 + 1 : 0;
        REQUIRE(neuron.step(input) == payload);
        if (payload != 0) v = 0;
        REQUIRE(neuron.word("v") == v);
        spikes += payload != 0 ? 1 : 0;
    }
    CHECK(spikes > 50);
}

TEST_CASE("ring_buffer sends its packed sequence again and again, element by element",
          "[neuron_programs]") {
    std::mt19937 random{7};
    for (Int width_exp = 0; width_exp <= 5; ++width_exp) {
        for (const Int is_signed : {0, 1}) {
            const Int width = Int{1} << width_exp;
            const Int capacity = 448 >> width_exp;
            const Int period = capacity - static_cast<Int>(random() % 3);
            const Int offset = static_cast<Int>(random() % 5);
            Args args{{"width_exp", width_exp},
                      {"signed", is_signed},
                      {"period", period},
                      {"offset", offset}};
            std::vector<Int> data;
            for (int w = 0; w < 14; ++w) {
                const auto raw = static_cast<Int>(random());
                args["w" + std::to_string(w)] =
                    w % 2 == 0 ? raw : static_cast<std::int32_t>(static_cast<std::uint32_t>(raw));
                for (Int bit = 0; bit < 32; bit += width) {
                    Int value = raw >> bit & ((Int{1} << width) - 1);
                    const bool negative = width == 32 || (is_signed == 1 && width > 1);
                    if (negative && value >> (width - 1) != 0) value -= Int{1} << width;
                    data.push_back(value);
                }
            }
            Runner source{"ring_buffer", args};
            for (Int t = 0; t < 2 * period + 3; ++t) {
                INFO("width " << width << ", step " << t);
                REQUIRE(source.step(0) == data[static_cast<std::size_t>((t + offset) % period)]);
            }
        }
    }
}

TEST_CASE("a ring_buffer that is longer than its data pauses until the period is over",
          "[neuron_programs]") {
    Runner source{"ring_buffer", {{"period", 40}, {"w0", 11}, {"w13", -12}}};
    for (int t = 0; t < 120; ++t) {
        CHECK(source.step(0) == (t % 40 == 0 ? 11 : t % 40 == 13 ? -12 : 0));
    }
}
