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

/// Earlier steps to go back to: pinned ones, and at most 64 others, evenly spread over the run. All
/// of them, with the images that they hold, fit in a number of bytes: others are thinned out until
/// four are left, then the oldest of all go, and nothing leads to before the first that is left.
class Checkpoints {
public:
    static constexpr std::size_t kBytes = std::size_t{256} << 20U;

    /// At least two are kept, whatever they take.
    explicit Checkpoints(std::size_t bytes = kBytes) : most_bytes_{bytes} {}

    /// Whether one should be taken before `step`.
    [[nodiscard]] bool wants(std::uint64_t step) const {
        return step % spacing_ == 0 && !taken_.contains(step);
    }
    /// Takes the place of another one at its step.
    void take(Checkpoint checkpoint);
    /// The latest one that is not after `step`, which is at least first_step().
    [[nodiscard]] const Checkpoint& before(std::uint64_t step) const;
    /// The latest pinned one that is not after `step`, or the first of all.
    [[nodiscard]] const Checkpoint& last_change(std::uint64_t step) const;
    /// Forgets those after `step`.
    void forget_after(std::uint64_t step);
    [[nodiscard]] const std::map<std::uint64_t, Checkpoint>& all() const noexcept { return taken_; }

    /// The earliest step that can be gone back to; there must be a checkpoint.
    [[nodiscard]] std::uint64_t first_step() const { return taken_.begin()->first; }
    /// What all of them take.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    using Taken = std::map<std::uint64_t, Checkpoint>;
    /// An image that checkpoints share.
    struct Held {
        std::size_t uses = 0;
        std::size_t bytes = 0;
    };

    void count(const Checkpoint& checkpoint);
    Taken::iterator drop(Taken::iterator at);
    void make_room();
    void thin();

    std::size_t most_bytes_;
    Taken taken_;  ///< by step
    std::map<const isa::Image*, Held> images_;
    std::size_t bytes_ = 0;
    std::size_t spread_ = 0;  ///< those that are not pinned
    std::uint64_t spacing_ = 1;
};

}  // namespace seamount::debug
