#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "tools/explore/sweep/sweep.hpp"

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

/// All that decides the results of one run.
struct Configuration {
    std::vector<std::string> arguments;  ///< of `seamount`: run NETWORK --chip ... --set ...
    std::shared_ptr<const ResolvedChip> chip;
    std::shared_ptr<const ResolvedNetwork> network;
    std::string key;  ///< 32 hex digits over chip, network, files' contents, options and versions
};

/// Turns points of a sweep into runs. Files are read once and taken to stay as they are.
class Configurator {
public:
    explicit Configurator(const Sweep& sweep);

    /// Throws InputError if the chip of the point cannot be: its diagnostics say why.
    [[nodiscard]] Configuration configure(const Assignment& point,
                                          std::optional<std::uint64_t> seed);
    /// Hash of the sweep's files and of the versions: what must be the same when a sweep goes on.
    [[nodiscard]] std::string inputs_hash();

    /// The files that were read so far: data, programs, scripts and chips.
    [[nodiscard]] std::vector<std::filesystem::path> files() const;

    [[nodiscard]] std::shared_ptr<const ResolvedChip> chip(
        const std::vector<std::string>& assignments);
    [[nodiscard]] std::shared_ptr<const ResolvedNetwork> network(
        const std::vector<std::string>& assignments);

private:
    [[nodiscard]] std::string file_hash(const std::filesystem::path& path);

    const Sweep& sweep_;
    std::filesystem::path neurons_;
    // By assignments; neighbours share theirs, and what is long past is forgotten.
    std::map<std::string, isa::ChipFamily> families_;  ///< by variables
    std::map<std::string, std::shared_ptr<const ResolvedChip>> chips_;
    std::map<std::string, std::shared_ptr<const ResolvedNetwork>> networks_;
    std::map<std::string, std::string> hashes_;  ///< of files, by path
    std::vector<std::filesystem::path> chip_files_;
};

/// `--set` assignments of the chip and network paths of a point. A path into the chip file keeps
/// its dots, a variable has none.
[[nodiscard]] std::vector<std::string> assignments_of(const Assignment& point);

/// Memory of one core in bits, the proxy of its area: synapses, axon tables (64 bits an entry),
/// microcode and three words of 32 bits for a compartment (u, v and an accumulator).
[[nodiscard]] std::uint64_t core_memory_bits(const isa::CoreLimits& limits);

}  // namespace seamount::explore
