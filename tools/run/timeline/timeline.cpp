#include "tools/run/timeline/timeline.hpp"

#include "isa/base/diagnostic.hpp"
#include "tools/run/timeline/json_timeline.hpp"
#include "tools/run/timeline/wave_file.hpp"

namespace seamount::tools {

TimelineFormat timeline_format_of(const std::string& file) {
    const std::size_t dot = file.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : file.substr(dot + 1);
    if (const auto format = parse(kTimelineFormatNames, ending)) return *format;
    bad_input("CLI-TIMELINE", file, "the name of a timeline ends in .json or .vcd",
              ".json opens in ui.perfetto.dev and chrome://tracing, .vcd in GTKWave and Surfer");
}

std::unique_ptr<Timeline> open_timeline(const std::string& file, const StepWindow& window,
                                        const isa::Image& image, const isa::ChipSpec& chip) {
    const TimelineFormat format = timeline_format_of(file);
    if (!chip.priced()) {
        bad_input("CLI-TIMELINE", file, "a chip without prices has no times",
                  "choose a chip with prices: --chip loihi1");
    }
    if (format == TimelineFormat::kVcd) return std::make_unique<WaveFile>(file, window);
    return std::make_unique<JsonTimeline>(file, window, image, chip);
}

}  // namespace seamount::tools
