// What accumulators of a Neurocore do that is not a plain sum (isa::Accumulate), and what they lose
// by it.
#include "emulator/core/sum_wraps.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "emulator/core/neurocore.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {

/// What pushes look up.
void Neurocore::find_rules() {
    const bool only_sums = std::all_of(groups_.begin(), groups_.end(), [](const Group& group) {
        return group.program->rules() == isa::AccumulateRules{};
    });
    if (only_sums) return;
    for (const Group& group : groups_) {
        rules_.resize(std::size_t{group.image->first} + group.image->count,
                      isa::packed_rules(group.program->rules()));
    }
}

void Neurocore::integrate_rule(const Format& format, std::span<const std::uint32_t> words,
                               std::uint32_t base, std::int32_t payload, std::uint64_t step) {
    const std::int64_t factor = format.graded ? payload : 1;
    for (const std::uint32_t word : words) {
        const std::uint64_t when = (step + isa::SynapseWord::delay(word)) & slot_mask_;
        const std::size_t at =
            format.accumulator + when * compartments_ + base + isa::SynapseWord::target(word);
        const std::int64_t term = std::max(format.increment(word), -32767) * factor;
        const isa::Accumulated held = isa::accumulate(format.rule, ring_[at], term);
        ring_[at] = held.value;
        wraps_.mark(at, held.lost);
    }
}

void Neurocore::add_to_sum(const Format& format, std::span<const std::uint32_t> words,
                           std::uint32_t base, std::int32_t payload, std::uint64_t step) {
    Sum& sum = sums_[format.sum];
    sum.used = true;
    const std::int64_t factor = format.graded ? payload : 1;
    for (const std::uint32_t word : words) {
        const std::uint32_t delay = isa::SynapseWord::delay(word);
        const std::size_t target = base + isa::SynapseWord::target(word);
        const std::int64_t turns =
            add_wrapping(sum.add[std::size_t{delay} * compartments_ + target],
                         isa::SynapseWord::weight(word) * factor);
        if (turns != 0) wraps_.note(slot(sum.accumulator, step + delay) + target, turns);
    }
}

void Neurocore::settle(std::uint64_t step) {
    for (Sum& sum : sums_) {
        if (!sum.used) continue;
        sum.used = false;
        std::int32_t* add = sum.add.data();
        const std::size_t delays = sum.add.size() / compartments_;
        for (std::size_t delay = 0; delay < delays; ++delay, add += compartments_) {
            const std::size_t first = slot(sum.accumulator, step + delay);
            for (std::uint32_t c = 0; c < compartments_; ++c) {
                const auto left = std::int64_t{add[c]} * (sum.exponent > 0 ? 1 << sum.exponent : 1);
                const std::int64_t shifted = sum.exponent < 0 ? left >> -sum.exponent : left;
                wraps_.note(first + c, add_wrapping(ring_[first + c], shifted));
                add[c] = 0;
            }
        }
    }
}

bool Neurocore::add_to_accumulator(std::uint32_t compartment, std::uint32_t index,
                                   std::uint64_t step, std::int64_t value) {
    if (((accumulators_ >> index) & 1U) == 0) return false;
    const std::size_t at = slot(index, step) + compartment;
    expect_input(step);
    const isa::Accumulate rule = group_of(compartment).program->rules()[index];
    if (rule == isa::Accumulate::kSum) {
        wraps_.note(at, add_wrapping(ring_[at], value));
        return true;
    }
    const isa::Accumulated held = isa::accumulate(rule, ring_[at], value);
    ring_[at] = held.value;
    wraps_.mark(at, held.lost);
    return true;
}

void Neurocore::clear_accumulator(std::uint32_t compartment, std::uint32_t index,
                                  std::uint64_t step) {
    if (((accumulators_ >> index) & 1U) == 0) return;
    const std::size_t at = slot(index, step) + compartment;
    ring_[at] = 0;
    (void)wraps_.take(at, 1);
}

}  // namespace seamount::emu
