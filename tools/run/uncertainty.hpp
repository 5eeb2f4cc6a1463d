#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/critical_path.hpp"
#include "tools/run/run_summary.hpp"

namespace seamount::tools {

/// The modelled time by boundary; the last one, which is no time, is 0.
[[nodiscard]] std::array<Picoseconds, emu::kBoundaryNames.size()> time_by_boundary(
    const emu::CauseTimes& parts);

/// What the uncertainty of one number of the chip file makes in the results of a run: its relative
/// spread (isa::Provenance::spread) times what hangs on it.
struct SpreadPart {
    std::string key;  ///< "prices.synapse_pj"
    double relative = 0.0;
    double time_s = 0.0;
    double energy_j = 0.0;  ///< a time makes energy through the powers that are drawn meanwhile
};

/// Standard uncertainties of a run's totals, to first order: the numbers of the chip file are taken
/// as independent, so their parts add up in squares. What the model leaves out is not in it.
struct RunSpread {
    double time_s = 0.0;
    double energy_j = 0.0;
    std::vector<SpreadPart> parts;  ///< those that are not 0, by energy, the largest first
};
[[nodiscard]] RunSpread spread_of(const RunOutcome& outcome);

/// "1.7 ± 0.4 mJ": the spread with one digit, two if it begins with 1; the value to that digit.
[[nodiscard]] std::string with_spread(double value, double spread, std::string_view unit);

}  // namespace seamount::tools
