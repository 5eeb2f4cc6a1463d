#include "emulator/mesh/packet/wait_log.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {

void WaitLog::clear() {
    for (const std::size_t link : links_) served_[link] = {};
    links_.clear();
    packets_.clear();
    waits_.clear();
}

WaitLog::Writer WaitLog::open(std::size_t link, std::size_t heads) {
    SM_ASSERT(served_[link].count == 0, "a link serves all packets of a step at once");
    const std::size_t first = packets_.size();
    served_[link] = {first, heads};
    links_.push_back(link);
    packets_.resize(first + heads);
    waits_.resize(first + heads);
    return {packets_.data() + first, waits_.data() + first};
}

std::optional<Ticks> WaitLog::find(std::size_t link, std::uint32_t packet) const {
    const Range range = served_[link];
    const auto first = packets_.begin() + static_cast<std::ptrdiff_t>(range.first);
    const auto last = first + static_cast<std::ptrdiff_t>(range.count);
    const auto found = std::find(first, last, packet);
    if (found == last) return std::nullopt;
    return waits_[static_cast<std::size_t>(found - packets_.begin())];
}

}  // namespace seamount::emu
