#include "tools/debug/checkpoints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "isa/base/assert.hpp"

namespace seamount::debug {
namespace {

std::size_t bytes_of(const emu::MachineState& state) {
    std::size_t bytes = sizeof(state) + (state.words.size() + state.traces.size()) * 4 +
                        state.sums.size() * sizeof(emu::PendingSum);
    for (const emu::ProjectionState& learned : state.learned) {
        bytes += learned.synapses.size() * sizeof(emu::SynapseState) +
                 (learned.pre.size() + learned.post.size()) * sizeof(emu::TraceState) +
                 learned.post_history.size() * 2;
    }
    return bytes;
}

}  // namespace

void Checkpoints::take(Checkpoint checkpoint) {
    const std::uint64_t step = checkpoint.machine.step;
    const std::size_t most = std::clamp<std::size_t>(kBytes / bytes_of(checkpoint.machine), 4, 64);
    taken_.insert_or_assign(step, std::move(checkpoint));
    const auto kept = static_cast<std::size_t>(
        std::ranges::count_if(taken_, [](const auto& entry) { return !entry.second.pinned; }));
    if (kept > most) thin();
}

/// Every second one goes; the first one stays.
void Checkpoints::thin() {
    spacing_ *= 2;
    std::erase_if(taken_, [this](const auto& entry) {
        return !entry.second.pinned && entry.first % spacing_ != 0;
    });
}

const Checkpoint& Checkpoints::before(std::uint64_t step) const {
    const auto after = taken_.upper_bound(step);
    SM_ASSERT(after != taken_.begin(), "the first step has a checkpoint");
    return std::prev(after)->second;
}

const Checkpoint& Checkpoints::last_change(std::uint64_t step) const {
    for (auto at = taken_.upper_bound(step); at != taken_.begin();) {
        --at;
        if (at->second.pinned) return at->second;
    }
    return taken_.begin()->second;
}

void Checkpoints::forget_after(std::uint64_t step) {
    taken_.erase(taken_.upper_bound(step), taken_.end());
}

}  // namespace seamount::debug
