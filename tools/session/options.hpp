#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/neuron_work.hpp"
#include "compiler/driver/pass.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "tools/import/import_options.hpp"

namespace seamount::session {

/// Mappings that are measured if nobody says how many.
inline constexpr std::uint32_t kCandidates = 16;

/// How a network becomes an image. What is not given is as the compiler has it.
struct CompileSettings {
    std::string chip;  ///< file or library name; empty: kDefaultChip, or the image's own

    // What decides the mapping; an image is mapped already and does not take them.
    std::optional<compiler::Partitioner> partitioner;
    std::optional<std::uint32_t> effort;  ///< of the partitioner, 0 fastest .. 9 best
    std::optional<compiler::Placer> placer;
    std::optional<std::uint64_t> mapping_seed;

    /// Among how many mappings the one that is best for it is chosen by short runs; none: the
    /// compiler's own is taken. What is given above stays.
    std::optional<compiler::Objective> optimise;
    std::optional<std::uint32_t> candidates;  ///< at most; none: kCandidates
    std::string budget;                       ///< of wall time, "60s"; empty: none
    std::uint32_t spread = 0;                 ///< see compiler::CompileOptions
    compiler::Activity activity;

    std::uint64_t default_mapping_seed = 1;  ///< if none is given
    std::vector<std::string> assignments;    ///< NAME=VALUE for variables, or paths, of the files
    std::filesystem::path profile;           ///< how often neurons spike; empty: all alike
    std::filesystem::path cache;             ///< folder of generated synapses; empty: none
    importer::ImportOptions import;          ///< of a network of another tool
    std::string max_input;        ///< bytes that a data file may unpack to, "4G"; empty: 1G
    bool mapping_report = false;  ///< say what causes the traffic
    std::optional<compiler::Pass> dump_after;
    std::function<void(const std::string&)> dump;  ///< takes what that pass produced
};

/// RunSettings::threads: as many as are worth it, see threads_for.
inline constexpr std::uint32_t kAutoThreads = 0;
inline constexpr std::uint32_t kMostThreads = 256;
/// The word for kAutoThreads.
inline constexpr std::string_view kAutoWord = "auto";

/// How an image runs.
struct RunSettings {
    std::optional<std::uint64_t> steps = std::nullopt;  ///< none: the samples, or the whole dataset
    std::optional<std::uint32_t> samples =
        std::nullopt;  ///< of the dataset, if steps are not given
    emu::MeshFidelity mesh = emu::MeshFidelity::kPacket;
    bool untimed = false;       ///< function only: no mesh, no times, no energies
    std::uint32_t threads = 1;  ///< that share each step, or kAutoThreads
    std::optional<std::uint64_t> seed =
        std::nullopt;      ///< of run-time randomness; none: the image's
    bool learning = true;  ///< else synapses keep their values
};

}  // namespace seamount::session
