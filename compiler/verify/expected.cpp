#include "compiler/verify/expected.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace seamount::compiler::verifier {

std::uint16_t SynapseKinds::number_of(isa::SynapseFormat format) {
    format.delay_bits = 0;
    format.tag_bits = 0;
    format.index_bits = 0;
    constexpr int kStorage = isa::SynapseFormat::kDense | isa::SynapseFormat::kHoles;
    format.flags &= static_cast<std::uint8_t>(~kStorage);
    const auto found = std::find(kinds_.begin(), kinds_.end(), format);
    const auto number = static_cast<std::uint16_t>(found - kinds_.begin());
    if (found == kinds_.end()) kinds_.push_back(format);
    return number;
}

WeightRule ExpectedSynapses::rule_of(const Projection& projection, std::uint32_t sources) {
    WeightRule rule;
    rule.bits = projection.bits;
    rule.exponent = projection.exponent;
    rule.learned = projection.keeps_learned();
    bool positive = false;
    bool negative = false;
    bool fraction = false;
    std::vector<RawSynapse> row;
    const auto is_known = [&] {
        return (projection.sign_mode || (positive && negative)) &&
               (projection.rounding || fraction);
    };
    for (std::uint32_t i = 0; i < sources && !is_known(); ++i) {
        projection.rows->row(i, row);
        for (const RawSynapse& synapse : row) {
            positive = positive || synapse.weight > 0.0;
            negative = negative || synapse.weight < 0.0;
            fraction = fraction || std::floor(synapse.weight) != synapse.weight;
        }
    }
    rule.rounding = projection.rounding.value_or(fraction ? WeightRounding::kNearest
                                                          : WeightRounding::kTruncate);
    if (projection.sign_mode) {
        rule.sign = static_cast<WeightRule::Sign>(*projection.sign_mode);
        return rule;
    }
    rule.sign = !negative  ? WeightRule::kExcitatory
                : positive ? WeightRule::kMixed
                           : WeightRule::kInhibitory;
    return rule;
}

ExpectedSynapses::ExpectedSynapses(const Network& network, const isa::ChipSpec& chip,
                                   SynapseKinds& kinds)
    : of_input_(network.inputs.size()),
      of_population_(network.populations.size()),
      drops_zeros_{chip.zeros == isa::ZeroWeights::kDropped} {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint8_t> sums;
    std::uint8_t plastic = 0;
    for (const Projection& projection : network.projections) {
        Outgoing out;
        out.projection = &projection;
        out.rule = rule_of(projection, network.source_size(projection.from));
        out.first_target = network.populations[projection.to].first_neuron;
        isa::SynapseFormat format;
        format.weight_exponent = static_cast<std::int8_t>(projection.exponent);
        format.weight_bits = static_cast<std::uint8_t>(projection.bits);
        format.sign_mode = out.rule.sign;
        format.accumulator = static_cast<std::uint8_t>(projection.accumulator);
        format.flags = projection.graded ? isa::SynapseFormat::kGraded : std::uint8_t{0};
        const isa::Accumulate combine =
            network.populations[projection.to].program->combine[projection.accumulator];
        format.set_rule(combine);
        if (chip.exponent_on == isa::ExponentOn::kSum && projection.exponent != 0 &&
            combine == isa::Accumulate::kSum) {
            format.flags |= isa::SynapseFormat::kOnSum;
            format.sum = sums[{projection.to, projection.accumulator}]++;
        }
        if (projection.learning_rule) format.plastic = ++plastic;
        out.kind = kinds.number_of(format);
        from(projection.from).push_back(out);
    }
}

void ExpectedSynapses::row(SourceRef source, std::uint32_t index, std::vector<Synapse>& row) {
    row.clear();
    for (Outgoing& out : from(source)) {
        const bool learns = out.projection->learning_rule.has_value();
        out.projection->rows->row(index, raw_);
        for (const RawSynapse& raw : raw_) {
            const std::int32_t weight = stored_weight(raw.weight, out.rule);
            if (drops_zeros_ && weight == 0 && !learns) continue;
            row.push_back({out.first_target + raw.target, out.kind,
                           static_cast<std::uint8_t>(raw.delay),
                           static_cast<std::uint8_t>(out.projection->channel), weight,
                           learns ? out.next_id++ : 0U});
        }
    }
}

}  // namespace seamount::compiler::verifier
