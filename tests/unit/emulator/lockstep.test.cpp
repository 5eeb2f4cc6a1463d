#include "emulator/core/lockstep.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "isa/microcode/interpreter.hpp"
#include "tests/support/random_program.hpp"
#include "tests/unit/emulator/lockstep_rig.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using emu::KernelVariant;
using testing::by_engine;
using testing::by_interpreter;
using testing::Case;
using testing::difference;
using testing::Outcome;
using testing::random_case;

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
