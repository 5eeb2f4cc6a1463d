#include <catch2/catch.hpp>

#include <fmt/core.h>

#include <cmath>

#include "emulator/learning/plastic_projection.hpp"
#include "isa/learning/rule_parser.hpp"
#include "isa/learning/trace_table.hpp"
#include "tests/unit/learning/random_rule.hpp"

using namespace seamount;
using testing::Numbers;

TEST_CASE("stochastic rounding of a million updates has the exact mean", "[stochastic]") {
    constexpr std::uint32_t kSources = 1000;
    constexpr std::uint32_t kTargets = 1000;
    Numbers numbers{31};
    for (int trial = 0; trial < 20; ++trial) {
        // dw = m * 2^e * x0 + m' * 2^e' * x0, with a fraction.
        const std::string text =
            fmt::format("{}*2^{}*x0 + {}*2^{}*x0", 2 * numbers.in(-20, 20) + 1, -numbers.in(3, 16),
                        numbers.in(1, 100), -numbers.in(3, 12));
        isa::RuleProblem problem;
        const auto products =
            isa::parse_learning_rule(text, isa::LearnTarget::kWeight, isa::kWideLimits, problem);
        REQUIRE(products);
        isa::LearningRuleImage rule;
        rule.words = isa::encode(*products);
        double exact = 0.0;
        for (const auto& product : *products) {
            exact += std::ldexp(product.mantissa, product.exponent);
        }

        std::vector<NeuronId> neurons(kTargets);
        std::vector<std::uint32_t> words;
        emu::PlasticProjection::Params params;
        for (std::uint32_t s = 0; s < kSources; ++s) {
            params.blocks.push_back({s * kTargets, s * kTargets, kTargets, s});
            for (std::uint32_t t = 0; t < kTargets; ++t) {
                neurons[t] = NeuronId{t};
                params.ids.push_back(s * kTargets + t);
                words.push_back(isa::SynapseWord::pack(0, 0, t));
            }
        }
        params.rule = &rule;
        params.seed = static_cast<std::uint64_t>(trial);
        params.neurons = &neurons;
        emu::PlasticProjection engine{std::move(params), words};
        for (std::uint32_t s = 0; s < kSources; ++s) engine.pre_spike(s, 1, 0);
        emu::LearningActivity activity;
        engine.end_step(0, {}, true, activity);
        CHECK(activity.synapse_updates == kSources * kTargets);

        double sum = 0.0;
        for (const std::uint32_t word : words) sum += isa::SynapseWord::weight(word);
        const double mean = sum / (kSources * kTargets);
        const double fraction = exact - std::floor(exact);
        const double error = std::sqrt(fraction * (1.0 - fraction) / (kSources * kTargets));
        INFO(text << ": exact " << exact << ", mean " << mean);
        CHECK(std::abs(mean - exact) <= 3.0 * error + 1e-12);
    }
}
