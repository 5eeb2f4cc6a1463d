#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"
#include "isa/base/units.hpp"

namespace seamount::isa {

/// Which of two physical meshes a packet takes.
enum class MeshPolicy : std::uint8_t {
    kAlternate,  ///< the packets of a tile in turn
    kParity,     ///< source plus target tile: even the first, odd the second; keeps pairs in order
    kType,       ///< plain spikes the first, graded spikes and host packets the second
};
inline constexpr auto kMeshPolicyNames = name_table<MeshPolicy>({
    {MeshPolicy::kAlternate, "alternate"},
    {MeshPolicy::kParity, "parity"},
    {MeshPolicy::kType, "type"},
});

/// The way through a mesh.
enum class MeshRouting : std::uint8_t {
    kXy,    ///< first along x, then along y
    kYx,    ///< first along y, then along x
    kXyYx,  ///< the first mesh XY, the second YX
};
inline constexpr auto kMeshRoutingNames = name_table<MeshRouting>({
    {MeshRouting::kXy, "xy"},
    {MeshRouting::kYx, "yx"},
    {MeshRouting::kXyYx, "xy_yx"},
});

/// How wide the payload of a graded spike is on the mesh.
enum class PayloadWidth : std::uint8_t {
    kDeclared,  ///< as its output axon says, however small the value is
    kValue,     ///< the bits of the value as a signed number
};
inline constexpr auto kPayloadWidthNames = name_table<PayloadWidth>({
    {PayloadWidth::kDeclared, "declared"},
    {PayloadWidth::kValue, "value"},
});

/// What the `mesh:` section and the multi-chip keys of `topology:` say beyond ChipSpec's own
/// members.
struct MeshSpec {
    std::uint32_t chips_x = 1;  ///< identical chips, tiled in a grid, east-west
    std::uint32_t chips_y = 1;
    std::uint32_t meshes = 1;  ///< parallel physical meshes, 1 or 2
    MeshPolicy policy = MeshPolicy::kAlternate;
    MeshRouting routing = MeshRouting::kXy;
    std::uint32_t flit_bits = 32;     ///< that one flit carries
    std::uint32_t header_bits = 32;   ///< of every packet; a plain spike has nothing else
    std::uint32_t payload_bits = 24;  ///< of graded spikes whose projections declare no width
    PayloadWidth payload_width = PayloadWidth::kDeclared;
    std::uint32_t buffer_flits = 8;  ///< per router input and virtual channel
    std::uint32_t virtual_channels = 1;
    Picoseconds local_occupancy{};    ///< of a tile's way into and out of its router by one flit
    Picoseconds offchip_occupancy{};  ///< of an off-chip link by one flit
    Picoseconds credit{};             ///< a freed buffer place, on its way to the router upstream

    /// Of a packet with so many bits of payload, 0 for a plain spike.
    [[nodiscard]] constexpr std::uint32_t flits(std::uint32_t payload) const noexcept {
        return header_bits + payload <= flit_bits
                   ? 1
                   : (header_bits + payload + flit_bits - 1) / flit_bits;
    }

    friend bool operator==(const MeshSpec&, const MeshSpec&) = default;
};

/// Places for flits that all routers of a grid may have together; 32 bytes each in a simulation,
/// for each of the five inputs of a router.
inline constexpr std::uint64_t kMaxBufferPlaces = std::uint64_t{1} << 24;
/// Tiles x meshes x channels x flits.
[[nodiscard]] constexpr std::uint64_t buffer_places(std::uint64_t tiles, std::uint64_t meshes,
                                                    std::uint64_t channels, std::uint64_t flits) {
    return tiles * meshes * channels * flits;
}

}  // namespace seamount::isa
