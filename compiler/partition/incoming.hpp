#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// The synapses of a network by target neuron: what the greedy partitioner needs to know what one
/// more neuron costs a core. Four bytes per synapse; built only when neurons are to be partitioned.
///
/// A synapse is named by its slot: (source, format). A core pays synapse memory per slot and one
/// input axon per source.
class Incoming {
public:
    explicit Incoming(const Lowered& lowered);

    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t neuron) const noexcept {
        return {slots_.data() + first_[neuron], first_[neuron + 1] - first_[neuron]};
    }
    [[nodiscard]] std::uint32_t slots() const noexcept {
        return static_cast<std::uint32_t>(source_.size());
    }
    [[nodiscard]] std::uint32_t sources() const noexcept { return sources_; }
    [[nodiscard]] std::uint32_t formats() const noexcept {
        return static_cast<std::uint32_t>(step_bits_.size());
    }
    [[nodiscard]] std::uint32_t source(std::uint32_t slot) const noexcept { return source_[slot]; }
    [[nodiscard]] std::uint32_t format(std::uint32_t slot) const noexcept { return format_[slot]; }

    /// Synapse memory that the (count + 1)-th synapse of a slot adds.
    [[nodiscard]] std::uint32_t step_bits(std::uint32_t format,
                                          std::uint32_t count) const noexcept {
        return step_bits_[format][count % kBlock];
    }

private:
    static constexpr std::uint32_t kBlock = 64;  // the cost repeats with the block size

    std::vector<std::uint64_t> first_;  // neurons + 1
    std::vector<std::uint32_t> slots_;
    std::vector<std::uint32_t> source_;  // per slot
    std::vector<std::uint16_t> format_;  // per slot
    std::vector<std::array<std::uint32_t, kBlock>> step_bits_;
    std::uint32_t sources_ = 0;
};

}  // namespace seamount::compiler
