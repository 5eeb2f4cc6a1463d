// NeuronReplay: what is asked of it.
#include <algorithm>
#include <utility>

#include "isa/base/assert.hpp"
#include "tools/explain/replay.hpp"

namespace seamount::explain {

Quantity NeuronReplay::quantity(const Question& question) {
    trace();
    if (question.kind == Question::Kind::kWord) {
        SM_ASSERT(question.step + 1 == recording_.end(), "words are known at the window's end");
        const Word& word = last_.state[question.ordinal];
        return {word.value, word.shares};
    }
    const Done& done = done_.at(question.step);
    if (question.kind == Question::Kind::kPush) {
        const Word& word = done.pushes[question.ordinal].value;
        return {word.value, word.shares};
    }
    const TracedSpike& spike = done.spikes[question.ordinal];
    if (question.of_payload || !spike.compared) {
        return {spike.payload.value, spike.payload.shares};
    }
    const Comparison& compared = *spike.compared;
    const bool left = compared.left.shares.carries();
    const bool right = compared.right.shares.carries();
    if (left && right) {
        Shares difference = compared.left.shares;
        difference.add(compared.right.shares, -1);
        return {std::int64_t{compared.left.value} - compared.right.value,
                std::move(difference),
                0,
                compared.pc,
                false,
                true};
    }
    if (right) {
        return {compared.right.value, compared.right.shares, compared.left.value, compared.pc,
                true};
    }
    return {compared.left.value, compared.left.shares, compared.right.value, compared.pc};
}

Without NeuronReplay::moved(std::size_t event, std::int64_t steps, const Question& question,
                            const Quantity& quantity) const {
    const std::int64_t least = static_cast<std::int64_t>(recording_.first());
    const std::int64_t arrival = static_cast<std::int64_t>(events_[event].arrival) + steps;
    return changed({event, static_cast<std::uint64_t>(std::max(arrival, least))}, question,
                   quantity);
}

Without NeuronReplay::changed(const Change& change, const Question& question,
                              const Quantity& quantity) const {
    Without result;
    const std::uint64_t acts = events_[change.event].arrival;
    const std::uint64_t begin = std::min(acts, change.arrival.value_or(acts));
    const Plain& plain = before_[static_cast<std::size_t>(begin - recording_.first())];
    TracedLane lane;
    for (std::size_t w = 0; w < plain.state.size(); ++w) lane.state[w].value = plain.state[w];
    for (std::size_t k = 0; k < plain.carried.size(); ++k) {
        lane.accumulators[k].value = plain.carried[k];
    }
    for (std::uint64_t step = begin; step < recording_.end(); ++step) {
        if (step != begin) prepare(step, lane, false);
        accumulate(step, change, false, lane);
        Execution execution = start(step, false, lane);
        execution.finish();
        carry(lane);
        if (step > question.step && !execution.spikes().empty()) {
            result.next = step;
            break;
        }
        if (step < question.step && !result.earlier && !execution.spikes().empty() &&
            !spiked_in(step)) {
            result.earlier = step;
        }
        if (step != question.step) continue;
        measure(execution, lane, question, quantity, result);
        if (question.kind != Question::Kind::kSpike || result.happens) break;
    }
    return result;
}

bool NeuronReplay::spiked_in(std::uint64_t step) const {
    return std::ranges::binary_search(spikes_, step, {}, &Emission::step);
}

/// What became of the quantity in its step.
void NeuronReplay::measure(const Execution& execution, const TracedLane& lane,
                           const Question& question, const Quantity& quantity, Without& result) {
    if (question.kind == Question::Kind::kWord) {
        result.value = lane.state[question.ordinal].value;
        result.happens = true;
        return;
    }
    if (question.kind == Question::Kind::kPush) {
        result.happens = question.ordinal < execution.pushes().size();
        if (result.happens) result.value = execution.pushes()[question.ordinal].value.value;
        return;
    }
    result.happens = question.ordinal < execution.spikes().size();
    if (!quantity.threshold) {
        if (result.happens) result.value = execution.spikes()[question.ordinal].payload.value;
        return;
    }
    for (const Comparison& compared : execution.comparisons()) {
        if (compared.pc != quantity.pc) continue;
        const bool difference = quantity.is_difference;
        if (difference) {
            result.value = std::int64_t{compared.left.value} - compared.right.value;
        } else {
            result.value = quantity.right_side ? compared.right.value : compared.left.value;
        }
    }
}

}  // namespace seamount::explain
