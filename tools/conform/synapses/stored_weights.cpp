#include "tools/conform/synapses/stored_weights.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "compiler/lower/quantise/optimize_weights.hpp"
#include "isa/base/json.hpp"
#include "tools/conform/synapses/cases.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {

std::int32_t clipped(std::int32_t weight, isa::SignMode mode) {
    const isa::MantissaRange range = isa::mantissa_range(mode);
    return std::clamp(weight, range.min, range.max);
}

std::string check_stored(const Matrix& weights, const Matrix& stored, isa::SignMode mode,
                         int bits) {
    if (weights.size() != stored.size() || weights.front().size() != stored.front().size()) {
        return "the weights and the stored weights differ in shape";
    }
    for (std::size_t post = 0; post < weights.size(); ++post) {
        for (std::size_t pre = 0; pre < weights[post].size(); ++pre) {
            const std::int32_t got =
                isa::truncate_mantissa(clipped(weights[post][pre], mode), mode, bits);
            if (got != stored.at(post).at(pre)) {
                return fmt::format("weight {} is stored as {}, expected {}", weights[post][pre],
                                   got, stored[post][pre]);
            }
        }
    }
    return {};
}

namespace {

std::vector<std::int32_t> list_at(const Json& object, const char* key) {
    return trace_of(Json::array({filled_list(object, key)}), key).front();
}

/// What lava's optimize_weight_bits gives.
Outcome check_optimised(const Json& vector, isa::SignMode mode) {
    const std::vector<std::int32_t> weights = list_at(vector, "in");
    const isa::MantissaRange range = isa::mantissa_range(mode);
    for (const std::int32_t weight : weights) {
        require(weight >= range.min && weight <= range.max,
                fmt::format("weight {} must be in [{}, {}]", weight, range.min, range.max));
    }
    const compiler::OptimisedWeights got = compiler::optimise_weights(weights, mode);
    const auto differs = [](const char* what, std::int64_t is, std::int64_t expected) {
        return Outcome::failed(fmt::format("{} is {}, expected {}", what, is, expected));
    };
    const std::int64_t bits = whole_at(vector, "num_weight_bits", 0, 9);
    const std::int64_t exponent = whole_at(vector, "weight_exp", -8, 0);
    if (got.bits != bits) return differs("num_weight_bits", got.bits, bits);
    if (got.exponent != exponent) return differs("weight_exp", got.exponent, exponent);
    const std::pair<const char*, const std::vector<std::int32_t>&> outputs[] = {
        {"out", got.mantissas}, {"out_loihi2", got.stored}};
    for (const auto& [key, is] : outputs) {
        if (!vector.contains(key)) continue;
        const std::vector<std::int32_t> expected = list_at(vector, key);
        require(expected.size() == weights.size(), "'in' and an output differ in length");
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (is[i] != expected[i]) return differs(key, is[i], expected[i]);
        }
    }
    return Outcome::passed();
}

}  // namespace

Outcome run_weight_quantisation(const Json& vector, const Context&) {
    const Json& params = member(vector, "params");
    const isa::SignMode mode = sign_mode_of(member(params, "sign_mode"));
    if (!params.contains("num_weight_bits")) return check_optimised(vector, mode);
    // lava's rule has every width, also the one that no chip stores (weight_bits_at).
    const auto bits = static_cast<int>(whole_at(params, "num_weight_bits", 1, 8));
    return Outcome::of(check_stored({list_at(vector, "in")}, {list_at(vector, "out")}, mode, bits));
}

}  // namespace seamount::conform
