#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Packets from shard to shard when every neuron spikes at its rate, host inputs not counted.
class CoreTraffic {
public:
    /// `rates` are weights; empty: all are 1. Takes 8 bytes per pair of shards.
    CoreTraffic(const Lowered& lowered, const Mapping& mapping,
                IdSpan<NeuronId, const std::uint32_t> rates);
    /// An empty matrix, to be filled with add().
    explicit CoreTraffic(std::uint32_t shards);

    void add(ShardId from, ShardId to, std::uint64_t packets) {
        packets_[from.index() * shards_ + to.index()] += packets;
    }
    [[nodiscard]] std::uint64_t from_to(ShardId from, ShardId to) const {
        return packets_[from.index() * shards_ + to.index()];
    }
    /// In both directions, for every other shard; 0 for `shard` itself.
    [[nodiscard]] IdVector<ShardId, double> between(ShardId shard) const;
    [[nodiscard]] std::uint32_t shards() const noexcept { return shards_; }

private:
    std::uint32_t shards_;
    std::vector<std::uint64_t> packets_;
};

}  // namespace seamount::compiler
