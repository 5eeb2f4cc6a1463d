#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/mesh/grid/mesh_fidelity.hpp"
#include "emulator/mesh/grid/mesh_params.hpp"
#include "isa/base/ids.hpp"

namespace seamount::emu {

class Parallel;

inline constexpr std::uint32_t kMaxFlits = 32767;  ///< of one packet

/// What a packet carries; MeshPolicy::kType sends the first kind over one mesh, the rest over the
/// other.
enum class PacketKind : std::uint8_t { kSpike, kGradedSpike, kHost };

/// A tile in the records of which there are many: a mesh has at most 65,536.
using PackedTile = PackedId<TileId, std::uint16_t>;

/// One packet. Times are relative to the start of the step, or of the traffic.
struct MeshPacket {
    static constexpr std::uint32_t kNoSource = 0xFFFFFFFF;

    /// The packet leaves its tile; its head is at the source router one tile time
    /// (Event::kTileSpike) later.
    Ticks inject{};
    PackedTile source_tile{};
    PackedTile target_tile{};
    std::uint32_t flits = 1;  ///< 1..kMaxFlits
    /// What makes the packet (a core), if it makes one after another: while one cannot enter the
    /// mesh, the source stalls and its later packets shift by as much. Its packets stand together,
    /// in order of time.
    std::uint32_t source = kNoSource;
    PacketKind kind = PacketKind::kSpike;
};

/// The tail of a packet at the target tile's local port.
struct MeshDelivery {
    Ticks at{};
    std::uint32_t packet = 0;
};

/// What one link did in a step, or since the traffic began. From kLocal: the tile's way out of the
/// mesh.
struct LinkUse {
    TileId tile{};  ///< that the link leaves
    Direction way = Direction::kLocal;
    std::uint8_t mesh = 0;
    std::uint64_t flits = 0;
    Ticks busy{};      ///< flits times the link's occupancy
    Ticks wait{};      ///< of heads, from arrival at the router to start on the link
    Ticks max_wait{};  ///< of one head; by the occupancy, the depth of the queue
};

/// The link at which a packet waited longest.
struct LinkDelay {
    TileId tile{};
    Direction way = Direction::kLocal;
    std::uint8_t mesh = 0;
    Ticks wait{};  ///< 0: it waited nowhere
};

/// What the mesh did; integers, summed over steps.
struct MeshCounters {
    std::uint64_t packets = 0;
    std::uint64_t hops_east_west = 0;  ///< flits over horizontal links within a chip
    std::uint64_t hops_north_south = 0;
    std::uint64_t tile_spikes = 0;    ///< packets that entered the mesh from a tile: every one once
    Ticks contention{};               ///< time that packets waited for links
    std::uint64_t hops_off_chip = 0;  ///< flits over links between chips
    [[nodiscard]] std::uint64_t hops() const noexcept {
        return hops_east_west + hops_north_south + hops_off_chip;
    }
    friend bool operator==(const MeshCounters&, const MeshCounters&) = default;
};

/// The routers and links of the chip. Owned by one SystemC process; plain C++ itself.
///
/// Two ways to use it: `carry` for all packets of a step, whose links are idle at its start; or
/// `begin`, then `offer` and `advance` in turn, for traffic without end.
class MeshModel {
public:
    virtual ~MeshModel() = default;
    /// Carries all packets of one step and writes the arrival time of each (tail at the target
    /// tile's local port, from the start of the step) to `arrivals[i]`. Links are idle at the start
    /// of a step.
    virtual void carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) = 0;
    /// When the head of each packet of the last `carry` entered the mesh. Empty: all at their
    /// `inject`, as nothing pushes back.
    [[nodiscard]] virtual std::span<const Ticks> departures() const { return {}; }

    /// Empties the mesh: time is 0, links are idle and their use starts from 0.
    virtual void begin() = 0;
    /// Hands a packet over. Its time lies at or after the last `advance`; those of a tile come in
    /// order of time. `id` comes back in its delivery. The tile is the source: its packets queue
    /// outside the mesh without end.
    virtual void offer(const MeshPacket& packet, std::uint32_t id) = 0;
    /// Plays everything before `until`. A delivery is appended when it is certain: its time may lie
    /// after `until`, but none before `until` is missing.
    virtual void advance(Ticks until, std::vector<MeshDelivery>& delivered) = 0;

    /// Links that carried flits, by mesh, tile and direction.
    [[nodiscard]] virtual std::vector<LinkUse> links() const = 0;
    /// From now on `carry` may divide what it does among `threads`, which must outlive its last
    /// one. The result is the same.
    virtual void use(Parallel& /*threads*/) {}
    /// From now on remember for `worst_link`. Costs time.
    virtual void watch_delays(bool on) = 0;
    /// Where packet `i` of the last `carry` waited longest: the first such link of its route.
    /// Needs `watch_delays(true)` and that the packets still stand where `carry` saw them.
    [[nodiscard]] virtual LinkDelay worst_link(std::uint32_t packet) const = 0;

    [[nodiscard]] const MeshCounters& counters() const noexcept { return counters_; }
    /// Flits that crossed the busiest link so far.
    [[nodiscard]] virtual std::uint64_t max_link_flits() const = 0;

protected:
    MeshCounters counters_;
};

}  // namespace seamount::emu
