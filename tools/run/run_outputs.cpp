#include "tools/run/run_outputs.hpp"

#include <algorithm>

#include "tools/run/about.hpp"
#include "tools/run/neurobench_record.hpp"
#include "tools/run/packet_trace.hpp"
#include "tools/run/saved_weights.hpp"
#include "tools/run/spike_profile.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

/// The outputs that were given a name of their own.
std::vector<fs::path> named_outputs(const OutputNames& names) {
    std::vector<fs::path> named;
    for (const std::string& name : {names.json, names.packet_trace, names.timeline, names.profile,
                                    names.neurobench, names.weights, names.state}) {
        if (!name.empty()) named.emplace_back(name);
    }
    return named;
}

bool is_record_name(const fs::path& name) {
    const std::vector<std::string> all = record_names();
    return std::find(all.begin(), all.end(), name) != all.end();
}

/// Every output has a place of its own.
void reject_equal_outputs(const OutputNames& names) {
    const std::vector<fs::path> named = named_outputs(names);
    for (std::size_t i = 0; i < named.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            if (same_output(named[i], named[other])) two_outputs(named[i]);
        }
        const fs::path record = named[i].filename();
        const bool may_be_it = record == kSummaryFile && named[i] == names.json;
        if (names.folder.empty() || may_be_it || !is_record_name(record)) continue;
        if (same_output(named[i], fs::path{names.folder} / record)) two_outputs(named[i]);
    }
}

}  // namespace

std::vector<std::string> OutputNames::given() const {
    std::vector<std::string> names;
    for (const std::string& name :
         {folder, json, packet_trace, timeline, profile, neurobench, weights, state}) {
        if (!name.empty()) names.push_back(name);
    }
    return names;
}

void reject_inputs_as_outputs(const OutputNames& names, const std::vector<fs::path>& inputs) {
    for (const fs::path& output : named_outputs(names)) reject_input_as_output(output, inputs);
    if (names.folder.empty()) return;
    for (const std::string& name : record_names()) {
        reject_input_as_output(fs::path{names.folder} / name, inputs);
    }
}

void check_outputs(const OutputNames& names, const std::vector<fs::path>& inputs) {
    reject_inputs_as_outputs(names, inputs);
    reject_equal_outputs(names);
    if (!names.folder.empty() && !names.force) reject_foreign_files(names.folder);
}

RunOutputs::RunOutputs(const OutputNames& names, const session::Loaded& loaded,
                       const session::RunPlan& plan) {
    const isa::Image& image = loaded.image;
    if (!names.weights.empty() && image.learning.projections.empty()) {
        bad_input("CLI-WEIGHTS", loaded.file.string(), "--save-weights, but no projection learns",
                  "give a projection 'learning: RULE'");
    }
    bool json_is_summary = false;
    if (!names.folder.empty()) {
        const fs::path summary = fs::path{names.folder} / kSummaryFile;
        folder_.emplace(
            names.folder,
            RecordContext{image, loaded.chip, loaded.dt_ms.value_or(1.0), !plan.untimed},
            names.records, names.force);
        json_is_summary = same_output(names.json, summary);
    }
    if (!names.json.empty() && !json_is_summary) summary_.emplace(names.json);
    if (!names.state.empty()) state_.emplace(names.state);
    if (!names.packet_trace.empty()) {
        named_.push_back(std::make_unique<PacketTraceFile>(names.packet_trace, loaded.chip));
    }
    if (!names.timeline.empty()) {
        timeline_ = open_timeline(names.timeline, names.window, image, loaded.chip);
    }
    if (!names.profile.empty()) {
        named_.push_back(std::make_unique<SpikeProfile>(names.profile, image));
    }
    if (!names.neurobench.empty()) {
        named_.push_back(std::make_unique<NeurobenchRecord>(names.neurobench, image));
    }
    if (!names.weights.empty()) {
        named_.push_back(std::make_unique<SavedWeights>(names.weights, image, plan));
    }
}

std::vector<Record*> RunOutputs::records() const {
    std::vector<Record*> records;
    if (folder_) {
        for (const auto& record : folder_->records()) records.push_back(record.get());
    }
    for (const auto& record : named_) records.push_back(record.get());
    if (timeline_) records.push_back(timeline_.get());
    return records;
}

std::vector<session::RunObserver*> RunOutputs::observers() {
    const std::vector<Record*> all = records();
    std::vector<session::RunObserver*> observers{all.begin(), all.end()};
    if (folder_) observers.push_back(&folder_->keeper());
    return observers;
}

emu::WaveParams RunOutputs::wave() const {
    return timeline_ ? timeline_->wave() : emu::WaveParams{};
}

std::vector<std::string> RunOutputs::notes() const {
    std::vector<std::string> notes;
    for (const Record* const record : records()) {
        std::string note = record->note();
        if (!note.empty()) notes.push_back(std::move(note));
    }
    return notes;
}

std::uint64_t RunOutputs::empty_values() const {
    std::uint64_t values = 0;
    for (const Record* const record : records()) values += record->empty_values();
    return values;
}

void RunOutputs::commit(const RunOutcome& outcome) {
    RunOutcome written = outcome;
    if (folder_) written.records = name_of(kRecordFormatNames, folder_->format());
    const std::string summary = folder_ || summary_ ? run_summary_json(written) : std::string{};
    if (folder_) folder_->commit_records(summary, about_json(written));
    for (const auto& record : named_) record->commit();
    if (timeline_) timeline_->commit();
    if (state_) {
        state_->write(std::span<const std::byte>{session::to_bytes(*outcome.result.state)});
        state_->commit();
    }
    if (folder_) folder_->commit_summary();
    if (!summary_) return;
    summary_->write(summary);
    summary_->commit();
}

}  // namespace seamount::tools
