#include "emulator/mesh/packet/ways_in.hpp"

#include <algorithm>

namespace seamount::emu {

void WaysIn::clear() {
    for (Way& way : ways_) {
        way.waiting.clear();
        way.free = {};
    }
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
    for (const Way& way : ways_) {
        for (const PacketHead& head : way.waiting) next = std::min(next, head.time);
    }
    return next;
}

}  // namespace seamount::emu
