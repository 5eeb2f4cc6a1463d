#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/name_table.hpp"
#include "isa/learning/microcode.hpp"

namespace seamount::isa {

/// How products are computed and rounded; emulator/learning/README.md has the formulas.
enum class LearnMode : std::uint8_t {
    kExact = 0,        ///< no loss before one final rounding
    kLavaCompat = 1,   ///< lava's bit-approximate engine
    kBrian2Loihi = 2,  ///< brian2_loihi: epoch 1, whole numbers, decay after the update
    kNengo = 3,        ///< nengo-loihi: a trace moves once per epoch, magnitudes are rounded
};
inline constexpr auto kLearnModeNames = name_table<LearnMode>({
    {LearnMode::kExact, "exact"},
    {LearnMode::kLavaCompat, "lava_compat"},
    {LearnMode::kBrian2Loihi, "brian2loihi"},
    {LearnMode::kNengo, "nengo"},
});
/// "exact", "lava_compat", ...
[[nodiscard]] constexpr std::string_view name_of(LearnMode mode) {
    return name_of(kLearnModeNames, mode);
}

/// When a fraction rounds up.
enum class LearnRounding : std::uint8_t {
    kFloor = 0,       ///< never
    kHalf = 1,        ///< above one half
    kConstant = 2,    ///< above LearningRuleImage::threshold
    kStochastic = 3,  ///< with its own probability: Philox, keyed by synapse or neuron and step
};
inline constexpr auto kLearnRoundingNames = name_table<LearnRounding>({
    {LearnRounding::kFloor, "floor"},
    {LearnRounding::kHalf, "half"},
    {LearnRounding::kConstant, "constant"},
    {LearnRounding::kStochastic, "stochastic"},
});
inline constexpr int kLearnRoundings = static_cast<int>(kLearnRoundingNames.size());
/// "floor", "half", ...
[[nodiscard]] constexpr std::string_view name_of(LearnRounding rounding) {
    return name_of(kLearnRoundingNames, rounding);
}

/// What the payload of an arriving spike does to x1. Source: functional spec of lava's learning
/// engine, 6.4.
enum class GradedTrace : std::uint8_t {
    kImpulse = 0,      ///< nothing: x1 gets its impulse
    kOverwrite = 1,    ///< x1 = payload / 2, half to even
    kAdd = 2,          ///< x1 = min(127, (x1 + payload / 2) mod 256)
    kAddOverflow = 3,  ///< the same sum; beyond 127 it loses 127, x2 gets its impulse and the spike
                       ///< counts for x0 and its time; otherwise it does not
};
inline constexpr auto kGradedTraceNames = name_table<GradedTrace>({
    {GradedTrace::kImpulse, "impulse"},
    {GradedTrace::kOverwrite, "overwrite"},
    {GradedTrace::kAdd, "add"},
    {GradedTrace::kAddOverflow, "add_overflow"},
});

inline constexpr std::int32_t kMaxTrace = 127;
inline constexpr std::uint32_t kMaxEpoch = 255;  ///< chips have less (Loihi: 63)
inline constexpr std::uint32_t kMaxNormalSum = std::uint32_t{1} << 24U;
inline constexpr std::uint32_t kMaxWeightBins = 512;  ///< one for each weight -256..255

/// A trace: what a spike adds and how it decays, without floating point. decayed(h) = whole[h] +
/// fraction[h] / 2^32, computed by the compiler.
struct TraceImage {
    std::uint32_t impulse = 0;           ///< 0..127
    std::uint32_t impulse_fraction = 0;  ///< 0..255, in units of 1/256
    std::array<std::uint8_t, 128> whole{};
    std::array<std::uint32_t, 128> fraction{};
    friend bool operator==(const TraceImage&, const TraceImage&) = default;
};

/// A named learning rule.
struct LearningRuleImage {
    std::string name;
    std::array<std::string, kLearnTargets> text;  ///< what the user wrote for dw, dd, dt
    LearnMode mode = LearnMode::kExact;
    LearnRounding rounding = LearnRounding::kStochastic;
    GradedTrace graded = GradedTrace::kImpulse;
    std::uint8_t epoch = 1;  ///< steps, 1..255
    /// What the magnitudes of the weights of each target are scaled to add up to, at the end of
    /// every `normal_every`-th epoch; 0: they are not. Of kExact only.
    std::uint32_t normal_sum = 0;
    std::uint32_t normal_every = 1;
    bool post_from_program =
        false;                    ///< y1..y3 are trace registers 1..3 of the neuron program (TRC)
    bool moves_delay = false;     ///< d is the synapse's delay; otherwise a second tag
    std::uint8_t max_delay = 0;   ///< of d if it is the delay: 0..kMaxDelay
    bool own_seed = false;        ///< `seed` instead of that of the run
    std::uint32_t threshold = 0;  ///< of kConstant, in units of 2^-32
    std::uint64_t seed = 0;
    std::array<TraceImage, kLearnTraces> traces{};  ///< x1 x2 y1 y2 y3
    std::vector<std::uint32_t> words;               ///< learning microcode
    SourceLocation where;
    friend bool operator==(const LearningRuleImage&, const LearningRuleImage&) = default;
};

/// Whether synapses that learn by the rule have a tag: t, or d where it is no delay.
[[nodiscard]] inline bool has_tags(const LearningRuleImage& rule) {
    return uses(rule.words, LearnTarget::kTag) ||
           (!rule.moves_delay && uses(rule.words, LearnTarget::kDelay));
}

/// A projection that learns. Its synapses are numbered through the rows of its sources, in the
/// order in which its rule makes them: ids that depend on nothing else.
struct PlasticImage {
    std::uint32_t projection = 0;  ///< index into Image::projections
    std::uint32_t rule = 0;        ///< index into LearningImage::rules
    std::uint32_t sources = 0;
    friend bool operator==(const PlasticImage&, const PlasticImage&) = default;
};

/// A population whose spikes are rewards: each adds its payload to the channel.
struct RewardImage {
    std::uint32_t channel = 0;     ///< 0: r0, 1: r1
    std::uint32_t population = 0;  ///< index into Image::populations
    friend bool operator==(const RewardImage&, const RewardImage&) = default;
};

/// Spikes that act on the rules of a network: which population's, for one rule. What a spike of
/// step t does, it does to the end of step t, before (`from`, `until`) or after (`clear_tags`)
/// synapses learn.
struct RuleSpikesImage {
    static constexpr std::uint32_t kNobody = 0xFFFFFFFF;
    std::uint32_t rule = 0;              ///< index into LearningImage::rules; ascending
    std::uint32_t from = kNobody;        ///< index into Image::populations: the rule goes on
    std::uint32_t until = kNobody;       ///< and stops; of both in one step, this one counts
    std::uint32_t clear_tags = kNobody;  ///< the tags of its synapses become 0
    std::uint32_t start = 1;             ///< whether the rule is on at step 0: 0 or 1
    friend bool operator==(const RuleSpikesImage&, const RuleSpikesImage&) = default;
};

/// A projection that does not learn itself: at the end of each epoch of another one, which goes the
/// other way between the same populations, its synapse from i to j gets the weight of that one's
/// synapse from j to i. Both are entries of LearningImage::projections; the rule of `tied` has no
/// products.
struct TieImage {
    std::uint32_t learner = 0;
    std::uint32_t tied = 0;  ///< ascending
    friend bool operator==(const TieImage&, const TieImage&) = default;
};

/// A projection whose synapses are recorded after every `every`-th step.
struct WeightProbeImage {
    std::uint32_t entry = 0;  ///< index into LearningImage::projections
    std::uint32_t every = 1;
    std::uint32_t bins = 0;  ///< of a histogram of the weights; 0: every synapse
    friend bool operator==(const WeightProbeImage&, const WeightProbeImage&) = default;
};

/// The learning engine of a network.
struct LearningImage {
    bool enabled = true;                  ///< at step 0
    std::vector<std::uint64_t> switches;  ///< ascending: steps at which `enabled` flips
    std::vector<LearningRuleImage> rules;
    std::vector<PlasticImage> projections;  ///< at most 255; SynapseFormat::plastic counts from 1
    std::vector<RewardImage> rewards;
    std::vector<WeightProbeImage> probes;
    std::vector<RuleSpikesImage> rule_spikes{};  ///< at most one for each rule
    std::vector<TieImage> ties{};
    friend bool operator==(const LearningImage&, const LearningImage&) = default;
};

/// A block of synapse memory that learns: all synapses of one projection from one source in one
/// core.
struct PlasticBlock {
    std::uint32_t header = 0;  ///< offset of its header in CoreImage::synapses
    std::uint32_t source = 0;  ///< index of the source within the input or population
    friend bool operator==(const PlasticBlock&, const PlasticBlock&) = default;
};

/// What a core keeps beside the words of its plastic synapses, in the order of its blocks.
struct PlasticMemory {
    std::vector<PlasticBlock> blocks;       ///< ascending by header
    std::vector<std::uint32_t> ids;         ///< of each synapse, within its projection
    std::vector<std::int16_t> tags;         ///< t at the start; empty: all are 0
    std::vector<std::int16_t> second_tags;  ///< d of rules that do not move the delay; empty: all 0
    friend bool operator==(const PlasticMemory&, const PlasticMemory&) = default;
};

}  // namespace seamount::isa
