#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/session/open.hpp"

namespace seamount::tools {

/// What a user wants to know after compiling: sizes, traffic, the fullest core of each resource,
/// what quantisation lost.
[[nodiscard]] std::string compile_summary(const session::Loaded& compiled);

/// One sentence per projection whose weights quantisation changed.
[[nodiscard]] std::vector<std::string> quantisation_losses(const compiler::CompileReport& report);

/// One sentence per projection whose weights lost low bits; what was clipped is a warning of the
/// compiler (CMP-CLIP).
[[nodiscard]] std::vector<std::string> truncation_losses(const compiler::CompileReport& report);

/// compiler::report_json with the names of network and chip; keys as in tools/README.md.
[[nodiscard]] std::string compile_report_json(const session::Loaded& compiled,
                                              std::uint64_t mapping_seed);

}  // namespace seamount::tools
