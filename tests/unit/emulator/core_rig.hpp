#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "emulator/core/neurocore.hpp"
#include "isa/base/fixed.hpp"
#include "isa/microcode/interpreter.hpp"
#include "tests/unit/emulator/microcode.hpp"

namespace seamount::testing {

/// A core with its programs and an engine.
struct CoreRig {
    explicit CoreRig(isa::Image built) : image{std::move(built)} {
        for (const auto& program : image.programs) {
            programs.emplace_back(program.words, program.combine);
        }
        core.emplace(image.cores[0], programs);
    }
    emu::CoreActivity update(std::uint64_t step) {
        emu::CoreActivity activity;
        core->update(step, random, engine, activity);
        return activity;
    }
    std::uint64_t integrate(std::uint32_t axon, std::uint64_t step, std::int32_t payload = 1) {
        const emu::SynapseRow row = core->row(axon, 0);
        const emu::AxonArrival arrival{row.offset, row.base, payload, row.synapses};
        emu::CoreActivity activity;
        core->integrate({&arrival, 1}, step, activity);
        return activity.synaptic_events;
    }

    isa::Image image;
    std::vector<emu::LockstepProgram> programs;
    std::optional<emu::Neurocore> core;
    emu::Lockstep engine;
    isa::PhiloxSource random{9};
};

/// s0 = what accumulator 0 held.
inline std::vector<std::uint32_t> recorder() {
    return mc::program({mc::read(isa::Opcode::kRdc, mc::s(0), 0)});
}

/// As accumulators add.
inline std::int32_t wrapped(std::int64_t x) {
    return fixed::wrap<32>(x);
}

}  // namespace seamount::testing
