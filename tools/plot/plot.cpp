#include "tools/plot/plot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "isa/base/diagnostic.hpp"
#include "tools/plot/kinds.hpp"
#include "tools/report/run_data.hpp"

namespace seamount::tools {
namespace {

std::string draw(Picture& picture, const RunRecords& records, const PlotRequest& request) {
    switch (request.kind) {
        case PlotKind::kRaster:
            return draw_raster(picture, records, request);
        case PlotKind::kTraces:
            return draw_traces(picture, records, request);
        case PlotKind::kMesh:
            return draw_mesh(picture, records, request);
        case PlotKind::kEnergy:
            return draw_energy(picture, records, request);
        case PlotKind::kTimeline:
            return draw_timeline(picture, records, request);
    }
    return {};
}

}  // namespace

void require_table(const RunRecords& records, std::string_view table, const std::string& hint) {
    if (records.has(table)) return;
    bad_input("RUN-RECORDS", records.folder().string(),
              fmt::format("the run recorded no {}", table), hint);
}

report::StepRange steps_of(const RunRecords& records, const StepWindow& window) {
    require_table(records, "perf", "every run with --out records it");
    const report::StepRange range = report::complete_range(records);
    const std::uint64_t first = std::max(range.first, window.first);
    const std::uint64_t end = std::min(range.first + range.steps, window.end);
    if (first >= end) {
        bad_input("RUN-RECORDS", records.folder().string(),
                  range.steps == 0 ? "the run recorded no steps"
                                   : fmt::format("the run has no step of the window: it has those "
                                                 "from {} to {}",
                                                 range.first, range.first + range.steps - 1));
    }
    return {first, end - first};
}

Plot plot(const RunRecords& records, const PlotRequest& request, PlotFormat format) {
    constexpr double kPointsPerMm = 72.0 / 25.4;
    Picture picture{request.width_mm * kPointsPerMm};
    const std::string note = draw(picture, records, request);
    const std::string network = records.about().value("network", std::string{"run"});
    return {
        picture.bytes(
            format, fmt::format("{} of {}", name_of(kPlotKindNames, request.kind), network), note),
        note};
}

}  // namespace seamount::tools
