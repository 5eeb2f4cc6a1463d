#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/learning/learning_state.hpp"
#include "emulator/learning/rounder.hpp"
#include "isa/learning/learning_image.hpp"

namespace seamount::emu {

/// The traces of one side of a projection in one core: x1 x2 of its blocks, or y1 y2 y3 of its
/// target compartments.
///
/// Within an epoch spikes are only noted. At its end close() makes the history of each live entry:
/// its traces after each step of the epoch, from which products sample. An entry is live while a
/// trace is not 0 or it spiked; the others cost nothing, and their history is 0.
class TraceBank {
public:
    struct Params {
        const isa::LearningRuleImage* rule = nullptr;
        bool post = false;
        std::vector<std::uint32_t> keys;  ///< of each entry, for its random draws
    };
    TraceBank(Params params, const Rounder& rounder);

    /// A spike in step `q` (1..epoch) of the epoch; `step` counts from the start of the run.
    void spike(std::uint32_t entry, std::uint32_t q, std::uint64_t step);
    /// The same with a payload that acts on x1 as the rule says.
    void graded_spike(std::uint32_t entry, std::uint32_t q, std::int32_t payload,
                      std::uint64_t step);
    /// Sets a trace to a value that the neuron program gave, in step `q`; clipped to +-127.
    void hold(std::uint32_t entry, std::uint32_t trace, std::int32_t value, std::uint32_t q);

    /// Makes the histories; `last` is the last step of the epoch. Returns the trace updates.
    std::uint64_t close(std::uint64_t last);
    /// The traces become those of the end of the epoch; spikes are forgotten.
    void next_epoch();
    void reset();

    /// Between two steps: appends the entries with anything in them, and what hold() wrote into the
    /// history of the epoch to `history`. Several entries of one key are alike: one of them is
    /// enough.
    void save(std::vector<TraceState>& states, std::vector<std::int16_t>& history) const;
    /// The reverse, from states in order of their keys; those of other cores are left out.
    void load(const std::vector<TraceState>& states, const std::vector<std::int16_t>& history);
    /// Numbers of a state in the history: 0 unless hold() writes it.
    [[nodiscard]] std::size_t history_size() const noexcept {
        return sampled_ ? std::size_t{epoch_} * count_ : 0;
    }

    /// Trace after step `q` of the epoch that was closed.
    [[nodiscard]] std::int32_t at(std::uint32_t q, std::uint32_t trace,
                                  std::uint32_t entry) const noexcept {
        return history_[((q - 1) * std::size_t{count_} + trace) * entries_ + entry];
    }
    [[nodiscard]] std::int32_t stored(std::uint32_t trace, std::uint32_t entry) const {
        return stored_[std::size_t{entry} * count_ + trace];
    }
    /// Step of the last spike in this epoch, 0 if there was none.
    [[nodiscard]] std::uint32_t time(std::uint32_t entry) const noexcept { return time_[entry]; }
    /// Entries that spiked in this epoch.
    [[nodiscard]] std::span<const std::uint32_t> active() const noexcept { return active_; }
    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::uint32_t key(std::uint32_t entry) const { return keys_[entry]; }
    [[nodiscard]] std::uint32_t entries() const noexcept { return entries_; }

private:
    void wake(std::uint32_t entry);
    void mark(std::uint32_t entry, std::uint32_t q);
    void add_impulse(std::uint32_t trace, std::uint32_t threshold, std::int32_t& value) const;
    [[nodiscard]] std::int32_t decayed(std::uint32_t trace, std::int32_t value,
                                       std::uint32_t threshold) const;
    void evolve(std::uint32_t entry, std::uint64_t last);
    [[nodiscard]] std::array<std::uint32_t, 4> thresholds(std::uint32_t entry, std::uint32_t stream,
                                                          std::uint64_t step) const;
    [[nodiscard]] std::int16_t& history(std::uint32_t q, std::uint32_t trace, std::uint32_t entry) {
        return history_[((q - 1) * std::size_t{count_} + trace) * entries_ + entry];
    }

    const isa::LearningRuleImage* rule_;
    Rounder rounder_;
    std::span<const isa::TraceImage> traces_;
    std::uint32_t count_;  ///< traces of an entry
    std::uint32_t entries_;
    std::uint32_t epoch_;
    std::uint32_t stream_;  ///< added to those of pre traces
    bool deaf_;             ///< brian2loihi: without an impulse there are no spikes on this side
    bool held_;             ///< values come from hold()
    bool sampled_;          ///< hold() writes the history: nothing evolves
    std::vector<std::uint32_t> keys_;
    std::vector<std::int16_t> stored_;   ///< [entry][trace] at the start of the epoch
    std::vector<std::int16_t> history_;  ///< [step][trace][entry]
    std::vector<std::uint8_t> time_;
    std::vector<std::uint8_t> is_live_;
    std::vector<std::uint32_t> live_;
    std::vector<std::uint32_t> active_;
};

}  // namespace seamount::emu
