#include "tools/explain/replays.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "emulator/core/program/lockstep_program.hpp"
#include "isa/base/assert.hpp"
#include "isa/image/image.hpp"

namespace seamount::explain {

bool Replays::pushes(std::uint32_t core) const {
    const isa::Image& image = recording_.image();
    return std::ranges::any_of(image.cores[core].groups, [&](const isa::NeuronGroup& group) {
        return emu::LockstepProgram{image.programs[group.program].words}.pushed_accumulators() != 0;
    });
}

/// All compartments of a core step by step, as the core does: a push to a later group acts in the
/// same step, any other one in the next.
void Replays::run_core(std::uint32_t core) {
    const isa::CoreImage& image = recording_.image().cores[core];
    std::vector<NeuronReplay*> lanes;
    for (const NeuronId neuron : image.neurons) {
        auto& replay = neurons_[neuron.value()];
        replay = std::make_unique<NeuronReplay>(recording_, fan_in_, neuron);
        lanes.push_back(replay.get());
    }
    for (std::uint64_t step = recording_.first(); step < recording_.end(); ++step) {
        for (std::uint32_t c = 0; c < lanes.size(); ++c) {
            std::uint32_t ordinal = 0;
            for (const TracedPush& push : lanes[c]->advance()) {
                const std::int64_t target = std::int64_t{c} + push.offset;
                const std::uint32_t place = ordinal++;
                if (target < 0 || target >= static_cast<std::int64_t>(lanes.size())) continue;
                const auto to = static_cast<std::size_t>(target);
                const bool later = recording_.place_of(image.neurons[to]).group >
                                   recording_.place_of(image.neurons[c]).group;
                Event event;
                event.origin = {Origin::kNeuron, image.neurons[c].value()};
                event.step = step;
                event.arrival = step + (later ? 0U : 1U);
                event.ordinal = place;
                event.is_push = true;
                event.accumulator = push.accumulator;
                event.payload = push.value.value;
                event.units = push.value.value;
                lanes[to]->add(event);
            }
        }
    }
}

NeuronReplay& Replays::of(NeuronId neuron) {
    const auto found = neurons_.find(neuron.value());
    if (found != neurons_.end()) return *found->second;
    const std::uint32_t core = recording_.place_of(neuron).core;
    if (pushes(core)) {
        run_core(core);
    } else {
        auto replay = std::make_unique<NeuronReplay>(recording_, fan_in_, neuron);
        for (std::uint64_t s = recording_.first(); s < recording_.end(); ++s) {
            (void)replay->advance();
        }
        neurons_[neuron.value()] = std::move(replay);
    }
    NeuronReplay& replay = *neurons_.at(neuron.value());
    SM_ASSERT(replay.agrees(), "a neuron by itself did not do what the machine did");
    return replay;
}

}  // namespace seamount::explain
