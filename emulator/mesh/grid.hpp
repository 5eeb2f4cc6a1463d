#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/mesh_model.hpp"
#include "isa/spec/chip_spec.hpp"

namespace seamount::emu {

/// Way out of a router. x grows eastward, y grows southward.
enum class Direction : std::uint8_t { kEast, kWest, kSouth, kNorth, kLocal };
inline constexpr std::size_t kDirections = 5;
inline constexpr std::uint32_t kMaxFlits = 65535;  ///< of one packet

/// Geometry, latencies and the accounting of routes. Every fidelity uses this one, so packets, hops
/// and link loads do not depend on the fidelity.
class MeshGrid {
public:
    explicit MeshGrid(const isa::ChipSpec& chip);

    [[nodiscard]] std::uint32_t width() const noexcept { return width_; }
    [[nodiscard]] std::uint32_t height() const noexcept { return height_; }
    [[nodiscard]] std::uint32_t tiles() const noexcept { return width_ * height_; }
    [[nodiscard]] std::uint32_t x(std::uint32_t tile) const noexcept { return x_[tile]; }
    [[nodiscard]] std::uint32_t y(std::uint32_t tile) const noexcept { return y_[tile]; }
    /// Where a packet for `target` leaves the router of `tile`: first along x, then along y.
    [[nodiscard]] Direction route(std::uint32_t tile, std::uint32_t target) const noexcept;

    /// From injection at a tile to the head at its router (Event::kTileSpike).
    [[nodiscard]] std::uint64_t tile_ps() const noexcept { return tile_ps_; }
    /// Head from one router to the next.
    [[nodiscard]] std::uint64_t hop_ps(Direction way) const noexcept {
        return way == Direction::kEast || way == Direction::kWest ? east_west_ps_ : north_south_ps_;
    }
    /// How long one flit keeps a link busy.
    [[nodiscard]] std::uint64_t occupancy_ps() const noexcept { return occupancy_ps_; }
    /// Tail at the target when nothing is in the way.
    [[nodiscard]] std::uint64_t free_arrival_ps(const MeshPacket& packet) const noexcept;

    /// Checks `packets` and counts their routes in `counters` and in the loads of the links.
    void account(std::span<const MeshPacket> packets, MeshCounters& counters);
    /// Flits over the busiest link so far.
    [[nodiscard]] std::uint64_t max_link_flits() const;

private:
    std::uint32_t width_;
    std::uint32_t height_;
    std::uint64_t tile_ps_;
    std::uint64_t east_west_ps_;
    std::uint64_t north_south_ps_;
    std::uint64_t occupancy_ps_;
    std::vector<std::uint16_t> x_;  ///< by tile
    std::vector<std::uint16_t> y_;

    /// Link loads by direction as differences: a route adds its flits where it joins a row or
    /// column and subtracts them where it leaves. Two updates per packet, whatever its distance.
    std::vector<std::int64_t> load_change_[4];
};

}  // namespace seamount::emu
