#include "emulator/core/program/fused_programs.hpp"

#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "isa/assembly/assembler.hpp"
#include "tests/support/random_program.hpp"
#include "tests/unit/emulator/lockstep_rig.hpp"

using namespace seamount;
using emu::FusedProgram;
using testing::Case;

namespace {

struct Known {
    const char* name;
    FusedProgram program;
    int products;  ///< by parameters p0, p1, ...: factors of a decay in 0..4096
    int switched;  ///< a state word that turns part of it on; -1: none
};
constexpr std::array kKnown{Known{"loihi1_cuba", FusedProgram::kLoihi1Cuba, 2, 5},
                            Known{"lif", FusedProgram::kLif, 2, -1},
                            Known{"lif_reset", FusedProgram::kLifReset, 2, -1},
                            Known{"soft_reset_lif", FusedProgram::kSoftResetLif, 2, -1}};

std::vector<std::uint32_t> words_of(const std::string& name) {
    return isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/" + name + ".asm").words;
}

/// Any states, inputs and parameters; the factors of decays are mostly legal ones.
Case any_case(const Known& known, testing::RandomProgram& random, std::size_t lanes) {
    Case c = testing::random_case(random, lanes, 1);
    c.words = words_of(known.name);
    for (int p = 0; p < known.products; ++p) {
        if (random.below(8) == 0) continue;
        c.params[static_cast<std::size_t>(p)] = static_cast<std::int32_t>(random.below(4097));
    }
    if (known.switched < 0) return c;
    const auto word = static_cast<std::size_t>(known.switched);
    const bool all_alike = random.below(4) != 0;
    const std::int32_t on = random.below(4) == 0 ? 1 : 0;
    for (isa::Lane& lane : c.lanes) {
        lane.state[word] = all_alike ? on : static_cast<std::int32_t>(random.below(2));
    }
    if (all_alike) c.uniform = 1U << word;
    return c;
}

}  // namespace

TEST_CASE("the programs that the kernels hold as a whole are those of the library",
          "[fused_programs]") {
    for (const Known& known : kKnown) {
        const std::vector<std::uint32_t> words = words_of(known.name);
        INFO(known.name << ": emulator/core/program/fused_programs.hpp holds other instructions");
        CHECK(emu::LockstepProgram{words}.fused() == known.program);
        // Another shift, of the first instruction that has one: another program.
        std::vector<std::uint32_t> other = words;
        for (std::uint32_t& word : other) {
            isa::Instruction i = isa::decode(word).value();
            if (i.op != isa::Opcode::kMulz) continue;
            ++i.imm;
            word = isa::encode(i);
            break;
        }
        CHECK(emu::LockstepProgram{other}.fused() == FusedProgram::kNone);
    }
}

TEST_CASE("a program that the kernels hold as a whole does what the reference interpreter does",
          "[fused_programs]") {
    const isa::PhiloxSource philox{44};
    testing::RandomProgram random{20261130};
    for (const Known& known : kKnown) {
        for (const std::size_t lanes : {1U, 15U, 16U, 17U, 64U, 255U, 256U, 257U, 530U}) {
            for (int round = 0; round < 60; ++round) {
                const Case c = any_case(known, random, lanes);
                const testing::Outcome expected = testing::by_interpreter(c, philox);
                for (const emu::KernelVariant variant : emu::available_kernels()) {
                    emu::Lockstep engine{variant};
                    INFO(known.name << ", " << lanes << " lanes, round " << round << ", kernels "
                                    << emu::name_of(variant));
                    REQUIRE(testing::difference(testing::by_engine(c, philox, engine), expected) ==
                            "");
                }
            }
        }
    }
}
