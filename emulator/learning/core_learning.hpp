#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/learning/plastic_projection.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// What all learning engines of a chip are told at the end of a step.
struct LearnSignals {
    /// Of one rule.
    struct Rule {
        bool on = true;           ///< it may change synapses
        bool clear_tags = false;  ///< the tags of its synapses become 0, after they have learned
    };
    std::array<std::int64_t, isa::kRewards> rewards{};
    bool enabled = true;          ///< whether synapses may change at all
    std::span<const Rule> rules;  ///< by index into LearningImage::rules; empty: all are on
};

/// The learning engine of one core: all plastic projections that end there.
class CoreLearning {
public:
    /// `words` is the core's own copy of its synapse memory, which learning changes; `headers` says
    /// where each block of the core's PlasticMemory stands in it. The images and `words` must
    /// outlive the object.
    CoreLearning(const isa::LearningImage& learning, const isa::CoreImage& core,
                 std::span<const std::uint32_t> headers, std::span<std::uint32_t> words,
                 std::uint64_t seed);

    /// A packet activated the block whose header is at `header`; counts when the step ends.
    void arrived(std::uint32_t header, std::int32_t payload) {
        arrivals_.push_back({header, payload});
    }
    void post_spike(std::uint32_t compartment, std::uint64_t step) {
        for (PlasticProjection& projection : projections_) projection.post_spike(compartment, step);
    }
    /// Ends `step`, after post_spike of all compartments that spiked in it.
    void end_step(std::uint64_t step, const LearnSignals& signals, LearningActivity& activity);
    void reset();

    /// Writes the tags as they are now into `memory`, which is that of the core's image.
    void store(isa::PlasticMemory& memory) const;

    /// By ascending index into LearningImage::projections.
    [[nodiscard]] std::span<PlasticProjection> projections() noexcept { return projections_; }
    [[nodiscard]] std::span<const PlasticProjection> projections() const noexcept {
        return projections_;
    }
    /// The longest delay that learning can make.
    [[nodiscard]] std::uint32_t longest_delay() const noexcept;

private:
    struct Arrival {
        std::uint32_t header;
        std::int32_t payload;
    };
    /// Where a plastic block of the core is.
    struct Place {
        std::uint32_t header;
        std::uint32_t projection;  ///< index into projections_
        std::uint32_t block;
        std::uint32_t first;  ///< index of its first synapse into PlasticMemory
    };

    std::vector<PlasticProjection> projections_;
    std::vector<std::uint32_t> rules_;  ///< of each of them, index into LearningImage::rules
    std::vector<Place> places_;         ///< ascending by header
    std::vector<Arrival> arrivals_;
};

}  // namespace seamount::emu
