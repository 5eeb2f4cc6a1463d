#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml_tree.hpp"
#include "tools/explore/sweep/input_files.hpp"
#include "tools/explore/sweep/sweep.hpp"
#include "tools/session/request.hpp"

namespace seamount::explore {

/// The chip of a point, and what it costs in memory.
struct ResolvedChip {
    std::string text;  ///< complete, as an image carries it
    std::uint64_t cores = 0;
    std::uint64_t core_memory_bits = 0;
};

/// The network of a point.
struct ResolvedNetwork {
    std::string text;   ///< the file with its variables replaced, as JSON
    std::string files;  ///< "path hash" of every file that it names, one a line
    bool has_dataset = false;
};

/// How the words of `seamount run` become a request.
struct RunOptions {
    struct Reading {
        session::RunRequest request;
        std::optional<std::string> wrong;  ///< with the words
    };
    /// Takes "run FILE --steps 5 ...".
    std::function<Reading(const std::vector<std::string>&)> read;
    std::vector<std::string>
        names;  ///< options that a sweep may set, without dashes: "mapping-seed"
    std::vector<std::string>
        outputs;  ///< those that say where results go, which a sweep does itself
};

/// All that decides the results of one run.
struct Configuration {
    std::vector<std::string> arguments;  ///< of `seamount`: run NETWORK --chip ... --set ...
    session::RunRequest request;         ///< what they mean
    std::shared_ptr<const ResolvedChip> chip;
    std::shared_ptr<const ResolvedNetwork> network;
    std::string key;  ///< 32 hex digits over chip, network, files' contents, options and build
};

/// The words of `seamount` that run a point. `seed`: of the run, over that of the point.
[[nodiscard]] std::vector<std::string> words_of(const Sweep& sweep, const Assignment& point,
                                                std::optional<std::uint64_t> seed);

/// Turns points of a sweep into runs. Files are hashed once; what has changed since is an error.
class Configurator {
public:
    /// `build`: tools::build_of() the program that runs points. All must outlive it.
    Configurator(const Sweep& sweep, const RunOptions& options, std::string build);

    /// Throws InputError if the chip of the point cannot be: its diagnostics say why; EXP-CHANGED
    /// if a file is not as it was read first.
    [[nodiscard]] Configuration configure(const Assignment& point,
                                          std::optional<std::uint64_t> seed);
    /// Hash of the sweep's files and of the build: what must be the same when a sweep goes on.
    [[nodiscard]] std::string inputs_hash();

    /// The files that were read so far: network, data, programs, scripts and chips.
    [[nodiscard]] InputFiles& files() noexcept { return files_; }
    [[nodiscard]] const std::string& build() const noexcept { return build_; }
    /// How a store and the cache call a file, wherever the sweep lies: relative to its network, or
    /// to the library.
    [[nodiscard]] std::string name_of(const std::filesystem::path& file) const;
    [[nodiscard]] std::filesystem::path file_of(const std::string& name) const;

    [[nodiscard]] std::shared_ptr<const ResolvedChip> chip(
        const std::vector<std::string>& assignments);
    [[nodiscard]] std::shared_ptr<const ResolvedNetwork> network(
        const std::vector<std::string>& assignments);

private:
    /// The chip of the sweep with these variables, from files that stayed as they were hashed.
    [[nodiscard]] isa::ChipFamily chip_family(const std::vector<std::string>& variables);
    /// Whether files are those that were hashed; the first time that one is met, it is hashed.
    [[nodiscard]] bool all_steady(const std::vector<std::filesystem::path>& paths);
    [[nodiscard]] std::unique_ptr<yaml::Node> network_tree(
        const std::vector<std::string>& assignments);

    const Sweep& sweep_;
    const RunOptions& options_;
    std::string build_;
    std::filesystem::path library_;
    std::filesystem::path neurons_;
    InputFiles files_;
    // By assignments; neighbours share theirs, and what is long past is forgotten.
    std::map<std::string, isa::ChipFamily> families_;  ///< by variables
    std::map<std::string, std::shared_ptr<const ResolvedChip>> chips_;
    std::map<std::string, std::shared_ptr<const ResolvedNetwork>> networks_;
    std::vector<std::filesystem::path> chip_files_;
};

/// `--set` assignments of the chip and network paths of a point. A path into the chip file keeps
/// its dots, a variable has none.
[[nodiscard]] std::vector<std::string> assignments_of(const Assignment& point);

/// Memory of one core in bits, the proxy of its area: synapses, axon tables (64 bits an entry),
/// microcode and three words of 32 bits for a compartment (u, v and an accumulator).
[[nodiscard]] std::uint64_t core_memory_bits(const isa::CoreLimits& limits);

}  // namespace seamount::explore
