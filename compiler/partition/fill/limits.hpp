#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/lowered.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// One limit of a core that a demand exceeds.
struct LimitExcess {
    isa::CoreLimit limit{};
    std::uint64_t need = 0;
    std::uint64_t allowed = 0;
};

/// Orders limits by their keys: the order in which messages list them.
struct ByKey {
    bool operator()(isa::CoreLimit a, isa::CoreLimit b) const {
        return isa::name_of(a) < isa::name_of(b);
    }
};

/// Compares what a core needs with what it has; 0 in the chip file means no limit. Also what
/// conformance checks use.
[[nodiscard]] std::vector<LimitExcess> exceeded(const isa::CoreAmounts& need,
                                                const isa::CoreLimits& limits);

/// The limits of the chip, and where it has none (or larger ones) those of the image format.
[[nodiscard]] isa::CoreLimits effective_limits(const isa::CoreLimits& limits) noexcept;

/// Where a limit was met, which decides what helps.
enum class LimitCase : std::uint8_t {
    kNeuron,  ///< one neuron needs more than a core has
    kPinned,  ///< the user's mapping puts too much on a core
    kPacked,  ///< the partitioner put too much on a core, because a fan-out grew with the mapping
    kCores,   ///< the chip has too few cores, most of them full by this limit
};
/// What to do about an exceeded limit, for the hint of the message.
[[nodiscard]] std::string remedy(isa::CoreLimit limit, LimitCase where);

/// What every shard of a mapping needs, counted exactly. Every neuron must have a shard.
[[nodiscard]] IdVector<ShardId, CoreFill> count_fills(const Lowered& lowered,
                                                      const Mapping& mapping);
/// The same, but rows that are stored once are counted only for shards with a flag in `only`:
/// the others lack their input axons, synapse bits and formats. No such thing on chips with a pool.
[[nodiscard]] IdVector<ShardId, CoreFill> count_fills(const Lowered& lowered,
                                                      const Mapping& mapping,
                                                      const std::vector<bool>& only);

}  // namespace seamount::compiler
