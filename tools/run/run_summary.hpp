#pragma once

#include <string>

#include "emulator/chip/simulation.hpp"
#include "tools/run/run_recorder.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/load.hpp"

namespace seamount::tools {

/// All that the summary of a run is made from.
struct RunOutcome {
    const session::Loaded& loaded;
    const session::ImageStats& stats;
    const RunRecorder& recorder;
    emu::RunTotals totals;
    std::string mesh;
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
    double load_s = 0.0;
    double run_s = 0.0;
};

/// The table that `run` prints.
[[nodiscard]] std::string run_summary(const RunOutcome& outcome);

/// summary.json, also of --json. Keys as in tools/README.md.
[[nodiscard]] std::string run_summary_json(const RunOutcome& outcome);

}  // namespace seamount::tools
