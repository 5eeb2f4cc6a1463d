#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "isa/assembly/disassembler.hpp"
#include "isa/base/output_file.hpp"
#include "isa/image/image.hpp"
#include "isa/input/input_file.hpp"
#include "isa/learning/listing.hpp"
#include "isa/microcode/program.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::string program;
    std::string output;
};

std::vector<std::uint32_t> read_words(const std::string& path) {
    std::ifstream file{readable_path(path), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::vector<std::uint32_t> words(bytes.size() / 4);
    for (std::size_t i = 0; i < 4 * words.size(); ++i) {
        words[i / 4] |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * (i % 4));
    }
    std::string fault = bytes.empty() || bytes.size() % 4 != 0
                            ? fmt::format("{} bytes are not whole 32-bit words", bytes.size())
                            : isa::check_microcode(words);
    if (fault.empty()) return words;
    bad_input("CLI-WORDS", path, "neither an image nor raw microcode: " + fault,
              "disasm reads images and files of 'seamount asm -o'");
}

std::string listing(const isa::ProgramImage& program) {
    return isa::disassemble(program.words, {program.params, program.states, program.accumulators});
}

std::string image_listing(const isa::Image& image, const Options& options) {
    std::string text;
    std::vector<std::string> names;
    for (const isa::ProgramImage& program : image.programs) {
        names.push_back(program.name);
        if (options.program.empty()) {
            text += fmt::format("; program {} from {}\n{}", program.name, program.file,
                                listing(program));
        } else if (options.program == program.name) {
            return listing(program);
        }
    }
    for (const isa::LearningRuleImage& rule : image.learning.rules) {
        names.push_back(rule.name);
        if (options.program.empty() || options.program == rule.name) {
            text += isa::listing_of(rule);
            if (options.program == rule.name) return text;
        }
    }
    if (options.program.empty()) return text;
    const std::string near = closest(options.program, names);
    bad_input("CLI-PROGRAM", options.file,
              fmt::format("the image has no program '{}'", options.program),
              near.empty() ? "without --program all are listed"
                           : fmt::format("did you mean '{}'?", near));
}

std::string words_listing(const Options& options) {
    const std::vector<std::uint32_t> words = read_words(options.file);
    if (!options.program.empty()) {
        bad_input("CLI-PROGRAM", options.file,
                  fmt::format("raw microcode has no program '{}'", options.program),
                  "--program chooses among the programs of an image");
    }
    return isa::disassemble(words);
}

int disassemble_file(const Options& options, const tools::Console& console) {
    tools::require_file(options.file);
    reject_input_as_output(options.output, {options.file});
    const std::string text = tools::is_image(options.file)
                                 ? image_listing(isa::load_image(options.file), options)
                                 : words_listing(options);
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
