#include "emulator/mesh/packet/ways_in.hpp"

#include <algorithm>

namespace seamount::emu {

void WaysIn::clear() {
    for (const std::uint32_t router : used_) {
        Way& way = ways_[router];
        way.waiting.clear();
        way.free = {};
        way.used = false;
    }
    used_.clear();
}

PacketHead WaysIn::pass(Way& way, PacketHead head) const noexcept {
    const MeshParams& params = grid_.params();
    head.time = std::max(head.time, way.free);
    way.free = head.time + params.local_occupancy + grid_.pace(false) * (head.train.flits() - 1U);
    head.time += params.inject;
    return head;
}

Ticks WaysIn::next() const noexcept {
    Ticks next = kNever;
    for (const std::uint32_t router : used_) {
        for (const PacketHead& head : ways_[router].waiting) next = std::min(next, head.time);
    }
    return next;
}

}  // namespace seamount::emu
