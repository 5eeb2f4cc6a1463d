#include "tools/debug/core_walk.hpp"

#include "isa/base/fixed.hpp"
#include "isa/microcode/accumulate.hpp"

namespace seamount::debug {

CoreWalk::CoreWalk(const Params& params, const emu::Machine& machine) : params_{params} {
    const auto count = static_cast<std::uint32_t>(core().neurons.size());
    for (std::uint32_t c = 0; c < count; ++c) update_.lanes.push_back(machine.lane(params.core, c));
    begin();
}

const isa::CoreImage& CoreWalk::core() const {
    return params_.image->cores[params_.core.index()];
}

/// The compartment `at_`, or the end.
void CoreWalk::begin() {
    execution_.reset();
    if (at_ == update_.lanes.size()) return;
    while (at_ >= group().first + group().count) ++group_;
    before_ = update_.lanes[at_];
    execution_.emplace(
        isa::Execution::Params{params_.image->programs[group().program].words, group().params,
                               params_.random, neuron(), params_.step, nullptr},
        update_.lanes[at_]);
}

void CoreWalk::step() {
    (void)execution_->step();
    if (execution_->done()) leave();
}

void CoreWalk::finish() {
    while (!done()) step();
}

/// Counts what a compartment did, and goes on to the next one.
void CoreWalk::leave() {
    const isa::LaneResult& result = execution_->result();
    emu::CoreActivity& activity = update_.activity;
    ++activity.updates;
    if (!result.spikes.empty() || update_.lanes[at_].state != before_.state) {
        ++activity.active_updates;
    }
    activity.instructions += result.instructions;
    activity.cycles += result.cycles;
    activity.overflows += result.overflows;
    for (const isa::SpikeOut& spike : result.spikes) {
        activity.spikes.push_back(
            {at_, spike.payload, spike.channel, static_cast<std::uint32_t>(activity.updates),
             static_cast<std::uint32_t>(activity.active_updates), activity.cycles});
    }
    for (const isa::PushOut& each : result.pushes) push(each);
    ++at_;
    begin();
}

/// A push to a later group acts in this step, any other one in the next.
void CoreWalk::push(const isa::PushOut& push) {
    const std::int64_t target = std::int64_t{at_} + push.offset;
    if (target < 0 || target >= static_cast<std::int64_t>(update_.lanes.size())) {
        ++update_.activity.dropped_pushes;
        return;
    }
    const auto to = static_cast<std::uint32_t>(target);
    if (to >= group().first + group().count) {
        const auto& groups = core().groups;
        std::size_t target_group = group_;
        while (to >= groups[target_group].first + groups[target_group].count) ++target_group;
        const isa::Accumulate rule =
            params_.image->programs[groups[target_group].program].combine[push.accumulator];
        std::int32_t& sum = update_.lanes[to].accumulators[push.accumulator];
        sum = rule == isa::Accumulate::kSum ? fixed::wrap<32>(std::int64_t{sum} + push.value)
                                            : isa::accumulate(rule, sum, push.value).value;
    } else {
        update_.pushes.push_back({to, push.accumulator, push.value});
    }
}

}  // namespace seamount::debug
