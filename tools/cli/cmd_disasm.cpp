#include <memory>
#include <string>

#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/inspect/listing.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::string program;
    std::string output;
};

int disassemble_file(const Options& options, const tools::Console& console) {
    tools::require_file(options.file);
    reject_input_as_output(options.output, {options.file});
    const std::string text = tools::listing_of_file(options.file, options.program);
    if (options.output.empty()) {
        console.print(text);
    } else {
        write_file(options.output, text);
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(The listing of one program assembles back to exactly the same words.

Examples:
  seamount disasm net.smi                              every program of an image
  seamount disasm net.smi --program loihi1_cuba -o copy.asm
  seamount disasm my_neuron.bin                        raw words of 'seamount asm -o')";

}  // namespace

Command disasm_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"disasm",
            "List the microcode of an image",
            {{.names = "FILE",
              .target = &options->file,
              .help = "Image, or raw words",
              .value_name = "",
              .required = true},
             {"--program", &options->program, "This program or learning rule of the image only",
              "NAME"},
             {"-o,--output", &options->output, "Write to a file instead of stdout", "FILE"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return disassemble_file(*options, console); }};
}

}  // namespace seamount::cli
