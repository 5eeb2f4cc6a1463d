#include "emulator/learning/update_kernel.hpp"

#include <algorithm>

namespace seamount::emu {
namespace {

using isa::LearnGate;
using isa::LearnMode;
using isa::LearnTarget;
using isa::LearnVariable;

/// Fraction bits of the 16-bit accumulator of lava and nengo.
constexpr int kNarrowFraction = 7;
/// Limits of lava's accumulator; the lower one is off by one there.
constexpr std::int64_t kNarrowMin = -32769;
constexpr std::int64_t kNarrowMax = 32767;

/// Bits by which a product is wider than the accumulator. Source: functional spec of lava's
/// learning engine, 6.3 (mantissa of 4 bits), and of nengo-loihi, 6.4 (of 3 bits).
int excess_bits(const isa::LearnProduct& product, LearnMode mode) {
    if (mode != LearnMode::kLavaCompat && mode != LearnMode::kNengo) return 0;
    int width = mode == LearnMode::kLavaCompat ? 4 : 3;
    for (const isa::LearnFactor& factor : product.factors) width += isa::width_of(factor.variable);
    return std::max(0, width - 15);
}

std::int64_t shifted(std::int64_t value, int left) {
    return left >= 0 ? value * (std::int64_t{1} << left) : value >> -left;
}

}  // namespace

UpdateKernel::UpdateKernel(const isa::LearningRuleImage& rule, const isa::SynapseFormat& format,
                           const Rounder& rounder)
    : rounder_{rounder}, mode_{rule.mode} {
    const bool mixed = format.sign_mode == 1;
    const bool excitatory = format.sign_mode == 2;
    weight_lsb_ = 8 - format.weight_bits + (mixed ? 1 : 0);
    const std::int32_t lowest = mode_ == LearnMode::kLavaCompat && !mixed ? -255 : -256;
    const std::int32_t highest = mixed && mode_ == LearnMode::kBrian2Loihi ? 254 : 255;
    ranges_ = {Range{excitatory ? 0 : lowest, mixed || excitatory ? highest : 0},
               Range{0, rule.moves_delay ? rule.max_delay : 255},
               Range{mode_ == LearnMode::kLavaCompat ? -257 : -256, 255}};
    if (mode_ == LearnMode::kNengo) {
        const std::int32_t most = ((1 << (8 - weight_lsb_)) - 1) << weight_lsb_;
        ranges_[0] = {excitatory ? 0 : -most, mixed || excitatory ? most : 0};
    }
    for (isa::LearnProduct& code : isa::decode_learning(rule.words)) {
        gates_[static_cast<std::size_t>(code.gate)] = true;
        variables_[static_cast<std::size_t>(code.target)] = true;
        for (const isa::LearnFactor& factor : code.factors) {
            if (factor.variable == LearnVariable::kD) variables_[1] = true;
            if (factor.variable == LearnVariable::kT) variables_[2] = true;
        }
        const int excess = excess_bits(code, mode_);
        std::vector<Product>& products = products_[static_cast<std::size_t>(code.target)];
        products.push_back({std::move(code), excess});
    }
}

bool UpdateKernel::sweeps(std::uint64_t number) const noexcept {
    for (const std::vector<Product>& products : products_) {
        for (const Product& product : products) {
            const std::uint64_t mask = (std::uint64_t{1} << product.code.k) - 1;
            if (product.code.gate == LearnGate::kU && (number & mask) == 0) return true;
        }
    }
    return false;
}

void UpdateKernel::apply(SynapseLanes& lanes, const EpochView& epoch, LearningActivity& activity) {
    for (std::uint32_t l = 0; l < lanes.count; ++l) {
        pre_time_[l] = epoch.pre->time(lanes.pre[l]);
        post_time_[l] = epoch.post->time(lanes.post[l]);
    }
    for (int v = 0; v < isa::kLearnTargets; ++v) {
        const auto target = static_cast<std::size_t>(v);
        if (products_[target].empty()) continue;
        for (std::uint32_t l = 0; l < lanes.count; ++l) {
            sum_[l] = start_of(lanes.value[target][l]);
        }
        for (const Product& product : products_[target]) {
            if (!open(product, lanes, epoch, activity)) continue;
            for (const isa::LearnFactor& factor : product.code.factors) {
                multiply(factor, product.code.gate, lanes, epoch);
            }
            accumulate(product, lanes.count, activity);
        }
        round(static_cast<LearnTarget>(v), lanes, epoch, activity);
    }
    activity.synapse_updates += lanes.count;
    for (std::uint32_t l = 0; l < lanes.count; ++l) {
        bool changed = false;
        for (std::size_t v = 0; v < products_.size(); ++v) {
            if (products_[v].empty()) continue;
            changed = changed || result_[v][l] != lanes.value[v][l];
            lanes.value[v][l] = result_[v][l];
        }
        activity.synapse_writes += changed ? 1U : 0U;
    }
}

bool UpdateKernel::open(const Product& product, const SynapseLanes& lanes, const EpochView& epoch,
                        LearningActivity& activity) {
    std::uint64_t count = 0;
    switch (product.code.gate) {
        case LearnGate::kX0:
            for (std::uint32_t l = 0; l < lanes.count; ++l) {
                product_[l] = pre_time_[l] != 0 ? 1 : 0;
                count += pre_time_[l] != 0 ? 1U : 0U;
            }
            break;
        case LearnGate::kY0:
            for (std::uint32_t l = 0; l < lanes.count; ++l) {
                product_[l] = post_time_[l] != 0 ? 1 : 0;
                count += post_time_[l] != 0 ? 1U : 0U;
            }
            break;
        case LearnGate::kU:
            if ((epoch.number & ((std::uint64_t{1} << product.code.k) - 1)) != 0) return false;
            std::fill_n(product_.begin(), lanes.count, 1);
            count = lanes.count;
            break;
    }
    activity.multiply_accumulates += count * (product.code.factors.size() + 1);
    return count != 0;
}

/// Traces are sampled after the step of the spike that opened the gate; of u products, after the
/// epoch.
void UpdateKernel::load(LearnVariable variable, LearnGate gate, const SynapseLanes& lanes,
                        const EpochView& epoch) {
    const std::uint32_t last = epoch.pre->epoch();
    const auto sample = [&](const TraceBank& bank, const auto& entry, std::uint32_t trace) {
        const auto& times = gate == LearnGate::kX0 ? pre_time_ : post_time_;
        if (gate == LearnGate::kU) {
            for (std::uint32_t l = 0; l < lanes.count; ++l) {
                factor_[l] = bank.at(last, trace, entry[l]);
            }
            return;
        }
        for (std::uint32_t l = 0; l < lanes.count; ++l) {
            factor_[l] = times[l] == 0 ? 0 : bank.at(times[l], trace, entry[l]);
        }
    };
    const auto fill = [&](auto value) {
        for (std::uint32_t l = 0; l < lanes.count; ++l) factor_[l] = value(l);
    };
    switch (variable) {
        case LearnVariable::kX0:
            return fill([&](std::uint32_t l) { return pre_time_[l] != 0 ? 1 : 0; });
        case LearnVariable::kY0:
            return fill([&](std::uint32_t l) { return post_time_[l] != 0 ? 1 : 0; });
        case LearnVariable::kX1:
        case LearnVariable::kX2:
            return sample(*epoch.pre, lanes.pre, variable == LearnVariable::kX1 ? 0 : 1);
        case LearnVariable::kY1:
        case LearnVariable::kY2:
        case LearnVariable::kY3:
            return sample(*epoch.post, lanes.post,
                          static_cast<std::uint32_t>(variable) -
                              static_cast<std::uint32_t>(LearnVariable::kY1));
        case LearnVariable::kW:
            return fill([&](std::uint32_t l) { return lanes.value[0][l]; });
        case LearnVariable::kD:
            return fill([&](std::uint32_t l) { return lanes.value[1][l]; });
        case LearnVariable::kT:
            return fill([&](std::uint32_t l) { return lanes.value[2][l]; });
        case LearnVariable::kR0:
            return fill([&](std::uint32_t) { return epoch.rewards[0]; });
        case LearnVariable::kR1:
            return fill([&](std::uint32_t) { return epoch.rewards[1]; });
    }
}

void UpdateKernel::multiply(const isa::LearnFactor& factor, LearnGate gate,
                            const SynapseLanes& lanes, const EpochView& epoch) {
    load(factor.variable, gate, lanes, epoch);
    if (factor.sign) {
        for (std::uint32_t l = 0; l < lanes.count; ++l) {
            const std::int32_t value = factor_[l] + factor.constant;
            product_[l] *= value > 0 ? 1 : (value < 0 ? -1 : 0);
        }
        return;
    }
    const std::int32_t limit = 1 << isa::width_of(factor.variable);
    for (std::uint32_t l = 0; l < lanes.count; ++l) {
        product_[l] *= std::clamp(factor_[l] + factor.constant, -limit, limit - 1);
    }
}

std::int64_t UpdateKernel::start_of(std::int32_t value) const {
    if (mode_ == LearnMode::kExact) return std::int64_t{value} * (1 << isa::kExactFraction);
    if (mode_ == LearnMode::kBrian2Loihi) return 0;
    return std::int64_t{value} * (1 << kNarrowFraction);
}

void UpdateKernel::accumulate(const Product& product, std::uint32_t count,
                              LearningActivity& activity) {
    const std::int64_t mantissa = product.code.mantissa;
    const int exponent = product.code.exponent;
    switch (mode_) {
        case LearnMode::kExact:
        case LearnMode::kBrian2Loihi: {
            const std::int64_t scale =
                mantissa * (std::int64_t{1} << (exponent + isa::kExactFraction));
            for (std::uint32_t l = 0; l < count; ++l) sum_[l] += product_[l] * scale;
            return;
        }
        case LearnMode::kLavaCompat: {
            const int left = exponent + kNarrowFraction;
            for (std::uint32_t l = 0; l < count; ++l) {
                const std::int64_t term =
                    shifted((product_[l] * mantissa) >> product.pre_shift, left);
                const std::int64_t kept = std::clamp(term, kNarrowMin, kNarrowMax);
                const std::int64_t sum = std::clamp(sum_[l] + kept, kNarrowMin, kNarrowMax);
                activity.saturations += kept != term || sum != sum_[l] + kept ? 1U : 0U;
                sum_[l] = sum;
            }
            return;
        }
        case LearnMode::kNengo: {
            const int left = exponent + kNarrowFraction - product.pre_shift;
            for (std::uint32_t l = 0; l < count; ++l) {
                sum_[l] += shifted(product_[l] * mantissa, left);
            }
            return;
        }
    }
}

/// Splits a sum into what is certain (`whole`) and a `fraction` in units of 2^-32 of the step that
/// is returned, by which `whole` moves if the fraction rounds up.
std::int32_t UpdateKernel::rounded(std::int64_t sum, std::int32_t old, int lsb, std::int64_t& whole,
                                   std::uint32_t& fraction) const {
    const std::int32_t sign = sum < 0 ? -1 : 1;
    const std::int64_t magnitude = sum < 0 ? -sum : sum;
    switch (mode_) {
        case LearnMode::kExact:
            whole = sum >> isa::kExactFraction;
            fraction = static_cast<std::uint32_t>(sum) << (32 - isa::kExactFraction);
            return 1;
        case LearnMode::kLavaCompat:
            whole = sum >> kNarrowFraction;
            fraction = static_cast<std::uint32_t>(sum) << (32 - kNarrowFraction);
            return 1;
        case LearnMode::kBrian2Loihi: {
            // The change, as a whole number away from 0, in steps of what the weight can store.
            const std::int64_t change =
                (magnitude + (1 << isa::kExactFraction) - 1) >> isa::kExactFraction;
            whole = old + sign * ((change >> lsb) << lsb);
            fraction = lsb == 0 ? 0 : static_cast<std::uint32_t>(change) << (32 - lsb);
            return sign * (1 << lsb);
        }
        case LearnMode::kNengo: {
            const int bits = kNarrowFraction + lsb;
            whole = sign * ((magnitude >> bits) << lsb);
            fraction = static_cast<std::uint32_t>(magnitude) << (32 - bits);
            return sign * (1 << lsb);
        }
    }
    return 1;
}

void UpdateKernel::round(LearnTarget target, SynapseLanes& lanes, const EpochView& epoch,
                         LearningActivity& activity) {
    const auto v = static_cast<std::size_t>(target);
    const Range range = ranges_[v];
    const int lsb = target == LearnTarget::kWeight ? weight_lsb_ : 0;
    const bool stochastic = rounder_.stochastic();
    std::uint32_t threshold = rounder_.threshold();
    std::array<std::uint32_t, 4> random{};
    std::uint64_t drawn = ~std::uint64_t{0};
    for (std::uint32_t l = 0; l < lanes.count; ++l) {
        std::int64_t whole = 0;
        std::uint32_t fraction = 0;
        std::int64_t sum = sum_[l];
        bool clipped = false;
        if (mode_ != LearnMode::kBrian2Loihi) {
            // A sign is kept before rounding, so that no fraction of the other one is left.
            const std::int64_t before = sum;
            if (range.min == 0) sum = std::max<std::int64_t>(sum, 0);
            if (range.max == 0) sum = std::min<std::int64_t>(sum, 0);
            clipped = sum != before;
        }
        const std::int32_t up = rounded(sum, lanes.value[v][l], lsb, whole, fraction);
        if (fraction != 0) {
            if (stochastic) {
                const std::uint32_t block = lanes.id[l] / 4;
                if (drawn != block) {
                    random = rounder_.draw(block, static_cast<std::uint32_t>(target), epoch.last);
                    drawn = block;
                }
                threshold = random[lanes.id[l] % 4];
            }
            if (threshold < fraction) whole += up;
        }
        const std::int64_t kept = std::clamp<std::int64_t>(whole, range.min, range.max);
        activity.saturations += clipped || kept != whole ? 1U : 0U;
        result_[v][l] = static_cast<std::int32_t>(kept);
    }
}

}  // namespace seamount::emu
