#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "emulator/timing/run_params.hpp"
#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/base/step_window.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// By the endings of files.
enum class TimelineFormat : std::uint8_t { kJson, kVcd };
inline constexpr auto kTimelineFormatNames = name_table<TimelineFormat>({
    {TimelineFormat::kJson, "json"},
    {TimelineFormat::kVcd, "vcd"},
});

/// Throws InputError (CLI-TIMELINE) if the name ends otherwise.
[[nodiscard]] TimelineFormat timeline_format_of(const std::string& file);

/// A record of when things happened.
class Timeline : public Record {
public:
    /// What the run must be asked for.
    [[nodiscard]] virtual emu::WaveParams wave() const { return {}; }
};

/// By the ending of the file. Image and chip must outlive it. Throws InputError (CLI-TIMELINE,
/// also for a chip without prices; OUT-WRITE).
[[nodiscard]] std::unique_ptr<Timeline> open_timeline(const std::string& file,
                                                      const StepWindow& window,
                                                      const isa::Image& image,
                                                      const isa::ChipSpec& chip);

}  // namespace seamount::tools
