#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/mapper.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "compiler/partition/least_cores.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

enum class FitVerdict : std::uint8_t {
    kFits,        ///< there is a mapping within all limits
    kDoesNotFit,  ///< there is none
    kUnclear,     ///< the bound allows one, the quick mapping is none
};
inline constexpr auto kFitVerdictNames = name_table<FitVerdict>({
    {FitVerdict::kFits, "yes"},
    {FitVerdict::kDoesNotFit, "no"},
    {FitVerdict::kUnclear, "unclear"},
});

/// How many cores a network takes.
struct CoreNeed {
    FitVerdict verdict = FitVerdict::kUnclear;
    std::uint64_t usable_cores = 0;  ///< of the chip that work, with all of their memory
    LeastCores least;                ///< no mapping takes fewer
    std::uint64_t cores = 0;         ///< that the mapping takes, on as many as there had to be
    /// Of `cores`, by the limit that is fullest on them: which one decides, the most frequent.
    isa::CoreLimit binds = isa::CoreLimit::kCompartments;
    /// The mapping; neurons that no core holds have a shard of their own.
    Partition cut;
    std::uint64_t misfits = 0;           ///< neurons that no core holds
    bool ignores_places = false;         ///< pinned neurons were taken for free ones
    std::vector<Diagnostic> refusals{};  ///< what the partitioner said against it
};

/// Cores of the chip, or of each of several.
[[nodiscard]] std::uint64_t cores_per_chip(const isa::ChipSpec& chip) noexcept;
/// `factor` times as many chips below each other; tiles and cores keep their numbers. For counting
/// and pricing: its `resolved` is still that of one.
[[nodiscard]] isa::ChipSpec several(const isa::ChipSpec& chip, std::uint32_t factor);

/// From bounds and next-fit in the order of the network: a fraction of a second for 10^7 synapses.
[[nodiscard]] CoreNeed quick_need(const Lowered& lowered, const isa::ChipSpec& chip);

/// As a compilation by `method` maps it, placement included. Where that finds no mapping, the
/// numbers are those of quick_need().
[[nodiscard]] CoreNeed exact_need(const Lowered& lowered, const isa::ChipSpec& chip,
                                  const MappingMethod& method);

/// Whether a finding says that something does not fit, and not that it is wrong.
[[nodiscard]] bool is_refusal(const Diagnostic& finding);

}  // namespace seamount::compiler
