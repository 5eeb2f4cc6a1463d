#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/mesh_model.hpp"
#include "isa/spec/chip_spec.hpp"

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

}  // namespace seamount::test
