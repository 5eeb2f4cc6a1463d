#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "emulator/learning/learning_activity.hpp"
#include "emulator/learning/rounder.hpp"
#include "emulator/learning/trace_bank.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Up to kMax plastic synapses in work: what they are and the variables to change.
struct SynapseLanes {
    static constexpr std::uint32_t kMax = 256;
    std::uint32_t count = 0;
    std::array<std::uint32_t, kMax> pre;   ///< entry of the pre bank
    std::array<std::uint32_t, kMax> post;  ///< entry of the post bank
    std::array<std::uint32_t, kMax> id;    ///< within the projection
    std::array<std::array<std::int32_t, kMax>, isa::kLearnTargets> value;  ///< w d t, old, then new
};

/// What an epoch looks like to the products.
struct EpochView {
    const TraceBank* pre = nullptr;
    const TraceBank* post = nullptr;
    std::array<std::int32_t, isa::kRewards> rewards{};  ///< sums of the epoch, -128..127
    std::uint64_t number = 0;                           ///< of the epoch, for u<k>
    std::uint64_t last = 0;                             ///< its last step
};

/// Evaluates the sum of products of a rule for many synapses at a time.
class UpdateKernel {
public:
    UpdateKernel(const isa::LearningRuleImage& rule, const isa::SynapseFormat& format,
                 const Rounder& rounder);

    [[nodiscard]] bool uses(isa::LearnGate gate) const noexcept {
        return gates_[static_cast<std::size_t>(gate)];
    }
    /// Whether the rule reads or changes d or t.
    [[nodiscard]] bool uses(isa::LearnTarget variable) const noexcept {
        return variables_[static_cast<std::size_t>(variable)];
    }
    /// Whether some u product is evaluated in epoch `number`.
    [[nodiscard]] bool sweeps(std::uint64_t number) const noexcept;

    /// Replaces `lanes.value` with the new values.
    void apply(SynapseLanes& lanes, const EpochView& epoch, LearningActivity& activity);

private:
    struct Product {
        isa::LearnProduct code;
        int pre_shift = 0;  ///< right, of what the narrow accumulator cannot hold
    };
    struct Range {
        std::int32_t min = 0;
        std::int32_t max = 0;
    };
    using Wide = std::array<std::int64_t, SynapseLanes::kMax>;

    /// False if its gate is closed for all lanes.
    bool open(const Product& product, const SynapseLanes& lanes, const EpochView& epoch,
              LearningActivity& activity);
    void multiply(const isa::LearnFactor& factor, isa::LearnGate gate, const SynapseLanes& lanes,
                  const EpochView& epoch);
    void load(isa::LearnVariable variable, isa::LearnGate gate, const SynapseLanes& lanes,
              const EpochView& epoch);
    void accumulate(const Product& product, std::uint32_t count, LearningActivity& activity);
    void round(isa::LearnTarget target, SynapseLanes& lanes, const EpochView& epoch,
               LearningActivity& activity);
    [[nodiscard]] std::int32_t rounded(std::int64_t sum, std::int32_t old, int lsb,
                                       std::int64_t& whole, std::uint32_t& fraction) const;
    [[nodiscard]] std::int64_t start_of(std::int32_t value) const;

    Rounder rounder_;
    isa::LearnMode mode_;
    int weight_lsb_ = 0;  ///< low bits that a stored weight does not have
    std::array<Range, isa::kLearnTargets> ranges_{};
    std::array<std::vector<Product>, isa::kLearnTargets> products_;
    std::array<bool, 3> gates_{};
    std::array<bool, isa::kLearnTargets> variables_{};

    // In work; members for their memory.
    std::array<std::uint32_t, SynapseLanes::kMax> pre_time_{};
    std::array<std::uint32_t, SynapseLanes::kMax> post_time_{};
    std::array<std::int32_t, SynapseLanes::kMax> factor_{};
    Wide product_{};
    Wide sum_{};
    std::array<std::array<std::int32_t, SynapseLanes::kMax>, isa::kLearnTargets> result_{};
};

}  // namespace seamount::emu
