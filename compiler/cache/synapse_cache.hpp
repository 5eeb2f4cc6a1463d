#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// What generating and quantising the rows of a projection gave.
struct GeneratedSynapses {
    SynapseTable table;
    std::uint8_t sign_mode = 1;
    std::uint32_t largest_delay = 0;
    QuantisationLoss loss;  ///< without the name of the projection
};

/// Keeps generated synapses in a folder, a file per projection, named by a hash of all that decides
/// them: the projection's YAML with its variables replaced, the content of its data files, the two
/// populations' sizes and shapes, the seed, and the version of the generator. A projection that did
/// not change is read back instead of being generated again; what comes out is the same bit for
/// bit.
///
/// Several processes may use one folder at once: files appear whole, by renaming. A file that is
/// damaged or of another version counts as missing and is replaced. Nothing is ever removed.
class SynapseCache {
public:
    /// Creates the folder if need be.
    explicit SynapseCache(std::filesystem::path folder);

    /// The key of a projection; empty if it has none (networks that no file describes) or a data
    /// file cannot be read.
    [[nodiscard]] static std::string key_of(const Network& network, const Projection& projection);

    [[nodiscard]] std::optional<GeneratedSynapses> load(const std::string& key);
    void store(const std::string& key, const GeneratedSynapses& synapses);

    [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
    [[nodiscard]] std::uint64_t misses() const noexcept { return misses_; }
    /// Why the last file could not be written; empty if none failed.
    [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;

    std::filesystem::path folder_;
    std::uint64_t hits_ = 0;
    std::uint64_t misses_ = 0;
    std::string failure_;
};

}  // namespace seamount::compiler
