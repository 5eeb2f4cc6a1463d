#include "emulator/core/lockstep.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "isa/microcode/interpreter.hpp"
#include "tests/support/random_program.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using emu::KernelVariant;

namespace {

constexpr std::uint64_t kStep = 0x1'0000'0007;  // needs both halves

/// Everything that one step of one group leaves behind.
struct Outcome {
    std::vector<std::array<std::int32_t, isa::kStateWords>> state;
    std::vector<std::array<std::int32_t, isa::kTraceRegisters>> traces;
    std::array<std::vector<std::int32_t>, isa::kAccumulators> now;
    std::array<std::vector<std::int32_t>, isa::kAccumulators> next;
    std::vector<std::array<std::int64_t, 6>> spikes;  // every field of EmittedSpike
    std::array<std::uint64_t, 6> counts{};
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Case {
    std::vector<std::uint32_t> words;
    std::array<std::int32_t, isa::kParameters> params{};
    std::vector<isa::Lane> lanes;
    std::vector<NeuronId> neurons;
};

Case random_case(testing::RandomProgram& random, std::size_t lanes, std::size_t max_length) {
    Case c;
    c.words = random.any_words(max_length);
    c.params = random.params();
    for (std::size_t i = 0; i < lanes; ++i) {
        c.lanes.push_back(random.lane());
        c.neurons.emplace_back(random.below(1U << 20));
    }
    return c;
}

std::array<std::int64_t, 6> fields_of(const emu::EmittedSpike& s) {
    return {s.compartment,  s.payload,     s.channel,
            s.updates_done, s.active_done, static_cast<std::int64_t>(s.cycles_done)};
}

Outcome by_interpreter(const Case& c, const isa::RandomSource& random) {
    Outcome out;
    const std::size_t n = c.lanes.size();
    for (auto& sums : out.next) sums.assign(n, 0);
    auto& [updates, active, instructions, cycles, dropped, overflows] = out.counts;
    for (std::size_t i = 0; i < n; ++i) {
        isa::Lane lane = c.lanes[i];
        const isa::LaneResult result =
            isa::interpret(c.words, c.params, lane, random, c.neurons[i], kStep);
        ++updates;
        if (lane.state != c.lanes[i].state || !result.spikes.empty()) ++active;
        instructions += result.instructions;
        overflows += result.overflows;
        cycles += result.cycles;
        for (const isa::SpikeOut& s : result.spikes) {
            out.spikes.push_back({static_cast<std::int64_t>(i), s.payload, s.channel,
                                  static_cast<std::int64_t>(updates),
                                  static_cast<std::int64_t>(active),
                                  static_cast<std::int64_t>(cycles)});
        }
        for (const isa::PushOut& p : result.pushes) {
            const std::int64_t target = static_cast<std::int64_t>(i) + p.offset;
            if (target < 0 || target >= static_cast<std::int64_t>(n)) {
                ++dropped;
                continue;
            }
            std::int32_t& sum = out.next[p.accumulator][static_cast<std::size_t>(target)];
            sum = static_cast<std::int32_t>(std::int64_t{sum} + p.value);
        }
        out.state.push_back(lane.state);
        out.traces.push_back(lane.traces);
        for (std::size_t k = 0; k < out.now.size(); ++k) {
            out.now[k].push_back(lane.accumulators[k]);
        }
    }
    return out;
}

Outcome by_engine(const Case& c, const isa::RandomSource& random, emu::Lockstep& engine) {
    const std::size_t n = c.lanes.size();
    const emu::LockstepProgram program{c.words};
    emu::GroupView view;
    view.program = &program;
    view.params = c.params.data();
    view.neurons = c.neurons.data();
    view.count = view.compartments = static_cast<std::uint32_t>(n);
    view.stride = (n + 127) / 128 * 128;
    emu::LineVector<std::int32_t> state(isa::kStateWords * view.stride);
    emu::LineVector<std::int32_t> traces(isa::kTraceRegisters * view.stride);
    Outcome out;
    for (std::size_t k = 0; k < out.now.size(); ++k) {
        out.now[k].resize(n);
        out.next[k].resize(n);
        for (std::size_t i = 0; i < n; ++i) out.now[k][i] = c.lanes[i].accumulators[k];
        view.now[k] = out.now[k].data();
        view.next[k] = out.next[k].data();
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t w = 0; w < isa::kStateWords; ++w) {
            state[w * view.stride + i] = c.lanes[i].state[w];
        }
        for (std::size_t y = 0; y < isa::kTraceRegisters; ++y) {
            traces[y * view.stride + i] = c.lanes[i].traces[y];
        }
    }
    view.state = state.data();
    view.traces = traces.data();

    emu::CoreActivity activity;
    engine.update(view, kStep, random, activity);

    out.state.resize(n);
    out.traces.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t w = 0; w < isa::kStateWords; ++w) {
            out.state[i][w] = state[w * view.stride + i];
        }
        for (std::size_t y = 0; y < isa::kTraceRegisters; ++y) {
            out.traces[i][y] = traces[y * view.stride + i];
        }
    }
    for (const emu::EmittedSpike& s : activity.spikes) out.spikes.push_back(fields_of(s));
    out.counts = {activity.updates, activity.active_updates, activity.instructions,
                  activity.cycles,  activity.dropped_pushes, activity.overflows};
    return out;
}

/// What differs, for the message of a failed test.
std::string difference(const Outcome& a, const Outcome& b) {
    std::string all;
    if (a.state != b.state) all += "state ";
    if (a.traces != b.traces) all += "traces ";
    if (a.now != b.now) all += "accumulators ";
    if (a.next != b.next) all += "pushes ";
    if (a.spikes != b.spikes) all += "spikes ";
    if (a.counts != b.counts) all += "counts ";
    return all;
}

}  // namespace

TEST_CASE("the lockstep engine does what the reference interpreter does on random programs",
          "[lockstep]") {
    const isa::PhiloxSource philox{42};
    std::vector<emu::Lockstep> engines;
    for (const KernelVariant variant : emu::available_kernels()) engines.emplace_back(variant);
    testing::RandomProgram random{20240611};
    for (int program = 0; program < 10000; ++program) {
        const Case c = random_case(random, 64, 40);
        const Outcome expected = by_interpreter(c, philox);
        for (std::size_t e = 0; e < engines.size(); ++e) {
            const std::string found = difference(by_engine(c, philox, engines[e]), expected);
            INFO("program " << program << ", kernels "
                            << emu::name_of(emu::available_kernels()[e]));
            REQUIRE(found == "");
        }
    }
}

TEST_CASE("groups need not fill whole blocks of lanes", "[lockstep]") {
    const isa::PhiloxSource philox{43};
    std::vector<emu::Lockstep> engines;
    for (const KernelVariant variant : emu::available_kernels()) engines.emplace_back(variant);
    testing::RandomProgram random{7};
    for (const std::size_t lanes : {1U, 63U, 64U, 65U, 129U, 255U, 256U, 257U, 300U}) {
        for (int program = 0; program < 150; ++program) {
            const Case c = random_case(random, lanes, 30);
            const Outcome expected = by_interpreter(c, philox);
            for (emu::Lockstep& engine : engines) {
                INFO(lanes << " lanes, program " << program);
                REQUIRE(difference(by_engine(c, philox, engine), expected) == "");
            }
        }
    }
}

TEST_CASE("a compartment that skips instructions is charged only for those it issued",
          "[lockstep]") {
    using namespace testing::mc;
    using isa::Opcode;
    // Negative s0 jumps over two additions; all lanes then add 1 to s1 and spike.
    Case c;
    c.words = program({compare(isa::Comparison::kLt, s(0), kZero), if_set(branch(3)),
                       alu(Opcode::kAdd, s(1), s(1), kOne), alu(Opcode::kAdd, s(1), s(1), kOne),
                       alu(Opcode::kAdd, s(1), s(1), kOne), spike(s(1), 3)});
    for (int i = 0; i < 130; ++i) {
        isa::Lane lane;
        lane.state[0] = i % 3 - 1;
        c.lanes.push_back(lane);
        c.neurons.emplace_back(static_cast<std::uint32_t>(i));
    }
    for (const KernelVariant variant : emu::available_kernels()) {
        emu::Lockstep engine{variant};
        const Outcome out = by_engine(c, isa::PhiloxSource{1}, engine);
        // 44 of 130 lanes skip; 7 instructions of 8 cycles otherwise (SPK costs 2).
        CHECK(out.counts ==
              std::array<std::uint64_t, 6>{130, 130, 130 * 7 - 88, 130 * 8 - 88, 0, 0});
        REQUIRE(out.spikes.size() == 130);
        CHECK(out.spikes[0] == std::array<std::int64_t, 6>{0, 1, 3, 1, 1, 6});
        CHECK(out.spikes[1] == std::array<std::int64_t, 6>{1, 3, 3, 2, 2, 14});
        CHECK(out.spikes[129] == std::array<std::int64_t, 6>{129, 1, 3, 130, 130, 952});
    }
}

TEST_CASE("an update is active only if it changed state or spiked", "[lockstep]") {
    using namespace testing::mc;
    using isa::Opcode;
    // s0 goes up and comes back for all; s1 moves to s2, which differs in one lane; one lane
    // spikes.
    Case c;
    c.words = program({alu(Opcode::kAdd, s(0), s(0), kOne), alu(Opcode::kSub, s(0), s(0), kOne),
                       alu(Opcode::kMov, s(1), s(2)), compare(isa::Comparison::kEq, s(3), kOne),
                       if_set(spike(kOne))});
    c.lanes.resize(100);
    c.neurons.resize(100);
    c.lanes[40].state[2] = 5;
    c.lanes[70].state[3] = 1;
    emu::Lockstep engine{KernelVariant::kPortable};
    const Outcome out = by_engine(c, isa::PhiloxSource{1}, engine);
    CHECK(out.counts[1] == 2);
    REQUIRE(out.spikes.size() == 1);
    CHECK(out.spikes[0] == std::array<std::int64_t, 6>{70, 1, 0, 71, 2, 71 * 7});
}

TEST_CASE("several spikes of one compartment keep their program order", "[lockstep]") {
    using namespace testing::mc;
    Case c;
    c.words = program({spike(kOne, 1), spike(s(0), 0), spike(kMinusOne, 1)});
    c.lanes.resize(129);
    c.neurons.resize(129);
    emu::Lockstep engine;
    const Outcome out = by_engine(c, isa::PhiloxSource{1}, engine);
    REQUIRE(out.spikes.size() == 3 * 129);
    for (std::int64_t i = 0; i < 129; ++i) {
        const auto at = static_cast<std::size_t>(3 * i);
        CHECK(out.spikes[at][0] == i);
        CHECK(out.spikes[at][1] == 1);
        CHECK(out.spikes[at + 1][2] == 0);
        CHECK(out.spikes[at + 2][1] == -1);
    }
}

TEST_CASE("SEAMOUNT_KERNELS chooses the kernels and rejects unknown names", "[lockstep]") {
    REQUIRE(setenv("SEAMOUNT_KERNELS", "portable", 1) == 0);
    CHECK(emu::default_kernels() == KernelVariant::kPortable);
    REQUIRE(setenv("SEAMOUNT_KERNELS", "avx1024", 1) == 0);
    CHECK_THROWS_WITH(emu::default_kernels(), Contains("RUN-KERNELS") && Contains("avx1024"));
    REQUIRE(unsetenv("SEAMOUNT_KERNELS") == 0);
    CHECK(emu::default_kernels() == emu::available_kernels().back());
}
