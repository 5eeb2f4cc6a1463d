#include "isa/microcode/interpreter.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <set>

#include "isa/assembly/assembler.hpp"
#include "isa/base/text.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/program.hpp"
#include "tests/support/random_program.hpp"

using namespace seamount;
using isa::Instruction;
using isa::Lane;
using isa::LaneResult;
using isa::Opcode;

namespace {

__extension__ using Wide = __int128;

constexpr std::array<std::int32_t, isa::kParameters> kNoParams{};

LaneResult run(const std::string& text, Lane& lane) {
    return isa::interpret(isa::assemble(text, "x.asm").words, kNoParams, lane, isa::PhiloxSource{1},
                          NeuronId{0}, 0);
}

Wide divide_down(Wide x, Wide by) {
    return x / by - (x % by < 0 ? 1 : 0);
}

/// The value before conditioning, in 128 bits and without shifts; nothing for an operation that has
/// no second model here (its example in isa/README.md is run, and both engines are compared).
std::optional<Wide> expected(const Instruction& i, Wide a, Wide b, bool flag) {
    const Wide scale = Wide{1} << i.imm;
    const auto bits = [&](auto operation) {
        return Wide{static_cast<std::int32_t>(
            operation(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)))};
    };
    switch (i.op) {
        case Opcode::kMov:
            return a;
        case Opcode::kAdd:
            return a + b;
        case Opcode::kSub:
            return a - b;
        case Opcode::kMin:
            return a < b ? a : b;
        case Opcode::kMax:
            return a < b ? b : a;
        case Opcode::kAnd:
            return bits([](auto x, auto y) { return x & y; });
        case Opcode::kOr:
            return bits([](auto x, auto y) { return x | y; });
        case Opcode::kXor:
            return bits([](auto x, auto y) { return x ^ y; });
        case Opcode::kAbs:
            return a < 0 ? -a : a;
        case Opcode::kClz: {
            int zeros = 0;
            while (zeros < 32 && (static_cast<std::uint32_t>(a) & (1U << (31 - zeros))) == 0) {
                ++zeros;
            }
            return zeros;
        }
        case Opcode::kShl:
            return a * scale;
        case Opcode::kShr:
            return divide_down(a, scale);
        case Opcode::kSrz:
            return a / scale;
        case Opcode::kMuls:
            return divide_down(a * b, scale);
        case Opcode::kMulz:
            return a * b / scale;
        case Opcode::kSel:
            return flag ? a : b;
        default:
            return std::nullopt;
    }
}

std::int64_t conditioned(Wide x, int mode) {
    const auto wrap = [](Wide y, int bits) {
        const Wide span = Wide{1} << bits;
        return static_cast<std::int64_t>(y - divide_down(y + span / 2, span) * span);
    };
    constexpr std::int64_t kHalf = 1 << 23;
    switch (mode) {
        case 1:
            return static_cast<std::int64_t>(std::clamp<Wide>(x, 1 - kHalf, kHalf - 1));
        case 2:
            return wrap(x, 24);
        case 3:
            return wrap(x > kHalf ? x - 2 * kHalf : x <= -kHalf ? x + 2 * kHalf : x, 32);
        case 4:
            return wrap(x, 22);
        case 5:
            return wrap(x, 16);
        default:
            return wrap(x, 32);
    }
}

bool has_result(Opcode op) {
    return isa::info(op).modes == isa::ModeKind::kResult && op != Opcode::kRdc &&
           op != Opcode::kPeek;
}

}  // namespace

TEST_CASE("arithmetic agrees with 128-bit arithmetic under every conditioning", "[interpreter]") {
    using Bank = isa::Operand::Bank;
    testing::RandomProgram random{51};
    std::size_t wrong = 0;
    std::set<std::pair<Opcode, int>> seen;
    for (int trial = 0; trial < 100'000; ++trial) {
        Instruction i = random.instruction();
        if (!has_result(i.op)) continue;
        const bool flag = random.below(2) == 1;
        i.dst = {Bank::kState, 2};
        i.a = {Bank::kState, 0};
        if (isa::fields(i.op).b) i.b = {Bank::kState, 1};
        const Instruction compare{Opcode::kCmp,
                                  {},
                                  {Bank::kConstant, flag ? std::uint8_t{1} : std::uint8_t{0}},
                                  {Bank::kConstant, 0},
                                  0,
                                  static_cast<int>(isa::Comparison::kNe),
                                  0,
                                  {}};
        Lane lane;
        lane.state[0] = random.value();
        lane.state[1] = random.value();
        lane.state[2] = 12345;
        const std::vector<std::uint32_t> words{isa::encode(compare), isa::encode(i), 0};
        isa::interpret(words, kNoParams, lane, isa::PhiloxSource{1}, NeuronId{0}, 0);
        const bool held =
            i.pred == isa::Predicate::kAlways || (i.pred == isa::Predicate::kIfSet) == flag;
        const std::optional<Wide> exact = expected(i, lane.state[0], lane.state[1], flag);
        if (!exact) continue;
        const std::int64_t should = held ? conditioned(*exact, i.mode) : 12345;
        if (lane.state[2] != should) ++wrong;
        seen.insert({i.op, i.mode});
    }
    CHECK(wrong == 0);
    CHECK(seen.size() == 16 * isa::kConditions);
}

TEST_CASE("comparisons set, and, or and xor the flag", "[interpreter]") {
    Lane lane;
    const auto flag_after = [&](const std::string& compares) {
        lane = {};
        lane.state[0] = -5;
        lane.state[1] = 7;
        run(compares + "\n sel s2, #1, #0\n end", lane);
        return lane.state[2] == 1;
    };
    CHECK(flag_after("cmp.lt s0, s1"));
    CHECK_FALSE(flag_after("cmp.lt s1, s1"));
    CHECK(flag_after("cmp.le s1, s1"));
    CHECK(flag_after("cmp.gt s1, s0"));
    CHECK_FALSE(flag_after("cmp.gt s1, s1"));
    CHECK(flag_after("cmp.ge s1, s1"));
    CHECK(flag_after("cmp.eq s0, s0"));
    CHECK(flag_after("cmp.ne s0, s1"));
    for (const bool before : {false, true}) {
        for (const bool now : {false, true}) {
            const std::string first = before ? "cmp.eq s0, s0\n" : "cmp.ne s0, s0\n";
            const std::string rest = now ? " s1, s1" : " s0, s1";
            CHECK(flag_after(first + "cmp.eq.and" + rest) == (before && now));
            CHECK(flag_after(first + "cmp.eq.or" + rest) == (before || now));
            CHECK(flag_after(first + "cmp.eq.xor" + rest) == (before != now));
        }
    }
    CHECK_FALSE(flag_after(""));  // clear at the start of a step
}

TEST_CASE("accumulators are read with a shift, kept or cleared", "[interpreter]") {
    Lane lane;
    lane.accumulators = {100, -3, 1 << 30, 7};
    run("rdc s0, a0, 6\n peek s1, a1, 2\n rdc.sat s2, a2, 31\n rdc?f s3, a3\n rdc s4, a0\n end",
        lane);
    CHECK(lane.state[0] == 6400);
    CHECK(lane.state[1] == -12);
    CHECK(lane.state[2] == 8388607);
    CHECK(lane.state[3] == 0);
    CHECK(lane.state[4] == 0);
    CHECK(lane.accumulators == std::array<std::int32_t, 4>{0, -3, 0, 7});
}

TEST_CASE("spikes, pushes and traces come out in program order", "[interpreter]") {
    Lane lane;
    lane.state[0] = -9;
    const LaneResult result =
        run("spk s0, 3\n spk #1\n psh s0, a2, #-1\n trc s0, 3\n ldi r3, -65536\n psh r3, a0, #2\n"
            "spk?f #4\n end",
            lane);
    CHECK(result.spikes == std::vector<isa::SpikeOut>{{-9, 3}, {1, 0}});
    CHECK(result.pushes == std::vector<isa::PushOut>{{-9, 2, -1}, {-65536, 0, 2}});
    CHECK(lane.traces == std::array<std::int32_t, 4>{0, 0, 0, -9});
}

TEST_CASE("words are counted while a lane is awake", "[interpreter]") {
    Lane lane;
    const auto counted = [&](const std::string& text) {
        const LaneResult result = run(text, lane);
        return std::pair{result.instructions, result.cycles};
    };
    using Pair = std::pair<std::uint64_t, std::uint64_t>;
    CHECK(counted("end") == Pair{1, 1});
    CHECK(counted("mov?f r0, r1\n end") == Pair{2, 2});
    CHECK(counted("mulz r0, r1, r2, 3\n rdc r0, a0\n end") == Pair{3, 5});
    CHECK(counted("bf +3\n spk #1\n spk #1\n end") == Pair{2, 2});
    CHECK(counted("bf?f +2\n spk #1\n end") == Pair{3, 4});
    CHECK(counted("end?n\n spk #1\n end") == Pair{1, 1});
    CHECK(counted("end?f\n spk #1\n end") == Pair{3, 4});
}

TEST_CASE("registers start at zero in every step, state stays", "[interpreter]") {
    Lane lane;
    const std::string text = "add r5, r5, #1\n add s5, s5, r5\n end";
    for (int k = 1; k <= 3; ++k) {
        run(text, lane);
        CHECK(lane.state[5] == k);
    }
}

TEST_CASE("no random program takes more than its worst case", "[interpreter]") {
    testing::RandomProgram random{52};
    const isa::PhiloxSource source{3};
    for (int i = 0; i < 5000; ++i) {
        const auto words = random.any_words();
        const auto params = random.params();
        Lane lane = random.lane();
        const Lane before = lane;
        const LaneResult first = isa::interpret(words, params, lane, source, NeuronId{5}, 77);
        CHECK(first.instructions <= words.size());
        CHECK(first.cycles <= static_cast<std::uint64_t>(isa::worst_case_cycles(words)));
        Lane again = before;
        const LaneResult second = isa::interpret(words, params, again, source, NeuronId{5}, 77);
        CHECK(first.spikes == second.spikes);
        CHECK(first.pushes == second.pushes);
        CHECK(lane.state == again.state);
    }
}

TEST_CASE("random draws depend on seed, neuron, step and place, and on nothing else",
          "[interpreter]") {
    const IdRange ids{NeuronId{1000}, 64U};
    std::vector<NeuronId> neurons(ids.begin(), ids.end());
    const auto drawn = [&](std::uint64_t seed, std::uint64_t step, std::uint32_t pc) {
        std::vector<std::int32_t> out(neurons.size());
        isa::PhiloxSource{seed}.draw(neurons, step, pc, 31, isa::Draw::kUnsigned, out.data());
        return out;
    };
    const auto base = drawn(1, 5, 2);
    CHECK(drawn(1, 5, 2) == base);
    const std::uint64_t high = std::uint64_t{1} << 32;
    for (const auto& other : {drawn(2, 5, 2), drawn(1 + high, 5, 2), drawn(1, 6, 2),
                              drawn(1, 5 + high, 2), drawn(1, 5, 3)}) {
        CHECK(other != base);
    }
    std::reverse(neurons.begin(), neurons.end());
    auto reversed = drawn(1, 5, 2);
    std::reverse(reversed.begin(), reversed.end());
    CHECK(reversed == base);
}

TEST_CASE("draws cover their range evenly", "[interpreter]") {
    const IdRange<NeuronId> ids{20'000};
    const std::vector<NeuronId> neurons(ids.begin(), ids.end());
    std::vector<std::int32_t> out(neurons.size());
    const isa::PhiloxSource source{9};
    for (int bits = 1; bits <= 31; ++bits) {
        INFO(bits << " bits");
        const auto draw = [&](isa::Draw kind) {
            source.draw(neurons, 1, 0, bits, kind, out.data());
            const auto [low, high] = std::minmax_element(out.begin(), out.end());
            return std::pair<std::int64_t, std::int64_t>{*low, *high};
        };
        const std::int64_t top = (std::int64_t{1} << bits) - 1;
        const std::int64_t side = top / 2;
        const auto plain = draw(isa::Draw::kUnsigned);
        CHECK((plain.first >= 0 && plain.second <= top && plain.second >= top - top / 50));
        const auto symmetric = draw(isa::Draw::kSymmetric);
        CHECK((symmetric.first >= -side && symmetric.first <= -side + side / 50));
        CHECK((symmetric.second <= side && symmetric.second >= side - side / 50));
        if (bits > 8) continue;
        const double mean = std::accumulate(out.begin(), out.end(), 0.0) / 20'000.0;
        CHECK(std::abs(mean) <= 0.02 * static_cast<double>(top));
    }
}
