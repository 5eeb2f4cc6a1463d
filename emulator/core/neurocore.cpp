#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "isa/base/assert.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {
namespace {

/// Rows ahead of the one in work whose first lines are fetched: a row comes from a distant cache or
/// from memory, and its 8 to 128 synapses take 5 to 80 ns.
constexpr std::size_t kPrefetchRows = 12;
/// Rows of axons with visits that are looked up together: a batch ends with the axon that brings it
/// to so many.
constexpr std::size_t kVisitBatch = 32;

}  // namespace

GroupView Neurocore::view_of_slots(std::uint64_t step) {
    GroupView view;
    view.compartments = compartments_;
    view.ring = ring_.data();
    view.wraps = &wraps_;
    view.rules = rules_.empty() ? nullptr : rules_.data();
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        const int k = std::countr_zero(left);
        const auto index = static_cast<std::size_t>(k);
        view.now[index] = ring_.data() + slot(static_cast<std::uint32_t>(k), step);
        view.next[index] = ring_.data() + slot(static_cast<std::uint32_t>(k), step + 1);
    }
    return view;
}

void Neurocore::update(std::uint64_t step, const isa::RandomSource& random, Lockstep& engine,
                       CoreActivity& activity) {
    GroupView view;
    bool has_view = false;
    for (Group& group : groups_) {
        if (group.at_rest && step >= quiet_from_) {
            activity.updates += group.resting.updates;
            activity.instructions += group.resting.instructions;
            activity.cycles += group.resting.cycles;
            activity.overflows += group.resting.overflows;
            continue;
        }
        if (!has_view) view = view_of_slots(step);
        has_view = true;
        update_group(group, view, step, random, engine, activity);
    }
    if (image_->padding != 0 && activity.updates != 0) {
        activity.padding_updates += image_->padding;
        activity.padding_cycles += activity.cycles / activity.updates * image_->padding;
    }
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
        activity.overflows += wraps_.take(slot(k, step), compartments_);
    }
}

void Neurocore::update_group(Group& group, const GroupView& slots_now, std::uint64_t step,
                             const isa::RandomSource& random, Lockstep& engine,
                             CoreActivity& activity) {
    GroupView view = slots_now;
    view.program = group.program;
    view.params = group.image->params.data();
    view.neurons = image_->neurons.data() + group.image->first;
    view.first = group.image->first;
    view.count = group.image->count;
    view.state = group.state.data();
    view.traces = group.traces.data();
    view.stride = group.stride;
    view.uniform = group.uniform;
    const std::uint64_t updates = activity.updates;
    const std::uint64_t active = activity.active_updates;
    const std::uint64_t instructions = activity.instructions;
    const std::uint64_t cycles = activity.cycles;
    const std::uint64_t overflows = activity.overflows;
    const Lockstep::Effects effects = engine.update(view, step, random, activity);
    if (effects.pushed) expect_input(step);
    empty_slot(group, step);
    // What it carries over is input of the next step.
    const bool carries =
        (group.program->read_accumulators() & ~group.program->cleared_accumulators()) != 0;
    group.at_rest = step >= quiet_from_ && activity.active_updates == active && !effects.drew &&
                    !effects.pushed && !carries;
    if (!group.at_rest) return;
    group.resting.updates = activity.updates - updates;
    group.resting.instructions = activity.instructions - instructions;
    group.resting.cycles = activity.cycles - cycles;
    group.resting.overflows = activity.overflows - overflows;
}

/// Carries or drops what the group left in the slot of `step`.
void Neurocore::empty_slot(const Group& group, std::uint64_t step) {
    for (std::uint32_t left = accumulators_ & ~group.program->cleared_accumulators(); left != 0;
         left &= left - 1) {
        const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
        std::int32_t* const now = ring_.data() + slot(k, step) + group.image->first;
        std::int32_t* const next = ring_.data() + slot(k, step + 1) + group.image->first;
        if (((group.program->read_accumulators() >> k) & 1U) != 0) {
            const isa::Accumulate rule = group.program->rules()[k];
            for (std::uint32_t i = 0; i < group.image->count; ++i) {
                if (rule != isa::Accumulate::kSum) {
                    next[i] = isa::accumulate(rule, next[i], now[i]).value;
                    continue;
                }
                const std::int64_t turns = add_wrapping(next[i], now[i]);
                wraps_.note(static_cast<std::size_t>(next + i - ring_.data()), turns);
            }
        }
        std::fill_n(now, group.image->count, 0);
    }
}

std::size_t Neurocore::slot(std::uint32_t accumulator, std::uint64_t step) const noexcept {
    return ring_first_[accumulator] + (step & slot_mask_) * static_cast<std::size_t>(compartments_);
}

template <bool kDelayed, bool kCounted>
void Neurocore::integrate_block(const Format& format, std::span<const std::uint32_t> words,
                                std::uint32_t base, std::int32_t payload, std::uint64_t step) {
    // (weight << 7) >> (7 - exponent), taken straight from the upper bits of the word.
    const auto increment_of = [shift = format.shift](std::uint32_t word) {
        return static_cast<std::int32_t>(word & 0xFF800000U) >> shift;
    };
    const std::uint32_t mask = slot_mask_;
    const std::size_t stride = compartments_;
    std::int32_t* const ring = ring_.data() + format.accumulator;
    std::int32_t* const due = ring + (step & mask) * stride + base;
    const auto at = [&](std::uint32_t word) -> std::int32_t& {
        if constexpr (kDelayed) {
            const std::uint64_t when = (step + isa::SynapseWord::delay(word)) & mask;
            return ring[when * stride + base + isa::SynapseWord::target(word)];
        } else {
            return due[isa::SynapseWord::target(word)];
        }
    };
    if constexpr (!kCounted) {
        const auto add = [&at](std::uint32_t word, std::int32_t increment) {
            std::int32_t& sum = at(word);
            sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                            static_cast<std::uint32_t>(increment));
        };
        if (!format.clipped) {
            for (const std::uint32_t word : words) add(word, increment_of(word));
        } else {
            for (const std::uint32_t word : words) add(word, std::max(increment_of(word), -32767));
        }
    } else {
        const std::int64_t factor = format.graded ? payload : 1;
        for (const std::uint32_t word : words) {
            std::int32_t& sum = at(word);
            const std::int64_t turns =
                add_wrapping(sum, std::max(increment_of(word), -32767) * factor);
            if (turns != 0) wraps_.note(static_cast<std::size_t>(&sum - ring_.data()), turns);
        }
    }
}

void Neurocore::integrate_any(const std::uint32_t* header, std::uint32_t base, std::int32_t payload,
                              std::uint64_t step) {
    const std::span words{header + 1, isa::BlockHeader::count(*header)};
    const Format& format = formats_[isa::BlockHeader::format(*header)];
    if (format.plastic) {
        learning_->arrived(static_cast<std::uint32_t>(header - memory_.data()), payload);
    }
    if (format.rule != isa::Accumulate::kSum) {
        integrate_rule(format, words, base, payload, step);
    } else if (format.sum != kNoSum) {
        add_to_sum(format, words, base, payload, step);
    } else if (format.runs) {
        integrate_runs(format, words, base, payload, step);
    } else if (format.can_wrap) {
        integrate_block<true, true>(format, words, base, payload, step);
    } else if (format.delayed) {
        integrate_block<true, false>(format, words, base, 1, step);
    } else {
        integrate_block<false, false>(format, words, base, 1, step);
    }
}

inline void Neurocore::integrate_row(std::uint32_t offset, std::uint32_t base, std::int32_t payload,
                                     std::uint64_t step) {
    const std::uint32_t* header = memory_.data() + offset;
    for (;;) {
        const std::uint32_t head = *header;
        const Format& format = formats_[isa::BlockHeader::format(head)];
        const std::uint32_t* const end = header + 1 + isa::BlockHeader::count(head);
        std::int32_t* const due = ring_.data() + format.accumulator +
                                  (step & slot_mask_) * std::size_t{compartments_} + base;
        if (format.only_runs) {
            const RowOfRuns row{header + 1, end, due};
            add_runs_(&row, &row + 1);
        } else if (format.simple) {
            const int shift = format.shift;
            for (const std::uint32_t* word = header + 1; word != end; ++word) {
                std::int32_t& sum = due[isa::SynapseWord::target(*word)];
                const std::int32_t increment =
                    static_cast<std::int32_t>(*word & 0xFF800000U) >> shift;
                sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                                static_cast<std::uint32_t>(increment));
            }
        } else {
            integrate_any(header, base, payload, step);
        }
        if (isa::BlockHeader::last(head)) return;
        header = end;
    }
}

void Neurocore::integrate_runs(const Format& format, std::span<const std::uint32_t> runs,
                               std::uint32_t base, std::int32_t payload, std::uint64_t step) {
    const std::size_t due =
        format.accumulator + (step & slot_mask_) * std::size_t{compartments_} + base;
    const std::int64_t factor = format.graded ? payload : 1;
    for (const std::uint32_t* run = runs.data(); run != runs.data() + runs.size();) {
        const std::size_t first = due + (run[0] & kRunTargetMask);
        const std::uint32_t length = run[0] >> kRunLengthShift;
        ++run;
        for (std::uint32_t i = 0; i < length; i += kRunStep, run += kRunStepWords) {
            std::array<std::int16_t, kRunStep> add;
            std::memcpy(add.data(), run, sizeof add);
            for (std::uint32_t j = 0; j < kRunStep && i + j < length; ++j) {
                const std::size_t at = first + i + j;
                const std::int64_t turns = add_wrapping(ring_[at], add[j] * factor);
                if (turns != 0) wraps_.note(at, turns);
            }
        }
    }
}

void Neurocore::integrate(std::span<const AxonArrival> arrivals, std::uint64_t step,
                          CoreActivity& activity) {
    if (!arrivals.empty()) expect_input(step);
    const std::uint32_t* const memory = memory_.data();
    for (std::size_t i = 0; i < arrivals.size();) {
        if (arrivals[i].has_visits()) {
            i += integrate_visits(arrivals.subspan(i), step, activity);
            continue;
        }
        if (i + kPrefetchRows < arrivals.size() && !arrivals[i + kPrefetchRows].has_visits()) {
            const std::uint32_t* const ahead = memory + arrivals[i + kPrefetchRows].offset;
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + 16);
        }
        const AxonArrival& arrival = arrivals[i++];
        activity.synaptic_events += arrival.synapses;
        integrate_row(arrival.offset, arrival.base, arrival.payload, step);
    }
}

/// Where the rows are takes three look-ups, one after another, for each of them: those of a batch
/// wait for memory side by side, and its rows are fetched meanwhile.
std::size_t Neurocore::integrate_visits(std::span<const AxonArrival> arrivals, std::uint64_t step,
                                        CoreActivity& activity) {
    std::int32_t* const due = ring_.data() + (step & slot_mask_) * std::size_t{compartments_};
    std::size_t taken = 0;
    batch_.clear();
    const auto add = [&](const Row& row, std::uint32_t base, std::int32_t payload) {
        if (row.run_words == 0) return integrate_row(row.offset, base, payload, step);
        const std::uint32_t* const runs = memory_.data() + row.offset + 1;
        __builtin_prefetch(runs);
        __builtin_prefetch(runs + 16);
        batch_.push_back({runs, runs + row.run_words, due + row.accumulator + base});
    };
    for (; taken < arrivals.size() && arrivals[taken].has_visits() && batch_.size() < kVisitBatch;
         ++taken) {
        const AxonArrival& arrival = arrivals[taken];
        const isa::InputAxon& axon = image_->input_axons[arrival.offset & ~SynapseRow::kVisits];
        isa::for_each_visit(*image_, axon,
                            [&](std::uint32_t first, std::uint32_t base, bool padding) {
                                const Row& row = rows_[first + arrival.base];
                                if (padding) {
                                    activity.padding_events += row.synapses;
                                    return;
                                }
                                activity.synaptic_events += row.synapses;
                                if (row.synapses != 0) add(row, base, arrival.payload);
                            });
    }
    add_runs_(batch_.data(), batch_.data() + batch_.size());
    return taken;
}

void Neurocore::learn(std::uint64_t step, const LearnSignals& signals, CoreActivity& activity) {
    if (!learning_) return;
    for (const EmittedSpike& spike : activity.spikes) {
        learning_->post_spike(spike.compartment, step);
    }
    for (PlasticProjection& projection : learning_->projections()) {
        if (!projection.rule().post_from_program) continue;
        for (std::uint32_t i = 0; i < projection.post_count(); ++i) {
            const std::uint32_t compartment = projection.first_post() + i;
            projection.post_traces(
                compartment, {trace(compartment, 1), trace(compartment, 2), trace(compartment, 3)},
                step);
        }
    }
    learning_->end_step(step, signals, activity.learning);
}

void Neurocore::store_learned(isa::CoreImage& image) const {
    if (!learning_) return;
    for (std::size_t b = 0; b < plastic_headers_.size(); ++b) {
        const std::uint32_t* const block = unpacked_.data() + plastic_headers_[b];
        std::copy_n(block + 1, isa::BlockHeader::count(*block),
                    image.synapses.begin() + image.plastic.blocks[b].header + 1);
    }
    learning_->store(image.plastic);
}

const Neurocore::Group& Neurocore::group_of(std::uint32_t compartment) const {
    SM_ASSERT(compartment < compartments_, "compartment beyond the core");
    const auto after = std::upper_bound(
        groups_.begin(), groups_.end(), compartment,
        [](std::uint32_t c, const Group& group) { return c < group.image->first; });
    return *std::prev(after);
}

std::int32_t Neurocore::state(std::uint32_t compartment, std::uint32_t word) const {
    const Group& group = group_of(compartment);
    if (word >= group.words) return 0;
    return group.state[word * group.stride + (compartment - group.image->first)];
}

void Neurocore::write_state(std::uint32_t compartment, std::uint32_t word, std::int32_t value) {
    const Group& group = group_of(compartment);
    if (word >= group.words) return;
    Group& own = groups_[static_cast<std::size_t>(&group - groups_.data())];
    own.uniform &= ~(1U << word);
    own.state[word * group.stride + (compartment - group.image->first)] = value;
    own.at_rest = false;
}

std::int32_t Neurocore::parameter(std::uint32_t compartment, std::uint32_t index) const {
    return index < isa::kParameters ? group_of(compartment).image->params[index] : 0;
}

std::int32_t Neurocore::trace(std::uint32_t compartment, std::uint32_t index) const {
    const Group& group = group_of(compartment);
    const std::size_t at = index * group.stride + (compartment - group.image->first);
    return at < group.traces.size() ? group.traces[at] : 0;
}

std::int32_t Neurocore::accumulator(std::uint32_t compartment, std::uint32_t index,
                                    std::uint64_t step) const {
    if (((accumulators_ >> index) & 1U) == 0) return 0;
    return ring_[slot(index, step) + compartment];
}

std::int64_t Neurocore::exact_sum(std::uint32_t compartment, std::uint32_t index,
                                  std::uint64_t step) const {
    if (((accumulators_ >> index) & 1U) == 0) return 0;
    const std::size_t at = slot(index, step) + compartment;
    return ring_[at] + wraps_.turns(at) * (std::int64_t{1} << 32U);
}

void Neurocore::write_trace(std::uint32_t compartment, std::uint32_t index, std::int32_t value) {
    const Group& group = group_of(compartment);
    const std::size_t at = index * group.stride + (compartment - group.image->first);
    if (at >= group.traces.size()) return;
    Group& own = groups_[static_cast<std::size_t>(&group - groups_.data())];
    own.traces[at] = value;
    own.at_rest = false;
}

}  // namespace seamount::emu
