#include "tools/explore/runs/executor.hpp"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seamount::explore {

LocalExecutor::LocalExecutor(std::filesystem::path seamount, std::size_t jobs,
                             const Program& program)
    : seamount_{std::move(seamount)},
      jobs_{jobs},
      nursery_{program ? std::make_unique<Nursery>(program) : nullptr} {}

void LocalExecutor::submit(Job job) {
    Command command;
    command.words = job.arguments;
    command.words.insert(command.words.begin(), seamount_.string());
    command.words.emplace_back("--quiet");
    command.hands_back = true;
    command.time_s = job.time_s;
    command.memory_mb = job.memory_mb;
    Running running;
    running.result.id = job.id;
    running.job = std::move(job);
    running.child = nursery_ && command.memory_mb <= 0.0
                        ? std::make_unique<Child>(std::move(command), *nursery_)
                        : std::make_unique<Child>(std::move(command));
    running_.push_back(std::move(running));
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
    running.runs_script = true;
    Command command;
    command.words = {running.job.scripts[result.scripts.size()]};
    command.input = result.record->summary;
    command.time_s = running.job.time_s;
    command.memory_mb = running.job.memory_mb;
    running.child = std::make_unique<Child>(std::move(command));
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
