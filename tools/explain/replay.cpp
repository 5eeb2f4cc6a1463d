#include "tools/explain/replay.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "emulator/core/program/lockstep_program.hpp"
#include "isa/base/fixed.hpp"

namespace seamount::explain {
namespace {

constexpr std::int32_t kLeastIncrement = -32767;  ///< what mantissa -256 gives with exponent 7

/// What a spike adds, with the format's exponent unless that belongs to the sum.
std::int64_t units_of(const isa::SynapseFormat& format, std::int32_t weight, std::int64_t factor) {
    if ((format.flags & isa::SynapseFormat::kOnSum) != 0) return weight * factor;
    const int exponent = format.weight_exponent;
    const std::int32_t shifted = exponent >= 0 ? weight * (1 << exponent) : weight >> -exponent;
    return std::max(shifted, kLeastIncrement) * factor;
}

std::int32_t initial_word(const isa::NeuronGroup& group, std::size_t word, std::size_t lane) {
    if (word >= group.state.size() || group.state[word].empty()) return 0;
    const std::vector<std::int32_t>& values = group.state[word];
    return values.size() == 1 ? values[0] : values[lane];
}

Word word_of(std::int32_t value, Entry entry, bool traced) {
    return {value, traced ? Shares::of(entry, value) : Shares{}};
}

/// A term to an accumulator that does not add; false if it does. A maximum or minimum is that of
/// the first event that has it, a union that of each that adds bits.
template <class Part>
bool combine(isa::Accumulate rule, std::int64_t term, Part part, bool traced, std::int64_t& held,
             Shares& shares) {
    if (rule == isa::Accumulate::kSum) return false;
    const auto before = static_cast<std::int32_t>(held);
    const std::int32_t after = isa::accumulate(rule, before, term).value;
    held = after;
    if (!traced || after == before) return true;
    if (rule == isa::Accumulate::kOr) {
        shares.add(part, (Amount{after} - Amount{before}) << kFractionBits);
    } else {
        shares = Shares{};
        shares.add(part, Amount{after} << kFractionBits);
    }
    return true;
}

}  // namespace

NeuronReplay::NeuronReplay(const Recording& recording, FanIn& fan_in, NeuronId neuron)
    : recording_{recording},
      neuron_{neuron},
      group_{recording.group_of(neuron)},
      program_{recording.image().programs[group_.program]},
      random_{recording.setting().seed},
      by_step_(static_cast<std::size_t>(recording.end() - recording.first())) {
    const emu::LockstepProgram program{program_.words};
    read_ = program.read_accumulators();
    written_ = program.written_states();
    take_synapses(fan_in);
    take_writes();
    lane_ = first_lane(false);
}

void NeuronReplay::take_synapses(FanIn& fan_in) {
    const isa::Image& image = recording_.image();
    const isa::CoreImage& core = image.cores[recording_.place_of(neuron_).core];
    for (const FanInSynapse& synapse : fan_in.of(neuron_)) {
        const isa::SynapseFormat& format = core.formats[synapse.format];
        for (const Emission& spike : recording_.spikes_of(synapse.origin)) {
            const bool from_host = synapse.origin.is_input();
            if (!from_host && spike.channel != synapse.channel) continue;
            Event event;
            event.origin = synapse.origin;
            event.step = spike.step;
            event.ordinal = spike.ordinal;
            event.accumulator = format.accumulator;
            event.graded = (format.flags & isa::SynapseFormat::kGraded) != 0 && synapse.has_payload;
            event.payload = synapse.has_payload ? spike.payload : 1;
            event.weight = synapse.weight;
            event.exponent = format.weight_exponent;
            event.delay = synapse.delay;
            if (synapse.id != FanInSynapse::kStatic) {
                event.entry = std::uint32_t{format.plastic} - 1;
                event.id = synapse.id;
                const emu::SynapseState& now =
                    recording_.learned(event.entry, event.id, spike.step);
                event.weight = now.weight;
                event.delay = static_cast<std::uint32_t>(now.delay);
            }
            event.arrival = spike.step + event.delay + (from_host ? 0U : 1U);
            event.on_sum = (format.flags & isa::SynapseFormat::kOnSum) != 0;
            event.sum = format.sum;
            event.units = units_of(format, event.weight, event.graded ? event.payload : 1);
            add(event);
        }
    }
}

/// Between sending and arrival a new sample may have cleared what was on its way.
bool NeuronReplay::is_lost(const Event& event) const {
    for (std::uint64_t step = event.step + 1; step <= event.arrival; ++step) {
        if (recording_.resets(step)) return true;
    }
    return false;
}

void NeuronReplay::add(const Event& event) {
    if (event.arrival >= recording_.end() || is_lost(event)) return;
    by_step_[static_cast<std::size_t>(event.arrival - recording_.first())].push_back(
        events_.size());
    events_.push_back(event);
}

void NeuronReplay::take_writes() {
    const isa::Image& image = recording_.image();
    for (std::uint32_t i = 0; i < image.inputs.size(); ++i) {
        const isa::InputImage& input = image.inputs[i];
        bool used = false;
        for (std::size_t w = 0; w < input.writes.size(); ++w) {
            if (input.writes[w].neuron != neuron_) continue;
            writes_.push_back(
                {static_cast<std::uint32_t>(inputs_.size()), w, input.writes[w].state});
            used = true;
        }
        if (used) inputs_.emplace_back(input, i, image.dataset, recording_.setting().seed);
    }
}

TracedLane NeuronReplay::first_lane(bool traced) const {
    TracedLane lane;
    const std::span<const std::int32_t> words = recording_.words_of(neuron_);
    for (std::size_t w = 0; w < words.size(); ++w) {
        const bool constant = recording_.first() == 0 || ((written_ >> w) & 1U) == 0;
        lane.state[w] = word_of(words[w], constant ? Entry::kConstant : Entry::kBefore, traced);
    }
    return lane;
}

/// (0) of a step: reset, and what the host writes.
void NeuronReplay::prepare(std::uint64_t step, TracedLane& lane, bool traced) const {
    const isa::DatasetImage& dataset = recording_.image().dataset;
    const bool reset = recording_.resets(step);
    if (reset) {
        const std::size_t at = recording_.place_of(neuron_).compartment - group_.first;
        const std::uint32_t kept = dataset.kept.empty() ? 0U : dataset.kept[group_.population];
        const TracedLane last = std::exchange(lane, {});
        for (std::size_t w = 0; w < lane.state.size(); ++w) {
            if (((kept >> w) & 1U) != 0) lane.state[w] = last.state[w];
        }
        for (std::size_t w = 0; w < group_.state.size() && w < lane.state.size(); ++w) {
            if (((kept >> w) & 1U) != 0) continue;
            lane.state[w] = word_of(initial_word(group_, w, at), Entry::kConstant, traced);
        }
    }
    const emu::SamplePosition& at = recording_.position(step);
    for (const Write& write : writes_) {
        std::vector<emu::HostInput::Write> written;
        inputs_[write.input].writes(step, at, reset, written);
        for (const emu::HostInput::Write& one : written) {
            if (one.place != write.place) continue;
            lane.state[write.state] = word_of(one.value, Entry::kConstant, traced);
        }
    }
}

/// Sums up what is due in `step`, as the accumulators do. What a sum has lost by its exponent is
/// rounding, what it lost beyond 32 bits was clipped.
void NeuronReplay::accumulate(std::uint64_t step, const Change& change, bool traced,
                              TracedLane& lane) const {
    struct Sum {
        std::int64_t units = 0;
        int exponent = 0;
        std::uint8_t accumulator = 0;
    };
    std::array<std::int64_t, isa::kAccumulators> totals{};
    // Settled together: one phase of one step, one delay.
    std::map<std::tuple<std::uint64_t, bool, std::uint32_t, std::uint8_t, std::uint8_t>, Sum> sums;
    for (std::size_t k = 0; k < totals.size(); ++k) totals[k] = lane.accumulators[k].value;
    const auto take = [&](std::size_t i) {
        const Event& event = events_[i];
        Shares& shares = lane.accumulators[event.accumulator].shares;
        if (combine(program_.combine[event.accumulator], event.units, kEntries + i, traced,
                    totals[event.accumulator], shares)) {
            return;
        }
        const Amount whole = Amount{event.units} << kFractionBits;
        if (!event.on_sum) {
            totals[event.accumulator] += event.units;
            if (traced) shares.add(kEntries + i, whole);
            return;
        }
        Sum& sum =
            sums[{event.step, event.origin.is_input(), event.delay, event.accumulator, event.sum}];
        sum.units += event.units;
        sum.exponent = event.exponent;
        sum.accumulator = event.accumulator;
        if (!traced) return;
        shares.add(kEntries + i, event.exponent >= 0 ? whole * (1 << event.exponent)
                                                     : whole / (1 << -event.exponent));
    };
    for (const std::size_t i : by_step_[static_cast<std::size_t>(step - recording_.first())]) {
        if (i != change.event) take(i);
    }
    if (change.arrival == step) take(change.event);
    for (const auto& [key, sum] : sums) {
        totals[sum.accumulator] +=
            sum.exponent >= 0 ? sum.units * (1 << sum.exponent) : sum.units >> -sum.exponent;
    }
    const std::span<const emu::PendingSum> pending = recording_.sums_of(neuron_);
    const bool kept = !pending.empty() && !resets_since_start(step);
    for (const emu::PendingSum& sum : pending) {
        if (!kept || recording_.first() + sum.delay != step) continue;
        Shares& shares = lane.accumulators[sum.accumulator].shares;
        if (combine(program_.combine[sum.accumulator], sum.value, Entry::kBefore, traced,
                    totals[sum.accumulator], shares)) {
            continue;
        }
        totals[sum.accumulator] += sum.value;
        if (!traced) continue;
        shares.add(Entry::kBefore, Amount{sum.value} << kFractionBits);
    }
    for (std::size_t k = 0; k < totals.size(); ++k) {
        Word& word = lane.accumulators[k];
        word.value = fixed::wrap<32>(totals[k]);
        if (!traced) continue;
        word.shares.settle(totals[k], Entry::kRounding);
        word.shares.settle(word.value, Entry::kClipped);
    }
}

bool NeuronReplay::resets_since_start(std::uint64_t step) const {
    for (std::uint64_t s = recording_.first(); s <= step; ++s) {
        if (recording_.resets(s)) return true;
    }
    return false;
}

Execution NeuronReplay::start(std::uint64_t step, bool traced, TracedLane& lane) const {
    return Execution{{program_.words, group_.params, &random_, neuron_, step, traced}, lane};
}

/// An accumulator that the program reads and did not clear in this step keeps its value.
void NeuronReplay::carry(TracedLane& lane) const {
    for (std::size_t k = 0; k < lane.accumulators.size(); ++k) {
        if (((read_ >> k) & 1U) == 0) lane.accumulators[k] = {};
    }
}

std::vector<TracedPush> NeuronReplay::advance() {
    const std::uint64_t step = recording_.first() + before_.size();
    prepare(step, lane_, false);
    Plain& plain = before_.emplace_back();
    for (std::size_t w = 0; w < plain.state.size(); ++w) plain.state[w] = lane_.state[w].value;
    for (std::size_t k = 0; k < plain.carried.size(); ++k) {
        plain.carried[k] = lane_.accumulators[k].value;
    }
    accumulate(step, {}, false, lane_);
    Execution execution = start(step, false, lane_);
    execution.finish();
    carry(lane_);
    for (const TracedSpike& spike : execution.spikes()) {
        const bool again = !spikes_.empty() && spikes_.back().step == step;
        spikes_.push_back(
            {step, spike.payload.value, spike.channel, again ? spikes_.back().ordinal + 1 : 0});
    }
    return execution.pushes();
}

bool NeuronReplay::agrees() const {
    const std::span<const Emission> recorded =
        recording_.spikes_of({Origin::kNeuron, neuron_.value()});
    return std::ranges::equal(recorded, spikes_, [](const Emission& a, const Emission& b) {
        return a.step == b.step && a.payload == b.payload && a.channel == b.channel;
    });
}

void NeuronReplay::trace() {
    if (traced_) return;
    traced_ = true;
    last_ = first_lane(true);
    for (std::uint64_t step = recording_.first(); step < recording_.end(); ++step) {
        prepare(step, last_, true);
        accumulate(step, {}, true, last_);
        Execution execution = start(step, true, last_);
        execution.finish();
        carry(last_);
        if (execution.spikes().empty() && execution.pushes().empty()) continue;
        done_[step] = {execution.spikes(), execution.pushes()};
    }
}

}  // namespace seamount::explain
