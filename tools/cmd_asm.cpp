#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "isa/assembler.hpp"
#include "tools/commands.hpp"
#include "tools/load.hpp"
#include "tools/options.hpp"
#include "tools/output_file.hpp"
#include "tools/table.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::string output;
};

/// The words as little-endian bytes, whatever this machine is.
std::string raw_bytes(const std::vector<std::uint32_t>& words) {
    std::string bytes;
    for (const std::uint32_t word : words) {
        for (const unsigned shift : {0U, 8U, 16U, 24U}) {
            bytes += static_cast<char>(static_cast<unsigned char>(word >> shift));
        }
    }
    return bytes;
}

std::string arguments_table(const isa::Program& program) {
    Table table{{"argument", "range", "default", "meaning"}};
    for (const isa::ArgDecl& arg : program.args) {
        table.add({arg.name, fmt::format("{}..{}", arg.min, arg.max),
                   arg.initial ? std::to_string(*arg.initial) : "(required)", arg.doc});
    }
    return table.empty() ? "" : table.text();
}

std::string words_table(const char* kind, char bank, const std::vector<isa::WordDecl>& words) {
    Table table{{kind, "word", "initial value"}};
    for (const isa::WordDecl& word : words) {
        const std::string& initial = word.initial.text();
        table.add(
            {word.name, fmt::format("{}{}", bank, word.index), initial.empty() ? "0" : initial});
    }
    return table.empty() ? "" : table.text();
}

std::string views_table(const isa::Program& program) {
    Table table{{"view", "value"}};
    for (const isa::ViewDecl& view : program.views) table.add({view.name, view.value.text()});
    return table.empty() ? "" : table.text();
}

std::string describe(const isa::Program& program) {
    std::string text = fmt::format("{}: {} words ({} bytes), at most {} cycles per update\n",
                                   program.name, program.words.size(), 4 * program.words.size(),
                                   isa::worst_case_cycles(program.words));
    if (!program.accumulators.empty()) {
        text += fmt::format("  accumulators: {}\n", fmt::join(program.accumulators, ", "));
    }
    return text + arguments_table(program) + words_table("parameter", 'p', program.params) +
           words_table("state", 's', program.states) + views_table(program);
}

int assemble_file(const Options& options, const Session& session) {
    require_file(options.file);
    reject_input_as_output(options.output, {options.file});
    const isa::Program program = isa::assemble_file(options.file);
    if (!options.output.empty()) write_file(options.output, raw_bytes(program.words));
    session.console.print(describe(program));
    return kOk;
}

constexpr const char* kFooter =
    R"(Networks name .asm files directly; this subcommand checks one and shows what it declares.

Examples:
  seamount asm my_neuron.asm
  seamount asm my_neuron.asm -o my_neuron.bin       the raw words, for disasm)";

}  // namespace

void add_asm(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("asm", "Assemble and describe a neuron program");
    command->add_option("FILE", options->file, "Microcode (.asm)")->required()->type_name("");
    command->add_option("-o,--output", options->output, "Write the words, 32 bits little-endian")
        ->type_name("FILE");
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return assemble_file(*options, session); };
    });
}

}  // namespace seamount::cli
