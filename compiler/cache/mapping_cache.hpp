#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// How a mapping is looked for: what decides it beside the network and the chip.
struct MappingMethod {
    std::string partitioner;
    std::string placer;
    std::uint32_t effort = 0;
    std::uint64_t seed = 0;
    IdVector<NeuronId, std::uint32_t> rates;  ///< empty: all alike
};

/// A placed mapping and where it comes from.
struct KnownMapping {
    Mapping mapping;
    std::string how;
    bool is_random = false;
};

/// Keeps mappings in a folder, a file per mapping, named by a hash of all that decides them: the
/// network as the partitioner sees it, the chip, the method, and the version of the mappers. Files
/// behave as those of SynapseCache do.
class MappingCache {
public:
    explicit MappingCache(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// Empty for a chip that no file describes: nothing is kept for it.
    [[nodiscard]] static std::string key_of(const Lowered& lowered, const isa::ChipSpec& chip,
                                            const MappingMethod& method);

    /// Nothing unless the file is there, whole, and about a network of this size.
    [[nodiscard]] std::optional<KnownMapping> load(const std::string& key,
                                                   const Lowered& lowered) const;
    /// False if the file cannot be written.
    bool store(const std::string& key, const KnownMapping& known) const;

private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const {
        return folder_ / (key + ".mapping");
    }

    std::filesystem::path folder_;
};

}  // namespace seamount::compiler
