#include "emulator/mesh/packet/wait_log.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {

void WaitLog::clear() {
    for (const std::size_t link : links_) served_[link] = {};
    links_.clear();
    waits_.clear();
    long_waits_.clear();
}

WaitLog::Writer WaitLog::open(std::size_t link, std::size_t heads) {
    SM_ASSERT(served_[link].count == 0, "a link serves all packets of a step at once");
    const std::size_t first = waits_.size();
    const std::size_t size = first + heads;
    served_[link].first = first;
    links_.push_back(link);
    // A quarter more, where a vector would double: there are millions.
    if (size > waits_.capacity()) waits_.reserve(size + size / 4);
    waits_.resize(size);
    return {*this, link, waits_.data() + first};
}

void WaitLog::close(std::size_t link, const Wait* end) {
    const auto size = static_cast<std::size_t>(end - waits_.data());
    served_[link].count = size - served_[link].first;
    waits_.resize(size);
}

void WaitLog::keep_whole(const Wait* place, Ticks wait) {
    long_waits_.push_back({static_cast<std::size_t>(place - waits_.data()), wait});
}

Ticks WaitLog::find(std::size_t link, std::uint32_t packet) const {
    const Range range = served_[link];
    const auto first = waits_.begin() + static_cast<std::ptrdiff_t>(range.first);
    const auto last = first + static_cast<std::ptrdiff_t>(range.count);
    const auto found =
        std::find_if(first, last, [&](const Wait& wait) { return wait.packet == packet; });
    if (found == last) return {};
    if (found->ticks < kLong) return Ticks{found->ticks};
    const auto at = static_cast<std::size_t>(found - waits_.begin());
    const auto whole = std::ranges::find(long_waits_, at, &LongWait::at);
    SM_ASSERT(whole != long_waits_.end(), "a long wait stands there as a whole");
    return whole->wait;
}

}  // namespace seamount::emu
