#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::isa {

/// Where RND gets its numbers. Keyed by neuron, step and position in the program, never by draw
/// order, so that results do not depend on mapping or threads.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    /// One draw per neuron into `out`: `bits` random bits, or symmetric around zero (see RND in the
    /// manual).
    virtual void draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t pc,
                      int bits, Draw kind, std::int32_t* out) const = 0;
};

/// The default source: the first word of each block of RandomDomain::kPrograms.
class PhiloxSource final : public RandomSource {
public:
    explicit PhiloxSource(std::uint64_t seed) : seed_{seed} {}
    void draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t pc, int bits,
              Draw kind, std::int32_t* out) const override;

private:
    std::uint64_t seed_;
};

/// What one compartment sees and changes in one step.
struct Lane {
    std::array<std::int32_t, kStateWords> state{};
    std::array<std::int32_t, kAccumulators> accumulators{};
    std::array<std::int32_t, kTraceRegisters> traces{};
};

struct SpikeOut {
    std::int32_t payload;
    std::uint8_t channel;
    friend bool operator==(const SpikeOut&, const SpikeOut&) = default;
};

struct PushOut {
    std::int32_t value;
    std::uint8_t accumulator;
    std::int32_t offset;  ///< compartments forward (or back, if negative)
    friend bool operator==(const PushOut&, const PushOut&) = default;
};

struct LaneResult {
    std::vector<SpikeOut> spikes;  ///< in program order
    std::vector<PushOut> pushes;
    std::uint64_t instructions =
        0;                        ///< words issued while awake, whether or not their predicate held
    std::uint64_t cycles = 0;     ///< the same, weighted with OpInfo::cycles
    std::uint64_t overflows = 0;  ///< results that .w22, .w24, .wl, .w16 or .sat changed
};

/// Told of every result that is written, as it is computed: for tests and debuggers.
class ResultObserver {
public:
    virtual ~ResultObserver() = default;
    /// Word `pc` writes `result`, which was `exact` before its conditioning.
    virtual void on_result(std::uint32_t pc, std::int64_t exact, std::int32_t result) = 0;
};

/// The reference interpreter: runs one compartment through one step, one instruction at a time,
/// obviously right rather than fast. The lockstep engine of the emulator is tested against it.
/// Requires: check_microcode(words) is empty. `neuron` and `step` only key the random draws.
LaneResult interpret(std::span<const std::uint32_t> words,
                     std::span<const std::int32_t, kParameters> params, Lane& lane,
                     const RandomSource& random, NeuronId neuron, std::uint64_t step,
                     ResultObserver* observer = nullptr);

}  // namespace seamount::isa
