#pragma once

#include <cstdint>

#include "isa/image/weights.hpp"

/// Words of 64 bits that the tables of a core take on chips that keep them in one pool, as the
/// memory tables of Loihi 2's own compiler show them: one word per input axon, compartment, entry
/// of the axon map and entry of the axon memory, and the words of synapse rows below. The formulas
/// give every row length that those tables print for networks whose weights are public (kernel rows
/// of 24, 36, 48 and 64 outputs, lists of 1, 9, 10, 17, 50 and 64 targets).
namespace seamount::isa::pool {

/// Bits of a weight in a pool, from the largest magnitude of the projection's stored mantissas
/// (-256..255) and their signs: mixed signs lose the lowest bit (weights.hpp). At least 1.
[[nodiscard]] std::uint32_t weight_bits(std::uint32_t largest, SignMode mode) noexcept;

/// A row of a kernel: the weights from one input channel over one tap to `outputs` channels.
/// `bits` of each are those of its weight and delay. No outputs: no words.
[[nodiscard]] std::uint64_t kernel_row_words(std::uint64_t outputs, std::uint32_t bits) noexcept;

/// A row of any other projection: one source's synapses onto the core, each with its target.
/// `bits` of each are those of its weight, delay and tags. No targets: no words.
[[nodiscard]] std::uint64_t list_row_words(std::uint64_t targets, std::uint32_t bits) noexcept;

/// Entries of the axon map for one place of a feature map, all channels together, to one target
/// layer: 2 if the channels are more than 3 and no power of two, else 1.
[[nodiscard]] std::uint64_t map_entries(std::uint64_t channels) noexcept;

}  // namespace seamount::isa::pool
