#include "compiler/place/traffic/core_traffic.hpp"

#include "compiler/ir/fanout.hpp"

namespace seamount::compiler {

CoreTraffic::CoreTraffic(std::uint32_t shards)
    : shards_{shards}, packets_(std::size_t{shards} * shards) {}

CoreTraffic::CoreTraffic(const Lowered& lowered, const Mapping& mapping,
                         std::span<const std::uint32_t> rates)
    : CoreTraffic{mapping.shards} {
    Fanout fanout{lowered, mapping.shard_of, mapping.shards};
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.neuron == Fanout::kFromHost) return;
        const std::uint32_t home = mapping.shard_of[source.neuron];
        const std::uint64_t rate = rates.empty() ? 1 : rates[source.neuron];
        std::uint32_t last = Mapping::kUnplaced;
        for (const FanoutGroup& group : groups) {
            if (group.core != last && group.core != home) add(home, group.core, rate);
            last = group.core;
        }
    });
}

std::vector<double> CoreTraffic::between(std::uint32_t shard) const {
    std::vector<double> both(shards_);
    for (std::uint32_t other = 0; other < shards_; ++other) {
        if (other == shard) continue;
        both[other] = static_cast<double>(from_to(shard, other) + from_to(other, shard));
    }
    return both;
}

}  // namespace seamount::compiler
