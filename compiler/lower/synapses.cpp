#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "compiler/lower/lower.hpp"
#include "isa/base/text.hpp"
#include "isa/image/pool_cost.hpp"
#include "isa/image/synapse_cost.hpp"
#include "isa/image/weights.hpp"

namespace seamount::compiler {
namespace {

/// More synapses than any core of the chip's number could hold; 2^31 where the chip sets no limit.
/// Stops a rule that would fill the memory of this machine before a limit of the chip is found.
/// A kernel that is stored once is no rule of that kind.
SynapseBounds synapse_bounds(const isa::ChipSpec& chip, const isa::SynapseFormat& format,
                             bool is_kernel, std::uint32_t longest_delay) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 31;
    if (is_kernel || chip.limits.synapse_bits == 0) return {kMost, longest_delay, kMost};
    const auto bound = [&chip](std::uint64_t bits_each) {
        return chip.limits.synapse_bits / bits_each * chip.cores();
    };
    return {bound(std::uint64_t{format.weight_bits} + format.index_bits), longest_delay,
            bound(std::max<std::uint64_t>(format.weight_bits, 1))};
}

/// Widens a format by what learning keeps for each synapse: a tag of 9 bits if the rule has one, a
/// second one of 8, and room for the longest delay.
void make_plastic(const isa::LearningRuleImage& rule, std::uint32_t largest_delay,
                  std::uint32_t longest_delay, LoweredProjection& lowered,
                  Diagnostics& diagnostics) {
    isa::SynapseFormat& format = lowered.format;
    const bool tag = isa::uses(rule.words, isa::LearnTarget::kTag);
    const bool second_tag = isa::uses(rule.words, isa::LearnTarget::kDelay) && !rule.moves_delay;
    format.tag_bits = static_cast<std::uint8_t>((tag ? 9 : 0) + (second_tag ? 8 : 0));
    if (!rule.moves_delay) return;
    if (rule.max_delay > longest_delay || largest_delay > rule.max_delay) {
        diagnostics.error(
            "CMP-DELAY", lowered.where,
            fmt::format(
                "projection '{}': rule '{}' learns delays up to {} steps, the chip allows {} "
                "and the projection starts with {}",
                lowered.name, rule.name, rule.max_delay, longest_delay, largest_delay),
            "choose 'delay: {max: ...}' between the two");
    }
    format.delay_bits = static_cast<std::uint8_t>(std::bit_width(unsigned{rule.max_delay}));
}

void check_epoch(const isa::LearningRuleImage& rule, const isa::ChipSpec& chip,
                 const LoweredProjection& lowered, Diagnostics& diagnostics) {
    const std::uint32_t longest = chip.limits.learning_epoch;
    if (rule.epoch <= longest) return;
    diagnostics.error("CMP-EPOCH", lowered.where,
                      fmt::format("projection '{}': rule '{}' has epochs of {} steps, chip '{}' "
                                  "allows {}",
                                  lowered.name, rule.name, rule.epoch, chip.name, longest),
                      "a shorter 'epoch', with products in u1, u2, ... that act in every 2nd, "
                      "4th, ... one, or a chip with a larger learning_epoch");
}

/// Every source has one synapse to each target, in the order of the targets.
bool is_complete(const SynapseTable& table, std::uint32_t targets) {
    for (std::size_t s = 0; s + 1 < table.first.size(); ++s) {
        if (table.first[s + 1] - table.first[s] != targets) return false;
    }
    for (std::size_t e = 0; e < table.target.size(); ++e) {
        if (table.target[e] != e % targets) return false;
    }
    return true;
}

/// Takes the synapses of weight 0 out.
void drop_zeros(SynapseTable& table) {
    std::uint64_t kept = 0;
    std::uint64_t e = 0;
    for (std::size_t s = 0; s + 1 < table.first.size(); ++s) {
        const std::uint64_t end = table.first[s + 1];
        for (; e < end; ++e) {
            if (table.weight[e] == 0) continue;
            table.target[kept] = table.target[e];
            table.weight[kept] = table.weight[e];
            if (!table.delay.empty()) table.delay[kept] = table.delay[e];
            ++kept;
        }
        table.first[s + 1] = kept;
    }
    table.target.resize(kept);
    table.weight.resize(kept);
    if (!table.delay.empty()) table.delay.resize(kept);
}

/// Bits of a weight of the projection, its delay and its tags in a pool.
std::uint8_t pool_bits(const LoweredProjection& projection) {
    const isa::SynapseFormat& format = projection.format;
    std::uint32_t bits = format.weight_bits;
    if (!projection.learning_rule) {
        int largest = 0;
        for (const std::int16_t weight : projection.synapses.weight) {
            largest = std::max(largest, weight < 0 ? -weight : +weight);
        }
        bits = isa::pool::weight_bits(static_cast<std::uint32_t>(largest),
                                      static_cast<isa::SignMode>(format.sign_mode));
    }
    return static_cast<std::uint8_t>(bits + format.delay_bits + format.tag_bits);
}

std::string zeroed_text(const QuantisationLoss& loss) {
    return loss.zeroed == 0 ? "" : fmt::format("; {} became 0", grouped(loss.zeroed));
}

/// Warns of weights beyond the mantissas, and of weights that use so few of them that little is
/// left: float weights whose scale nobody gave.
void report_loss(const Projection& projection, std::uint8_t sign_mode, const QuantisationLoss& loss,
                 Diagnostics& diagnostics) {
    constexpr double kFew = 8.0;       // mantissas
    constexpr double kMuchLost = 0.1;  // of the mean magnitude
    const auto mode = static_cast<isa::SignMode>(sign_mode);
    const auto bits = static_cast<int>(projection.bits);
    if (loss.clipped != 0) {
        const isa::MantissaRange range =
            loss.nearest ? isa::nearest_range(mode, bits) : isa::mantissa_range(mode);
        diagnostics.warning(
            "CMP-CLIP", projection.where,
            fmt::format("projection '{}': {} of {} weights are outside [{}, {}] and were clipped "
                        "(largest error {:.6g}{})",
                        projection.name, grouped(loss.clipped), grouped(loss.synapses), range.min,
                        range.max, loss.max_error, zeroed_text(loss)),
            "use a smaller scale with a larger exponent, or another sign mode");
    } else if ((loss.nearest || 2 * loss.zeroed > loss.synapses) &&
               loss.max_asked < kFew * loss.grid && loss.mean_error > kMuchLost * loss.mean_asked) {
        const isa::MantissaRange full = isa::nearest_range(mode, bits);
        const double factor = std::max(full.max, -full.min) / loss.max_asked;
        diagnostics.warning(
            "CMP-SCALE", projection.where,
            fmt::format("projection '{}': {} of {} weights became 0; the mean error is {:.2g}, the "
                        "mean weight {:.2g}, the largest {:.4g} of the {} that a mantissa may be",
                        projection.name, grouped(loss.zeroed), grouped(loss.synapses),
                        loss.mean_error, loss.mean_asked, loss.max_asked,
                        std::max(full.max, -full.min)),
            fmt::format("say scale: auto, or multiply 'scale' (1 without the key) by {:.4g} and "
                        "thresholds and biases with it",
                        factor));
    }
}

}  // namespace

LoweredProjection lower_projection(const Network& network, const Projection& projection,
                                   const isa::ChipSpec& chip, SynapseSource& source,
                                   std::vector<QuantisationLoss>& losses,
                                   Diagnostics& diagnostics) {
    LoweredProjection lowered;
    lowered.name = projection.name;
    lowered.where = projection.where;
    lowered.from = projection.from;
    lowered.to = projection.to;
    isa::SynapseFormat& format = lowered.format;
    format.weight_exponent = static_cast<std::int8_t>(projection.exponent);
    format.weight_bits = static_cast<std::uint8_t>(projection.bits);
    format.index_bits =
        isa::index_bits_for(chip.limits.compartments == 0 ? 65536 : chip.limits.compartments);
    format.accumulator = static_cast<std::uint8_t>(projection.accumulator);
    format.flags = projection.graded ? isa::SynapseFormat::kGraded : std::uint8_t{0};
    format.set_rule(network.populations[projection.to].program->combine[projection.accumulator]);
    lowered.channel = static_cast<std::uint8_t>(projection.channel);
    if (network.takes_payloads(projection)) {
        lowered.payload_bits =
            static_cast<std::uint8_t>(projection.payload_bits.value_or(chip.mesh.payload_bits));
    }
    lowered.share = projection.share;
    lowered.convolution = projection.convolution;

    const std::uint32_t chip_delay = chip.limits.max_delay;
    const std::uint32_t longest_delay =
        chip_delay == 0 ? isa::kMaxDelay : std::min(chip_delay, isa::kMaxDelay);
    const bool is_kernel = lowered.share && lowered.convolution != nullptr;
    auto synapses = source.synapses(
        network, projection, synapse_bounds(chip, format, is_kernel, longest_delay), diagnostics);
    if (!synapses) return lowered;

    format.sign_mode = synapses->sign_mode;
    format.delay_bits = static_cast<std::uint8_t>(
        std::bit_width(std::min(synapses->largest_delay, isa::kMaxDelay)));
    if (projection.learning_rule) {
        lowered.learning_rule = projection.learning_rule;
        lowered.learned = projection.learned;
        check_epoch(network.learning.rules[*projection.learning_rule], chip, lowered, diagnostics);
        make_plastic(network.learning.rules[*projection.learning_rule], synapses->largest_delay,
                     longest_delay, lowered, diagnostics);
    }
    lowered.synapses = std::move(synapses->table);
    lowered.full_rows = is_complete(lowered.synapses, network.populations[projection.to].size);
    lowered.complete = lowered.full_rows;
    if (chip.zeros == isa::ZeroWeights::kDropped && !lowered.learning_rule) {
        const std::size_t all = lowered.synapses.target.size();
        drop_zeros(lowered.synapses);
        lowered.complete = lowered.complete && lowered.synapses.target.size() == all;
    }
    if (chip.limits.has_pool()) lowered.pool_bits = pool_bits(lowered);
    QuantisationLoss& loss = losses.emplace_back(synapses->loss);
    loss.projection = projection.name;
    report_loss(projection, synapses->sign_mode, loss, diagnostics);
    return lowered;
}

}  // namespace seamount::compiler
