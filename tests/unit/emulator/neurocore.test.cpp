#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <random>

#include <catch2/catch.hpp>

#include "isa/fixed.hpp"
#include "isa/interpreter.hpp"
#include "isa/synapse_block.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/support/random_program.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using isa::Opcode;
using testing::ImageBuilder;

namespace {

/// A core with its programs and an engine.
struct Rig {
    explicit Rig(isa::Image built) : image{std::move(built)} {
        for (const auto& program : image.programs) programs.emplace_back(program.words);
        core.emplace(image.cores[0], programs);
    }
    emu::CoreActivity update(std::uint64_t step) {
        emu::CoreActivity activity;
        core->update(step, random, engine, activity);
        return activity;
    }
    std::uint64_t integrate(std::uint32_t axon, std::uint64_t step, std::int32_t payload = 1) {
        const emu::SynapseRow row = core->row(axon, 0);
        const emu::AxonArrival arrival{row.offset, row.base, payload};
        return core->integrate({&arrival, 1}, step);
    }

    isa::Image image;
    std::vector<emu::LockstepProgram> programs;
    std::optional<emu::Neurocore> core;
    emu::Lockstep engine;
    isa::PhiloxSource random{9};
};

/// s0 = what accumulator 0 held.
std::vector<std::uint32_t> recorder() {
    return program({read(Opcode::kRdc, s(0), 0)});
}

std::int32_t wrapped(std::int64_t x) {
    return fixed::wrap<32>(x);
}

}  // namespace

TEST_CASE("Synapses add clip15((weight << 7) >> (7 - exponent)) for every weight and exponent",
          "[neurocore]") {
    for (int exponent = -8; exponent <= 7; ++exponent) {
        for (const bool graded : {false, true}) {
            ImageBuilder builder;
            const std::size_t core = builder.core(0);
            builder.group(core, builder.program(recorder()), 512);
            isa::SynapseFormat format;
            format.weight_exponent = static_cast<std::int8_t>(exponent);
            format.flags = graded ? isa::SynapseFormat::kGraded : std::uint8_t{0};
            builder.format(core, format);
            std::vector<ImageBuilder::Synapse> row;
            for (int w = -256; w < 256; ++w) {
                row.push_back({w, 0, static_cast<std::uint32_t>(w + 256)});
            }
            builder.axon(core, {{0, row}});
            Rig rig{builder.build()};
            const std::int32_t payload = 1'000'003;
            REQUIRE(rig.integrate(0, 0, payload) == 512);
            rig.update(0);
            for (int w = -256; w < 256; ++w) {
                const std::int64_t increment = std::clamp<std::int64_t>(
                    (std::int64_t{w} * 128) >> (7 - exponent), -32767, 32767);
                INFO("weight " << w << ", exponent " << exponent << ", graded " << graded);
                REQUIRE(rig.core->state(static_cast<std::uint32_t>(w + 256), 0) ==
                        wrapped(increment * (graded ? payload : 1)));
            }
        }
    }
}

TEST_CASE("A synapse with delay d acts d steps later, once", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 70);
    builder.format(core, {.weight_exponent = 0, .delay_bits = 6});
    std::vector<ImageBuilder::Synapse> row;
    for (std::uint32_t d = 0; d <= isa::kMaxDelay; ++d) {
        row.push_back({static_cast<std::int32_t>(d) + 1, d, d});
    }
    builder.axon(core, {{0, row}}, 5);
    Rig rig{builder.build()};
    CHECK(rig.core->slots() == 64);
    rig.integrate(0, 3);
    for (std::uint64_t step = 3; step < 3 + 130; ++step) {
        rig.update(step);
        if (step == 40) rig.integrate(0, 41);  // a second volley while the first is in flight
        for (std::uint32_t d = 0; d <= isa::kMaxDelay; ++d) {
            const bool due = step == 3 + d || step == 41 + d;
            INFO("step " << step << ", delay " << d);
            REQUIRE(rig.core->state(5 + d, 0) == (due ? static_cast<std::int32_t>(d) + 1 : 0));
        }
    }
}

TEST_CASE("A row may have blocks of several formats and accumulators", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    const auto both = program({read(Opcode::kRdc, s(0), 0), read(Opcode::kRdc, s(1), 3)});
    builder.group(core, builder.program(both), 4);
    builder.format(core, {.weight_exponent = 0});
    builder.format(core, {.weight_exponent = 2, .delay_bits = 2, .accumulator = 3});
    builder.axon(core, {{0, {{3, 0, 1}, {4, 0, 1}}}, {1, {{5, 2, 2}}}, {0, {}}, {0, {{7, 0, 3}}}});
    Rig rig{builder.build()};
    CHECK(rig.core->row(0, 0).synapses == 4);
    CHECK(rig.integrate(0, 0) == 4);
    rig.update(0);
    CHECK(rig.core->state(1, 0) == 7);
    CHECK(rig.core->state(3, 0) == 7);
    CHECK(rig.core->state(2, 1) == 0);
    rig.update(1);
    rig.update(2);
    CHECK(rig.core->state(1, 0) == 0);
    CHECK(rig.core->state(2, 1) == 20);
}

TEST_CASE("Accumulators wrap at 32 bits", "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 1);
    builder.format(core, {.weight_exponent = 0, .flags = isa::SynapseFormat::kGraded});
    builder.axon(core, {{0, {{1, 0, 0}}}});
    Rig rig{builder.build()};
    rig.integrate(0, 0, 0x7FFFFFFF);
    rig.integrate(0, 0, 2);
    rig.update(0);
    CHECK(rig.core->state(0, 0) == -0x7FFFFFFF);
}

TEST_CASE("What a program peeks at or skips is still there in the next step", "[neurocore]") {
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
    Rig rig{builder.build()};
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

TEST_CASE("A compartment that ends early keeps what it did not read", "[neurocore]") {
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
    Rig rig{builder.build()};
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
    Rig rig{builder.build()};
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

TEST_CASE("A core of random programs does what its compartments do one by one", "[neurocore]") {
    testing::RandomProgram random{99};
    const isa::PhiloxSource philox{9};
    for (int trial = 0; trial < 60; ++trial) {
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
        }
        builder.format(core, {.weight_exponent = 1, .delay_bits = 3});
        builder.format(core, {.weight_exponent = 7, .accumulator = 2});
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
        Rig rig{builder.build()};
        const isa::CoreImage& image = rig.image.cores[0];

        // Independent bookkeeping: pending[d][k][i] is due d steps from now.
        using Sums = std::array<std::vector<std::int32_t>, isa::kAccumulators>;
        Sums empty;
        for (auto& sums : empty) sums.assign(n, 0);
        std::deque<Sums> pending(10, empty);
        for (std::uint64_t step = 0; step < 20; ++step) {
            const std::uint32_t axon = random.below(rows.size());
            rig.integrate(axon, step);
            for (std::size_t b = 0; b < 2; ++b) {
                for (const auto& synapse : rows[axon][b].synapses) {
                    const int exponent = image.formats[b].weight_exponent;
                    std::int32_t& sum =
                        pending[synapse.delay][image.formats[b].accumulator][synapse.target];
                    sum = wrapped(
                        sum + std::max<std::int64_t>(
                                  (std::int64_t{synapse.weight} * 128) >> (7 - exponent), -32767));
                }
            }
            std::uint64_t dropped = 0;
            std::uint64_t spikes = 0;
            std::uint64_t cycles = 0;
            for (std::size_t i = 0; i < n; ++i) {
                isa::Lane& lane = lanes[i];
                for (std::size_t k = 0; k < isa::kAccumulators; ++k) {
                    lane.accumulators[k] =
                        wrapped(std::int64_t{lane.accumulators[k]} + pending[0][k][i]);
                }
                const isa::NeuronGroup& group = image.groups[group_of[i]];
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
                    sum = wrapped(std::int64_t{sum} + p.value);
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

TEST_CASE("A dense block adds what its synapses say, in every format", "[neurocore]") {
    std::mt19937 draw{17};
    const auto pick = [&draw](std::uint32_t low, std::uint32_t high) {
        return low + static_cast<std::uint32_t>(draw() % (high - low + 1));
    };
    for (int trial = 0; trial < 200; ++trial) {
        constexpr std::array<std::uint8_t, 7> kBits{1, 2, 3, 4, 5, 6, 8};
        isa::SynapseFormat format{.weight_exponent = 0,
                                  .weight_bits = kBits[pick(0, 6)],
                                  .delay_bits = static_cast<std::uint8_t>(pick(0, 6)),
                                  .sign_mode = static_cast<std::uint8_t>(pick(1, 3)),
                                  .flags = isa::SynapseFormat::kDense};
        const std::uint32_t count = pick(0, 40);
        const std::uint32_t first = pick(0, 9);
        const isa::DenseField field{format};
        std::vector<std::uint32_t> block(isa::block_words(format, count));
        block[0] = isa::BlockHeader::pack(true, 0, count);
        block[1] = first;
        std::vector<isa::StoredSynapse> synapses;
        for (std::uint32_t i = 0; i < count; ++i) {
            const int step = 1 << isa::lost_bits(format);
            const int low = format.sign_mode == 1 ? -256 / step : 0;
            const int high = 255 / step;
            int weight =
                (low + static_cast<int>(pick(0, static_cast<std::uint32_t>(high - low)))) * step;
            if (format.sign_mode == 3) weight = -weight;
            const std::uint32_t delay = pick(0, (1U << format.delay_bits) - 1);
            synapses.push_back({weight, delay, first + i});
            field.put(block.data() + 2, i, field.pack(weight, delay));
        }
        std::vector<isa::StoredSynapse> read_back;
        isa::for_each_synapse(format, block.data(), [&](const isa::StoredSynapse& synapse) {
            read_back.push_back(synapse);
        });
        REQUIRE(read_back == synapses);

        ImageBuilder builder;
        const std::size_t core = builder.core(0);
        builder.group(core, builder.program(recorder()), 60);
        builder.format(core, format);
        builder.axon(core, {{0, {}}}, 4);
        builder.raw().cores[0].synapses = block;
        Rig rig{builder.build()};
        REQUIRE(isa::check_image(rig.image).empty());
        CHECK(rig.integrate(0, 0) == count);
        for (std::uint64_t step = 0; step < 64; ++step) {
            rig.update(step);
            for (const isa::StoredSynapse& synapse : synapses) {
                REQUIRE(rig.core->state(4 + synapse.target, 0) ==
                        (synapse.delay == step ? synapse.weight : 0));
            }
        }
    }
}

TEST_CASE("An exponent on the sum rounds what a step adds to a neuron and delay, once per sum",
          "[neurocore]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 3);
    const isa::SynapseFormat format{
        .weight_exponent = -2,
        .delay_bits = 1,
        .flags = isa::SynapseFormat::kOnSum | isa::SynapseFormat::kGraded};
    builder.format(core, format);
    isa::SynapseFormat other = format;
    other.sum = 1;
    builder.format(core, other);
    builder.axon(core, {{0, {{3, 0, 0}, {-3, 0, 1}, {3, 1, 2}}}});
    builder.axon(core, {{0, {{2, 0, 0}, {-3, 0, 1}, {3, 1, 2}}}, {1, {{3, 0, 0}, {7, 0, 1}}}});
    Rig rig{builder.build()};
    rig.integrate(0, 0);
    rig.integrate(1, 0);
    rig.core->settle(0);
    rig.update(0);
    CHECK(rig.core->state(0, 0) == 1);       // floor((3 + 2) / 4) + floor(3 / 4)
    CHECK(rig.core->state(1, 0) == -2 + 1);  // floor(-6 / 4) + floor(7 / 4)
    CHECK(rig.core->state(2, 0) == 0);
    rig.update(1);
    CHECK(rig.core->state(2, 0) == 1);  // floor(6 / 4), a step later
    rig.integrate(0, 2, -5);
    rig.core->settle(2);
    rig.update(2);
    CHECK(rig.core->state(0, 0) == -4);  // floor(-15 / 4)
    CHECK(rig.core->state(1, 0) == 3);
}
