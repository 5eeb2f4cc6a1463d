#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "emulator/machine/machine_state.hpp"
#include "isa/image/image.hpp"

namespace seamount::debug {

/// A spike of the step before: of a neuron, or of a source of a host input.
struct SeenSpike {
    static constexpr std::uint32_t kNeuron = 0xFFFFFFFFU;
    std::uint32_t input = kNeuron;  ///< index into Image::inputs, or kNeuron
    std::uint32_t index = 0;        ///< source of the input, or global id
    std::int32_t payload = 1;
};

/// All that a run holds before a step.
struct Checkpoint {
    std::shared_ptr<const isa::Image> image;  ///< as it was changed until then
    emu::MachineState machine;
    std::uint64_t spikes = 0;  ///< of neurons, so far
    std::uint64_t spike_hash = 0;
    std::vector<SeenSpike> last;  ///< of the step before
    /// Something was changed by hand just before: what came earlier does not lead here.
    bool pinned = false;
};

/// Earlier steps to go back to: at most `most`, evenly spread over the run, and all pinned ones.
class Checkpoints {
public:
    /// As many as fit in this memory are kept, between 4 and 64.
    static constexpr std::size_t kBytes = std::size_t{256} << 20U;

    /// Whether one should be taken before `step`.
    [[nodiscard]] bool wants(std::uint64_t step) const {
        return step % spacing_ == 0 && !taken_.contains(step);
    }
    /// Takes the place of another one at its step.
    void take(Checkpoint checkpoint);
    /// The latest one that is not after `step`; there must be one.
    [[nodiscard]] const Checkpoint& before(std::uint64_t step) const;
    /// The latest pinned one that is not after `step`, or the first of all.
    [[nodiscard]] const Checkpoint& last_change(std::uint64_t step) const;
    /// Forgets those after `step`.
    void forget_after(std::uint64_t step);
    [[nodiscard]] const std::map<std::uint64_t, Checkpoint>& all() const noexcept { return taken_; }

private:
    void thin();

    std::map<std::uint64_t, Checkpoint> taken_;  ///< by step
    std::uint64_t spacing_ = 1;
};

}  // namespace seamount::debug
