#pragma once

#include <string>
#include <string_view>

#include "tools/plot/picture.hpp"
#include "tools/plot/plot.hpp"
#include "tools/report/series.hpp"

namespace seamount::tools {

// What each kind of plot draws; they give what the picture shows in words.
[[nodiscard]] std::string draw_raster(Picture& picture, const RunRecords& records,
                                      const PlotRequest& request);
[[nodiscard]] std::string draw_traces(Picture& picture, const RunRecords& records,
                                      const PlotRequest& request);
[[nodiscard]] std::string draw_mesh(Picture& picture, const RunRecords& records,
                                    const PlotRequest& request);
[[nodiscard]] std::string draw_energy(Picture& picture, const RunRecords& records,
                                      const PlotRequest& request);
[[nodiscard]] std::string draw_timeline(Picture& picture, const RunRecords& records,
                                        const PlotRequest& request);

/// Throws InputError (RUN-RECORDS) unless the table is there.
void require_table(const RunRecords& records, std::string_view table, const std::string& hint);
/// The steps that both the run and the window have. Throws InputError (RUN-RECORDS) if there are
/// none.
[[nodiscard]] report::StepRange steps_of(const RunRecords& records, const StepWindow& window);

}  // namespace seamount::tools
