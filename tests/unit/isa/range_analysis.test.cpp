#include "isa/microcode/range_analysis.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/base/fixed.hpp"
#include "isa/microcode/interpreter.hpp"
#include "isa/microcode/range_arithmetic.hpp"
#include "tests/support/random_program.hpp"

using namespace seamount;
using isa::Range;

namespace {

bool inside(Range range, std::int64_t value) {
    return value >= range.min && value <= range.max;
}

/// Checks what is observed against what was predicted.
class Checker final : public isa::ResultObserver {
public:
    explicit Checker(const isa::RangeReport& report) : report_{report} {
        for (const isa::RangeFinding& f : report.findings) found_[f.pc] = f.exact;
    }
    void on_result(std::uint32_t pc, std::int64_t exact, std::int32_t result) override {
        ++seen;
        const auto& known = report_.results.at(pc);
        if (!known || !inside(*known, result)) bad = "result";
        if (exact == result) return;
        ++overflows;
        const auto finding = found_.find(pc);
        if (finding == found_.end() || !inside(finding->second, exact)) bad = "overflow";
    }

    std::string bad;
    std::uint64_t seen = 0;
    std::uint64_t overflows = 0;

private:
    const isa::RangeReport& report_;
    std::map<std::uint32_t, Range> found_;
};

/// A range around a random value: often a single one, or all from one to another.
Range random_range(testing::RandomProgram& random) {
    const std::int64_t a = random.value();
    const std::int64_t b = random.below(3) == 0 ? random.value() : a + random.below(9);
    const Range all;
    return {std::min(a, b), std::min(std::max(a, b), all.max)};
}

std::int32_t pick(testing::RandomProgram& random, Range range) {
    switch (random.below(4)) {
        case 0:
            return static_cast<std::int32_t>(range.min);
        case 1:
            return static_cast<std::int32_t>(range.max);
        default:
            return static_cast<std::int32_t>(
                range.min +
                static_cast<std::int64_t>(static_cast<std::uint32_t>(random.value()) %
                                          static_cast<std::uint64_t>(range.max - range.min + 1)));
    }
}

template <std::size_t N>
void pick_all(testing::RandomProgram& random, const std::array<Range, N>& ranges,
              std::array<std::int32_t, N>& values) {
    for (std::size_t i = 0; i < N; ++i) values[i] = pick(random, ranges[i]);
}

isa::RangeReport analyse(const std::string& text) {
    const isa::Program program = isa::assemble(text, "x.asm");
    return isa::analyse_ranges(program.words, isa::RangeInputs::of(program));
}

}  // namespace

TEST_CASE("whatever random programs compute, wrap or saturate was predicted", "[range_analysis]") {
    testing::RandomProgram random{99};
    const isa::PhiloxSource philox{5};
    std::uint64_t seen = 0;
    std::uint64_t overflows = 0;
    std::size_t safe = 0;
    for (int program = 0; program < 1000; ++program) {
        INFO("program " << program);
        const std::vector<std::uint32_t> words = random.any_words();
        isa::RangeInputs inputs;
        for (Range& r : inputs.params) r = random_range(random);
        for (Range& r : inputs.state) r = random_range(random);
        for (Range& r : inputs.accumulators) r = random_range(random);
        const isa::RangeReport report = isa::analyse_ranges(words, inputs);
        safe += report.findings.empty() ? 1U : 0U;
        Checker checker{report};
        for (int run = 0; run < 12; ++run) {
            std::array<std::int32_t, isa::kParameters> params{};
            isa::Lane lane;
            pick_all(random, inputs.params, params);
            pick_all(random, inputs.state, lane.state);
            for (std::uint64_t step = 0; step < 25; ++step) {
                pick_all(random, inputs.accumulators, lane.accumulators);
                isa::interpret(words, params, lane, philox,
                               NeuronId{static_cast<std::uint32_t>(run)}, step, &checker);
                REQUIRE(checker.bad == "");
                for (std::size_t w = 0; w < lane.state.size(); ++w) {
                    REQUIRE(inside(report.state[w], lane.state[w]));
                }
            }
        }
        seen += checker.seen;
        overflows += checker.overflows;
    }
    CHECK(seen > 500'000);
    CHECK(overflows > 20'000);
    CHECK(safe > 100);
}

TEST_CASE("a clipped integrator is safe, one without a clip is not", "[range_analysis]") {
    const isa::RangeReport clipped = analyse(
        ".acc input -100..100\n.state v\n rdc r0, input\n add r0, r0, v\n"
        " max r0, r0, #-1\n min v, r0, #4096\n end\n");
    CHECK(clipped.findings.empty());
    CHECK(clipped.state[0] == Range{-1, 4096});
    CHECK(clipped.results[0] == Range{-100, 100});
    CHECK_FALSE(clipped.results[4].has_value());

    const isa::RangeReport wraps =
        analyse(".acc input -100..100\n.state v\n rdc r0, input\n add v, v, r0\n end\n");
    REQUIRE(wraps.findings.size() == 1);
    CHECK(wraps.findings[0].pc == 1);
    CHECK(wraps.findings[0].exact == Range{Range{}.min - 100, Range{}.max + 100});
    CHECK(wraps.state[0] == Range{});

    const isa::RangeReport saturates =
        analyse(".acc input 0..100\n.state v\n rdc r0, input\n add.sat v, v, r0\n end\n");
    REQUIRE(saturates.findings.size() == 1);
    CHECK(saturates.findings[0].condition == isa::Condition::kSat24);
    CHECK(saturates.state[0] == Range{0, 8388607});
}

TEST_CASE("arguments, predicates and branches narrow the ranges", "[range_analysis]") {
    const isa::RangeReport counter = analyse(
        ".arg period 1..1000 = 5 ; steps\n.param period = period\n.state t\n"
        " add t, t, #1\n cmp.ge t, period\n mov?f t, #0\n end\n");
    CHECK(counter.findings.empty());
    CHECK(counter.state[0] == Range{0, 999});

    const isa::RangeReport branch = analyse(
        ".acc a -50..50\n.state least\n rdc r0, a\n cmp.lt r0, #0\n bf?f below\n mov least, r0\n"
        " end\n below: sub least, #0, r0\n end\n");
    CHECK(branch.state[0] == Range{0, 50});
    const isa::RangeReport decayed = analyse(
        ".acc a -50..50\n.param keep = 2048\n.state v\n rdc r0, a\n mulz r1, v, keep, 12\n"
        " add v, r1, r0\n end\n");
    CHECK(decayed.findings.empty());
    CHECK(decayed.state[0].max >= 99);
    CHECK(decayed.state[0].max <= 127);
}

TEST_CASE("ranges of expressions hold all their values", "[range_analysis]") {
    const std::vector<std::string> texts{"a + b * 3 - (a << 2)",
                                         "a / b",
                                         "a % b",
                                         "a & b",
                                         "a | b ^ a",
                                         "a > b ? a : -b",
                                         "~a",
                                         "abs(a) >> 1",
                                         "min(a, b)",
                                         "max(a, b) << max(b, 0)",
                                         "clip(a, -2, 3)",
                                         "!a",
                                         "a && b || !b",
                                         "(a == b) * 7",
                                         "(a <= b) - (a >= b)",
                                         "a < b",
                                         "a != b"};
    for (const std::string& text : texts) {
        const isa::Expression e = isa::Expression::parse(text, {"x", 1, 1});
        for (const Range a : {Range{-3, 5}, Range{0, 4}, Range{-6, -2}, Range{2, 2}}) {
            for (const Range b : {Range{-2, 3}, Range{1, 6}, Range{-5, 0}, Range{0, 0}}) {
                const Range all =
                    e.range([&](std::string_view name) { return name == "a" ? a : b; });
                for (std::int64_t x = a.min; x <= a.max; ++x) {
                    for (std::int64_t y = b.min; y <= b.max; ++y) {
                        try {
                            const std::int64_t value = e.evaluate(
                                [&](std::string_view name) { return name == "a" ? x : y; });
                            INFO(text << " of " << x << ", " << y);
                            REQUIRE(inside(all, value));
                        } catch (const isa::ExpressionError&) {
                        }
                    }
                }
            }
        }
    }
}
