#include <memory>
#include <string>

#include "isa/assembly/assembler.hpp"
#include "isa/base/output_file.hpp"
#include "isa/microcode/range_analysis.hpp"
#include "tools/base/config_library.hpp"
#include "tools/cli/commands.hpp"
#include "tools/inspect/listing.hpp"
#include "tools/inspect/program_sheet.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::string output;
    std::string json;
};

int assemble_file(const Options& options, const tools::Console& console) {
    const std::string file = tools::resolve_program(options.file).string();
    for (const std::string& output : {options.output, options.json}) {
        reject_input_as_output(output, {file});
    }
    if (!options.json.empty() && same_output(options.output, options.json)) {
        two_outputs(options.json);
    }
    const isa::Program program = isa::assemble_file(file);
    const isa::RangeReport ranges =
        isa::analyse_ranges(program.words, isa::RangeInputs::of(program));
    if (!options.output.empty()) write_file(options.output, tools::raw_words(program.words));
    if (!options.json.empty()) write_file(options.json, tools::program_sheet_json(program, ranges));
    console.print(tools::program_sheet(program, ranges));
    for (const isa::RangeFinding& finding : ranges.findings) {
        console.warn("ASM-OVERFLOW", {file, program.lines[finding.pc], program.columns[finding.pc]},
                     tools::finding_text(program, finding));
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Networks name .asm files directly; this subcommand checks one and shows what it declares, what it
costs, and which values its words can take: for all arguments within the ranges of .arg, all inputs
within those of .acc, and any number of steps. A result that may wrap or saturate is a warning; a
program without one is safe.

Examples:
  seamount asm my_neuron.asm
  seamount asm lif                                  a program of the library
  seamount asm my_neuron.asm --json sheet.json      the same, for programs to read
  seamount asm my_neuron.asm -o my_neuron.bin       the raw words, for disasm)";

}  // namespace

Command asm_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"asm",
            "Assemble and describe a neuron program",
            {{.names = "FILE|NAME",
              .target = &options->file,
              .help = "Microcode (.asm), or name in the library",
              .value_name = "",
              .required = true},
             {"-o,--output", &options->output, "Write the words, 32 bits little-endian", "FILE"},
             {"--json", &options->json, "Write the sheet as JSON", "FILE"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return assemble_file(*options, console); }};
}

}  // namespace seamount::cli
