#include "emulator/learning/trace_bank.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::emu {
namespace {

std::int32_t clip_trace(std::int32_t value) {
    return std::clamp(value, -isa::kMaxTrace, isa::kMaxTrace);
}

/// payload / 2, halves to the even neighbour.
std::int32_t half_of(std::int32_t payload) {
    const std::int32_t below = payload >> 1;
    return below + ((payload & below & 1) != 0 ? 1 : 0);
}

}  // namespace

TraceBank::TraceBank(Params params, const Rounder& rounder)
    : rule_{params.rule},
      rounder_{rounder},
      traces_{params.post ? std::span{params.rule->traces}.subspan(isa::kPreTraces)
                          : std::span{params.rule->traces}.first(isa::kPreTraces)},
      count_{static_cast<std::uint32_t>(traces_.size())},
      entries_{static_cast<std::uint32_t>(params.keys.size())},
      epoch_{params.rule->epoch},
      stream_{params.post ? static_cast<std::uint32_t>(LearnStream::kPost) : 0U},
      deaf_{params.rule->mode == isa::LearnMode::kBrian2Loihi &&
            std::all_of(traces_.begin(), traces_.end(),
                        [](const isa::TraceImage& trace) {
                            return trace.impulse == 0 && trace.impulse_fraction == 0;
                        })},
      held_{params.post && params.rule->post_from_program},
      sampled_{held_ && params.rule->mode != isa::LearnMode::kLavaCompat},
      keys_{std::move(params.keys)},
      stored_(std::size_t{entries_} * count_),
      history_(std::size_t{entries_} * count_ * epoch_),
      time_(entries_),
      is_live_(entries_) {}

void TraceBank::wake(std::uint32_t entry) {
    if (is_live_[entry] != 0) return;
    is_live_[entry] = 1;
    live_.push_back(entry);
}

void TraceBank::mark(std::uint32_t entry, std::uint32_t q) {
    if (time_[entry] == 0) active_.push_back(entry);
    time_[entry] = static_cast<std::uint8_t>(q);
    wake(entry);
}

std::array<std::uint32_t, 4> TraceBank::thresholds(std::uint32_t entry, std::uint32_t stream,
                                                   std::uint64_t step) const {
    if (rounder_.stochastic()) return rounder_.draw(keys_[entry], stream + stream_, step);
    const std::uint32_t t = rounder_.threshold();
    return {t, t, t, t};
}

void TraceBank::add_impulse(std::uint32_t trace, std::uint32_t threshold,
                            std::int32_t& value) const {
    const isa::TraceImage& image = traces_[trace];
    const bool up = rounder_.impulse_up(image.impulse_fraction, threshold);
    value = clip_trace(value + static_cast<std::int32_t>(image.impulse) + (up ? 1 : 0));
}

/// A negative value, which only neuron programs make, decays by the same table: -h becomes
/// -decayed(h), rounded as a number.
std::int32_t TraceBank::decayed(std::uint32_t trace, std::int32_t value,
                                std::uint32_t threshold) const {
    const isa::TraceImage& image = traces_[trace];
    const auto at = static_cast<std::size_t>(std::abs(value));
    std::int32_t whole = image.whole[at];
    std::uint32_t fraction = image.fraction[at];
    if (value < 0) {
        whole = -whole - (fraction != 0 ? 1 : 0);
        fraction = ~fraction + 1U;
    }
    return whole + (threshold < fraction ? 1 : 0);
}

void TraceBank::spike(std::uint32_t entry, std::uint32_t q, std::uint64_t step) {
    if (deaf_) return;
    const bool again = time_[entry] != 0;
    if (again && rule_->mode != isa::LearnMode::kNengo) {
        // lava draws no number for a repeated spike of a pre trace: its fraction always rounds up.
        const bool lava_pre = rule_->mode == isa::LearnMode::kLavaCompat && stream_ == 0;
        const auto random =
            thresholds(entry, static_cast<std::uint32_t>(LearnStream::kTraceRepeat), step);
        for (std::uint32_t k = 0; k < count_; ++k) {
            std::int16_t& stored = stored_[std::size_t{entry} * count_ + k];
            std::int32_t value = stored;
            if (lava_pre) {
                value = clip_trace(value + static_cast<std::int32_t>(traces_[k].impulse) +
                                   (traces_[k].impulse_fraction != 0 ? 1 : 0));
            } else {
                add_impulse(k, random[k], value);
            }
            stored = static_cast<std::int16_t>(value);
        }
    }
    mark(entry, q);
}

void TraceBank::graded_spike(std::uint32_t entry, std::uint32_t q, std::int32_t payload,
                             std::uint64_t step) {
    std::int16_t& x1 = stored_[std::size_t{entry} * count_];
    switch (rule_->graded) {
        case isa::GradedTrace::kImpulse:
            return spike(entry, q, step);
        case isa::GradedTrace::kOverwrite:
            spike(entry, q, step);
            x1 = static_cast<std::int16_t>(clip_trace(half_of(payload)));
            return;
        case isa::GradedTrace::kAdd:
            spike(entry, q, step);
            x1 = static_cast<std::int16_t>(std::min(isa::kMaxTrace, (x1 + half_of(payload)) & 255));
            return;
        case isa::GradedTrace::kAddOverflow: {
            const std::int32_t sum = (x1 + half_of(payload)) & 255;
            const bool overflow = sum > isa::kMaxTrace;
            if (overflow) spike(entry, q, step);
            wake(entry);
            x1 = static_cast<std::int16_t>(clip_trace(overflow ? sum - isa::kMaxTrace : sum));
            return;
        }
    }
}

void TraceBank::hold(std::uint32_t entry, std::uint32_t trace, std::int32_t value,
                     std::uint32_t q) {
    if (value == 0 && is_live_[entry] == 0) return;
    wake(entry);
    const auto clipped = static_cast<std::int16_t>(clip_trace(value));
    stored_[std::size_t{entry} * count_ + trace] = clipped;
    if (sampled_) history(q, trace, entry) = clipped;
}

std::uint64_t TraceBank::close(std::uint64_t last) {
    if (!sampled_) {
        for (const std::uint32_t entry : live_) evolve(entry, last);
    }
    return std::uint64_t{live_.size()} * count_;
}

void TraceBank::evolve(std::uint32_t entry, std::uint64_t last) {
    using isa::LearnMode;
    const auto decay_stream = static_cast<std::uint32_t>(LearnStream::kTraceDecay);
    const auto impulse_stream = static_cast<std::uint32_t>(LearnStream::kTraceImpulse);
    const bool once = rule_->mode == LearnMode::kNengo;
    const bool late = rule_->mode == LearnMode::kBrian2Loihi;
    std::array<std::int32_t, 3> value{};
    for (std::uint32_t k = 0; k < count_; ++k) value[k] = stored_[std::size_t{entry} * count_ + k];
    for (std::uint32_t q = 1; q <= epoch_; ++q) {
        const std::uint64_t step = last - epoch_ + q;
        const bool decays = !late && (!once || q == 1);
        const bool spikes = once ? q == 1 && time_[entry] != 0 : time_[entry] == q;
        if (decays) {
            const auto random = thresholds(entry, decay_stream, step);
            for (std::uint32_t k = 0; k < count_; ++k) value[k] = decayed(k, value[k], random[k]);
        }
        if (spikes) {
            const auto random = thresholds(entry, impulse_stream, step);
            for (std::uint32_t k = 0; k < count_; ++k) add_impulse(k, random[k], value[k]);
        }
        for (std::uint32_t k = 0; k < count_; ++k) {
            history(q, k, entry) = static_cast<std::int16_t>(value[k]);
        }
    }
    if (late) {
        const auto random = thresholds(entry, decay_stream, last);
        for (std::uint32_t k = 0; k < count_; ++k) value[k] = decayed(k, value[k], random[k]);
    }
    if (held_) return;  // the program's value stays
    for (std::uint32_t k = 0; k < count_; ++k) {
        stored_[std::size_t{entry} * count_ + k] = static_cast<std::int16_t>(value[k]);
    }
}

void TraceBank::next_epoch() {
    for (const std::uint32_t entry : active_) time_[entry] = 0;
    active_.clear();
    const auto dead = [this](std::uint32_t entry) {
        for (std::uint32_t k = 0; k < count_; ++k) {
            if (stored(k, entry) != 0) return false;
        }
        for (std::uint32_t q = 1; q <= epoch_; ++q) {
            for (std::uint32_t k = 0; k < count_; ++k) history(q, k, entry) = 0;
        }
        is_live_[entry] = 0;
        return true;
    };
    live_.erase(std::remove_if(live_.begin(), live_.end(), dead), live_.end());
}

void TraceBank::reset() {
    std::fill(stored_.begin(), stored_.end(), std::int16_t{0});
    next_epoch();
}

void TraceBank::save(std::vector<TraceState>& states, std::vector<std::int16_t>& history) const {
    for (const std::uint32_t entry : live_) {
        TraceState state{.key = keys_[entry], .time = time_[entry], .live = 1};
        for (std::uint32_t k = 0; k < count_; ++k) {
            state.value[k] = static_cast<std::int16_t>(stored(k, entry));
        }
        states.push_back(state);
        if (!sampled_) continue;
        for (std::uint32_t q = 1; q <= epoch_; ++q) {
            for (std::uint32_t k = 0; k < count_; ++k) {
                history.push_back(static_cast<std::int16_t>(at(q, k, entry)));
            }
        }
    }
}

void TraceBank::load(const std::vector<TraceState>& states,
                     const std::vector<std::int16_t>& history) {
    reset();
    for (std::uint32_t entry = 0; entry < entries_; ++entry) {
        const auto found = std::lower_bound(
            states.begin(), states.end(), keys_[entry],
            [](const TraceState& state, std::uint32_t key) { return state.key < key; });
        if (found == states.end() || found->key != keys_[entry]) continue;
        for (std::uint32_t k = 0; k < count_; ++k) {
            stored_[std::size_t{entry} * count_ + k] = found->value[k];
        }
        if (found->time != 0) mark(entry, found->time);
        if (found->live != 0) wake(entry);
        if (!sampled_) continue;
        std::size_t from = static_cast<std::size_t>(found - states.begin()) * history_size();
        for (std::uint32_t q = 1; q <= epoch_; ++q) {
            for (std::uint32_t k = 0; k < count_; ++k) this->history(q, k, entry) = history[from++];
        }
    }
}

}  // namespace seamount::emu
