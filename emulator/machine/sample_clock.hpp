#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emulator/core/core_activity.hpp"
#include "emulator/machine/host_input.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Where the steps of a run stand in its dataset. Samples may end early: then the steps of the
/// dataset are ahead of those of the run by those that were skipped.
class SampleClock {
public:
    /// `image` must outlive the object. `ends`: steps of the run in which samples end early,
    /// ascending, instead of what the image says; null: as it says. Outlives the object too.
    SampleClock(const isa::Image& image, const std::vector<std::uint64_t>* ends);

    [[nodiscard]] SamplePosition at(std::uint64_t step) const {
        return position_of(image_.dataset, step + skipped_);
    }
    /// `step`, which stands at `at`, has been computed: skips what is left of the steps with input
    /// if it was the last of these. Returns how many that are.
    std::uint64_t pass(std::uint64_t step, const SamplePosition& at,
                       std::span<const CoreActivity> cores);

    [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
    /// The run goes on where so many steps were skipped.
    void restart(std::uint64_t skipped) noexcept { skipped_ = skipped; }

private:
    [[nodiscard]] bool has_spike(std::span<const CoreActivity> cores) const;

    const isa::Image& image_;
    const std::vector<std::uint64_t>* ends_;
    IdVector<NeuronId, std::uint8_t> counts_;  ///< 1: its spikes end samples; empty: nobody's do
    std::uint64_t skipped_ = 0;
};

}  // namespace seamount::emu
