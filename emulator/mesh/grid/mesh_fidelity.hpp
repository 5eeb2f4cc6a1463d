#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"

namespace seamount::emu {

/// How closely a mesh is played. A further one has its row here, its case in make_mesh and its
/// sources.
enum class MeshFidelity : std::uint8_t {
    kFlit,    ///< wormhole switching with buffers, credits and arbitration of each router
    kPacket,  ///< links are reserved hop by hop in time order, see packet_mesh.hpp
    kIdeal,   ///< no contention: latency of the route alone
};

/// As options and reports spell them; what each is, for `run --help`, stands in kMeshHelp.
inline constexpr auto kMeshFidelityNames =
    name_table<MeshFidelity>({{MeshFidelity::kFlit, "flit"},
                              {MeshFidelity::kPacket, "packet"},
                              {MeshFidelity::kIdeal, "ideal"}});
inline constexpr const char* kMeshHelp =
    "flit: routers with buffers; packet: links; ideal: no contention";

}  // namespace seamount::emu
