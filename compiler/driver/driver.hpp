#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/driver/neuron_work.hpp"
#include "compiler/driver/pass.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "compiler/report/report.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler {

struct Network;  // compiler/ir/network.hpp

struct CompileOptions {
    Partitioner partitioner = Partitioner::kAuto;
    std::uint32_t effort = 5;  ///< of the partitioner, 0 fastest .. 9 best
    Placer placer = Placer::kAuto;
    std::uint64_t mapping_seed = 1;  ///< changes the mapping only, never the network
    std::filesystem::path
        profile;  ///< how often neurons spike (frontend/profile.hpp); may be empty
    /// Cores to spread the network over, with equal work by `activity`; 0: as few as it takes. More
    /// than the chip has are needed where work is cut unevenly: CMP-CORES.
    std::uint32_t spread = 0;
    Activity activity;
    Settings settings;               ///< --set
    std::optional<Pass> dump_after;  ///< whose result goes to `dump`
    std::function<void(const std::string&)> dump;
    std::filesystem::path neuron_library;  ///< folder of configs/neurons
    std::filesystem::path cache;  ///< folder of generated synapses and mappings; empty: none
    bool mapping_report = false;  ///< fill CompileReport::mapping
    /// Bytes that a data file may unpack to; none: kMaxInput of the frontend.
    std::optional<std::uint64_t> max_input{};
    std::function<void(const std::string&)> progress{};  ///< hears what is being done; may be empty
};

struct CompileResult {
    isa::Image image;
    CompileReport report;
    std::vector<Diagnostic> warnings;  ///< findings that did not stop the compilation
    /// What the network was read from: its file, data files and programs. Empty if it was built.
    std::set<std::filesystem::path> files_read;
};

/// Compiles a network file for a chip: the pass list, read top to bottom in driver.cpp.
/// Throws InputError with every problem found.
[[nodiscard]] CompileResult compile_file(const std::filesystem::path& network,
                                         const isa::ChipSpec& chip, const CompileOptions& options);

/// The same from an already built network (conformance vectors, tests).
[[nodiscard]] CompileResult compile(Network network, const isa::ChipSpec& chip,
                                    const CompileOptions& options);

}  // namespace seamount::compiler
