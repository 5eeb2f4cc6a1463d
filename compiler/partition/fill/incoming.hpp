#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// The synapses of a network by target neuron: what the greedy partitioner needs to know what one
/// more neuron costs a core. Four bytes per synapse, eight if a convolution shares rows; built only
/// when neurons are to be partitioned.
///
/// A synapse is named by its slot: (source, kind), or the kernel weight that it repeats if its
/// projection is a convolution with shared rows. A core pays synapse memory per slot and one input
/// axon per (source, channel), where sources that share rows count in groups.
///
/// What shared rows will cost depends on the whole tile that a core holds; a kernel weight is
/// priced as stored once, times an overhead for borders that the caller raises when that was too
/// little (count_fills() is exact). Everything else is exact or more than will be needed.
class Incoming {
public:
    /// Empty on chips with a pool. `overhead_percent` is added to the price of shared kernel
    /// weights.
    explicit Incoming(const Lowered& lowered, std::uint32_t overhead_percent = 0);

    /// Calls `visit(slot, axon)` for every synapse of a neuron.
    template <class Visit>
    void for_each_synapse(NeuronId neuron, Visit&& visit) const {
        for (std::uint64_t e = first_[neuron.index()]; e < first_[neuron.index() + 1]; ++e) {
            const std::uint32_t slot = slots_[e];
            visit(slot, axon_.empty() ? axon_of_slot_[slot] : axon_[e]);
        }
    }
    [[nodiscard]] std::uint32_t slots() const noexcept {
        return static_cast<std::uint32_t>(format_.size());
    }
    [[nodiscard]] std::uint32_t axons() const noexcept { return axons_; }
    [[nodiscard]] std::uint32_t formats() const noexcept {
        return static_cast<std::uint32_t>(prices_.size());
    }
    [[nodiscard]] std::uint32_t format(std::uint32_t slot) const noexcept { return format_[slot]; }
    /// Synapse formats of the core that a format may stand for: two if its rows are shared.
    [[nodiscard]] std::uint32_t formats_for(std::uint32_t format) const noexcept {
        return prices_[format].formats;
    }

    /// Synapse memory that the (count + 1)-th synapse of a slot adds.
    [[nodiscard]] std::uint32_t step_bits(std::uint32_t format,
                                          std::uint32_t count) const noexcept {
        const Price& price = prices_[format];
        if (price.once != 0) return count == 0 ? price.once : 0;
        return price.step[count % kBlock];
    }

private:
    static constexpr std::uint32_t kBlock = 64;  // the cost repeats with the block size
    struct Price {
        std::uint32_t formats = 1;
        std::uint32_t once = 0;  // of a shared kernel weight
        std::array<std::uint32_t, kBlock> step{};
    };
    /// How the synapses of a projection find their slot and axon.
    struct Numbering {
        std::uint32_t first_slot = 0;
        std::uint32_t first_axon = 0;
        const Convolution* kernel = nullptr;  // slots are its weights
        std::vector<std::uint32_t> group_of;  // sources that share rows
    };
    void add_price(const Lowered& lowered, const LoweredProjection& projection,
                   std::uint32_t overhead_percent);
    [[nodiscard]] std::vector<Numbering> number(const Lowered& lowered,
                                                std::uint32_t overhead_percent);
    void sort_by_target(const Lowered& lowered, const std::vector<Numbering>& numbering);

    std::vector<std::uint64_t> first_;  // neurons + 1
    std::vector<std::uint32_t> slots_;
    std::vector<std::uint32_t> axon_;  // per synapse; empty if slots tell
    std::vector<std::uint32_t> axon_of_slot_;
    std::vector<std::uint16_t> format_;  // per slot
    std::vector<Price> prices_;          // per format
    std::uint32_t axons_ = 0;
};

}  // namespace seamount::compiler
