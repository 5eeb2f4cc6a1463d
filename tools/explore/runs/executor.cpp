#include "tools/explore/runs/executor.hpp"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tools/base/version.hpp"

namespace seamount::explore {

namespace {

std::unique_ptr<Nursery> nursery_of(const Program& program) {
    if (!program) return nullptr;
    (void)tools::build();  // so that no run has to find it out
    return std::make_unique<Nursery>(program);
}

}  // namespace

LocalExecutor::LocalExecutor(std::filesystem::path seamount, std::size_t jobs,
                             const Program& program)
    : seamount_{std::move(seamount)}, jobs_{jobs}, nursery_{nursery_of(program)} {}

void LocalExecutor::submit(Job job) {
    Running running;
    running.result.id = job.id;
    running.job = std::move(job);
    if (running.job.summary.empty()) {
        start_run(running);
    } else {
        running.result.run.code = 0;
        running.result.record = ResultRecord{EndStatus::kDone, {}, {}, running.job.summary};
        start_script(running);
    }
    running_.push_back(std::move(running));
}

void LocalExecutor::start_run(Running& running) {
    const Job& job = running.job;
    Command command;
    command.words = {seamount_.string()};
    command.hands_back = true;
    command.time_s = job.time_s;
    command.memory_mb = job.memory_mb;
    if (nursery_ && command.memory_mb <= 0.0) {
        command.words.push_back(job.request);
        running.child = std::make_unique<Child>(std::move(command), *nursery_);
    } else {
        command.input = job.request;
        running.child = std::make_unique<Child>(std::move(command));
    }
}

void LocalExecutor::start_script(Running& running) {
    running.runs_script = true;
    Command command;
    command.words = {running.job.scripts[running.result.scripts.size()]};
    command.input = running.result.record->summary;
    command.time_s = running.job.time_s;
    command.memory_mb = running.job.memory_mb;
    running.child = std::make_unique<Child>(std::move(command));
}

std::string LocalExecutor::build() const {
    return nursery_ ? tools::build() : tools::build_of(seamount_);
}

bool LocalExecutor::next_stage(Running& running) {
    JobResult& result = running.result;
    Ended& ended = running.child->result();
    if (running.runs_script) {
        result.scripts.push_back(std::move(ended));
    } else {
        result.run = std::move(ended);
        result.record = record_of(result.run.record);
    }
    running.child.reset();
    const bool done = result.run.code == 0 && result.said(EndStatus::kDone);
    if (!done || result.scripts.size() == running.job.scripts.size()) return true;
    start_script(running);
    return false;
}

std::vector<JobResult> LocalExecutor::wait(double timeout_s) {
    std::vector<JobResult> done;
    std::vector<pollfd> ready;
    double seconds = timeout_s;
    for (const Running& running : running_) {
        seconds = std::min(seconds, running.child->seconds_left());
        for (const int descriptor : running.child->descriptors()) {
            if (descriptor >= 0) ready.push_back({descriptor, POLLIN, 0});
        }
    }
    poll(ready.data(), ready.size(), static_cast<int>(std::ceil(std::max(0.0, seconds) * 1000.0)));
    // Looking at one run may bring the end of another, which nothing to wait for would tell again.
    for (bool found = true; found;) {
        found = false;
        for (auto it = running_.begin(); it != running_.end();) {
            if (it->child->finished() && next_stage(*it)) {
                done.push_back(std::move(it->result));
                it = running_.erase(it);
                found = true;
            } else {
                ++it;
            }
        }
    }
    return done;
}

}  // namespace seamount::explore
