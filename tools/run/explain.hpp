#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/chip/simulation.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::tools {

/// "east", "south", ...; "out" for the way from a router to its tile.
[[nodiscard]] const char* direction_name(emu::Direction way);

/// What bounded the modelled time of a run: sums up the critical paths of its steps and keeps the
/// longest ones.
class TimeExplainer {
public:
    static constexpr std::size_t kWorst = 10;

    void on_step(const emu::StepReport& report);

    /// Parts of the modelled time by cause; they add up to it.
    [[nodiscard]] const emu::CauseTimes& parts() const noexcept { return parts_; }
    /// Causes with a part, the largest first.
    [[nodiscard]] std::vector<emu::Cause> causes() const;
    /// "accumulate 61 %, barrier 22 %, update 12 %"; empty if no time passed.
    [[nodiscard]] std::string summary() const;
    /// The report of --explain-time.
    [[nodiscard]] std::string report(const isa::Image& image, const isa::ChipSpec& chip) const;

private:
    struct Step {
        std::uint64_t step = 0;
        Picoseconds duration{};
        emu::CriticalPath path;
    };
    [[nodiscard]] std::uint64_t total() const noexcept;
    [[nodiscard]] double share(emu::Cause cause) const;

    emu::CauseTimes parts_{};
    std::array<std::uint64_t, emu::kCauses> largest_{};  ///< steps
    std::map<CoreSlot, std::uint64_t> last_;             ///< steps that waited for it
    std::vector<Step> worst_;                            ///< longest first, ties by step
};

}  // namespace seamount::tools
