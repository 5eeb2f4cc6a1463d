#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/explore/runs/child.hpp"
#include "tools/explore/runs/nursery.hpp"
#include "tools/explore/runs/result_record.hpp"

namespace seamount::explore {

/// One run, and the scripts that measure it.
struct Job {
    std::uint64_t id = 0;
    std::string request;               ///< session::text_of() what is to run
    std::string summary;               ///< of the run if it is known: only the scripts run then
    std::vector<std::string> scripts;  ///< each gets the summary on stdin
    double time_s = 0.0;               ///< for the run, and for each script
    double memory_mb = 0.0;
};

/// What became of it.
struct JobResult {
    std::uint64_t id = 0;
    Ended run;
    std::optional<ResultRecord> record;  ///< what the run handed back
    std::vector<Ended> scripts;          ///< empty if the run failed

    /// True if the run itself says so.
    [[nodiscard]] bool said(EndStatus status) const { return record && record->status == status; }
};

/// Somewhere to run jobs.
class Executor {
public:
    virtual ~Executor() = default;
    /// Jobs that can run at once.
    [[nodiscard]] virtual std::size_t capacity() const = 0;
    /// Starts a job; at most capacity() may be under way.
    virtual void submit(Job job) = 0;
    /// Waits until a job has ended, or for `timeout_s`; gives those that have.
    [[nodiscard]] virtual std::vector<JobResult> wait(double timeout_s) = 0;
    /// Ends all jobs that are under way, and forgets them.
    virtual void cancel() = 0;
    /// The program that runs: tools::build_of() it is what every result must come from.
    [[nodiscard]] virtual std::string build() const = 0;
};

/// Runs each job as a process of this machine, so that none can take another down.
class LocalExecutor final : public Executor {
public:
    /// `seamount` is the program that jobs run. If this process is that program, a nursery made
    /// from `program` starts all but those with a memory limit, which is one of the whole program.
    LocalExecutor(std::filesystem::path seamount, std::size_t jobs, const Program& program = {});

    [[nodiscard]] std::size_t capacity() const override { return jobs_; }
    void submit(Job job) override;
    [[nodiscard]] std::vector<JobResult> wait(double timeout_s) override;
    void cancel() override { running_.clear(); }
    [[nodiscard]] std::string build() const override;

private:
    struct Running {
        Job job;
        JobResult result;
        std::unique_ptr<Child> child;
        bool runs_script = false;  ///< after the run itself
    };

    /// True if nothing of the job is left to run.
    [[nodiscard]] static bool next_stage(Running& running);
    static void start_script(Running& running);
    void start_run(Running& running);

    std::filesystem::path seamount_;
    std::size_t jobs_;
    std::unique_ptr<Nursery> nursery_;
    std::list<Running> running_;
};

}  // namespace seamount::explore
