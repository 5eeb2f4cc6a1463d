#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/base/name_table.hpp"
#include "tools/base/step_window.hpp"
#include "tools/plot/picture.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::tools {

enum class PlotKind : std::uint8_t { kRaster, kTraces, kMesh, kEnergy, kTimeline };
inline constexpr auto kPlotKindNames = name_table<PlotKind>({
    {PlotKind::kRaster, "raster"},
    {PlotKind::kTraces, "traces"},
    {PlotKind::kMesh, "mesh"},
    {PlotKind::kEnergy, "energy"},
    {PlotKind::kTimeline, "timeline"},
});

/// What the tiles of a mesh are coloured by.
enum class TileValue : std::uint8_t { kUtilisation, kSynapticEvents, kSpikes, kUpdates, kPackets };
inline constexpr auto kTileValueNames = name_table<TileValue>({
    {TileValue::kUtilisation, "utilisation"},
    {TileValue::kSynapticEvents, "synaptic_events"},
    {TileValue::kSpikes, "spikes"},
    {TileValue::kUpdates, "active_updates"},
    {TileValue::kPackets, "packets_in"},
});

/// What the links of a mesh are as thick as.
enum class LinkValue : std::uint8_t { kFlits, kUtilisation, kWait };
inline constexpr auto kLinkValueNames = name_table<LinkValue>({
    {LinkValue::kFlits, "flits"},
    {LinkValue::kUtilisation, "utilisation"},
    {LinkValue::kWait, "wait_ns"},
});

struct PlotRequest {
    PlotKind kind = PlotKind::kRaster;
    StepWindow window{};  ///< of raster, traces and timeline
    std::vector<std::string>
        only{};  ///< of raster: populations, inputs; of traces: NAME[NEURON] too
    TileValue tiles = TileValue::kSynapticEvents;
    LinkValue links = LinkValue::kFlits;
    double width_mm = 170.0;
};

/// What a run did as a picture for papers: axes with units, readable in grey. `note` says in words
/// what it shows, and what it leaves out.
struct Plot {
    std::string file;  ///< its bytes
    std::string note;
};
/// Throws InputError (RUN-RECORDS) if the run did not record what is asked for.
[[nodiscard]] Plot plot(const RunRecords& records, const PlotRequest& request, PlotFormat format);

}  // namespace seamount::tools
