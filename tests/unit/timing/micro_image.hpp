#pragma once

#include <cstdint>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::test {

/// Builds small images by hand: cores with one group each, axons with one row of synapses.
class MicroImage {
public:
    enum Program : std::uint32_t {
        kSilent,  ///< does nothing: always an inactive update
        kFiring,  ///< spikes in every step
        kRelay,   ///< spikes when it got input in the last step
        kChancy,  ///< changes a state word in 1 of 2 steps and spikes in 1 of 8, at random
        kPrograms
    };

    MicroImage();
    /// Adds core `core` of the chip, above those before it; returns its index.
    std::uint16_t add_core(std::uint32_t core, Program program, std::uint32_t compartments);
    /// Adds an input axon to core `index` that feeds each of `targets` with weight 1.
    std::uint16_t add_axon(std::uint16_t index, const std::vector<std::uint32_t>& targets);
    /// A compartment sends its spikes to an axon.
    void connect(std::uint16_t source, std::uint32_t compartment, std::uint16_t target,
                 std::uint16_t axon, bool graded = false);
    /// A fan-out entry for an axon of core `target` (an index).
    [[nodiscard]] isa::OutputAxon axon_of(std::uint16_t target, std::uint16_t axon) const;
    /// A host input with one source that spikes at `steps`, one packet per fan-out entry.
    void add_input(const std::vector<std::uint64_t>& steps,
                   const std::vector<isa::OutputAxon>& fan_out);
    /// A host input that writes state word 0 of neurons 0 to `count` - 1 before the first step.
    void add_writes(std::uint32_t count);
    /// The image, checked with isa::check_image.
    [[nodiscard]] isa::Image build() const;

private:
    isa::Image image_;
    std::vector<std::vector<std::vector<isa::OutputAxon>>> outputs_;  ///< by core, compartment
};

}  // namespace seamount::test
