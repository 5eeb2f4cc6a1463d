#include "tests/unit/learning/random_rule.hpp"

#include <algorithm>

#include "isa/learning/trace_table.hpp"

namespace seamount::testing {
namespace {

using namespace isa;

LearnProduct random_product(Numbers& numbers, LearnMode mode) {
    LearnProduct product;
    product.target = static_cast<LearnTarget>(
        mode == LearnMode::kBrian2Loihi ? 0 : std::max(0, numbers.in(-2, 2)));
    product.gate = static_cast<LearnGate>(std::min(2, numbers.in(0, 5) / 2));
    product.k = product.gate == LearnGate::kU ? static_cast<std::uint32_t>(numbers.in(0, 2)) : 0;
    for (int i = numbers.in(0, 3); i > 0; --i) {
        LearnFactor factor;
        factor.variable = static_cast<LearnVariable>(numbers.in(0, kLearnVariables - 1));
        if (numbers.once_in(3)) factor.constant = numbers.in(-40, 40);
        factor.sign = factor.variable >= LearnVariable::kW &&
                      factor.variable <= LearnVariable::kT && numbers.once_in(3);
        product.factors.push_back(factor);
    }
    product.mantissa = numbers.in(-8, 7);
    product.exponent = numbers.in(-7, 1);
    return product;
}

}  // namespace

LearningRuleImage random_rule(Numbers& numbers, LearnMode mode) {
    LearningRuleImage rule;
    rule.name = "random";
    rule.mode = mode;
    rule.rounding = static_cast<LearnRounding>(numbers.in(0, kLearnRoundings - 1));
    rule.threshold = static_cast<std::uint32_t>(numbers.in(0, 1 << 30)) * 4U;
    rule.graded = static_cast<GradedTrace>(numbers.once_in(3) ? numbers.in(1, 3) : 0);
    constexpr std::array kEpochs{1, 2, 3, 4, 7, 63, 255};
    rule.epoch = static_cast<std::uint8_t>(mode == LearnMode::kBrian2Loihi
                                               ? 1
                                               : kEpochs[static_cast<std::size_t>(numbers.in(
                                                     0, static_cast<int>(kEpochs.size()) - 1))]);
    rule.post_from_program = numbers.once_in(4);
    rule.moves_delay = numbers.once_in(4);
    rule.max_delay = static_cast<std::uint8_t>(rule.moves_delay ? numbers.in(1, 30) : 0);
    rule.own_seed = numbers.once_in(3);
    rule.seed = static_cast<std::uint64_t>(numbers.in(0, 1000));
    for (TraceImage& trace : rule.traces) {
        trace.impulse = static_cast<std::uint32_t>(numbers.in(0, 127));
        trace.impulse_fraction = static_cast<std::uint32_t>(numbers.in(0, 255));
        isa::fill_decay(numbers.once_in(4) ? 0.0 : numbers.in(1, 30), mode, rule.epoch, trace);
    }
    std::vector<LearnProduct> products;
    for (int i = numbers.in(1, 4); i > 0; --i) products.push_back(random_product(numbers, mode));
    rule.words = encode(products);
    if (mode == LearnMode::kExact && numbers.once_in(3)) {
        rule.normal_sum = static_cast<std::uint32_t>(numbers.in(1, numbers.once_in(2) ? 900 : 20));
        rule.normal_every = static_cast<std::uint32_t>(numbers.in(1, 3));
    }
    return rule;
}

}  // namespace seamount::testing
