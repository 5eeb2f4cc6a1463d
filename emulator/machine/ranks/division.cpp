#include "emulator/machine/ranks/division.hpp"

#include <algorithm>
#include <utility>

#include "emulator/machine/ranks/step_words.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

/// What a neuron costs in a step beside a synapse that is stored: an update of 10 to 20 ns against
/// the share of its synapses that see a spike, at 1 to 4 ns each. Chosen, not swept.
constexpr std::uint64_t kNeuronInSynapses = 32;

std::uint64_t work_of(const isa::CoreImage& core) {
    return kNeuronInSynapses * (core.neurons.size() + core.padding) + core.synapses.size();
}

}  // namespace

std::vector<std::uint32_t> first_cores(const isa::Image& image, std::uint32_t ranks) {
    std::uint64_t left = 0;
    for (const isa::CoreImage& core : image.cores) left += work_of(core);
    std::vector<std::uint32_t> first{0};
    std::uint32_t core = 0;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        // The share of those that are left, as far as whole cores allow.
        const std::uint64_t share = left / (ranks - rank);
        std::uint64_t taken = 0;
        for (; core < image.cores.size(); ++core) {
            const std::uint64_t work = work_of(image.cores[core]);
            if (rank + 1 != ranks && taken + work / 2 > share) break;
            taken += work;
        }
        left -= taken;
        first.push_back(core);
    }
    return first;
}

Division::Division(std::size_t cores) : first_{0, static_cast<std::uint32_t>(cores)} {}

Division::Division(std::size_t cores, Ranks* ranks, std::vector<std::uint32_t> first, bool moments)
    : Division{cores} {
    if (ranks == nullptr || ranks->size() == 1) return;
    SM_ASSERT(first.size() == ranks->size() + 1 && first.back() == cores &&
                  std::is_sorted(first.begin(), first.end()),
              "every core has a rank");
    ranks_ = ranks;
    rank_ = ranks->rank();
    first_ = std::move(first);
    moments_ = moments;
}

std::uint32_t Division::owner(CoreSlot core) const {
    const auto after = std::upper_bound(first_.begin(), first_.end(), core.value());
    return static_cast<std::uint32_t>(after - first_.begin()) - 1;
}

void Division::exchange_spikes(std::span<CoreActivity> cores) const {
    const std::vector<Ranks::Bytes> all =
        ranks_->exchange(spike_words(cores.subspan(first(), end() - first()), moments_));
    for (std::uint32_t rank = 0; rank < all.size(); ++rank) {
        if (rank == rank_) continue;
        const std::size_t count = first_[rank + 1] - first_[rank];
        take_spikes(all[rank], moments_, cores.subspan(first_[rank], count));
    }
}

}  // namespace seamount::emu
