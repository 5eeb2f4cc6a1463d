#pragma once

#include <algorithm>
#include <cstdint>

#include "emulator/machine/activity.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::emu {

/// Whether the payload needs more bits than its output axon declares.
[[nodiscard]] inline bool is_wide(const SpikePacket& packet, const isa::ChipSpec& chip) {
    return packet.value_bits > packet.payload_bits &&
           chip.mesh.payload_width == isa::PayloadWidth::kDeclared;
}

/// Flits of a packet on the mesh: header and payload, by the widths of the chip. A payload beyond
/// its declared width is carried whole and takes the flits that it needs.
[[nodiscard]] inline std::uint32_t flits_of(const SpikePacket& packet, const isa::ChipSpec& chip) {
    const bool declared = chip.mesh.payload_width == isa::PayloadWidth::kDeclared;
    return chip.mesh.flits(declared ? std::max(packet.payload_bits, packet.value_bits)
                                    : packet.value_bits);
}

}  // namespace seamount::emu
