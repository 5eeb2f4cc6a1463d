#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/core/lockstep.hpp"
#include "isa/microcode/interpreter.hpp"
#include "tests/support/random_program.hpp"

// One step of one group by the reference interpreter and by the lockstep engine.
namespace seamount::testing {

inline constexpr std::uint64_t kStep = 0x1'0000'0007;  // needs both halves

/// Everything that one step of one group leaves behind.
struct Outcome {
    std::vector<std::array<std::int32_t, isa::kStateWords>> state;
    std::vector<std::array<std::int32_t, isa::kTraceRegisters>> traces;
    std::array<std::vector<std::int32_t>, isa::kAccumulators> now;
    std::array<std::vector<std::int32_t>, isa::kAccumulators> next;
    std::vector<std::array<std::int64_t, 6>> spikes;  // every field of EmittedSpike
    std::array<std::uint64_t, 6> counts{};
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Case {
    std::vector<std::uint32_t> words;
    std::array<std::int32_t, isa::kParameters> params{};
    std::vector<isa::Lane> lanes;
    std::vector<NeuronId> neurons;
    std::uint32_t uniform = 0;  ///< as GroupView
};

inline Case random_case(RandomProgram& random, std::size_t lanes, std::size_t max_length) {
    Case c;
    c.words = random.any_words(max_length);
    c.params = random.params();
    for (std::size_t i = 0; i < lanes; ++i) {
        c.lanes.push_back(random.lane());
        c.neurons.emplace_back(random.below(1U << 20));
    }
    return c;
}

inline std::array<std::int64_t, 6> fields_of(const emu::EmittedSpike& s) {
    return {s.compartment,  s.payload,     s.channel,
            s.updates_done, s.active_done, static_cast<std::int64_t>(s.cycles_done)};
}

inline Outcome by_interpreter(const Case& c, const isa::RandomSource& random) {
    Outcome out;
    const std::size_t n = c.lanes.size();
    for (auto& sums : out.next) sums.assign(n, 0);
    auto& [updates, active, instructions, cycles, dropped, overflows] = out.counts;
    for (std::size_t i = 0; i < n; ++i) {
        isa::Lane lane = c.lanes[i];
        const isa::LaneResult result =
            isa::interpret(c.words, c.params, lane, random, c.neurons[i], kStep);
        ++updates;
        if (lane.state != c.lanes[i].state || !result.spikes.empty()) ++active;
        instructions += result.instructions;
        overflows += result.overflows;
        cycles += result.cycles;
        for (const isa::SpikeOut& s : result.spikes) {
            out.spikes.push_back({static_cast<std::int64_t>(i), s.payload, s.channel,
                                  static_cast<std::int64_t>(updates),
                                  static_cast<std::int64_t>(active),
                                  static_cast<std::int64_t>(cycles)});
        }
        for (const isa::PushOut& p : result.pushes) {
            const std::int64_t target = static_cast<std::int64_t>(i) + p.offset;
            if (target < 0 || target >= static_cast<std::int64_t>(n)) {
                ++dropped;
                continue;
            }
            std::int32_t& sum = out.next[p.accumulator][static_cast<std::size_t>(target)];
            sum = static_cast<std::int32_t>(std::int64_t{sum} + p.value);
        }
        out.state.push_back(lane.state);
        out.traces.push_back(lane.traces);
        for (std::size_t k = 0; k < out.now.size(); ++k) {
            out.now[k].push_back(lane.accumulators[k]);
        }
    }
    return out;
}

inline Outcome by_engine(const Case& c, const isa::RandomSource& random, emu::Lockstep& engine) {
    const std::size_t n = c.lanes.size();
    const emu::LockstepProgram program{c.words};
    emu::GroupView view;
    view.program = &program;
    view.params = c.params.data();
    view.neurons = c.neurons.data();
    view.count = view.compartments = static_cast<std::uint32_t>(n);
    view.stride = (n + 127) / 128 * 128;
    view.uniform = c.uniform;
    // What lies behind the last compartment may be anything.
    emu::LineVector<std::int32_t> state(isa::kStateWords * view.stride, 0x7FFF'FFFF);
    emu::LineVector<std::int32_t> traces(isa::kTraceRegisters * view.stride);
    Outcome out;
    for (std::size_t k = 0; k < out.now.size(); ++k) {
        out.now[k].resize(n);
        out.next[k].resize(n);
        for (std::size_t i = 0; i < n; ++i) out.now[k][i] = c.lanes[i].accumulators[k];
        view.now[k] = out.now[k].data();
        view.next[k] = out.next[k].data();
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t w = 0; w < isa::kStateWords; ++w) {
            state[w * view.stride + i] = c.lanes[i].state[w];
        }
        for (std::size_t y = 0; y < isa::kTraceRegisters; ++y) {
            traces[y * view.stride + i] = c.lanes[i].traces[y];
        }
    }
    view.state = state.data();
    view.traces = traces.data();

    emu::CoreActivity activity;
    engine.update(view, kStep, random, activity);

    out.state.resize(n);
    out.traces.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t w = 0; w < isa::kStateWords; ++w) {
            out.state[i][w] = state[w * view.stride + i];
        }
        for (std::size_t y = 0; y < isa::kTraceRegisters; ++y) {
            out.traces[i][y] = traces[y * view.stride + i];
        }
    }
    for (const emu::EmittedSpike& s : activity.spikes) out.spikes.push_back(fields_of(s));
    out.counts = {activity.updates, activity.active_updates, activity.instructions,
                  activity.cycles,  activity.dropped_pushes, activity.overflows};
    return out;
}

/// What differs, for the message of a failed test.
inline std::string difference(const Outcome& a, const Outcome& b) {
    std::string all;
    if (a.state != b.state) all += "state ";
    if (a.traces != b.traces) all += "traces ";
    if (a.now != b.now) all += "accumulators ";
    if (a.next != b.next) all += "pushes ";
    if (a.spikes != b.spikes) all += "spikes ";
    if (a.counts != b.counts) all += "counts ";
    return all;
}

}  // namespace seamount::testing
