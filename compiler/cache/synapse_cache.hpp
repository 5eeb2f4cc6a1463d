#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "compiler/ir/synapse_source.hpp"

namespace seamount::compiler {

/// Keeps generated synapses in a folder, a file per projection, named by a hash of all that decides
/// them: the projection's YAML with its variables replaced, the content of its data files, the two
/// populations' sizes and shapes, the seed, and the version of the generator. A projection that did
/// not change is read back instead of being generated again; what comes out is the same bit for
/// bit.
///
/// Several processes may use one folder at once: files appear whole, by renaming. A file that is
/// damaged or of another version counts as missing and is replaced. Nothing is ever removed.
class SynapseCache final : public SynapseSource {
public:
    /// Creates the folder if need be. What it does not have it asks `generator` for, which must
    /// outlive it.
    SynapseCache(std::filesystem::path folder, SynapseSource& generator);

    [[nodiscard]] std::optional<GeneratedSynapses> synapses(const Network& network,
                                                            const Projection& projection,
                                                            const SynapseBounds& bounds,
                                                            Diagnostics& diagnostics) override;

    [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
    [[nodiscard]] std::uint64_t misses() const noexcept { return misses_; }
    /// Warns (CMP-CACHE) if a file could not be written.
    void report_failure(Diagnostics& diagnostics) const;

private:
    [[nodiscard]] std::optional<GeneratedSynapses> load(const std::string& key);
    void store(const std::string& key, const GeneratedSynapses& synapses);
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;

    std::filesystem::path folder_;
    SynapseSource& generator_;
    std::uint64_t hits_ = 0;
    std::uint64_t misses_ = 0;
    std::string failure_;  ///< why the last file could not be written; empty if none failed
};

}  // namespace seamount::compiler
