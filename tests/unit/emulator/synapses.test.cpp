#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include <catch2/catch.hpp>

#include "emulator/core/kernels.hpp"
#include "isa/image/synapse_block.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/core_rig.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using isa::Opcode;
using testing::CoreRig;
using testing::ImageBuilder;
using testing::recorder;
using testing::wrapped;

TEST_CASE("synapses add clip15((weight << 7) >> (7 - exponent)) for every weight and exponent",
          "[synapses]") {
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
            CoreRig rig{builder.build()};
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

TEST_CASE("a synapse with delay d acts d steps later, once", "[synapses]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), 70);
    builder.format(core, {.weight_exponent = 0, .delay_bits = 6});
    std::vector<ImageBuilder::Synapse> row;
    for (std::uint32_t d = 0; d <= isa::kMaxDelay; ++d) {
        row.push_back({static_cast<std::int32_t>(d) + 1, d, d});
    }
    builder.axon(core, {{0, row}}, 5);
    CoreRig rig{builder.build()};
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

TEST_CASE("a row may have blocks of several formats and accumulators", "[synapses]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    const auto both = program({read(Opcode::kRdc, s(0), 0), read(Opcode::kRdc, s(1), 3)});
    builder.group(core, builder.program(both), 4);
    builder.format(core, {.weight_exponent = 0});
    builder.format(core, {.weight_exponent = 2, .delay_bits = 2, .accumulator = 3});
    builder.axon(core, {{0, {{3, 0, 1}, {4, 0, 1}}}, {1, {{5, 2, 2}}}, {0, {}}, {0, {{7, 0, 3}}}});
    CoreRig rig{builder.build()};
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

TEST_CASE("a dense block adds what its synapses say, in every format", "[synapses]") {
    std::mt19937 draw{17};
    const auto pick = [&draw](std::uint32_t low, std::uint32_t high) {
        return low + static_cast<std::uint32_t>(draw() % (high - low + 1));
    };
    for (int trial = 0; trial < 200; ++trial) {
        constexpr std::array<std::uint8_t, 7> kBits{1, 2, 3, 4, 5, 6, 8};
        const bool holes = pick(0, 1) != 0;
        const bool graded = pick(0, 2) == 0;
        const int exponent = static_cast<int>(pick(0, 15)) - 8;
        isa::SynapseFormat format{.weight_exponent = static_cast<std::int8_t>(exponent),
                                  .weight_bits = kBits[pick(0, 6)],
                                  .delay_bits = static_cast<std::uint8_t>(pick(0, 1) * pick(1, 6)),
                                  .sign_mode = static_cast<std::uint8_t>(pick(1, 3)),
                                  .flags = isa::SynapseFormat::kDense};
        if (holes) format.flags |= isa::SynapseFormat::kHoles;
        if (graded) format.flags |= isa::SynapseFormat::kGraded;
        const std::uint32_t count = pick(0, 40);
        const std::uint32_t first = pick(0, 9);
        const isa::DenseField field{format};
        std::vector<std::uint32_t> block(isa::block_words(format, count));
        block[0] = isa::BlockHeader::pack(true, 0, count);
        block[1] = first;
        std::vector<isa::StoredSynapse> synapses;
        const std::uint32_t gap = pick(6, 11);  // what ends a run lies between
        for (std::uint32_t i = 0; i < count; ++i) {
            const int step = 1 << isa::lost_bits(format);
            const int low = format.sign_mode == 1 ? -256 / step : 0;
            const int high = 255 / step;
            int weight =
                (low + static_cast<int>(pick(0, static_cast<std::uint32_t>(high - low)))) * step;
            if (format.sign_mode == 3) weight = -weight;
            if (holes && i % (2 * gap) > gap) weight = 0;
            const std::uint32_t delay = pick(0, (1U << format.delay_bits) - 1);
            if (weight != 0 || !holes) synapses.push_back({weight, delay, first + i});
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
        CoreRig rig{builder.build()};
        REQUIRE(isa::check_image(rig.image).empty());
        const std::int32_t payload = graded ? 1'000'003 : 1;
        CHECK(rig.integrate(0, 0, payload) == synapses.size());
        for (std::uint64_t step = 0; step < 64; ++step) {
            rig.update(step);
            std::array<std::int32_t, 60> due{};
            for (const isa::StoredSynapse& synapse : synapses) {
                if (synapse.delay != step) continue;
                due[4 + synapse.target] =
                    wrapped(std::max<std::int64_t>(
                                (std::int64_t{synapse.weight} * 128) >> (7 - exponent), -32767) *
                            payload);
            }
            for (std::uint32_t target = 0; target < due.size(); ++target) {
                REQUIRE(rig.core->state(target, 0) == due[target]);
            }
        }
    }
}

TEST_CASE("a dense block may reach all 65,536 compartments of a core", "[synapses]") {
    constexpr std::uint32_t kAll = 65536;
    const isa::SynapseFormat format{
        .weight_exponent = 0, .sign_mode = 1, .flags = isa::SynapseFormat::kDense};
    const isa::DenseField field{format};
    std::vector<std::uint32_t> block(isa::block_words(format, kAll));
    block[0] = isa::BlockHeader::pack(true, 0, kAll);
    for (std::uint32_t i = 0; i < kAll; ++i) {
        field.put(block.data() + 2, i, field.pack(2 * static_cast<int>(i % 100), 0));
    }
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), kAll);
    builder.format(core, format);
    builder.axon(core, {{0, {}}});
    builder.raw().cores[0].synapses = block;
    CoreRig rig{builder.build()};
    REQUIRE(isa::check_image(rig.image).empty());
    CHECK(rig.integrate(0, 0) == kAll);
    rig.update(0);
    for (std::uint32_t i = 0; i < kAll; ++i) {
        REQUIRE(rig.core->state(i, 0) == 2 * static_cast<int>(i % 100));
    }
}

TEST_CASE("runs of any length add alike in the kernels of all instruction sets, and nothing else",
          "[synapses]") {
    std::mt19937 draw{23};
    for (std::uint32_t length = 1; length <= 100; ++length) {
        std::vector<std::uint32_t> runs;
        std::vector<std::int32_t> sums(300);
        for (std::int32_t& sum : sums) sum = static_cast<std::int32_t>(draw());
        std::vector<std::int32_t> expected = sums;
        for (const std::uint32_t first : {0U, 7U, 150U}) {
            std::vector<std::int16_t> adds(length);
            for (std::uint32_t i = 0; i < length; ++i) {
                adds[i] = static_cast<std::int16_t>(draw());
                expected[first + i] = wrapped(std::int64_t{expected[first + i]} + adds[i]);
            }
            runs.push_back(first | length << emu::kRunLengthShift);
            adds.resize((length + emu::kRunStep - 1) / emu::kRunStep * emu::kRunStep);
            runs.resize(runs.size() + adds.size() / 2);
            std::memcpy(runs.data() + runs.size() - adds.size() / 2, adds.data(),
                        adds.size() * sizeof(std::int16_t));
        }
        for (const emu::KernelVariant variant : emu::available_kernels()) {
            std::vector<std::int32_t> found = sums;
            const emu::RowOfRuns row{runs.data(), runs.data() + runs.size(), found.data()};
            emu::run_adder(variant)(&row, &row + 1);
            INFO("length " << length << ", kernels " << emu::name_of(variant));
            REQUIRE(found == expected);
        }
    }
}

TEST_CASE("an exponent on the sum rounds what a step adds to a neuron and delay, once per sum",
          "[synapses]") {
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
    CoreRig rig{builder.build()};
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
