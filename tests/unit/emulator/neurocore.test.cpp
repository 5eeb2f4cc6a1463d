#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include <catch2/catch.hpp>

#include "isa/microcode/interpreter.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/support/random_program.hpp"
#include "tests/unit/emulator/core_rig.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using isa::Opcode;
using testing::CoreRig;
using testing::ImageBuilder;
using testing::recorder;
using testing::wrapped;

TEST_CASE("accumulators wrap at 32 bits", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 1);
    builder.format(core, {.weight_exponent = 0, .flags = isa::SynapseFormat::kGraded});
    builder.axon(core, {{0, {{1, 0, 0}}}});
    CoreRig rig{builder.build()};
    rig.integrate(0, 0, 0x7FFFFFFF);
    rig.integrate(0, 0, 2);
    rig.update(0);
    CHECK(rig.core->state(0, 0) == -0x7FFFFFFF);
}

TEST_CASE("a sum that leaves 32 bits is counted once, in the step that it is for", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 3);
    builder.format(core, {.weight_exponent = 0, .flags = isa::SynapseFormat::kGraded});
    builder.axon(core, {{0, {{1, 0, 0}, {-1, 2, 1}}}});
    CoreRig rig{builder.build()};
    const auto add = [&](std::initializer_list<std::int32_t> payloads) {
        for (const std::int32_t payload : payloads) rig.integrate(0, 0, payload);
    };
    constexpr std::int32_t kMost = 0x7FFFFFFF;
    SECTION("upwards, and downwards two steps later") {
        add({kMost, 1, kMost, 2});
        CHECK(rig.update(0).overflows == 1);
        CHECK(rig.update(1).overflows == 0);
        CHECK(rig.update(2).overflows == 1);
        CHECK(rig.update(3).overflows == 0);
    }
    SECTION("whatever the order of the terms is, what ends within 32 bits is exact") {
        for (const auto& terms : {std::initializer_list<std::int32_t>{kMost, kMost, -kMost, -5},
                                  {-kMost, -5, kMost, kMost},
                                  {kMost, -5, kMost, -kMost}}) {
            rig.core->reset();
            add(terms);
            CHECK(rig.update(0).overflows == 0);
            CHECK(rig.core->state(0, 0) == kMost - 5);
        }
    }
    SECTION("and is forgotten when the state is reset") {
        add({kMost, 1});
        rig.core->reset();
        CHECK(rig.update(0).overflows == 0);
    }
}

TEST_CASE("a maximum, minimum or union of spikes is the same in any order, and says what it lost",
          "[neurocore]") {
    constexpr std::int32_t kMost = 0x7FFFFFFF;
    struct Case {
        isa::Accumulate rule;
        std::vector<std::int32_t> payloads;  // times a weight of 2
        std::int32_t held;
        std::uint64_t overflows;
    };
    for (const Case& c : {Case{isa::Accumulate::kMax, {3, 7, -9, 7}, 14, 0},
                          Case{isa::Accumulate::kMax, {-3, -7}, 0, 0},
                          Case{isa::Accumulate::kMax, {5, kMost, kMost - 1, -kMost}, kMost, 1},
                          Case{isa::Accumulate::kMin, {3, -7, 9}, -14, 0},
                          Case{isa::Accumulate::kMin, {3, 7}, 0, 0},
                          Case{isa::Accumulate::kMin, {5, -kMost, -kMost, kMost}, -kMost - 1, 1},
                          Case{isa::Accumulate::kOr, {1, 4, 5}, 10, 0},
                          Case{isa::Accumulate::kOr, {1, -4, 0x60000000}, -6, 1}}) {
        ImageBuilder builder;
        const std::size_t core = builder.core(0);
        builder.group(core, builder.program(recorder()), 1);
        builder.raw().programs[0].combine[0] = c.rule;
        isa::SynapseFormat format{.weight_exponent = 0, .flags = isa::SynapseFormat::kGraded};
        format.set_rule(c.rule);
        builder.format(core, format);
        builder.axon(core, {{0, {{2, 0, 0}}}});
        CoreRig rig{builder.build()};
        std::vector<std::int32_t> order = c.payloads;
        std::sort(order.begin(), order.end());
        do {
            rig.core->reset();
            for (const std::int32_t payload : order) rig.integrate(0, 0, payload);
            CHECK(rig.update(0).overflows == c.overflows);
            CHECK(rig.core->state(0, 0) == c.held);
        } while (std::next_permutation(order.begin(), order.end()));
        // What is saved and put back is the same, and is counted again when it is read.
        rig.core->reset();
        for (const std::int32_t payload : order) rig.integrate(0, 0, payload);
        const std::int64_t held = rig.core->exact_sum(0, 0, 0);
        rig.core->reset();
        REQUIRE(rig.core->add_to_accumulator(0, 0, 0, held));
        CHECK(rig.core->exact_sum(0, 0, 0) == held);
        CHECK(rig.update(0).overflows == c.overflows);
        CHECK(rig.core->state(0, 0) == c.held);
    }
}

TEST_CASE("weights alone can make a sum leave 32 bits", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 1);
    builder.format(core, {.weight_exponent = 7});
    // 66,000 synapses of 255 * 2^7 onto one compartment
    const std::vector<ImageBuilder::Synapse> many(33'000, {255, 0, 0});
    builder.axon(core, {{0, many}});
    builder.axon(core, {{0, many}});
    CoreRig rig{builder.build()};
    rig.integrate(0, 0);
    CHECK(rig.update(0).overflows == 0);
    CHECK(rig.core->state(0, 0) == 33'000 * 32'640);
    rig.integrate(0, 1);
    rig.integrate(1, 1);
    CHECK(rig.update(1).overflows == 1);
    CHECK(rig.core->state(0, 0) == wrapped(66'000LL * 32'640));
}

TEST_CASE("values that are pushed or carried on until they leave 32 bits are counted",
          "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    // Peeks: what arrives is carried on from step to step.
    builder.group(core, builder.program(program({read(Opcode::kPeek, s(0), 0)})), 1);
    builder.format(core, {.weight_exponent = 7});
    const std::vector<ImageBuilder::Synapse> many(33'000, {255, 0, 0});
    builder.axon(core, {{0, many}});
    CoreRig rig{builder.build()};
    std::uint64_t overflows = 0;
    for (std::uint64_t step = 0; step < 6; ++step) {
        rig.integrate(0, step);
        overflows += rig.update(step).overflows;
    }
    // 1.077e9 more in each step: beyond 2^31 in step 1, beyond 2^31 + 2^32 in step 5
    CHECK(overflows == 2);
}

TEST_CASE("what a program peeks at or skips is still there in the next step", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    // Reads a1 always, clears a0 only while s2 > 0; s2 counts down. a2 is never read.
    builder.group(
        core,
        builder.program(program(
            {read(Opcode::kPeek, s(0), 1), compare(isa::Comparison::kGt, s(2), kZero),
             alu(Opcode::kSub, s(2), s(2), kOne), if_set(branch(2)), read(Opcode::kRdc, s(1), 0)})),
        200, {}, {{0}, {0}, {2}});
    builder.format(core, {.weight_exponent = 0, .accumulator = 0});
    builder.format(core, {.weight_exponent = 0, .accumulator = 1});
    builder.format(core, {.weight_exponent = 0, .accumulator = 2});
    builder.axon(core, {{0, {{7, 0, 150}}}, {1, {{5, 0, 150}}}, {2, {{9, 0, 150}}}});
    CoreRig rig{builder.build()};
    for (std::uint64_t step = 0; step < 2; ++step) {
        rig.integrate(0, step);
        rig.update(step);
        CHECK(rig.core->state(150, 0) == 5 * static_cast<std::int32_t>(step + 1));
        CHECK(rig.core->state(150, 1) == 0);
        CHECK(rig.core->accumulator(150, 0, step) == 0);
        CHECK(rig.core->accumulator(150, 0, step + 1) == 7 * static_cast<std::int32_t>(step + 1));
        CHECK(rig.core->accumulator(150, 2, step) == 0);
    }
    rig.update(2);
    CHECK(rig.core->state(150, 1) == 14);
    CHECK(rig.core->state(150, 0) == 10);
    rig.core->reset();
    rig.update(3);
    CHECK(rig.core->state(150, 0) == 0);
    CHECK(rig.core->state(150, 2) == 1);
}

TEST_CASE("a compartment that ends early keeps what it did not read", "[neurocore]") {
    isa::Instruction end_if_set;
    end_if_set.pred = isa::Predicate::kIfSet;
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core,
                  builder.program(program({compare(isa::Comparison::kGt, s(2), kZero),
                                           alu(Opcode::kSub, s(2), s(2), kOne), end_if_set,
                                           read(Opcode::kRdc, s(1), 0)})),
                  2, {}, {{0}, {0}, {3, 0}});
    builder.format(core, {.weight_exponent = 0});
    builder.axon(core, {{0, {{7, 0, 0}, {8, 0, 1}}}});
    CoreRig rig{builder.build()};
    rig.integrate(0, 0);
    for (std::uint64_t step = 0; step < 4; ++step) {
        CHECK(rig.core->accumulator(0, 0, step) == 7);
        rig.update(step);
        CHECK(rig.core->state(0, 1) == (step < 3 ? 0 : 7));
        CHECK(rig.core->state(1, 1) == (step == 0 ? 8 : 0));
    }
}

TEST_CASE("PSH acts in this step on later groups, else in the next one, and never beyond the core",
          "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    // Each compartment pushes p0 to the compartment s2 places further on, then records a0.
    const auto words = program({push(p(0), 0, s(2)), read(Opcode::kRdc, s(0), 0)});
    const std::uint32_t index = builder.program(words);
    builder.group(core, index, 3, {100}, {{0}, {0}, {4, 1, -3}});      // 0..2: to 4, 2, -1
    builder.group(core, index, 2, {1000}, {{0}, {0}, {-3, 1}});        // 3..4: to 0, 5
    builder.group(core, index, 1, {10000}, {{0}, {0}, {0x7FFFFFFF}});  // 5: beyond
    CoreRig rig{builder.build()};
    const auto states = [&] {
        std::vector<std::int32_t> all;
        for (std::uint32_t i = 0; i < 6; ++i) all.push_back(rig.core->state(i, 0));
        return all;
    };
    CHECK(rig.update(0).dropped_pushes == 2);
    CHECK(states() == std::vector<std::int32_t>{0, 0, 0, 0, 100, 1000});
    CHECK(rig.update(1).dropped_pushes == 2);
    CHECK(states() == std::vector<std::int32_t>{1000, 0, 100, 0, 100, 1000});
}

namespace {

/// What an accumulator holds after a term, written a second time.
std::int32_t combined(isa::Accumulate rule, std::int32_t held, std::int64_t term) {
    const bool high = term > 0x7FFFFFFF;
    const bool low = term < -0x7FFFFFFFLL - 1;
    if (rule == isa::Accumulate::kSum) return wrapped(held + term);
    if (rule == isa::Accumulate::kOr) return held | wrapped(term);
    if (rule == isa::Accumulate::kMax)
        return high ? 0x7FFFFFFF : term > held ? wrapped(term) : held;
    return low ? -0x7FFFFFFF - 1 : term < held ? wrapped(term) : held;
}

}  // namespace

TEST_CASE("a core of random programs does what its compartments do one by one", "[neurocore]") {
    testing::RandomProgram random{99};
    const isa::PhiloxSource philox{9};
    for (int trial = 0; trial < 90; ++trial) {
        // Those of a0 and a2, to which synapses go, are those of all targets.
        const auto any_rule = [&] {
            return trial < 30 ? isa::Accumulate::kSum
                              : static_cast<isa::Accumulate>(random.below(4));
        };
        const isa::Accumulate rule_0 = any_rule();
        const isa::Accumulate rule_2 = any_rule();
        ImageBuilder builder;
        const std::size_t core = builder.core(0);
        std::vector<isa::Lane> lanes;
        std::vector<std::size_t> group_of;
        for (std::size_t g = 0; g < 3; ++g) {
            const std::uint32_t count =
                std::array{5U, 130U, 64U}[(g + static_cast<std::size_t>(trial)) % 3];
            std::vector<std::vector<std::int32_t>> state(isa::kStateWords);
            for (std::uint32_t i = 0; i < count; ++i) {
                isa::Lane lane = random.lane();
                lane.accumulators = {};
                lane.traces = {};
                for (std::size_t w = 0; w < state.size(); ++w) state[w].push_back(lane.state[w]);
                lanes.push_back(lane);
                group_of.push_back(g);
            }
            // Small pushes in front: random ones mostly leave the core.
            std::vector<std::uint32_t> words{isa::encode(push(s(1), 1, c(3 + trial % 3))),
                                             isa::encode(push(s(2), 0, c(6))),
                                             isa::encode(push(s(3), 2, c(15)))};
            const auto rest = random.any_words(25);
            words.insert(words.end(), rest.begin(), rest.end());
            builder.group(core, builder.program(words), count, random.params(), state);
            builder.raw().programs.back().combine = {rule_0, any_rule(), rule_2, any_rule()};
        }
        isa::SynapseFormat graded{
            .weight_exponent = 1, .delay_bits = 3, .flags = isa::SynapseFormat::kGraded};
        graded.set_rule(rule_0);
        builder.format(core, graded);
        isa::SynapseFormat largest{.weight_exponent = 7, .accumulator = 2};
        largest.set_rule(rule_2);
        builder.format(core, largest);
        const std::size_t n = lanes.size();
        std::vector<std::vector<ImageBuilder::SynapseBlock>> rows;
        for (int axon = 0; axon < 6; ++axon) {
            std::vector<ImageBuilder::SynapseBlock> row{{0, {}}, {1, {}}};
            for (int i = 0; i < 40; ++i) {
                const auto weight = static_cast<std::int32_t>(random.below(512)) - 256;
                row[0].synapses.push_back({weight, random.below(8), random.below(n)});
                row[1].synapses.push_back({weight, 0, random.below(n)});
            }
            builder.axon(core, row);
            rows.push_back(row);
        }
        CoreRig rig{builder.build()};
        const isa::CoreImage& image = rig.image.cores[0];

        // Independent bookkeeping: pending[d][k][i] is due d steps from now.
        using Sums = std::array<std::vector<std::int32_t>, isa::kAccumulators>;
        Sums empty;
        for (auto& sums : empty) sums.assign(n, 0);
        std::deque<Sums> pending(10, empty);
        for (std::uint64_t step = 0; step < 20; ++step) {
            const std::uint32_t axon = random.below(rows.size());
            const std::int32_t payload =
                trial % 3 == 0 ? 1 : static_cast<std::int32_t>(random.below(0xFFFFFFFF));
            rig.integrate(axon, step, payload);
            for (std::size_t b = 0; b < 2; ++b) {
                for (const auto& synapse : rows[axon][b].synapses) {
                    const int exponent = image.formats[b].weight_exponent;
                    std::int32_t& sum =
                        pending[synapse.delay][image.formats[b].accumulator][synapse.target];
                    const auto increment = std::max<std::int64_t>(
                        (std::int64_t{synapse.weight} * 128) >> (7 - exponent), -32767);
                    sum =
                        combined(b == 0 ? rule_0 : rule_2, sum, increment * (b == 0 ? payload : 1));
                }
            }
            std::uint64_t dropped = 0;
            std::uint64_t spikes = 0;
            std::uint64_t cycles = 0;
            for (std::size_t i = 0; i < n; ++i) {
                isa::Lane& lane = lanes[i];
                const isa::NeuronGroup& group = image.groups[group_of[i]];
                for (std::size_t k = 0; k < isa::kAccumulators; ++k) {
                    lane.accumulators[k] = combined(rig.image.programs[group.program].combine[k],
                                                    lane.accumulators[k], pending[0][k][i]);
                }
                const isa::LaneResult result =
                    isa::interpret(rig.image.programs[group.program].words, group.params, lane,
                                   philox, image.neurons[i], step);
                spikes += result.spikes.size();
                cycles += result.cycles;
                for (const isa::PushOut& p : result.pushes) {
                    const std::int64_t target = static_cast<std::int64_t>(i) + p.offset;
                    if (target < 0 || target >= static_cast<std::int64_t>(n)) {
                        ++dropped;
                        continue;
                    }
                    const auto to = static_cast<std::size_t>(target);
                    const bool later_group = group_of[to] > group_of[i];
                    std::int32_t& sum = pending[later_group ? 0 : 1][p.accumulator][to];
                    const std::uint32_t program = image.groups[group_of[to]].program;
                    sum =
                        combined(rig.image.programs[program].combine[p.accumulator], sum, p.value);
                }
            }
            pending.pop_front();
            pending.push_back(empty);

            const emu::CoreActivity activity = rig.update(step);
            INFO("trial " << trial << ", step " << step);
            REQUIRE(activity.dropped_pushes == dropped);
            REQUIRE(activity.spikes.size() == spikes);
            REQUIRE(activity.cycles == cycles);
            bool equal = true;
            for (std::uint32_t i = 0; i < n; ++i) {
                for (std::uint32_t w = 0; w < isa::kStateWords; ++w) {
                    equal = equal && rig.core->state(i, w) == lanes[i].state[w];
                }
                const auto& program = rig.programs[image.groups[group_of[i]].program];
                for (std::uint32_t y = 0; program.uses_traces() && y < isa::kTraceRegisters; ++y) {
                    equal = equal && rig.core->trace(i, y) == lanes[i].traces[y];
                }
            }
            REQUIRE(equal);
        }
    }
}
