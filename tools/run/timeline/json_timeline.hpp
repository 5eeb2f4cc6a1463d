#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/timing/stage_items.hpp"
#include "tools/run/timeline/timeline.hpp"

namespace seamount::tools {

/// Steps, barrier, host, the stages of each core and the packets of a run as Chrome's trace format
/// ("Trace Event Format", JSON object form), which Perfetto reads too. Times are modelled, in
/// microseconds with six decimals.
class JsonTimeline final : public Timeline {
public:
    /// More make viewers slow: Perfetto opens this many in a few seconds.
    static constexpr std::uint64_t kMostEvents = 300'000;

    JsonTimeline(const std::string& file, const StepWindow& window, const isa::Image& image,
                 const isa::ChipSpec& chip);

    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    void commit() override;
    [[nodiscard]] std::string note() const override;

private:
    void name_tracks(const isa::ChipSpec& chip);
    void write_step(const emu::StepReport& report, const session::Tally& tally);
    void write_cores(const emu::StepReport& report);
    void write_packets(const emu::StepReport& report);
    /// False if the file is full: the event is only counted.
    [[nodiscard]] bool has_room(std::uint64_t events);
    void begin_event();

    OutputFile file_;
    std::string path_;
    StepWindow window_;
    const isa::Image& image_;
    emu::StageItems stages_;
    std::vector<emu::StageItem> items_;  ///< of a core
    bool first_event_ = true;
    std::uint64_t events_ = 0;
    std::uint64_t left_out_ = 0;  ///< events that there was no room for
    std::uint64_t cut_from_ = 0;  ///< the step of the first of them
    std::uint64_t steps_ = 0;     ///< of the window
    std::uint64_t packets_ = 0;   ///< so far, for their ids
};

}  // namespace seamount::tools
