#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "compiler/driver/driver.hpp"
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
    /// What these files held, hashed as soon as they were read.
    std::vector<tools::FileState> files;
    double load_s = 0.0;
    double compile_s = 0.0;
};

/// Enters what the files hold into Loaded::files that were read since this was called last.
void note_files(Loaded& loaded);

/// Compiles a network file. Throws InputError, also for assignments of names that no file declares
/// (CLI-SET-UNKNOWN).
[[nodiscard]] Loaded open_network(const std::filesystem::path& path,
                                  const CompileSettings& settings, Listener& listener);

/// Loads an image, which fits the chip. Throws InputError, also for settings of the mapping
/// (CLI-MAPPING).
[[nodiscard]] Loaded open_image(const std::filesystem::path& path, const CompileSettings& settings,
                                Listener& listener);

/// Opens an image or a network, whichever `path` is.
[[nodiscard]] Loaded open(const std::filesystem::path& path, const CompileSettings& settings,
                          Listener& listener);

/// The files that opening `path` reads by their names: that, the chip and the profile. What these
/// name is known when they were read (Loaded::files_read). Throws InputError (CLI-CHIP).
[[nodiscard]] std::vector<std::filesystem::path> input_files(const std::filesystem::path& path,
                                                             const CompileSettings& settings);

}  // namespace seamount::session
