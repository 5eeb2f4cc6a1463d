#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/driver.hpp"
#include "compiler/ir/network.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/base/file_state.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/options.hpp"

namespace seamount::session {

/// An image with the chip that it is to run on.
struct Loaded {
    std::filesystem::path file;  ///< that was opened
    isa::Image image;
    isa::ChipSpec chip;
    std::optional<compiler::CompileReport> report;  ///< if a network was compiled
    /// All that was read for it: that file, the data and programs of a network, the chip with what
    /// it extends, the profile.
    std::vector<std::filesystem::path> files_read;
    /// Inputs that were given other data than the network names, each with what it was given.
    std::vector<std::pair<std::string, std::string>> bound;
    /// Milliseconds of a step, if the file that was opened says so (SONATA).
    std::optional<double> dt_ms;
    /// What these files held, hashed as soon as they were read.
    std::vector<tools::FileState> files;
    /// The request that it was opened for, as text_of() has it; empty: opened without one.
    std::string request;
    /// isa::image_hash(image), known before other ranks took parts of the image; none: all is here.
    std::optional<std::string> image_hash;
    double load_s = 0.0;
    double compile_s = 0.0;
};

/// Enters what the files hold into Loaded::files that were read since this was called last.
void note_files(Loaded& loaded);

/// What is made of a network file for a chip.
using NetworkUse = std::function<compiler::CompileResult(
    const std::filesystem::path&, const isa::ChipSpec&, const compiler::CompileOptions&)>;

/// Compiles a network file, or a network of another tool, which is imported on the way; findings
/// about that name its file. Who wants to know something else of it says what to `use` it for, and
/// gets back what that fills in. Throws InputError, also for assignments of names that no file
/// declares (CLI-SET-UNKNOWN), and for options of the importers beside a network file (IMP-OPTION).
[[nodiscard]] Loaded open_network(const std::filesystem::path& path,
                                  const CompileSettings& settings, Listener& listener,
                                  const NetworkUse& use = compiler::compile_file);

/// Compiles a network that was built in memory for a chip that is at hand. Of the settings the chip
/// and the assignments are not used, as files are what they belong to. Throws InputError.
[[nodiscard]] Loaded compile(compiler::Network network, isa::ChipSpec chip,
                             const CompileSettings& settings, Listener& listener);

/// Loads an image, which fits the chip. Throws InputError, also for settings of the mapping
/// (CLI-MAPPING).
[[nodiscard]] Loaded open_image(const std::filesystem::path& path, const CompileSettings& settings,
                                Listener& listener);

/// Opens an image or a network, whichever `path` is: an image begins with its magic, a network file
/// ends in .yaml or .yml, everything else is imported.
[[nodiscard]] Loaded open(const std::filesystem::path& path, const CompileSettings& settings,
                          Listener& listener);

/// The files that opening `path` reads by their names: that, the chip and the profile. What these
/// name is known when they were read (Loaded::files_read). Throws InputError (CLI-CHIP).
[[nodiscard]] std::vector<std::filesystem::path> input_files(const std::filesystem::path& path,
                                                             const CompileSettings& settings);

}  // namespace seamount::session
