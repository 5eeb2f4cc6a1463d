#include "tools/debug/checkpoints.hpp"

#include <iterator>
#include <utility>

#include "isa/base/assert.hpp"

namespace seamount::debug {
namespace {

constexpr std::size_t kMostSpread = 64;
constexpr std::size_t kFewestSpread = 4;
constexpr std::size_t kFewest = 2;

template <class T>
std::size_t bytes_in(const std::vector<T>& items) {
    return items.size() * sizeof(T);
}

std::size_t bytes_of(const emu::MachineState& state) {
    std::size_t bytes = sizeof(state) + bytes_in(state.words) + bytes_in(state.traces) +
                        bytes_in(state.sums) + bytes_in(state.host_spikes) +
                        bytes_in(state.host_writes);
    for (const emu::ProjectionState& learned : state.learned) {
        bytes += bytes_in(learned.synapses) + bytes_in(learned.pre) + bytes_in(learned.post) +
                 bytes_in(learned.post_history);
    }
    return bytes;
}

/// What grows with the network.
std::size_t bytes_of(const isa::Image& image) {
    std::size_t bytes = sizeof(image);
    for (const isa::CoreImage& core : image.cores) {
        bytes += sizeof(core) + bytes_in(core.groups) + bytes_in(core.neurons) +
                 bytes_in(core.formats) + bytes_in(core.input_axons) + bytes_in(core.synapses) +
                 bytes_in(core.outputs) + bytes_in(core.output_first) + bytes_in(core.rows) +
                 bytes_in(core.visits) + bytes_in(core.plastic.blocks) +
                 bytes_in(core.plastic.ids) + bytes_in(core.plastic.tags) +
                 bytes_in(core.plastic.second_tags);
        for (const isa::NeuronGroup& group : core.groups) {
            for (const auto& values : group.state) bytes += bytes_in(values);
        }
    }
    for (const isa::InputImage& input : image.inputs) {
        bytes += sizeof(input) + bytes_in(input.outputs) + bytes_in(input.output_first) +
                 bytes_in(input.spike_steps) + bytes_in(input.spike_sources) +
                 bytes_in(input.spike_payloads) + bytes_in(input.rates) + bytes_in(input.samples) +
                 bytes_in(input.writes);
    }
    return bytes;
}

std::size_t bytes_of(const Checkpoint& checkpoint) {
    return sizeof(checkpoint) + bytes_of(checkpoint.machine) + bytes_in(checkpoint.last);
}

}  // namespace

void Checkpoints::count(const Checkpoint& checkpoint) {
    Held& held = images_[checkpoint.image.get()];
    if (held.uses++ == 0) {
        held.bytes = bytes_of(*checkpoint.image);
        bytes_ += held.bytes;
    }
    bytes_ += bytes_of(checkpoint);
    spread_ += checkpoint.pinned ? 0U : 1U;
}

Checkpoints::Taken::iterator Checkpoints::drop(Taken::iterator at) {
    const Checkpoint& checkpoint = at->second;
    const auto held = images_.find(checkpoint.image.get());
    if (--held->second.uses == 0) {
        bytes_ -= held->second.bytes;
        images_.erase(held);
    }
    bytes_ -= bytes_of(checkpoint);
    spread_ -= checkpoint.pinned ? 0U : 1U;
    return taken_.erase(at);
}

void Checkpoints::take(Checkpoint checkpoint) {
    const std::uint64_t step = checkpoint.machine.step;
    count(checkpoint);
    if (const auto other = taken_.find(step); other != taken_.end()) (void)drop(other);
    taken_.emplace(step, std::move(checkpoint));
    make_room();
}

void Checkpoints::make_room() {
    while (spread_ > kMostSpread || (bytes_ > most_bytes_ && spread_ > kFewestSpread)) thin();
    // Of those before one that was dropped none leads on: all that is older goes first.
    while (bytes_ > most_bytes_ && taken_.size() > kFewest) (void)drop(taken_.begin());
}

/// Every second one goes.
void Checkpoints::thin() {
    spacing_ *= 2;
    for (auto at = taken_.begin(); at != taken_.end();) {
        at = !at->second.pinned && at->first % spacing_ != 0 ? drop(at) : std::next(at);
    }
}

const Checkpoint& Checkpoints::before(std::uint64_t step) const {
    const auto after = taken_.upper_bound(step);
    SM_ASSERT(after != taken_.begin(), "no step before the first checkpoint is asked for");
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
    for (auto at = taken_.upper_bound(step); at != taken_.end();) at = drop(at);
}

}  // namespace seamount::debug
