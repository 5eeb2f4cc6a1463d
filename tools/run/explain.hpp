#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/timing/critical_path.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/session/observer.hpp"

namespace seamount::tools {

/// Causes with a part of the modelled time, the largest first.
[[nodiscard]] std::vector<emu::Cause> causes_of(const emu::CauseTimes& parts);
/// "accumulate 61 %, barrier 22 %, update 12 %"; empty if no time passed.
[[nodiscard]] std::string largest_causes(const emu::CauseTimes& parts);

/// What bounded the modelled time of a run: sums up the critical paths of its steps and keeps the
/// longest ones.
class TimeExplainer final : public session::RunObserver {
public:
    static constexpr std::size_t kWorst = 10;

    [[nodiscard]] bool watches_queues() const override { return true; }
    void on_step(const emu::StepReport& report, const session::Tally& tally) override;

    /// The report of --explain-time.
    [[nodiscard]] std::string report(const isa::Image& image, const isa::ChipSpec& chip) const;

private:
    struct Step {
        std::uint64_t step = 0;
        Picoseconds duration{};
        emu::CriticalPath path;
    };

    emu::CauseTimes parts_{};
    std::array<std::uint64_t, emu::kCauses> largest_{};  ///< steps
    std::map<CoreSlot, std::uint64_t> last_;             ///< steps that waited for it
    std::vector<Step> worst_;                            ///< longest first, ties by step
};

}  // namespace seamount::tools
