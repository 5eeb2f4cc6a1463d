#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

inline constexpr double kShortestStep = 1e-6;  ///< ms, of `dt`
inline constexpr double kLongestStep = 1e6;

/// True of `{file: NAME.h5, ...}`.
[[nodiscard]] bool is_recording(const YamlNode& spikes);

/// Reads `{file: NAME.h5, dt: MS, population: NAME}`: spikes in milliseconds, as SONATA has them,
/// as (step, source), each in the step nearest to its time. Without `population` it is the one of
/// the input's name, or the only one. Ids beyond the input are left out with a warning that counts
/// them (NET-SPIKES). Problems of the file are reported at the path of their object (IMP-*).
[[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint32_t>> read_recording(
    Context& context, const YamlNode& node, const isa::InputImage& image);

}  // namespace seamount::compiler::frontend
