#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::test {

struct ReferenceRun {
    std::vector<std::uint64_t> arrival_ps;
    std::uint64_t contention_ps = 0;
    std::uint64_t hops = 0;
    std::uint64_t max_link_flits = 0;
};

/// Carries packets one hop at a time, always the earliest head of the whole chip next (ties: lower
/// packet index): slow, obviously in global time order. Independent of emulator/mesh.
ReferenceRun reference_carry(const isa::ChipSpec& chip, std::span<const emu::MeshPacket> packets);

/// The same where packets queue at the inputs of routers and buffers have an end: of all packets
/// that are first in their queue, the one that can start earliest is next (ties: what leaves the
/// mesh, who asked first, lower packet index). Every flit ever sent is kept. For packets that fit a
/// buffer.
ReferenceRun reference_carry_queued(const isa::ChipSpec& chip,
                                    std::span<const emu::MeshPacket> packets);

}  // namespace seamount::test
