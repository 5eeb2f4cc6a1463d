#include "compiler/ir/fanout.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace seamount::compiler {

SynapseKind kind_of(const Lowered& lowered, std::size_t projection) {
    const LoweredProjection& p = lowered.projections[projection];
    const bool dense = (p.format.flags & isa::SynapseFormat::kDense) != 0;
    return {p.channel, p.format, dense ? static_cast<std::uint32_t>(projection) + 1 : 0};
}

std::vector<SynapseKind> kinds_of(const Lowered& lowered) {
    std::vector<SynapseKind> kinds;
    for (std::size_t p = 0; p < lowered.projections.size(); ++p) {
        kinds.push_back(kind_of(lowered, p));
    }
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    return kinds;
}

bool shares_rows(const Lowered& lowered, SourceRef source) {
    bool shares = false;
    for (const LoweredProjection& projection : lowered.projections) {
        if (projection.from != source) continue;
        if (projection.learning_rule) return false;
        shares = shares || projection.share;
    }
    return shares;
}

Fanout::Fanout(const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of,
               std::uint32_t shards)
    : shard_of_{shard_of}, kinds_{kinds_of(lowered)} {
    kind_count_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(kinds_.size()));

    const auto& inputs = lowered.network.inputs;
    inputs_ = static_cast<std::uint32_t>(inputs.size());
    for (std::uint32_t i = 0; i < inputs_; ++i) {
        origins_.push_back(
            {{true, i}, inputs[i].image.size, NeuronId{}, shares_rows(lowered, {true, i}), {}});
    }
    for (std::uint32_t i = 0; i < lowered.populations.size(); ++i) {
        const LoweredPopulation& population = lowered.populations[i];
        origins_.push_back({{false, i},
                            population.size,
                            population.first_neuron,
                            shares_rows(lowered, {false, i}),
                            {}});
    }
    for (std::size_t p = 0; p < lowered.projections.size(); ++p) {
        const LoweredProjection& projection = lowered.projections[p];
        const auto kind =
            std::lower_bound(kinds_.begin(), kinds_.end(), kind_of(lowered, p)) - kinds_.begin();
        Origin& origin = origins_[projection.from.is_input ? projection.from.index
                                                           : inputs_ + projection.from.index];
        origin.outgoing.push_back({&projection, lowered.populations[projection.to].first_neuron,
                                   static_cast<std::uint32_t>(kind)});
    }
    const std::size_t slots = std::size_t{shards} * kind_count_;
    count_.resize(slots * kLanes);
    used_.resize((slots + 63) / 64);
}

bool Fanout::collect(const Origin& origin, std::uint32_t index) {
    groups_.clear();
    std::size_t low = used_.size();
    std::size_t high = 0;
    for (const Outgoing& out : origin.outgoing) {
        const SynapseTable& table = out.projection->synapses;
        const std::uint64_t end = table.first[index + 1];
        for (std::uint64_t e = table.first[index]; e < end; ++e) {
            const ShardId shard = shard_of_[out.first_target + table.target[e]];
            const std::size_t slot = shard.index() * kind_count_ + out.kind;
            if (count_[slot * kLanes + e % kLanes]++ != 0) continue;
            const std::size_t word = slot / 64;
            used_[word] |= std::uint64_t{1} << (slot % 64);
            low = std::min(low, word);
            high = std::max(high, word + 1);
        }
    }
    for (std::size_t word = low; word < high; ++word) {
        for (std::uint64_t bits = used_[word]; bits != 0; bits &= bits - 1) {
            const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            const std::span lanes{count_.data() + slot * kLanes, kLanes};
            groups_.push_back({ShardId{static_cast<std::uint32_t>(slot / kind_count_)},
                               static_cast<std::uint32_t>(slot % kind_count_),
                               std::accumulate(lanes.begin(), lanes.end(), 0U)});
            std::ranges::fill(lanes, 0U);
        }
        used_[word] = 0;
    }
    return !groups_.empty();
}

}  // namespace seamount::compiler
