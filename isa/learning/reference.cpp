#include "isa/learning/reference.hpp"

#include <algorithm>
#include <cstdlib>

#include "isa/base/random_domain.hpp"

namespace seamount::isa {
namespace {

constexpr std::uint32_t kDecayStream = 3;
constexpr std::uint32_t kImpulseStream = 4;
constexpr std::uint32_t kRepeatStream = 5;
constexpr std::uint32_t kNormaliseStream = 10;
constexpr std::uint32_t kPostStreams = 4;  ///< added for post traces

std::int64_t clip(std::int64_t value, std::int64_t low, std::int64_t high) {
    return value < low ? low : (value > high ? high : value);
}

/// value * 2^left, rounding down.
std::int64_t scaled(std::int64_t value, int left) {
    if (left >= 0) return value * (std::int64_t{1} << left);
    const std::int64_t divisor = std::int64_t{1} << -left;
    const std::int64_t quotient = value / divisor;
    return quotient * divisor > value ? quotient - 1 : quotient;
}

}  // namespace

LearningReference::LearningReference(Setup setup)
    : setup_{std::move(setup)},
      products_{decode_learning(setup_.rule.words)},
      pre_(setup_.sources),
      post_(setup_.neurons.size()) {}

std::uint32_t LearningReference::random(std::uint32_t id, std::uint32_t stream, std::uint32_t word,
                                        std::uint64_t step) const {
    const std::uint64_t seed = setup_.rule.own_seed ? setup_.rule.seed : setup_.seed;
    const RandomStream numbers{RandomDomain::kLearning, seed,
                               static_cast<std::uint32_t>(step >> 32U)};
    return numbers.block(id, setup_.projection * 16 + stream,
                         static_cast<std::uint32_t>(step))[word];
}

/// Whether numerator / 2^bits rounds up.
bool LearningReference::rounds_up(std::uint64_t numerator, int bits, std::uint32_t id,
                                  std::uint32_t stream, std::uint32_t word,
                                  std::uint64_t step) const {
    const std::uint64_t fraction = numerator << (32 - bits);
    switch (setup_.rule.rounding) {
        case LearnRounding::kFloor:
            return false;
        case LearnRounding::kHalf:
            return fraction > (std::uint64_t{1} << 31);
        case LearnRounding::kConstant:
            return fraction > setup_.rule.threshold;
        case LearnRounding::kStochastic:
            return fraction > random(id, stream, word, step);
    }
    return false;
}

std::int32_t LearningReference::decayed(std::int32_t value, std::size_t trace, std::uint32_t key,
                                        std::uint32_t word, bool post, std::uint64_t step) const {
    const TraceImage& image = setup_.rule.traces[trace];
    const auto at = static_cast<std::size_t>(std::abs(value));
    // In units of 2^-32.
    std::int64_t remains = (std::int64_t{image.whole[at]} << 32) + image.fraction[at];
    if (value < 0) remains = -remains;
    const std::int64_t whole = scaled(remains, -32);
    const auto fraction = static_cast<std::uint64_t>(remains - whole * (std::int64_t{1} << 32));
    const std::uint32_t stream = kDecayStream + (post ? kPostStreams : 0);
    return static_cast<std::int32_t>(whole) +
           (rounds_up(fraction, 32, key, stream, word, step) ? 1 : 0);
}

std::int32_t LearningReference::with_impulse(std::int32_t value, std::size_t trace,
                                             std::uint32_t key, std::uint32_t word, bool post,
                                             bool repeat, std::uint64_t step) const {
    const LearningRuleImage& rule = setup_.rule;
    const TraceImage& image = rule.traces[trace];
    const std::uint32_t stream =
        (repeat ? kRepeatStream : kImpulseStream) + (post ? kPostStreams : 0);
    bool up = false;
    if (rule.mode != LearnMode::kLavaCompat) {
        up = rounds_up(image.impulse_fraction, 8, key, stream, word, step);
    } else if (repeat && !post) {
        up = image.impulse_fraction > 0;
    } else {
        std::uint32_t drawn = 0;
        switch (rule.rounding) {
            case LearnRounding::kFloor:
                drawn = 256;
                break;
            case LearnRounding::kHalf:
                drawn = 64;
                break;
            case LearnRounding::kConstant:
                drawn = rule.threshold / (1U << 25);
                break;
            case LearnRounding::kStochastic:
                drawn = random(key, stream, word, step) / (1U << 25);
                break;
        }
        up = drawn < image.impulse_fraction;
    }
    const auto impulse = static_cast<std::int32_t>(image.impulse) + (up ? 1 : 0);
    return static_cast<std::int32_t>(clip(value + impulse, -kMaxTrace, kMaxTrace));
}

void LearningReference::spike(Side& side, std::uint32_t key, bool post, std::uint32_t q) {
    const std::size_t first = post ? std::size_t{kPreTraces} : 0;
    const std::size_t count = post ? std::size_t{kPostTraces} : std::size_t{kPreTraces};
    bool impulse = false;
    for (std::size_t k = first; k < first + count; ++k) {
        const TraceImage& trace = setup_.rule.traces[k];
        impulse = impulse || trace.impulse != 0 || trace.impulse_fraction != 0;
    }
    if (setup_.rule.mode == LearnMode::kBrian2Loihi && !impulse) return;
    if (side.time != 0 && setup_.rule.mode != LearnMode::kNengo) {
        for (std::size_t k = 0; k < count; ++k) {
            side.trace[k] = with_impulse(side.trace[k], first + k, key,
                                         static_cast<std::uint32_t>(k), post, true, now_);
        }
    }
    side.time = q;
}

void LearningReference::payload(Side& side, std::uint32_t key, std::uint32_t q,
                                std::int32_t payload) {
    const double exact = static_cast<double>(payload) / 2.0;
    std::int32_t half = static_cast<std::int32_t>(scaled(payload, -1));
    if (exact > half && half % 2 != 0) ++half;  // a half: round to the even neighbour
    const std::int32_t sum = (side.trace[0] + half) & 255;
    switch (setup_.rule.graded) {
        case GradedTrace::kImpulse:
            return spike(side, key, false, q);
        case GradedTrace::kOverwrite:
            spike(side, key, false, q);
            side.trace[0] = static_cast<std::int32_t>(clip(half, -kMaxTrace, kMaxTrace));
            return;
        case GradedTrace::kAdd: {
            spike(side, key, false, q);
            const std::int32_t after = (side.trace[0] + half) & 255;
            side.trace[0] = std::min(kMaxTrace, after);
            return;
        }
        case GradedTrace::kAddOverflow:
            if (sum > kMaxTrace) spike(side, key, false, q);
            side.trace[0] = std::min(kMaxTrace, sum > kMaxTrace ? sum - kMaxTrace : sum);
            return;
    }
}

/// History of one side over the epoch that ends now.
void LearningReference::evolve(Side& side, std::uint32_t key, bool post) {
    const LearnMode mode = setup_.rule.mode;
    const std::uint32_t epoch = setup_.rule.epoch;
    const std::size_t first = post ? std::size_t{kPreTraces} : 0;
    const std::size_t count = post ? std::size_t{kPostTraces} : std::size_t{kPreTraces};
    if (post && setup_.rule.post_from_program && mode != LearnMode::kLavaCompat) return;
    side.history.assign(epoch, {});
    for (std::uint32_t q = 1; q <= epoch; ++q) {
        const std::uint64_t step = now_ + q - epoch;
        for (std::size_t k = 0; k < count; ++k) {
            const auto word = static_cast<std::uint32_t>(k);
            std::int32_t h = q == 1 ? side.trace[k] : side.history[q - 2][k];
            const bool once = mode == LearnMode::kNengo;
            if (mode != LearnMode::kBrian2Loihi && (!once || q == 1)) {
                h = decayed(h, first + k, key, word, post, step);
            }
            if (once ? q == 1 && side.time != 0 : side.time == q) {
                h = with_impulse(h, first + k, key, word, post, false, step);
            }
            side.history[q - 1][k] = h;
        }
    }
    if (post && setup_.rule.post_from_program) return;
    for (std::size_t k = 0; k < count; ++k) {
        side.trace[k] = side.history.back()[k];
        if (mode != LearnMode::kBrian2Loihi) continue;
        side.trace[k] =
            decayed(side.trace[k], first + k, key, static_cast<std::uint32_t>(k), post, now_);
    }
}

std::int64_t LearningReference::factor(const LearnFactor& factor, LearnGate gate,
                                       const Synapse& synapse, const Side& pre,
                                       const Side& post) const {
    const std::uint32_t q = gate == LearnGate::kX0   ? pre.time
                            : gate == LearnGate::kY0 ? post.time
                                                     : setup_.rule.epoch;
    const auto v = static_cast<std::size_t>(factor.variable);
    const auto x1 = static_cast<std::size_t>(LearnVariable::kX1);
    const auto y1 = static_cast<std::size_t>(LearnVariable::kY1);
    const auto w = static_cast<std::size_t>(LearnVariable::kW);
    std::int64_t value = 0;
    if (factor.variable == LearnVariable::kX0) {
        value = pre.time != 0 ? 1 : 0;
    } else if (factor.variable == LearnVariable::kY0) {
        value = post.time != 0 ? 1 : 0;
    } else if (v < y1) {
        value = pre.history[q - 1][v - x1];
    } else if (v < w) {
        value = post.history[q - 1][v - y1];
    } else if (v < w + kLearnTargets) {
        value = synapse.value[v - w];
    } else {
        value = clip(rewards_[v - w - kLearnTargets], -128, 127);
    }
    value += factor.constant;
    if (factor.sign) return value > 0 ? 1 : (value < 0 ? -1 : 0);
    const std::int64_t limit = std::int64_t{1} << width_of(factor.variable);
    return clip(value, -limit, limit - 1);
}

void LearningReference::learn(std::size_t id) {
    const LearnMode mode = setup_.rule.mode;
    Synapse& synapse = setup_.synapses[id];
    const Side& pre = pre_[synapse.pre];
    const Side& post = post_[synapse.post];
    const std::uint64_t number =
        mode == LearnMode::kBrian2Loihi ? now_ : (now_ + 1) / setup_.rule.epoch;
    std::array<std::int64_t, kLearnTargets> sum{};
    std::array<bool, kLearnTargets> used{};
    const bool wide = mode == LearnMode::kExact || mode == LearnMode::kBrian2Loihi;
    for (std::size_t t = 0; t < sum.size(); ++t) {
        if (mode != LearnMode::kBrian2Loihi) sum[t] = scaled(synapse.value[t], wide ? 16 : 7);
    }
    for (const LearnProduct& product : products_) {
        const auto t = static_cast<std::size_t>(product.target);
        used[t] = true;
        const bool open = product.gate == LearnGate::kX0 ? pre.time != 0
                          : product.gate == LearnGate::kY0
                              ? post.time != 0
                              : number % (std::uint64_t{1} << product.k) == 0;
        if (!open) continue;
        std::int64_t value = product.mantissa;
        int width = 0;
        for (const LearnFactor& f : product.factors) {
            value *= factor(f, product.gate, synapse, pre, post);
            width += width_of(f.variable);
        }
        if (mode == LearnMode::kLavaCompat) {
            value = scaled(scaled(value, -std::max(0, width + 4 - 15)), product.exponent + 7);
            sum[t] = clip(sum[t] + clip(value, -32769, 32767), -32769, 32767);
        } else if (mode == LearnMode::kNengo) {
            sum[t] += scaled(value, product.exponent + 7 - std::max(0, width + 3 - 15));
        } else {
            sum[t] += scaled(value, product.exponent + 16);
        }
    }
    const Synapse old = synapse;
    for (std::size_t t = 0; t < sum.size(); ++t) {
        if (!used[t]) continue;
        synapse.value[t] = finish(sum[t], old.value[t], static_cast<LearnTarget>(t), id);
    }
}

std::int32_t LearningReference::finish(std::int64_t sum, std::int32_t old, LearnTarget target,
                                       std::size_t id) const {
    const LearnMode mode = setup_.rule.mode;
    const bool weight = target == LearnTarget::kWeight;
    const bool mixed = setup_.sign_mode == 1;
    const int lsb = weight ? 8 - setup_.weight_bits + (mixed ? 1 : 0) : 0;
    std::int64_t low = mode == LearnMode::kLavaCompat && weight && !mixed ? -255 : -256;
    std::int64_t high = 255;
    if (mode == LearnMode::kBrian2Loihi && mixed) high = 254;
    if (mode == LearnMode::kNengo && weight) {
        high = ((1 << (8 - lsb)) - 1) * (1 << lsb);
        low = -high;
    }
    if (weight && setup_.sign_mode == 2) low = 0;
    if (weight && setup_.sign_mode == 3) high = 0;
    if (target == LearnTarget::kTag) {
        low = mode == LearnMode::kLavaCompat ? -257 : -256;
        high = 255;
    }
    if (target == LearnTarget::kDelay) {
        low = 0;
        high = setup_.rule.moves_delay ? setup_.rule.max_delay : 255;
    }
    if (mode != LearnMode::kBrian2Loihi) {
        if (low == 0) sum = std::max<std::int64_t>(sum, 0);
        if (high == 0) sum = std::min<std::int64_t>(sum, 0);
    }
    const std::int64_t sign = sum < 0 ? -1 : 1;
    const auto up = [&](std::int64_t numerator, int bits) -> std::int64_t {
        const auto key = static_cast<std::uint32_t>(id);
        return rounds_up(static_cast<std::uint64_t>(numerator), bits, key / 4,
                         static_cast<std::uint32_t>(target), key % 4, now_)
                   ? 1
                   : 0;
    };
    std::int64_t result = 0;
    if (mode == LearnMode::kExact || mode == LearnMode::kLavaCompat) {
        const int bits = mode == LearnMode::kExact ? 16 : 7;
        const std::int64_t whole = scaled(sum, -bits);
        result = whole + up(sum - scaled(whole, bits), bits);
    } else if (mode == LearnMode::kBrian2Loihi) {
        const std::int64_t change = scaled(sign * sum + 65535, -16);
        const std::int64_t units = scaled(change, -lsb);
        result = old + sign * scaled(units + up(change - scaled(units, lsb), lsb), lsb);
    } else {
        const std::int64_t units = scaled(sign * sum, -(7 + lsb));
        result = sign * scaled(units + up(sign * sum - scaled(units, 7 + lsb), 7 + lsb), lsb);
    }
    return static_cast<std::int32_t>(clip(result, low, high));
}

void LearningReference::normalise() {
    const auto w = static_cast<std::size_t>(LearnTarget::kWeight);
    std::vector<std::int64_t> sums(post_.size(), 0);
    for (const Synapse& synapse : setup_.synapses) sums[synapse.post] += std::abs(synapse.value[w]);
    for (std::size_t id = 0; id < setup_.synapses.size(); ++id) {
        std::int32_t& weight = setup_.synapses[id].value[w];
        const std::int64_t sum = sums[setup_.synapses[id].post];
        if (weight == 0) continue;
        const std::int64_t wanted = std::int64_t{std::abs(weight)} * setup_.rule.normal_sum;
        const auto fraction = static_cast<std::uint64_t>(wanted % sum * 65536 / sum);
        const auto key = static_cast<std::uint32_t>(id);
        const std::int64_t up =
            rounds_up(fraction, 16, key / 4, kNormaliseStream, key % 4, now_) ? 1 : 0;
        const std::int64_t size = wanted / sum + up;
        weight = static_cast<std::int32_t>(clip(weight < 0 ? -size : size, -256, 255));
    }
}

void LearningReference::step(const Events& events, bool enabled) {
    const LearningRuleImage& rule = setup_.rule;
    const auto q = static_cast<std::uint32_t>(now_ % rule.epoch) + 1;
    for (const auto& [source, value] : events.pre) payload(pre_[source], source, q, value);
    for (std::size_t i = 0; i < post_.size(); ++i) {
        Side& side = post_[i];
        const bool spiked = i < events.post.size() && events.post[i];
        const bool counts = rule.mode == LearnMode::kBrian2Loihi ? side.late : spiked;
        side.late = spiked;
        if (counts) spike(side, setup_.neurons[i], true, q);
        if (!rule.post_from_program) continue;
        for (std::size_t k = 0; k < kPostTraces; ++k) {
            side.trace[k] =
                static_cast<std::int32_t>(clip(events.registers[i][k], -kMaxTrace, kMaxTrace));
        }
        if (q == 1) side.history.clear();
        side.history.push_back(side.trace);
    }
    for (std::size_t r = 0; r < rewards_.size(); ++r) rewards_[r] += events.rewards[r];
    if (q == rule.epoch) {
        for (std::uint32_t i = 0; i < pre_.size(); ++i) evolve(pre_[i], i, false);
        for (std::uint32_t i = 0; i < post_.size(); ++i) evolve(post_[i], setup_.neurons[i], true);
        for (std::size_t id = 0; id < setup_.synapses.size() && enabled; ++id) {
            learn(id);
        }
        const bool due = rule.normal_sum != 0 && (now_ + 1) / rule.epoch % rule.normal_every == 0;
        if (due && enabled) normalise();
        rewards_ = {};
        for (Side& side : pre_) side.time = 0;
        for (Side& side : post_) side.time = 0;
    }
    for (std::size_t id = 0; id < setup_.synapses.size() && events.clear_tags; ++id) {
        setup_.synapses[id].value[static_cast<std::size_t>(LearnTarget::kTag)] = 0;
        if (rule.moves_delay) continue;
        setup_.synapses[id].value[static_cast<std::size_t>(LearnTarget::kDelay)] = 0;
    }
    ++now_;
}

void LearningReference::clear_traces() {
    for (std::vector<Side>* const sides : {&pre_, &post_}) {
        for (Side& side : *sides) {
            side.trace = {};
            side.time = 0;
            side.late = false;
            for (Traces& past : side.history) past = {};
        }
    }
}

}  // namespace seamount::isa
