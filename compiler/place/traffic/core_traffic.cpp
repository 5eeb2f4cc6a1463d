#include "compiler/place/traffic/core_traffic.hpp"

#include "compiler/ir/fanout.hpp"

namespace seamount::compiler {

CoreTraffic::CoreTraffic(std::uint32_t shards)
    : shards_{shards}, packets_(std::size_t{shards} * shards) {}

CoreTraffic::CoreTraffic(const Lowered& lowered, const Mapping& mapping,
                         IdSpan<NeuronId, const std::uint32_t> rates)
    : CoreTraffic{mapping.shards} {
    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.neuron == Fanout::kFromHost) return;
        const ShardId home = mapping.shard_of[source.neuron];
        const std::uint64_t rate = rates.empty() ? 1 : rates[source.neuron];
        ShardId last = Mapping::kNoShard;
        for (const FanoutGroup& group : groups) {
            if (group.shard != last && group.shard != home) add(home, group.shard, rate);
            last = group.shard;
        }
    });
}

IdVector<ShardId, double> CoreTraffic::between(ShardId shard) const {
    IdVector<ShardId, double> both(shards_);
    for (const ShardId other : both.ids()) {
        if (other == shard) continue;
        both[other] = static_cast<double>(from_to(shard, other) + from_to(other, shard));
    }
    return both;
}

}  // namespace seamount::compiler
