#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/verify/verify.hpp"
#include "tools/session/listener.hpp"

namespace seamount::session {

/// What is compared, and for which chip.
struct VerifySettings {
    std::filesystem::path network;
    std::filesystem::path image;
    std::string chip;                      ///< file or library name; empty: the image's own
    std::vector<std::string> assignments;  ///< NAME=VALUE for variables, or paths, of the files
};

struct Verified {
    compiler::VerifyResult result;
    std::string chip;  ///< the name of the chip whose limits were checked
};

/// Reads both files and compares the image with the network, compiler::verify_image. Throws
/// InputError if one of them cannot be read, or for assignments that no file declares
/// (CLI-SET-UNKNOWN).
[[nodiscard]] Verified verify(const VerifySettings& settings, Listener& listener);

}  // namespace seamount::session
