#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Packets from shard to shard when every neuron spikes at its rate, host inputs not counted.
class CoreTraffic {
public:
    /// `rates` has a weight per neuron; empty: all are 1. Takes 8 bytes per pair of shards.
    CoreTraffic(const Lowered& lowered, const Mapping& mapping,
                std::span<const std::uint32_t> rates);
    /// An empty matrix, to be filled with add().
    explicit CoreTraffic(std::uint32_t shards);

    void add(std::uint32_t from, std::uint32_t to, std::uint64_t packets) {
        packets_[std::size_t{from} * shards_ + to] += packets;
    }
    [[nodiscard]] std::uint64_t from_to(std::uint32_t from, std::uint32_t to) const {
        return packets_[std::size_t{from} * shards_ + to];
    }
    /// In both directions, for every other shard; 0 for `shard` itself.
    [[nodiscard]] std::vector<double> between(std::uint32_t shard) const;
    [[nodiscard]] std::uint32_t shards() const noexcept { return shards_; }

private:
    std::uint32_t shards_;
    std::vector<std::uint64_t> packets_;
};

}  // namespace seamount::compiler
