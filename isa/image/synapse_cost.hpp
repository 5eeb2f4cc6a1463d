#pragma once

#include <cstdint>

#include "isa/image/image.hpp"

namespace seamount::isa {

/// Bits that one axon's list of `synapses` synapses of one format takes in synapse memory, in whole
/// 64-bit words: blocks of at most `block` synapses, each 64 * ceil((k * b + 4 + 6) / 64) with b =
/// weight + delay + tag + index bits. Exact; source: nengo-loihi SynapseConfig.bits_per_axon.
[[nodiscard]] std::uint64_t synapse_bits(const SynapseFormat& format, std::uint64_t synapses,
                                         std::uint32_t block = 64) noexcept;

/// Narrowest legal stored index width (6..16 bits) that can name `compartments` targets, at most
/// 65536. Loihi's codes end at 12; wider indices are for chips with larger cores.
[[nodiscard]] std::uint8_t index_bits_for(std::uint64_t compartments) noexcept;

/// Widths behind the 3-bit codes of Loihi's SynapseFmt register.
[[nodiscard]] std::uint8_t weight_bits_of_code(
    std::uint8_t code) noexcept;  ///< 0..7 -> 0,1,2,3,4,5,6,8
[[nodiscard]] std::uint8_t index_bits_of_code(
    std::uint8_t code) noexcept;  ///< 0..7 -> 0,6,7,8,9,10,11,12

}  // namespace seamount::isa
