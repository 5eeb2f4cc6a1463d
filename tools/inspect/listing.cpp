#include "tools/inspect/listing.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "isa/assembly/disassembler.hpp"
#include "isa/image/image.hpp"
#include "isa/input/input_file.hpp"
#include "isa/learning/listing.hpp"
#include "isa/microcode/program.hpp"
#include "tools/base/files.hpp"

namespace seamount::tools {
namespace {

std::vector<std::uint32_t> read_words(const std::filesystem::path& path) {
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
    bad_input("CLI-WORDS", path.string(), "neither an image nor raw microcode: " + fault,
              "disasm reads images and files of 'seamount asm -o'");
}

std::string listing(const isa::ProgramImage& program) {
    return isa::disassemble(
        program.words, {program.params, program.states, program.accumulators, program.combine});
}

std::string image_listing(const isa::Image& image, const std::filesystem::path& file,
                          const std::string& chosen) {
    std::string text;
    std::vector<std::string> names;
    for (const isa::ProgramImage& program : image.programs) {
        names.push_back(program.name);
        if (chosen.empty()) {
            text += fmt::format("; program {} from {}\n{}", program.name, program.file,
                                listing(program));
        } else if (chosen == program.name) {
            return listing(program);
        }
    }
    for (const isa::LearningRuleImage& rule : image.learning.rules) {
        names.push_back(rule.name);
        if (chosen.empty() || chosen == rule.name) {
            text += isa::listing_of(rule);
            if (chosen == rule.name) return text;
        }
    }
    if (chosen.empty()) return text;
    bad_input("CLI-PROGRAM", file.string(), fmt::format("the image has no program '{}'", chosen),
              did_you_mean(chosen, names, "without --program all are listed"));
}

std::string words_listing(const std::filesystem::path& file, const std::string& chosen) {
    const std::vector<std::uint32_t> words = read_words(file);
    if (!chosen.empty()) {
        bad_input("CLI-PROGRAM", file.string(),
                  fmt::format("raw microcode has no program '{}'", chosen),
                  "--program chooses among the programs of an image");
    }
    return isa::disassemble(words);
}

}  // namespace

std::string listing_of_file(const std::filesystem::path& file, const std::string& program) {
    require_file(file);
    return is_image(file) ? image_listing(isa::load_image(file), file, program)
                          : words_listing(file, program);
}

std::string raw_words(const std::vector<std::uint32_t>& words) {
    std::string bytes;
    for (const std::uint32_t word : words) {
        for (const unsigned shift : {0U, 8U, 16U, 24U}) {
            bytes += static_cast<char>(static_cast<unsigned char>(word >> shift));
        }
    }
    return bytes;
}

}  // namespace seamount::tools
