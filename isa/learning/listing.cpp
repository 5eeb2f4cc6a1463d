#include "isa/learning/listing.hpp"

#include <fmt/format.h>

namespace seamount::isa {

std::string listing_of(const LearningRuleImage& rule) {
    std::string text = fmt::format("; learning rule {}: {}, {}, epoch {}\n", rule.name,
                                   name_of(rule.mode), name_of(rule.rounding), rule.epoch);
    for (int t = 0; t < kLearnTargets; ++t) {
        const std::string& product = rule.text[static_cast<std::size_t>(t)];
        if (product.empty()) continue;
        text += fmt::format("; {}: {}\n", name_of(static_cast<LearnTarget>(t)), product);
    }
    if (rule.normal_sum != 0) {
        text += fmt::format("; normalise: {} for each target, every {} epochs\n", rule.normal_sum,
                            rule.normal_every);
    }
    for (const std::uint32_t word : rule.words) {
        text += fmt::format("        {}\n", disassemble_learning(word));
    }
    const LearnCost cost = cost_of(decode_learning(rule.words));
    text += fmt::format(
        "; multiply-accumulates per synapse: {} after x0, {} after y0, {} with u; {} words\n",
        cost.x0, cost.y0, cost.u, rule.words.size());
    return text;
}

}  // namespace seamount::isa
