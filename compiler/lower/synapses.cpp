#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "compiler/cache/synapse_cache.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/lower/quantise/quantiser.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {
namespace {

/// More synapses than any core of the chip's number could hold; 2^31 where the chip sets no limit.
/// Stops a rule that would fill the memory of this machine before a limit of the chip is found.
std::uint64_t synapse_bound(const isa::ChipSpec& chip, const isa::SynapseFormat& format) {
    if (chip.limits.synapse_bits == 0) return std::uint64_t{1} << 31;
    const std::uint64_t bits_each = std::uint64_t{format.weight_bits} + format.index_bits;
    return chip.limits.synapse_bits / bits_each * chip.cores();
}

isa::SignMode needed_mode(const std::vector<double>& weights) {
    bool positive = false;
    bool negative = false;
    for (const double w : weights) {
        positive = positive || w > 0.0;
        negative = negative || w < 0.0;
    }
    if (!negative) return isa::kExcitatory;
    return positive ? isa::kMixed : isa::kInhibitory;
}

/// Collects the synapses of a projection row by row.
class TableBuilder {
public:
    TableBuilder(const Projection& projection, std::uint32_t sources, std::uint32_t targets,
                 std::uint64_t bound)
        : projection_{projection}, sources_{sources}, targets_{targets}, bound_{bound} {
        table_.first.reserve(std::size_t{sources} + 1);
        table_.first.push_back(0);
        if (projection.sign_mode) {
            quantiser_.emplace(params(static_cast<isa::SignMode>(*projection.sign_mode)));
        }
    }

    /// False, with a message, if the projection has too many synapses.
    bool build(std::uint32_t longest_delay, Diagnostics& diagnostics);

    [[nodiscard]] SynapseTable take() { return std::move(table_); }
    [[nodiscard]] isa::SignMode mode() const noexcept { return mode_; }
    [[nodiscard]] std::uint32_t largest_delay() const noexcept { return largest_delay_; }
    [[nodiscard]] QuantisationLoss loss() const { return quantiser_->loss(); }

private:
    [[nodiscard]] Quantiser::Params params(isa::SignMode mode) {
        mode_ = mode;
        return {mode, static_cast<int>(projection_.bits), projection_.exponent,
                projection_.rounding};
    }
    void append(std::uint32_t source, const std::vector<RawSynapse>& row);
    void append_delay(std::uint32_t delay);
    void reserve(std::uint32_t rows_done);

    const Projection& projection_;
    std::uint32_t sources_;
    std::uint32_t targets_;
    std::uint64_t bound_;
    isa::SignMode mode_ = isa::kMixed;
    std::optional<Quantiser> quantiser_;
    SynapseTable table_;
    std::vector<double> asked_;  // until the sign mode is known
    std::uint32_t largest_delay_ = 0;
    std::uint64_t bad_weights_ = 0;
    std::uint32_t bad_source_ = 0;
    std::uint32_t bad_target_ = 0;
};

void TableBuilder::append_delay(std::uint32_t delay) {
    if (delay != 0 && table_.delay.empty()) {
        table_.delay.reserve(table_.target.capacity());
        table_.delay.assign(table_.target.size() - 1, 0);
    }
    largest_delay_ = std::max(largest_delay_, delay);
    if (delay != 0 || !table_.delay.empty()) {
        table_.delay.push_back(static_cast<std::uint8_t>(delay & 0xFFU));
    }
}

void TableBuilder::append(std::uint32_t source, const std::vector<RawSynapse>& row) {
    for (const RawSynapse& synapse : row) {
        SM_ASSERT(synapse.target < targets_, projection_.name);
        double weight = synapse.weight;
        if (!std::isfinite(weight)) {
            if (bad_weights_++ == 0) {
                bad_source_ = source;
                bad_target_ = synapse.target;
            }
            weight = 0.0;
        }
        table_.target.push_back(synapse.target);
        append_delay(synapse.delay);
        if (quantiser_) {
            table_.weight.push_back(quantiser_->quantise(weight));
        } else {
            asked_.push_back(weight);
        }
    }
    table_.first.push_back(table_.target.size());
}

/// After a few rows the final size is usually known well enough to allocate once.
void TableBuilder::reserve(std::uint32_t rows_done) {
    const double per_row = static_cast<double>(table_.target.size()) / rows_done;
    const double guess = std::min(per_row * sources_ * 1.02, static_cast<double>(bound_));
    const auto size = static_cast<std::size_t>(guess);
    table_.target.reserve(size);
    table_.weight.reserve(size);
    if (!quantiser_) asked_.reserve(size);
}

bool TableBuilder::build(std::uint32_t longest_delay, Diagnostics& diagnostics) {
    constexpr std::uint32_t kSampleRows = 64;
    std::vector<RawSynapse> row;
    for (std::uint32_t source = 0; source < sources_; ++source) {
        projection_.rows->row(source, row);
        append(source, row);
        if (source + 1 == kSampleRows) reserve(kSampleRows);
        if (table_.target.size() > bound_) {
            diagnostics.error(
                "CMP-FIT", projection_.where,
                fmt::format("projection '{}' does not fit: after {} of {} sources it has {} "
                            "synapses, the synapse memory of the whole chip holds at most {}",
                            projection_.name, grouped(source + 1), grouped(sources_),
                            grouped(table_.target.size()), grouped(bound_)),
                "lower the number of connections or the stored bits, or use a chip with more cores "
                "or more synapse memory");
            return false;
        }
    }
    if (!quantiser_) {
        quantiser_.emplace(params(needed_mode(asked_)));
        table_.weight.reserve(asked_.size());
        for (const double asked : asked_) table_.weight.push_back(quantiser_->quantise(asked));
    }
    if (bad_weights_ != 0) {
        diagnostics.error("CMP-WEIGHT", projection_.where,
                          fmt::format("projection '{}': the weight from {} to {} is not a finite "
                                      "number ({} such weight{})",
                                      projection_.name, bad_source_, bad_target_,
                                      grouped(bad_weights_), bad_weights_ == 1 ? "" : "s"),
                          "check the formula or the file that it comes from");
    }
    if (largest_delay_ > longest_delay) {
        diagnostics.error("CMP-DELAY", projection_.where,
                          fmt::format("projection '{}' has a delay of {} steps, must be in [0, {}]",
                                      projection_.name, largest_delay_, longest_delay),
                          "shorten the delays or use a chip with a larger max_delay");
    }
    return true;
}

/// Widens a format by what learning keeps for each synapse: a tag of 9 bits if the rule has one, a
/// second one of 8, and room for the longest delay.
void make_plastic(const isa::LearningRuleImage& rule, std::uint32_t largest_delay,
                  std::uint32_t longest_delay, LoweredProjection& lowered,
                  Diagnostics& diagnostics) {
    isa::SynapseFormat& format = lowered.format;
    bool tag = false;
    bool second_tag = false;
    for (const isa::LearnProduct& product : isa::decode_learning(rule.words)) {
        const auto uses = [&product](isa::LearnTarget target, isa::LearnVariable variable) {
            return product.target == target ||
                   std::any_of(product.factors.begin(), product.factors.end(),
                               [&](const auto& factor) { return factor.variable == variable; });
        };
        tag = tag || uses(isa::LearnTarget::kTag, isa::LearnVariable::kT);
        second_tag = second_tag || uses(isa::LearnTarget::kDelay, isa::LearnVariable::kD);
    }
    format.tag_bits =
        static_cast<std::uint8_t>((tag ? 9 : 0) + (second_tag && !rule.moves_delay ? 8 : 0));
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

/// Rows from the cache if it has them and the chip can hold them.
std::optional<GeneratedSynapses> cached(SynapseCache* cache, const std::string& key,
                                        std::uint64_t bound, std::uint32_t longest_delay) {
    if (cache == nullptr || key.empty()) return std::nullopt;
    auto found = cache->load(key);
    if (found && (found->table.target.size() > bound || found->largest_delay > longest_delay)) {
        found.reset();  // generated again, with its message
    }
    return found;
}

std::optional<GeneratedSynapses> generated(const Network& network, const Projection& projection,
                                           std::uint64_t bound, std::uint32_t longest_delay,
                                           Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.all().size();
    TableBuilder builder{projection, network.source_size(projection.from),
                         network.populations[projection.to].size, bound};
    if (!builder.build(longest_delay, diagnostics)) return std::nullopt;
    if (diagnostics.all().size() != before) return std::nullopt;
    return GeneratedSynapses{builder.take(), static_cast<std::uint8_t>(builder.mode()),
                             builder.largest_delay(), builder.loss()};
}

}  // namespace

LoweredProjection lower_projection(const Network& network, const Projection& projection,
                                   const isa::ChipSpec& chip, std::vector<QuantisationLoss>& losses,
                                   Diagnostics& diagnostics, SynapseCache* cache) {
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
    const std::uint64_t bound = synapse_bound(chip, format);
    const std::string key =
        cache == nullptr ? std::string{} : SynapseCache::key_of(network, projection);
    auto synapses = cached(cache, key, bound, longest_delay);
    if (!synapses) {
        synapses = generated(network, projection, bound, longest_delay, diagnostics);
        if (!synapses) return lowered;
        if (!key.empty()) cache->store(key, *synapses);
    }

    format.sign_mode = synapses->sign_mode;
    format.delay_bits = static_cast<std::uint8_t>(
        std::bit_width(std::min(synapses->largest_delay, isa::kMaxDelay)));
    if (projection.learning_rule) {
        lowered.learning_rule = projection.learning_rule;
        make_plastic(network.learning.rules[*projection.learning_rule], synapses->largest_delay,
                     longest_delay, lowered, diagnostics);
    }
    lowered.synapses = std::move(synapses->table);
    lowered.complete = is_complete(lowered.synapses, network.populations[projection.to].size);
    QuantisationLoss& loss = losses.emplace_back(synapses->loss);
    loss.projection = projection.name;
    if (loss.clipped != 0) {
        const auto mode = static_cast<isa::SignMode>(synapses->sign_mode);
        const isa::MantissaRange range = projection.rounding == WeightRounding::kNearest
                                        ? isa::nearest_range(mode, static_cast<int>(projection.bits))
                                        : isa::mantissa_range(mode);
        diagnostics.warning(
            "CMP-CLIP", projection.where,
            fmt::format("projection '{}': {} of {} weights are outside [{}, {}] and were clipped "
                        "(largest error {:.6g})",
                        projection.name, grouped(loss.clipped), grouped(loss.synapses), range.min,
                        range.max, loss.max_error),
            "use a smaller scale with a larger exponent, or another sign mode");
    }
    return lowered;
}

}  // namespace seamount::compiler
