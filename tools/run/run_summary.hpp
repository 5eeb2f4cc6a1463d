#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/population_energy.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/open.hpp"
#include "tools/session/results.hpp"

namespace seamount::tools {

/// All that the summary of a run is made from.
struct RunOutcome {
    const session::Loaded& loaded;
    const session::ImageStats& stats;
    const session::RunResult& result;
    double load_s = 0.0;             ///< wall time of all that came before the first step
    std::uint64_t empty_values = 0;  ///< of the records, see Record::empty_values
    bool uncertainty = false;        ///< say how uncertain times and energies are
    std::string_view records{};      ///< their format; empty: there are none
    bool host = false;               ///< a program played the host
    const PopulationEnergies* by_population = nullptr;  ///< null: not asked for
    std::uint32_t ranks = 1;                            ///< that shared the run
    /// What each core needs, known before other ranks took parts of the image; null: all is here.
    const std::vector<isa::CoreAmounts>* amounts = nullptr;
    std::uint64_t peak_rss_bytes = 0;  ///< of the rank with most, if several did
};

/// Whether energies by population are known: of all steps of the run, which was timed and priced.
[[nodiscard]] bool has_populations(const RunOutcome& outcome);
/// The energies by population, of all parts; none if they are not known.
[[nodiscard]] std::vector<double> joules_by_population(const RunOutcome& outcome);

/// What was lost or cut off on the way, as warnings about `file`.
[[nodiscard]] std::vector<Diagnostic> losses_of(const RunOutcome& outcome);

/// The table that `run` prints; `rates` are the lines of PopulationRates.
[[nodiscard]] std::string run_summary(const RunOutcome& outcome, const std::string& rates = {});

/// summary.json, also of --json. Keys as in tools/README.md.
[[nodiscard]] std::string run_summary_json(const RunOutcome& outcome);

}  // namespace seamount::tools
