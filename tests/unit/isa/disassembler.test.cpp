#include "isa/assembly/disassembler.hpp"

#include <catch2/catch.hpp>

#include "isa/assembly/assembler.hpp"
#include "tests/support/random_program.hpp"

using namespace seamount;

TEST_CASE("listings of random programs assemble to the same words", "[disassembler]") {
    testing::RandomProgram random{21};
    for (int i = 0; i < 3000; ++i) {
        const auto words = random.any_words(60);
        const std::string listing = isa::disassemble(words);
        INFO(listing);
        REQUIRE(isa::assemble(listing, "listing.asm").words == words);
    }
}

TEST_CASE("listings with names declare them and assemble to the same words", "[disassembler]") {
    const isa::Symbols symbols{{"keep", "vth", "L0"}, {"v", "u", "end"}, {"input", "mov"}};
    testing::RandomProgram random{22};
    for (int i = 0; i < 1000; ++i) {
        const auto words = random.any_words(60);
        const std::string listing = isa::disassemble(words, symbols);
        INFO(listing);
        const isa::Program program = isa::assemble(listing, "listing.asm");
        REQUIRE(program.words == words);
        REQUIRE(program.accumulators == symbols.accumulators);
        REQUIRE(program.params.size() == 3);
        REQUIRE(program.states.size() == 3);
    }
}

TEST_CASE("listings say how accumulators combine what arrives", "[disassembler]") {
    const isa::Program program =
        isa::assemble(".acc sum_of\n.acc best max\n.acc bits or\nrdc r0, best\nend", "x");
    const std::string text =
        isa::disassemble(program.words, {{}, {}, program.accumulators, program.combine});
    CHECK_THAT(text, Catch::Contains(".acc sum_of\n.acc best max\n.acc bits or\n"));
    CHECK(isa::assemble(text, "x").combine == program.combine);
}

TEST_CASE("names that assembly would refuse print as numbers", "[disassembler]") {
    testing::RandomProgram random{23};
    const isa::Symbols symbols{
        {"a b", "ok"}, {"v", "v", "w"}, {"in", "r3", "", "\xC3\xA9", "fifth"}};
    for (int i = 0; i < 300; ++i) {
        const auto words = random.any_words(60);
        const std::string listing = isa::disassemble(words, symbols);
        INFO(listing);
        REQUIRE(isa::assemble(listing, "listing.asm").words == words);
    }
}

TEST_CASE("every instruction prints as a line that assembles to it", "[disassembler]") {
    testing::RandomProgram random{24};
    for (int i = 0; i < 3000; ++i) {
        isa::Instruction instruction = random.instruction();
        if (instruction.op == isa::Opcode::kBf) instruction.imm = 1;
        const std::string line = isa::to_string(instruction);
        INFO(line);
        const isa::Program program = isa::assemble(line + "\nend\n", "line.asm");
        REQUIRE(program.words.front() == isa::encode(instruction));
    }
}

TEST_CASE("instructions print the way they are written", "[disassembler]") {
    const auto shown = [](const std::string& line) {
        return isa::to_string(*isa::decode(isa::assemble(line + "\nend", "x").words.front()));
    };
    CHECK(shown("mulz.w24?n s1, r2, p3, 12") == "MULZ.w24?n s1, r2, p3, 12");
    CHECK(shown("cmp.gt.and r1, #4096") == "CMP.gt.and r1, #4096");
    CHECK(shown("spk #1") == "SPK #1");
    CHECK(shown("spk?f s0, 3") == "SPK?f s0, 3");
    CHECK(shown("rdc r0, a1") == "RDC r0, a1, 0");
    CHECK(shown("psh r1, a2, #-1") == "PSH r1, a2, #-1");
    CHECK(shown("rnd.s r1, 8") == "RND.s r1, 8");
    CHECK(shown("ldi r1, -65536") == "LDI r1, #-65536");
    CHECK(shown("bf?f +1") == "BF?f +1");
    CHECK(shown("end?n") == "END?n");
}
