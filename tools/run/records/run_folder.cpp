#include "tools/run/records/run_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "tools/base/clock.hpp"
#include "tools/run/records/core_probes.hpp"
#include "tools/run/records/core_windows.hpp"
#include "tools/run/records/cores.hpp"
#include "tools/run/records/input_spikes.hpp"
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
bool is_timed(const RecordContext& context) {
    return context.timed;
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
            [](const RecordPlace& place, const RecordContext& c) -> std::unique_ptr<FileRecord> {
                return std::make_unique<R>(place, c);
            }};
}

constexpr std::string_view kSpikes = "spikes";
/// In HDF5 they are in the file of the spikes.
constexpr std::string_view kInputSpikes = "input_spikes";

/// The list of records: a new one is its own header and a line here.
constexpr std::array kRecords{
    kind<SpikeRecord>(kSpikes),
    kind<InputSpikeRecord>(kInputSpikes,
                           [](const RecordContext& c) { return !c.image.inputs.empty(); }),
    kind<PotentialRecord>("potentials",
                          [](const RecordContext& c) { return !c.image.probes.empty(); }),
    kind<CoreProbeRecord>("core_probes",
                          [](const RecordContext& c) { return !c.image.core_probes.empty(); }),
    kind<PerfRecord>("perf"),
    kind<CoreRecord>("cores"),
    kind<CoreWindowRecord>("core_windows"),
    kind<StageRecord>("stages", [](const RecordContext& c) { return c.timed && c.chip.priced(); }),
    kind<LinkRecord>("links", is_timed),
    kind<SampleRecord>("samples",
                       [](const RecordContext& c) { return c.image.dataset.samples != 0; }),
    kind<ConfusionRecord>("confusion", ConfusionRecord::is_needed),
    kind<WeightRecord>("weights", probes_weights<false>),
    kind<HistogramRecord>("histograms", probes_weights<true>),
};

/// The folder, which is created.
const fs::path& created(const fs::path& folder) {
    create_output_folder(folder);
    return folder;
}

bool is_file_of(std::string_view table, RecordFormat format) {
    return format == RecordFormat::kCsv || table != kInputSpikes;
}

}  // namespace

/// Brings the files up to date while the run goes on.
class RunFolder::Keeper final : public session::RunObserver {
public:
    explicit Keeper(RunFolder& folder) : folder_{folder}, next_{now_s() + kFirst} {}

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        complete_steps_ = report.activity.step + 1;
        const double now = now_s();
        if (now < next_ || folder_.is_keeping_) return;
        folder_.keep(complete_steps_);
        next_ = now + std::max(kEvery, kShare * folder_.cost_s_);
    }

    void finish(const emu::RunTotals& /*totals*/) override { folder_.keep(complete_steps_); }

    /// Brings the files up to date where an error leaves them; what ended the run is told already.
    void rescue() noexcept {
        if (complete_steps_ == 0) return;
        try {
            folder_.keep(complete_steps_);
            folder_.writer_.wait();
        } catch (...) {
        }
    }

private:
    static constexpr double kFirst = 0.1;  ///< seconds
    static constexpr double kEvery = 0.5;
    static constexpr double kShare = 30.0;  ///< of the time that it takes: at most 3 % of the run
    RunFolder& folder_;
    double next_;
    std::uint64_t complete_steps_ = 0;
};

std::vector<std::string> record_tables() {
    std::vector<std::string> tables;
    for (const RecordKind& kind : kRecords) tables.emplace_back(kind.name);
    return tables;
}

std::vector<std::string> record_names() {
    std::vector<std::string> names;
    for (const RecordFormat format : values(kRecordFormatNames)) {
        for (const RecordKind& kind : kRecords) {
            if (is_file_of(kind.name, format)) names.push_back(file_name(kind.name, format));
        }
    }
    names.emplace_back(kAboutFile);
    names.emplace_back(kSummaryFile);
    names.emplace_back(kManifestFile);
    return names;
}

void reject_foreign_files(const fs::path& folder) {
    std::vector<std::string> foreign = RunManifest::of(folder).foreign(folder, record_names());
    for (std::string& name : PartialFolder::foreign(folder, record_names())) {
        foreign.push_back(std::move(name));
    }
    if (foreign.empty()) return;
    bad_input("OUT-FOREIGN", folder.string(),
              fmt::format("the folder has {} that no run wrote, or that changed since: {}",
                          foreign.size() == 1 ? "a file" : "files", fmt::join(foreign, ", ")),
              "give --out another folder; --force replaces or removes them");
}

RunFolder::RunFolder(const fs::path& folder, const RecordContext& context,
                     std::optional<RecordFormat> format, bool force)
    : folder_{created(folder)},
      force_{force},
      format_{format.value_or(RecordFormat::kCsv)},
      may_turn_{!format},
      summary_{folder / kSummaryFile},
      about_{folder / kAboutFile},
      partial_{folder, record_names(), force} {
    for (const RecordKind& kind : kRecords) {
        if (!kind.is_needed(context) || !is_file_of(kind.name, format_)) continue;
        tables_.emplace_back(kind.name);
        records_.push_back(kind.open({folder, partial_.path(), tables_.back(), format_,
                                      context.image, context.dt_ms, kind.name == kSpikes, &writer_},
                                     context));
    }
    keep(0);
    writer_.wait();
    keeper_ = std::make_unique<Keeper>(*this);
}

/// A run that ends in an error keeps the steps that it has.
RunFolder::~RunFolder() {
    if (!is_committed_) keeper_->rescue();
}

session::RunObserver& RunFolder::keeper() {
    return *keeper_;
}

void RunFolder::keep(std::uint64_t complete_steps) {
    for (const auto& record : records_) record->hand_over();
    is_keeping_ = true;
    writer_.post([this, complete_steps] {
        bring_up_to_date(complete_steps);
        is_keeping_ = false;
    });
}

void RunFolder::bring_up_to_date(std::uint64_t complete_steps) {
    const double started = now_s();
    std::uint64_t rows = 0;
    for (const auto& record : records_) {
        record->output().flush(complete_steps);
        rows += record->output().rows();
    }
    cost_s_ = now_s() - started;  // turning takes seconds, once: nobody shall wait 30 times as long
    if (may_turn_ && rows > kMostCsvRows) turn_into_hdf5();
    partial_.progress(complete_steps);
}

void RunFolder::turn_into_hdf5() {
    may_turn_ = false;
    format_ = RecordFormat::kHdf5;
    const auto at = std::ranges::find(tables_, kInputSpikes);
    const auto inputs = static_cast<std::size_t>(at - tables_.begin());
    const fs::path input_file =
        at == tables_.end() ? fs::path{} : records_[inputs]->output().partial_path();
    for (std::size_t i = 0; i < records_.size(); ++i) {
        if (i != inputs) records_[i]->output().turn_into_hdf5(input_file);
    }
    if (at != tables_.end()) records_[inputs]->output().drop();
}

void RunFolder::commit_records(const std::string& summary, const std::string& about) {
    is_committed_ = true;
    for (const auto& record : records_) record->hand_over();
    writer_.wait();
    // An hour may have passed since the folder was looked at first.
    if (!force_) reject_foreign_files(folder_);
    std::vector<std::string> names;
    for (const auto& record : records_) {
        if (!record->output().is_open()) continue;
        names.push_back(record->output().name());
        manifest_.add(names.back(), record->output().digest());
    }
    about_.write(about);
    names.emplace_back(kAboutFile);
    manifest_.add(names.back(), about_.digest());
    summary_.write(summary);
    manifest_.add(std::string{kSummaryFile}, summary_.digest());
    // Whatever ends this process now, the next run knows both the old files and the new ones.
    write_file(folder_ / kManifestFile, manifest_.text_while_replacing(folder_, record_names()));
    remove_stale(folder_ / kSummaryFile);
    for (const std::string& name : record_names()) {
        const bool stays = name == kManifestFile || std::ranges::find(names, name) != names.end();
        if (!stays) remove_stale(folder_ / name);
    }
    for (const auto& record : records_) {
        if (record->output().is_open()) record->commit();
    }
    about_.commit();
}

void RunFolder::commit_summary() {
    summary_.commit();
    write_file(folder_ / kManifestFile, manifest_.text());
    partial_.close();
}

}  // namespace seamount::tools
