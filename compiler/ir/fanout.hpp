#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount::compiler {

/// What the synapses of one block have in common. Kinds of one channel follow each other: an input
/// axon serves one channel of its source.
struct SynapseKind {
    std::uint8_t channel = 0;
    isa::SynapseFormat format;
    /// 1 + index of the projection if the format is dense: its block holds nothing else.
    std::uint32_t dense = 0;
    friend auto operator<=>(const SynapseKind&, const SynapseKind&) = default;
};
[[nodiscard]] SynapseKind kind_of(const Lowered& lowered, std::size_t projection);
/// Distinct kinds of the network, ascending.
[[nodiscard]] std::vector<SynapseKind> kinds_of(const Lowered& lowered);

/// Whether some projection from there has `share`, and none learns. All rows of such a source are
/// stored by SharedRows (compiler/ir/rows/shared_rows.hpp).
[[nodiscard]] bool shares_rows(const Lowered& lowered, SourceRef source);

/// Synapses of one source that share a target shard and a kind.
struct FanoutGroup {
    ShardId shard;
    std::uint32_t kind = 0;  ///< index into Fanout::kinds()
    std::uint32_t count = 0;
};

/// Walks the fan-out of every source, grouped by target shard and kind: what a source
/// costs on each of them, how many packets a spike makes, which rows codegen writes.
///
/// Needs no memory per synapse; one walk is O(synapses). Sources come in a fixed order: host inputs
/// first, then neurons by global id.
class Fanout {
public:
    static constexpr NeuronId kFromHost = NeuronId::none();

    struct Source {
        SourceRef ref;
        std::uint32_t index = 0;      ///< within the input or population
        NeuronId neuron = kFromHost;  ///< or kFromHost
        bool shares = false;          ///< shares_rows()
    };

    /// `shard_of` gives a number below `shards` for every neuron; both arguments must outlive
    /// the object.
    Fanout(const Lowered& lowered, IdSpan<NeuronId, const ShardId> shard_of, std::uint32_t shards);

    /// Distinct kinds of the network, ascending.
    [[nodiscard]] const std::vector<SynapseKind>& kinds() const noexcept { return kinds_; }
    /// Whether these two groups of a source reach their shard through the same input axon.
    [[nodiscard]] bool same_axon(const FanoutGroup& a, const FanoutGroup& b) const {
        return a.shard == b.shard && kinds_[a.kind].channel == kinds_[b.kind].channel;
    }

    /// Calls `visit(const Source&, std::span<const FanoutGroup>)` for every source with at least
    /// one synapse. Groups ascend by shard, then kind.
    template <class Visit>
    void for_each_source(Visit&& visit) {
        for (const Origin& origin : origins_) {
            for (std::uint32_t i = 0; i < origin.size; ++i) {
                if (!collect(origin, i)) continue;
                const NeuronId neuron = origin.ref.is_input ? kFromHost : origin.first_neuron + i;
                visit(Source{origin.ref, i, neuron, origin.shares},
                      std::span<const FanoutGroup>{groups_});
            }
        }
    }

    /// Calls `visit(group slot, target neuron, weight, delay, index within the projection)` for
    /// every synapse of `source`, in projection order, then generation order. The slot is
    /// shard * kinds().size() + kind.
    template <class Visit>
    void for_each_synapse(const Source& source, Visit&& visit) const {
        const Origin& origin = origin_of(source.ref);
        for (const Outgoing& out : origin.outgoing) {
            const SynapseTable& table = out.projection->synapses;
            const bool delayed = !table.delay.empty();
            for (std::uint64_t e = table.first[source.index]; e < table.first[source.index + 1];
                 ++e) {
                const NeuronId target = out.first_target + table.target[e];
                visit(shard_of_[target].value() * kind_count_ + out.kind, target, table.weight[e],
                      delayed ? table.delay[e] : std::uint8_t{0}, static_cast<std::uint32_t>(e));
            }
        }
    }

private:
    struct Outgoing {
        const LoweredProjection* projection;
        NeuronId first_target;
        std::uint32_t kind;
    };
    struct Origin {
        SourceRef ref;
        std::uint32_t size = 0;
        NeuronId first_neuron;
        bool shares = false;
        std::vector<Outgoing> outgoing;
    };

    /// Fills groups_ for one source; false if it has no synapses.
    bool collect(const Origin& origin, std::uint32_t index);
    [[nodiscard]] const Origin& origin_of(SourceRef ref) const {
        return origins_[ref.is_input ? ref.index : inputs_ + ref.index];
    }

    IdSpan<NeuronId, const ShardId> shard_of_;
    std::uint32_t inputs_ = 0;
    std::uint32_t kind_count_ = 1;
    std::vector<SynapseKind> kinds_;
    std::vector<Origin> origins_;  // inputs, then populations
    // Counts of a slot are in lanes: neighbours often go to one core, and adding to a number just
    // written waits for it.
    static constexpr std::size_t kLanes = 4;
    std::vector<std::uint32_t> count_;  // per slot and lane; all zero between calls of collect
    std::vector<std::uint64_t> used_;   // bit per slot with a count
    std::vector<FanoutGroup> groups_;
};

}  // namespace seamount::compiler
