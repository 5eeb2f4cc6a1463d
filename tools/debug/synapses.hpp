#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/image/image.hpp"
#include "tools/debug/debugger.hpp"
#include "tools/debug/words.hpp"

namespace seamount::debug {

/// A synapse, and where a core keeps it.
struct FoundSynapse {
    static constexpr std::uint32_t kStatic = 0xFFFFFFFFU;
    std::uint32_t source = 0;  ///< member of the selection that it comes from
    std::uint32_t target = 0;  ///< index within the population
    std::int32_t weight = 0;   ///< mantissa, as it is now
    std::uint32_t delay = 0;   ///< steps beyond the first
    int exponent = 0;
    std::uint8_t accumulator = 0;
    std::uint32_t core = 0;    ///< index into Image::cores
    std::uint32_t header = 0;  ///< of its block, in CoreImage::synapses
    std::uint32_t place = 0;   ///< within the block
    std::uint32_t entry = 0;   ///< of LearningImage::projections, if it learns
    std::uint32_t id = kStatic;
};

/// The synapses from some sources to some neurons, by source, then target.
[[nodiscard]] std::vector<FoundSynapse> find_synapses(Debugger& debugger, const Selection& from,
                                                      const Selection& to);

/// The output axons of a neuron, or of a source of an input.
[[nodiscard]] std::vector<isa::OutputAxon> axons_of(const Debugger& debugger,
                                                    const Selection& selection, std::size_t member);

/// What of a synapse can be set.
enum class SynapseField : std::uint8_t { kWeight, kDelay };
inline constexpr auto kSynapseFieldNames =
    name_table<SynapseField>({{SynapseField::kWeight, "weight"}, {SynapseField::kDelay, "delay"}});
/// Of all synapses from `from` to `to`. What shares their words in the core, as the synapses of a
/// kernel do, changes with them. Returns how many there are. Throws InputError (DBG-VALUE).
std::size_t set_synapses(Debugger& debugger, const Selection& from, const Selection& to,
                         SynapseField field, std::int64_t value, const SourceLocation& where);

/// What of an output axon can be set.
enum class AxonField : std::uint8_t { kCore, kAxon, kAtom, kChannel, kPayloadBits };
inline constexpr auto kAxonFieldNames = name_table<AxonField>({
    {AxonField::kCore, "core"},
    {AxonField::kAxon, "axon"},
    {AxonField::kAtom, "atom"},
    {AxonField::kChannel, "channel"},
    {AxonField::kPayloadBits, "payload_bits"},
});
/// Axon number `axon` of each of the selection. Throws InputError (DBG-VALUE).
void set_axon(Debugger& debugger, const Selection& selection, std::uint32_t axon, AxonField field,
              std::int64_t value, const SourceLocation& where);

}  // namespace seamount::debug
