#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// What a core does in a step: counts (std::uint64_t), or what is expected of them (double).
template <class Number>
struct CoreLoad {
    Number updates{};  ///< of compartments, all active
    Number cycles{};   ///< of microcode
    Number spikes{};
    Number packets_out{};
    Number packets_in{};
    Number fetches{};   ///< accesses to synapse memory
    Number synapses{};  ///< synaptic operations of sparse formats
    Number dense{};     ///< of dense ones
};

/// Picoseconds that the stages of a core take for it; those that do not overlap share a time line.
template <class Number>
[[nodiscard]] Number core_time(const CoreLoad<Number>& load, const isa::ChipSpec& chip) {
    using isa::Event;
    using isa::Stage;
    const auto ps = [&chip](Event event) {
        return static_cast<Number>(chip.price(event).time.count());
    };
    std::array<Number, isa::kStages> stages{};
    const auto stage = [&stages](Stage s) -> Number& {
        return stages[static_cast<std::size_t>(s)];
    };
    stage(Stage::kUpdate) =
        load.updates * ps(Event::kUpdateActive) + load.cycles * ps(Event::kInstruction);
    stage(Stage::kSpikeOut) = load.spikes * ps(Event::kSpikeOut);
    stage(Stage::kAxonOut) = load.packets_out * ps(Event::kAxonOut);
    stage(Stage::kAxonIn) = load.packets_in * ps(Event::kAxonIn);
    stage(Stage::kSynapseFetch) = load.fetches * ps(Event::kSynapseFetch);
    stage(Stage::kAccumulate) =
        load.synapses * ps(Event::kSynapse) + load.dense * ps(Event::kSynapseDense);
    Number slowest{};
    Number line{};
    for (std::size_t s = 0; s < isa::kStages; ++s) {
        line = (s != 0 && chip.core_timing.overlaps[s] ? Number{} : line) + stages[s];
        slowest = std::max(slowest, line);
    }
    return slowest;
}

}  // namespace seamount::compiler
