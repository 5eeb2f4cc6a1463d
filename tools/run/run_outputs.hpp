#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/run/records/run_folder.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/run/timeline/timeline.hpp"
#include "tools/session/open.hpp"
#include "tools/session/run_plan.hpp"

namespace seamount::tools {

/// Where a run writes; what is empty is not written.
struct OutputNames {
    std::string folder;                   ///< --out
    bool force = false;                   ///< replace foreign files in the folder (run_folder.hpp)
    std::optional<RecordFormat> records;  ///< --records
    std::string json;                     ///< --json
    std::string packet_trace;             ///< --packet-trace
    std::string timeline;                 ///< --timeline
    StepWindow window;                    ///< --window, of the timeline
    std::string profile;                  ///< --profile
    std::string neurobench;               ///< --neurobench
    std::string weights;                  ///< --save-weights
    std::string state;                    ///< --save-state

    /// Those that are given, the folder included.
    [[nodiscard]] std::vector<std::string> given() const;
};

/// Throws InputError (OUT-WRITE) if an output would replace one of `inputs`; every name that a run
/// may write into the folder counts.
void reject_inputs_as_outputs(const OutputNames& names,
                              const std::vector<std::filesystem::path>& inputs);

/// Throws InputError if an output would replace one of `inputs`, two outputs each other (only
/// --json may be the summary of the folder), or a record a foreign file (OUT-FOREIGN).
void check_outputs(const OutputNames& names, const std::vector<std::filesystem::path>& inputs);

/// The files of a run, opened before it so that a bad path costs nothing.
class RunOutputs {
public:
    /// `loaded` must outlive it. Throws InputError (OUT-WRITE; CLI-WEIGHTS if nothing learns what
    /// is to be saved).
    RunOutputs(const OutputNames& names, const session::Loaded& loaded,
               const session::RunPlan& plan);

    /// All that watch the run; valid as long as this.
    [[nodiscard]] std::vector<session::RunObserver*> observers();
    /// Signals that the run must trace.
    [[nodiscard]] emu::WaveParams wave() const;
    /// What files leave out, in words.
    [[nodiscard]] std::vector<std::string> notes() const;
    /// Values that could not be computed and are empty in the files.
    [[nodiscard]] std::uint64_t empty_values() const;
    /// Puts the files in place; with --save-state the outcome has a state; the summary and the
    /// folder's manifest last. Throws InputError (OUT-WRITE; OUT-FOREIGN for files that came to the
    /// folder meanwhile).
    void commit(const RunOutcome& outcome);

private:
    [[nodiscard]] std::vector<Record*> records() const;

    std::optional<RunFolder> folder_;
    std::vector<std::unique_ptr<Record>> named_;  ///< with options of their own
    std::unique_ptr<Timeline> timeline_;
    std::optional<OutputFile> summary_;  ///< of --json, if it is not that of the folder
    std::optional<OutputFile> state_;    ///< of --save-state
};

}  // namespace seamount::tools
