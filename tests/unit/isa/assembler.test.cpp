#include "isa/assembly/assembler.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "isa/microcode/instruction.hpp"

using namespace seamount;
using Catch::Contains;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream stream{path};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::string problems(const std::string& text, const std::string& file = "x.asm") {
    try {
        static_cast<void>(isa::assemble(text, file));
    } catch (const InputError& error) {
        return std::string{error.what()} + "\n";
    }
    return {};
}

isa::Instruction only(const std::string& line) {
    const auto words = isa::assemble(line + "\n end", "x.asm").words;
    REQUIRE(words.size() == 2);
    return *isa::decode(words.front());
}

}  // namespace

TEST_CASE("all problems of a file are reported at once, in order, with line and column",
          "[assembler]") {
    const std::filesystem::path folder{SEAMOUNT_SOURCE_DIR "/tests/unit/isa/golden"};
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".asm") continue;
        ++files;
        const auto expected = std::filesystem::path{entry.path()}.replace_extension(".txt");
        INFO(entry.path());
        CHECK(problems(read(entry.path()), entry.path().filename().string()) == read(expected));
    }
    CHECK(files >= 3);
}

TEST_CASE("declared words get consecutive numbers and fold constants", "[assembler]") {
    const isa::Program program = isa::assemble(
        ".const kShift = 6\r\n"
        ".const kWide = kShift + 1   ; uses an earlier one\r\n"
        ".arg gain -4..kWide = 2*3 ; how much; really\r\n"
        ".arg vth 0..10\r\n"
        ".acc input\r\n"
        ".acc other\r\n"
        ".param one = 1\r\n"
        ".param gain = gain << kShift\r\n"
        ".state v\r\n"
        ".state vth = vth * kMinus\r\n"
        ".view half = v / 2 + gain + kShift\r\n"
        "\r\n"
        "  RDC r0, other, kShift\r\n"
        "  add v, v, gain\r\n"
        "  spk?f #kTwo, kTwo\r\n"
        "  end\r\n"
        ".const kTwo = 2\r\n"
        ".const kMinus = -3",
        "folder/leaky.asm");
    CHECK(program.name == "leaky");
    CHECK(program.lines == std::vector<std::uint32_t>{13, 14, 15, 16});
    REQUIRE(program.args.size() == 2);
    CHECK(program.args[0].min == -4);
    CHECK(program.args[0].max == 7);
    CHECK(program.args[0].initial == 6);
    CHECK(program.args[0].doc == "how much; really");
    CHECK(program.args[0].where == SourceLocation{"folder/leaky.asm", 3, 6});
    CHECK_FALSE(program.find_arg("vth")->initial);
    CHECK(program.find_arg("nothing") == nullptr);
    CHECK(program.accumulators == std::vector<std::string>{"input", "other"});
    REQUIRE(program.params.size() == 2);
    CHECK(program.params[1].index == 1);
    CHECK(program.params[1].initial.text() == "gain << 6");
    CHECK(program.params[1].initial.names() == std::vector<std::string>{"gain"});
    REQUIRE(program.states.size() == 2);
    CHECK(program.find_state("vth")->index == 1);
    CHECK(program.find_state("vth")->initial.evaluate([](auto) { return 10; }) == -30);
    CHECK(program.find_state("v")->initial.names().empty());
    CHECK(program.views.front().value.names() == std::vector<std::string>{"v", "gain"});
    const auto spike = *isa::decode(program.words[2]);
    CHECK(spike.a == isa::Operand{isa::Operand::Bank::kConstant, 3});
    CHECK(spike.imm == 2);
    const auto add = *isa::decode(program.words[1]);
    CHECK(add.b == isa::Operand{isa::Operand::Bank::kParameter, 1});
}

TEST_CASE("an argument may count in weights, with powers of two in another argument",
          "[assembler]") {
    const isa::Program program = isa::assemble(
        ".const kUnit = 64\n.arg vth 0..10\n.arg bias -4..4 = 0\n.arg bias_exp 0..7 = 0\n"
        ".scaled vth = 1\n.scaled bias = kUnit, bias_exp\n end\n",
        "n.asm");
    CHECK(program.args[0].scale == isa::ArgScale{1, ""});
    CHECK(program.args[1].scale == isa::ArgScale{64, "bias_exp"});
    CHECK_FALSE(program.args[2].scale);
    const auto of = [](const std::string& line) {
        return problems(".arg vth 0..10\n" + line + "\n end\n");
    };
    CHECK_THAT(of(".scaled vht = 1"), Contains("did you mean") && Contains("[ASM-NAME]"));
    CHECK_THAT(of(".scaled vth = 1, vht"), Contains("[ASM-NAME]"));
    CHECK_THAT(of(".scaled vth = 0"), Contains("must be in [1, 65536] [ASM-RANGE]"));
    CHECK_THAT(of(".scaled vth"), Contains("write .scaled NAME = UNIT [, EXPONENT]"));
    CHECK_THAT(of(".scaled vth = 1\n.scaled vth = 2"), Contains("has a unit already"));
}

TEST_CASE("an argument says how it counts time", "[assembler]") {
    const isa::Program program = isa::assemble(
        ".arg tau 0..4096\n.arg du -1..4095\n.arg hold 0..9\n.const kAll = 4096\n"
        ".timed tau = kAll\n.timed du = 1 << 12, 1\n.timed hold\n end\n",
        "n.asm");
    CHECK(program.args[0].time == isa::ArgTime{4096, 0});
    CHECK(program.args[1].time == isa::ArgTime{4096, 1});
    CHECK(program.args[2].time == isa::ArgTime{0, 0});
    const auto of = [](const std::string& line) {
        return problems(".arg tau 0..9\n" + line + "\n end\n");
    };
    CHECK_THAT(of(".timed tua = 9"), Contains("did you mean") && Contains("[ASM-NAME]"));
    CHECK_THAT(of(".timed tau = 0"),
               Contains("must be in [1, 4294967296]") && Contains("[ASM-RANGE]"));
    CHECK_THAT(of(".timed tau = 9, 10"), Contains("[ASM-RANGE]"));
    CHECK_THAT(of(".timed"), Contains("[ASM-SYNTAX]"));
    CHECK_THAT(of(".timed tau\n.timed tau = 4"), Contains("is a time already"));
}

TEST_CASE("an accumulator may keep the largest, the least or the union of what arrives",
          "[assembler]") {
    const isa::Program program = isa::assemble(
        ".const low = -5\n.acc a\n.acc b 0..9 MAX\n.acc c min\n.acc d low..low or\nrdc r0, "
        "b\nend\n",
        "x.asm");
    using isa::Accumulate;
    CHECK(program.combine == isa::AccumulateRules{Accumulate::kSum, Accumulate::kMax,
                                                  Accumulate::kMin, Accumulate::kOr});
    CHECK(program.inputs[1] == isa::Range{0, 9});
    CHECK(program.inputs[3] == isa::Range{-5, -5});
    CHECK(isa::assemble(".const max = 7\n.acc a 0.. max\n.acc b 0..1 sum\nend", "x").combine ==
          isa::AccumulateRules{});
    CHECK_THAT(problems(".acc a 0..9 mux\nend\n"),
               Contains(":1:13: error: 'mux' is no rule") && Contains("did you mean"));
    CHECK_THAT(problems(".acc a mean\nend\n"), Contains("write .acc NAME [LOW..HIGH]"));
}

TEST_CASE("spelling is free where it does not matter", "[assembler]") {
    CHECK(only("ADD.SAT?F R1,S2 ,P3") == only("  add.sat?f r1, s2, p3 ; comment"));
    CHECK(only("cmp.and.gt r1, #0x1000") == only("CMP.gt.and r1, #4096"));
    CHECK(only("spk #1") == only("spk #1, 0"));
    CHECK(only("rdc r1, a0") == only("rdc r1, a0, #0"));
    CHECK(only("ldi r1, #-5") == only("ldi r1, -5"));
    CHECK(only("mov r1, #-0x7FFFFF") == only("mov r1, #-8388607"));
    CHECK(only("one: two: mov r1, r2") == only("one:\n two :\n mov r1, r2"));
}

TEST_CASE("branches reach labels, numbers of words and nothing else", "[assembler]") {
    const auto words =
        isa::assemble("bf?f skip\n bf +2\n mov r0, r1\nskip: again:\n bf?n again2\nagain2: end",
                      "x.asm")
            .words;
    CHECK(isa::decode(words[0])->imm == 3);
    CHECK(isa::decode(words[1])->imm == 2);
    CHECK(isa::decode(words[3])->imm == 1);
    CHECK_THAT(problems("here: bf here\n end"), Contains("x.asm:1:10: error: 'here' is not ahead"));
    CHECK_THAT(problems("bf there\n end\nthere:"), Contains("no instruction follows at 'there'"));
    CHECK_THAT(problems("bf thre\nthere: end"), Contains("did you mean 'there'?"));
    CHECK_THAT(problems("bf +0\n end"), Contains("x.asm:1:4: error:"));
    CHECK_THAT(problems("bf +2\n end"), Contains("x.asm:1:4: error:"));
    CHECK_THAT(problems("bf +x\n end"), Contains("x.asm:1:4: error:"));
    CHECK_THAT(problems("bf +99999999999999999999\n end"), Contains("x.asm:1:4: error:"));
    std::string far = "bf far\n";
    for (int i = 0; i < 131'071; ++i) far += "end\n";
    CHECK_THAT(problems(far + "far: end"), Contains("131072 words ahead, must be in [1, 131071]"));
}

TEST_CASE("what is declared must be within the machine's size", "[assembler]") {
    const auto many = [](const std::string& directive, int count, const std::string& rest) {
        std::string text;
        for (int i = 0; i < count; ++i) text += directive + " x" + std::to_string(i) + rest + "\n";
        return text + "end";
    };
    CHECK(problems(many(".state", 16, "")).empty());
    CHECK(problems(many(".param", 16, " = 1")).empty());
    CHECK(problems(many(".acc", 4, "")).empty());
    CHECK_THAT(problems(many(".state", 17, "")),
               Contains("x.asm:17:8: error: 'x16' is state word number 17, a neuron has at most 16 "
                        "[ASM-LIMIT]"));
    CHECK_THAT(problems(many(".param", 17, " = 1")), Contains("[ASM-LIMIT]"));
    CHECK_THAT(problems(many(".acc", 5, "")), Contains("[ASM-LIMIT]"));
}

TEST_CASE("the program must end", "[assembler]") {
    CHECK_THAT(problems(""), Contains("the program has no instructions"));
    CHECK_THAT(problems("; nothing\n"), Contains("[ASM-END]"));
    CHECK_THAT(problems("end\n mov r0, r1"), Contains("x.asm:2:2: error: the last instruction"));
    CHECK_THAT(problems("end?n"), Contains("not an unconditional END"));
}

TEST_CASE("a flood of problems is cut off", "[assembler]") {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "what is this\n";
    const std::string report = problems(text);
    CHECK_THAT(report, Contains("more than 100 problems"));
    CHECK(std::count(report.begin(), report.end(), '\n') < 1000);
}

TEST_CASE("files that cannot be read are reported", "[assembler]") {
    CHECK_THROWS_WITH(isa::assemble_file("no/such/file.asm"), Contains("[ASM-FILE]"));
    CHECK_THROWS_WITH(isa::assemble_file(std::filesystem::path{SEAMOUNT_SOURCE_DIR}),
                      Contains("[ASM-FILE]"));
}

TEST_CASE("the example in the manual of neuron programs assembles", "[assembler]") {
    const std::string manual = read(SEAMOUNT_SOURCE_DIR "/docs/neurons.md");
    const std::string fence = "```asm title=\"first.asm\"\n";
    const std::size_t begin = manual.find(fence);
    REQUIRE(begin != std::string::npos);
    const std::size_t start = begin + fence.size();
    const std::size_t end = manual.find("```", start);
    REQUIRE(end != std::string::npos);
    CHECK(problems(manual.substr(start, end - start)) == "");
}

TEST_CASE("damaged programs assemble or are refused, nothing else", "[assembler]") {
    const std::string original = read(SEAMOUNT_SOURCE_DIR "/configs/neurons/loihi1_cuba.asm");
    REQUIRE(problems(original).empty());
    std::mt19937_64 engine{31};
    std::size_t refused = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text = original;
        for (auto n = 1 + engine() % 8; n > 0; --n) {
            const std::size_t at = engine() % text.size();
            switch (engine() % 3) {
                case 0:
                    text[at] = static_cast<char>(engine());
                    break;
                case 1:
                    text.erase(at, engine() % 20);
                    break;
                default:
                    text.insert(at, text.substr(engine() % text.size(), engine() % 20));
            }
        }
        if (!problems(text).empty()) ++refused;
    }
    CHECK(refused > 500);
    CHECK(refused < 2000);
}

TEST_CASE(
    "a file with thousands of mistakes reports the first hundred and says that there are more",
    "[assembler]") {
    std::string text;
    for (int line = 0; line < 5000; ++line) text += "  fly r0, r1\n";
    const std::string found = problems(text);
    CHECK_THAT(found, Contains("x.asm:100:3: error: ") &&
                          Contains("more than 100 problems, the rest is not shown [ASM-MANY]"));
    CHECK_THAT(found, !Contains("x.asm:102:"));
}
