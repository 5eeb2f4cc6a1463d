#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"
#include "emulator/mesh/packet/merge.hpp"

namespace seamount::emu {

/// The ways from tiles into their routers, one per mesh. Packets pass one after another in order of
/// time; those that wait queue without end. If `local_occupancy` is 0, nobody waits.
class WaysIn {
public:
    /// `grid` must outlive it.
    explicit WaysIn(const MeshGrid& grid) : grid_{grid}, ways_(grid.routers()) {}

    void clear();
    /// Whether packets may have to wait.
    [[nodiscard]] bool take_time() const noexcept {
        return grid_.params().local_occupancy != Ticks{};
    }

    /// A packet for `mesh` is made. Calls enter(mesh, tile, head) with its head at the source
    /// router, if it need not wait for let_in.
    template <class Enter>
    void add(std::uint32_t mesh, const MeshPacket& packet, std::uint32_t id, Enter enter) {
        PacketHead head{packet.inject, packet.target_tile, FlitTrain{packet.flits}, id};
        if (take_time()) {
            const std::uint32_t router = grid_.router(mesh, packet.source_tile);
            Way& way = ways_[router];
            way.waiting.push_back(head);
            if (way.used) return;
            way.used = true;
            used_.push_back(router);
        } else {
            head.time += grid_.params().inject;
            enter(mesh, packet.source_tile, head);
        }
    }

    /// The same with all heads that pass before `until`.
    template <class Enter>
    void let_in(Ticks until, Enter enter) {
        if (!take_time()) return;
        std::sort(used_.begin(), used_.end());
        for (const std::uint32_t router : used_) {
            Way& way = ways_[router];
            if (way.waiting.empty()) continue;
            sorter_.sort(way.waiting);
            const std::size_t count = count_before(way.waiting, until);
            for (std::size_t i = 0; i < count; ++i) {
                enter(grid_.mesh_of(router), grid_.tile_of(router), pass(way, way.waiting[i]));
            }
            drop_front(way.waiting, count);
        }
    }

    /// When the first of those that wait was made; kNever if nobody does.
    [[nodiscard]] Ticks next() const noexcept;

private:
    struct Way {
        HeadStream waiting;
        Ticks free{};
        bool used = false;  ///< it is among used_
    };
    [[nodiscard]] PacketHead pass(Way& way, PacketHead head) const noexcept;

    const MeshGrid& grid_;
    std::vector<Way> ways_;            ///< by router
    std::vector<std::uint32_t> used_;  ///< routers whose way had a packet since `clear`
    StreamSorter sorter_;
};

}  // namespace seamount::emu
