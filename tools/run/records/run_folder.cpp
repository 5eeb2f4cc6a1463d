#include "tools/run/records/run_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "tools/run/records/cores.hpp"
#include "tools/run/records/histograms.hpp"
#include "tools/run/records/links.hpp"
#include "tools/run/records/perf.hpp"
#include "tools/run/records/potentials.hpp"
#include "tools/run/records/samples.hpp"
#include "tools/run/records/spikes.hpp"
#include "tools/run/records/stages.hpp"
#include "tools/run/records/weights.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

bool always(const RecordContext& /*context*/) {
    return true;
}

/// True if some weight probe has bins, or has none.
template <bool Bins>
bool probes_weights(const RecordContext& context) {
    return std::ranges::any_of(
        context.image.learning.probes,
        [](const isa::WeightProbeImage& probe) { return (probe.bins != 0) == Bins; });
}

struct RecordKind {
    std::string_view name;
    bool (*is_needed)(const RecordContext&);
    OpenRecord open;
};

template <class R>
constexpr RecordKind kind(std::string_view name, bool (*is_needed)(const RecordContext&) = always) {
    return {name, is_needed,
            [](const fs::path& path, const RecordContext& context) -> std::unique_ptr<FileRecord> {
                return std::make_unique<R>(path, context);
            }};
}

/// The list of records: a new one is its own header and a line here.
constexpr std::array kRecords{
    kind<SpikeRecord>("spikes.csv"),
    kind<PotentialRecord>("potentials.csv",
                          [](const RecordContext& c) { return !c.image.probes.empty(); }),
    kind<PerfRecord>("perf.csv"),
    kind<CoreRecord>("cores.csv"),
    kind<StageRecord>("stages.csv", [](const RecordContext& c) { return c.chip.priced(); }),
    kind<LinkRecord>("links.csv"),
    kind<SampleRecord>("samples.csv",
                       [](const RecordContext& c) { return c.image.dataset.samples != 0; }),
    kind<WeightRecord>("weights.csv", probes_weights<false>),
    kind<HistogramRecord>("histograms.csv", probes_weights<true>),
};

/// The folder, which is created.
const fs::path& created(const fs::path& folder) {
    create_output_folder(folder);
    return folder;
}

}  // namespace

std::vector<std::string> record_names() {
    std::vector<std::string> names;
    for (const RecordKind& kind : kRecords) names.emplace_back(kind.name);
    names.emplace_back(kSummaryFile);
    names.emplace_back(kManifestFile);
    return names;
}

void reject_foreign_files(const fs::path& folder) {
    const std::vector<std::string> foreign =
        RunManifest::of(folder).foreign(folder, record_names());
    if (foreign.empty()) return;
    bad_input("OUT-FOREIGN", folder.string(),
              fmt::format("the folder has {} that no run wrote, or that changed since: {}",
                          foreign.size() == 1 ? "a file" : "files", fmt::join(foreign, ", ")),
              "give --out another folder; --force replaces or removes them");
}

RunFolder::RunFolder(const fs::path& folder, const RecordContext& context, bool force)
    : folder_{created(folder)}, force_{force}, summary_{folder / kSummaryFile} {
    for (const RecordKind& kind : kRecords) {
        if (kind.is_needed(context)) {
            names_.emplace_back(kind.name);
            records_.push_back(kind.open(folder / kind.name, context));
        } else {
            absent_.emplace_back(kind.name);
        }
    }
}

void RunFolder::commit_records(const std::string& summary) {
    // An hour may have passed since the folder was looked at first.
    if (!force_) reject_foreign_files(folder_);
    for (std::size_t i = 0; i < records_.size(); ++i) {
        manifest_.add(names_[i], records_[i]->digest());
    }
    summary_.write(summary);
    manifest_.add(std::string{kSummaryFile}, summary_.digest());
    // Whatever ends this process now, the next run knows both the old files and the new ones.
    write_file(folder_ / kManifestFile, manifest_.text_while_replacing(folder_, record_names()));
    remove_stale(folder_ / kSummaryFile);
    for (const std::string& name : absent_) remove_stale(folder_ / name);
    for (const auto& record : records_) record->commit();
}

void RunFolder::commit_summary() {
    summary_.commit();
    write_file(folder_ / kManifestFile, manifest_.text());
}

}  // namespace seamount::tools
