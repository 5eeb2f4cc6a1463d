#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "compiler/ir/mapper.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// Keeps placed mappings in a folder, a file per mapping, named by a hash of all that decides them:
/// the network as the partitioner sees it, the chip, the method, and the version of the mappers.
/// Files behave as those of SynapseCache do.
class MappingCache final : public Mapper {
public:
    /// In front of `mapper`, which maps to `chip` by `method`. All three must outlive the cache.
    MappingCache(std::filesystem::path folder, const isa::ChipSpec& chip,
                 const MappingMethod& method, Mapper& mapper)
        : folder_{std::move(folder)}, chip_{chip}, method_{method}, mapper_{mapper} {}

    [[nodiscard]] Partition partition(const Lowered& lowered, Diagnostics& diagnostics) override;
    /// Keeps the mapping unless there are warnings: it is looked for again, so that they come
    /// again. Warns (CMP-CACHE) if the file cannot be written.
    void place(const Lowered& lowered, Partition& cut, Diagnostics& diagnostics) override;

    /// Whether the last mapping was there.
    [[nodiscard]] bool hit() const noexcept { return hit_; }

private:
    /// Nothing unless the file is there, whole, and about a network of this size.
    [[nodiscard]] std::optional<Partition> load(const Lowered& lowered) const;
    /// False if the file cannot be written.
    [[nodiscard]] bool store(const Partition& known) const;
    [[nodiscard]] std::filesystem::path file() const { return folder_ / (key_ + ".mapping"); }

    std::filesystem::path folder_;
    const isa::ChipSpec& chip_;
    const MappingMethod& method_;
    Mapper& mapper_;
    std::string key_;  ///< of the last network; empty on a chip that no file describes
    std::size_t diagnostics_before_ = 0;
    bool hit_ = false;
};

}  // namespace seamount::compiler
