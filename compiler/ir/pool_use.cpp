#include "compiler/ir/pool_use.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/ir/tile_padding.hpp"
#include "isa/image/pool_cost.hpp"

namespace seamount::compiler {
namespace {

/// A set of shards that is filled and emptied often.
class ShardMarks {
public:
    explicit ShardMarks(std::uint32_t shards) : marked_(shards) {}
    void mark(ShardId shard) {
        if (marked_[shard]) return;
        marked_[shard] = true;
        list_.push_back(shard);
    }
    [[nodiscard]] const std::vector<ShardId>& list() const noexcept { return list_; }
    void clear() {
        for (const ShardId shard : list_) marked_[shard] = false;
        list_.clear();
    }

private:
    IdVector<ShardId, bool> marked_;
    std::vector<ShardId> list_;
};

/// Adds up what the shards take; one call of each member function.
class Count {
public:
    Count(const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of, std::uint32_t shards)
        : lowered_{lowered}, shard_of_{shard_of}, use_(shards) {}

    void kernels() {
        using Channels = std::vector<std::uint32_t>;
        using Patterns = IdVector<ShardId, std::set<Channels>>;
        std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, Patterns> known;
        for (const LoweredProjection& p : lowered_.projections) {
            if (!is_kernel(p)) continue;
            const MapShape& map = p.convolution->out;
            const auto [at, is_new] = known.try_emplace({p.to, map.channels, map.channels_last});
            if (is_new) at->second = patterns(p.to, map);
            for (const ShardId shard : use_.ids()) {
                const std::set<Channels>& held = at->second[shard];
                if (held.empty()) continue;
                use_[shard].input_axons += static_cast<std::uint32_t>(kernel_axons(p));
                for (const Channels& channels : held) {
                    use_[shard].synapse_words +=
                        static_cast<std::uint32_t>(kernel_words(p, channels));
                }
            }
        }
    }

    /// Rows of sources, and the input axons for them.
    void lists() {
        std::map<std::tuple<bool, std::uint32_t, std::uint8_t>, std::vector<std::size_t>> origins;
        for (std::size_t n = 0; n < lowered_.projections.size(); ++n) {
            const LoweredProjection& p = lowered_.projections[n];
            if (!is_kernel(p)) origins[{p.from.is_input, p.from.index, p.channel}].push_back(n);
        }
        for (const auto& [origin, projections] : origins) list_origin(projections);
    }

    void map_and_memory() {
        for (std::uint32_t p = 0; p < lowered_.populations.size(); ++p) {
            const LoweredPopulation& population = lowered_.populations[p];
            const MapNeed need = map_need(lowered_, p);
            for (std::uint32_t i = 0; i < population.size; ++i) {
                use_[shard_of_[population.first_neuron + i]].axon_map +=
                    static_cast<std::uint32_t>(need.per_neuron);
            }
            if (need.per_place == 0) continue;
            ShardMarks marks{static_cast<std::uint32_t>(use_.size())};
            for (std::uint32_t place = 0; place < need.map->places(); ++place) {
                for (std::uint32_t c = 0; c < need.map->channels; ++c) {
                    marks.mark(shard_of_[population.first_neuron + need.map->index(c, place)]);
                }
                for (const ShardId shard : marks.list()) {
                    use_[shard].axon_map += static_cast<std::uint32_t>(need.per_place);
                }
                marks.clear();
            }
        }
        const auto memory =
            axon_memory_of(lowered_, shard_of_, static_cast<std::uint32_t>(use_.size()));
        for (const NeuronId neuron : memory.ids()) {
            use_[shard_of_[neuron]].axon_memory += memory[neuron];
        }
    }

    [[nodiscard]] IdVector<ShardId, isa::PoolUse> take() { return std::move(use_); }

private:
    /// The channels that each shard holds at its places, each set once.
    IdVector<ShardId, std::set<std::vector<std::uint32_t>>> patterns(std::uint32_t population,
                                                                     const MapShape& map) const {
        IdVector<ShardId, std::set<std::vector<std::uint32_t>>> found(use_.size());
        const NeuronId first = lowered_.populations[population].first_neuron;
        std::map<ShardId, std::vector<std::uint32_t>> held;
        for (std::uint32_t place = 0; place < map.places(); ++place) {
            held.clear();
            for (std::uint32_t c = 0; c < map.channels; ++c) {
                held[shard_of_[first + map.index(c, place)]].push_back(c);
            }
            for (auto& [shard, channels] : held) found[shard].insert(std::move(channels));
        }
        return found;
    }

    void list_origin(const std::vector<std::size_t>& projections) {
        const LoweredProjection& some = lowered_.projections[projections.front()];
        const std::uint32_t sources = lowered_.network.source_size(some.from);
        IdVector<ShardId, bool> from_all(use_.size());  // has an axon for every source
        for (const std::size_t n : projections) {
            const LoweredProjection& p = lowered_.projections[n];
            if (!p.full_rows) continue;
            IdVector<ShardId, std::uint32_t> targets(use_.size());
            const LoweredPopulation& to = lowered_.populations[p.to];
            for (std::uint32_t i = 0; i < to.size; ++i) ++targets[shard_of_[to.first_neuron + i]];
            for (const ShardId shard : use_.ids()) {
                if (targets[shard] == 0) continue;
                use_[shard].synapse_words += static_cast<std::uint32_t>(
                    sources * isa::pool::list_row_words(targets[shard], p.pool_bits));
                if (!from_all[shard]) use_[shard].input_axons += sources;
                from_all[shard] = true;
            }
        }
        list_rows(projections, sources, from_all);
    }

    /// Rows of each source to the shards that a projection by list reaches, and its axons there.
    void list_rows(const std::vector<std::size_t>& projections, std::uint32_t sources,
                   const IdVector<ShardId, bool>& from_all) {
        ShardMarks reached{static_cast<std::uint32_t>(use_.size())};
        ShardMarks by_one{static_cast<std::uint32_t>(use_.size())};
        IdVector<ShardId, std::uint32_t> count(use_.size());
        for (std::uint32_t s = 0; s < sources; ++s) {
            for (const std::size_t n : projections) {
                const LoweredProjection& p = lowered_.projections[n];
                if (p.full_rows) continue;
                const NeuronId first = lowered_.populations[p.to].first_neuron;
                for (auto e = p.synapses.first[s]; e < p.synapses.first[s + 1]; ++e) {
                    const ShardId shard = shard_of_[first + p.synapses.target[e]];
                    by_one.mark(shard);
                    reached.mark(shard);
                    ++count[shard];
                }
                for (const ShardId shard : by_one.list()) {
                    use_[shard].synapse_words += static_cast<std::uint32_t>(
                        isa::pool::list_row_words(count[shard], p.pool_bits));
                    count[shard] = 0;
                }
                by_one.clear();
            }
            for (const ShardId shard : reached.list()) {
                if (!from_all[shard]) ++use_[shard].input_axons;
            }
            reached.clear();
        }
    }

    const Lowered& lowered_;
    IdSpan<NeuronId, const ShardId> shard_of_;
    IdVector<ShardId, isa::PoolUse> use_;
};

}  // namespace

std::uint64_t kernel_words(const LoweredProjection& kernel,
                           std::span<const std::uint32_t> channels) {
    const Convolution& c = *kernel.convolution;
    const std::uint64_t rows = std::uint64_t{c.inputs_per_group()} * c.kernel[0] * c.kernel[1];
    std::uint64_t words = 0;
    for (std::size_t i = 0; i < channels.size();) {
        const std::uint32_t group = channels[i] / c.outputs_per_group();
        std::uint64_t outputs = 0;
        for (; i < channels.size() && channels[i] / c.outputs_per_group() == group; ++i) ++outputs;
        words += rows * isa::pool::kernel_row_words(outputs, kernel.pool_bits);
    }
    return words;
}

std::uint64_t kernel_axons(const LoweredProjection& kernel) noexcept {
    return kernel.convolution->stride[1];
}

MapNeed map_need(const Lowered& lowered, std::uint32_t population) {
    std::map<std::uint32_t, const LoweredProjection*> targets;  // layer -> its kernel, if one
    for (const LoweredProjection& p : lowered.projections) {
        if (p.from != SourceRef{false, population}) continue;
        const auto [at, is_new] = targets.try_emplace(p.to, nullptr);
        if (is_kernel(p)) at->second = &p;
    }
    MapNeed need;
    if (targets.empty()) need.per_neuron = 1;
    for (const auto& [to, kernel] : targets) {
        if (kernel == nullptr) {
            ++need.per_neuron;
            continue;
        }
        need.map = kernel->convolution->in;
        need.per_place += isa::pool::map_entries(need.map->channels);
    }
    return need;
}

IdVector<NeuronId, std::uint32_t> axon_memory_of(const Lowered& lowered,
                                                 IdSpan<NeuronId, const ShardId> shard_of,
                                                 std::uint32_t shards) {
    IdVector<NeuronId, std::uint32_t> entries(shard_of.size());
    ShardMarks marks{shards};
    for (const LoweredProjection& p : lowered.projections) {
        if (p.from.is_input || p.full_rows) continue;
        const NeuronId source = lowered.populations[p.from.index].first_neuron;
        const NeuronId target = lowered.populations[p.to].first_neuron;
        const auto mark = [&](std::uint32_t s) {
            for (auto e = p.synapses.first[s]; e < p.synapses.first[s + 1]; ++e) {
                marks.mark(shard_of[target + p.synapses.target[e]]);
            }
        };
        const auto add = [&](std::uint32_t first) {
            const std::size_t cores = marks.list().size();
            if (cores > 1) entries[source + first] += static_cast<std::uint32_t>(cores);
            marks.clear();
        };
        if (!is_kernel(p)) {
            for (std::uint32_t s = 0; s + 1 < p.synapses.first.size(); ++s) {
                mark(s);
                add(s);
            }
            continue;
        }
        const MapShape& map = p.convolution->in;
        for (std::uint32_t place = 0; place < map.places(); ++place) {
            for (std::uint32_t c = 0; c < map.channels; ++c) mark(map.index(c, place));
            add(map.index(0, place));
        }
    }
    return entries;
}

IdVector<ShardId, isa::PoolUse> pool_use(const Lowered& lowered,
                                         IdSpan<NeuronId, const ShardId> shard_of,
                                         std::uint32_t shards) {
    Count count{lowered, shard_of, shards};
    if (lowered.pool) {
        count.kernels();
        count.lists();
        count.map_and_memory();
    }
    return count.take();
}

}  // namespace seamount::compiler
