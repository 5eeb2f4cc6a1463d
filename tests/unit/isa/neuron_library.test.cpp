#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/microcode/instruction.hpp"
#include "isa/microcode/program.hpp"
#include "isa/microcode/range_analysis.hpp"

using namespace seamount;

namespace {

const std::filesystem::path kLibrary = SEAMOUNT_SOURCE_DIR "/configs/neurons";

/// The programs that users find in configs/neurons.
std::vector<std::string> names() {
    return {"argmax",
            "argmax_bits",
            "atrlif",
            "cuba_li",
            "delta",
            "dendrite",
            "dendritic_soma",
            "graded_relu_vec",
            "graded_vec",
            "if",
            "if_fine",
            "inv_sqrt",
            "izhikevich",
            "li",
            "lif",
            "lif_fine",
            "lif_refractory",
            "lif_reset",
            "loihi1_cuba",
            "norm_vec_delay",
            "pc_error",
            "point_lif",
            "prod_neuron",
            "resfire_zero",
            "rf",
            "rf_iz",
            "ring_buffer",
            "sigma",
            "sigma_delta",
            "sigma_delta_corrected",
            "soft_reset_lif",
            "spiker",
            "ternary_lif",
            "wta"};
}

isa::Program load(const std::string& name) {
    return isa::assemble_file(kLibrary / (name + ".asm"));
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Cells of the table row of `name` in the folder's README, or nothing.
std::vector<std::string> row_of(const std::string& name) {
    std::istringstream lines{text_of(kLibrary / "README.md")};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `" + name + "` |")) continue;
        std::vector<std::string> cells;
        std::istringstream row{line.substr(1)};
        for (std::string cell; std::getline(row, cell, '|');) {
            const auto first = cell.find_first_not_of(' ');
            const auto last = cell.find_last_not_of(' ');
            cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
        }
        return cells;
    }
    return {};
}

using Args = std::map<std::string, std::int64_t, std::less<>>;

/// Every combination of the smallest and the largest value of the arguments that `word` names.
std::vector<Args> corners(const isa::Program& program, const isa::WordDecl& word) {
    std::vector<Args> all(1);
    for (const std::string& name : word.initial.names()) {
        const isa::ArgDecl& arg = *program.find_arg(name);
        const std::size_t count = all.size();
        for (std::size_t i = 0; i < count; ++i) {
            all.push_back(all[i]);
            all[i][name] = arg.min;
            all.back()[name] = arg.max;
        }
    }
    return all;
}

/// "safe", or which words a result can overflow on the way to, as the README says it.
std::string overflows_of(const isa::Program& program) {
    std::map<std::string, std::vector<std::string>> words;
    const isa::RangeReport report =
        isa::analyse_ranges(program.words, isa::RangeInputs::of(program));
    for (const isa::RangeFinding& finding : report.findings) {
        const isa::Operand dst = isa::decode(program.words[finding.pc])->dst;
        std::string word = "r" + std::to_string(dst.index);
        if (dst.bank == isa::Operand::Bank::kState) word = program.states.at(dst.index).name;
        auto& list = words[finding.condition == isa::Condition::kSat24 ? "saturates" : "wraps"];
        if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
    }
    std::string text;
    for (const auto& [kind, list] : words) {
        text += (text.empty() ? "" : "; ") + kind;
        for (const std::string& word : list)
            text += (word == list.front() ? " `" : ", `") + word + "`";
    }
    return text.empty() ? "safe" : text;
}

}  // namespace

TEST_CASE("the library holds the programs that it should, and no others", "[neuron_library]") {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{kLibrary}) {
        if (entry.path().extension() == ".asm") found.insert(entry.path().stem().string());
    }
    const std::vector<std::string> expected = names();
    CHECK(found == std::set<std::string>(expected.begin(), expected.end()));
}

TEST_CASE("every library program assembles, and says what it and its arguments are",
          "[neuron_library]") {
    for (const std::string& name : names()) {
        INFO(name);
        const isa::Program program = load(name);
        CHECK(isa::check_microcode(program.words).empty());
        CHECK(text_of(kLibrary / program.file).starts_with("; "));
        for (const isa::ArgDecl& arg : program.args) {
            INFO("argument " << arg.name);
            CHECK(arg.doc.size() >= 10);
            CHECK(arg.min < arg.max);
            if (arg.initial) CHECK((*arg.initial >= arg.min && *arg.initial <= arg.max));
        }
    }
}

TEST_CASE("the table of the library states size, cycles and possible overflows of every program",
          "[neuron_library]") {
    for (const std::string& name : names()) {
        INFO(name);
        const isa::Program program = load(name);
        const std::vector<std::string> row = row_of(name);
        REQUIRE(row.size() == 6);
        CHECK_FALSE(row[1].empty());
        CHECK_FALSE(row[2].empty());
        CHECK(row[3] == std::to_string(program.words.size()));
        CHECK(row[4] == std::to_string(isa::worst_case_cycles(program.words)));
        CHECK(row[5] == overflows_of(program));
    }
}

TEST_CASE("words of library programs fit at every corner of the arguments' ranges",
          "[neuron_library]") {
    std::size_t evaluated = 0;
    for (const std::string& name : names()) {
        const isa::Program program = load(name);
        for (const auto* words : {&program.params, &program.states}) {
            for (const isa::WordDecl& word : *words) {
                for (const Args& args : corners(program, word)) {
                    const std::int64_t value = word.initial.evaluate(
                        [&](std::string_view arg) { return args.find(arg)->second; });
                    ++evaluated;
                    if (value < std::numeric_limits<std::int32_t>::min() ||
                        value > std::numeric_limits<std::int32_t>::max()) {
                        FAIL(name << ": " << word.name << " is " << value);
                    }
                }
            }
        }
    }
    CHECK(evaluated > 300);
}
