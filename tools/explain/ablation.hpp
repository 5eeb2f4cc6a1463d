#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "emulator/trace/readout.hpp"
#include "tools/explain/replay.hpp"
#include "tools/explain/replays.hpp"

namespace seamount::explain {

/// A spike by who sent it, when, and its place among those of that step.
struct SpikeKey {
    Origin origin;
    std::uint64_t step = 0;
    std::uint32_t ordinal = 0;
    friend auto operator<=>(const SpikeKey&, const SpikeKey&) = default;
};

/// What came out of a window that was played again.
struct Outcome {
    std::optional<emu::SampleScore> answer;  ///< if the window ends with a sample that is read
    std::vector<std::uint64_t> spikes;       ///< steps in which the watched neuron spiked
};

/// Plays the window of a recording again without some of its spikes. The machine is the whole
/// network; its inputs are silent, and what the recording heard from them is given by hand. Samples
/// that ended early end where they did in the recording: it says what else would have happened in
/// the same steps.
class Ablation {
public:
    Ablation(const isa::Image& image, const Setting& setting);

    /// `inputs`: spikes of inputs that are left out. `cancelled`: sums that are taken back, see
    /// undoing(), after step `when`. Watches `neuron`.
    [[nodiscard]] Outcome play(const Recording& recording, const std::vector<SpikeKey>& inputs,
                               const std::vector<emu::PendingSum>& cancelled, std::uint64_t when,
                               std::optional<NeuronId> neuron = std::nullopt);
    [[nodiscard]] Outcome play(const Recording& recording, const std::vector<SpikeKey>& inputs,
                               std::optional<NeuronId> neuron = std::nullopt) {
        return play(recording, inputs, {}, 0, neuron);
    }

private:
    isa::Image silent_;
    std::vector<std::uint64_t> sample_ends_;  ///< of the recording, which the machine follows
    emu::Machine machine_;
};

/// What a spike of a neuron adds to the accumulators of others, as sums that, added to the state
/// behind its step, undo it.
[[nodiscard]] std::vector<emu::PendingSum> undoing(Replays& replays, const SpikeKey& spike);

/// All spikes of inputs in a recording.
[[nodiscard]] std::vector<SpikeKey> input_spikes(const Recording& recording);

}  // namespace seamount::explain
