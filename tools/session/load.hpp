#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/base/console.hpp"

namespace seamount::session {

/// Options that `compile` and `run` share.
struct MappingOptions {
    std::string chip;  ///< file or library name; empty: kDefaultChip, or the image's own
    std::string partitioner = "auto";
    std::uint32_t effort = 5;  ///< of the partitioner, 0..9
    std::string placer = "auto";
    std::optional<std::uint64_t> seed;     ///< of the mapping
    std::vector<std::string> assignments;  ///< --set
    std::string dump_after;
    std::string profile;          ///< how often neurons spike; empty: all alike
    std::string cache;            ///< folder of generated synapses
    bool mapping_report = false;  ///< say what causes the traffic
    /// Options of the mapping that the user gave; an image does not take them.
    std::vector<std::string> given;
};

/// An image with the chip it is to run on.
struct Loaded {
    isa::Image image;
    isa::ChipSpec chip;
    std::optional<compiler::CompileReport> report;  ///< if a network was compiled
    std::vector<Diagnostic> warnings;               ///< of the compilation
    double load_s = 0.0;
    double compile_s = 0.0;
};

/// Reads --set assignments. Throws InputError (CLI-SET) with all malformed ones.
[[nodiscard]] Settings settings_of(const std::vector<std::string>& assignments);
/// Throws InputError (CLI-SET-UNKNOWN) for names that no file read so far declares;
/// `without_variables` is the hint if no file declares any.
void reject_unused(const Settings& settings,
                   const std::string& without_variables = "this run declares no variables");

/// The chip of a file or of the library by its name. Throws InputError.
[[nodiscard]] isa::ChipSpec load_chip(const std::string& chip, const Settings& settings);

/// The files that a command with the network or image `path` names: that and the chip. Throws
/// InputError (CLI-CHIP).
[[nodiscard]] std::vector<std::filesystem::path> input_files(const std::filesystem::path& path,
                                                             const MappingOptions& options);

/// Compiles a network file. Throws InputError, also for --set names that no file declares
/// (CLI-SET-UNKNOWN).
[[nodiscard]] Loaded compile_network(const std::filesystem::path& path,
                                     const MappingOptions& options, const tools::Console& console);

/// Loads an image, or compiles a network, whichever `path` is; the image fits the chip. Throws
/// InputError, also for options of the mapping beside an image (CLI-MAPPING).
[[nodiscard]] Loaded load_or_compile(const std::filesystem::path& path,
                                     const MappingOptions& options, const tools::Console& console);

}  // namespace seamount::session
