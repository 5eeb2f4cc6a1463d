#include "tools/cli/mpi/explore_ranks.hpp"

#include <unistd.h>

#include <memory>
#include <set>
#include <utility>

#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/options/run_program.hpp"
#include "tools/explore/runs/executor.hpp"

namespace seamount::explore {
namespace {

namespace mpi = boost::mpi;

enum Tag : int { kJob = 1, kResult = 2, kEnd = 3, kCancel = 4 };

Json to_json(const Ended& ended) {
    return {{"code", ended.code},     {"signal", ended.signal},     {"timed_out", ended.timed_out},
            {"out", ended.out},       {"err", ended.err},           {"record", ended.record},
            {"wall_s", ended.wall_s}, {"rss", ended.peak_rss_bytes}};
}

Ended ended_of(const Json& json) {
    return {json["code"],
            json["signal"],
            json["timed_out"],
            json["out"],
            json["err"],
            json["record"],
            json["wall_s"].get<double>(),
            json["rss"]};
}

std::string text_of(const JobResult& result) {
    Json json{{"id", result.id}, {"run", to_json(result.run)}, {"scripts", Json::array()}};
    for (const Ended& script : result.scripts) json["scripts"].push_back(to_json(script));
    return json_text(json);
}

JobResult result_of(const std::string& text) {
    const Json json = parse_json_or_throw(text);
    JobResult result;
    result.id = json["id"];
    result.run = ended_of(json["run"]);
    result.record = record_of(result.run.record);
    for (const Json& script : json["scripts"]) result.scripts.push_back(ended_of(script));
    return result;
}

/// Hands jobs to the other ranks.
class MpiExecutor final : public Executor {
public:
    MpiExecutor(const mpi::communicator& world, std::filesystem::path seamount)
        : world_{world}, seamount_{std::move(seamount)} {
        for (int rank = world.size() - 1; rank > 0; --rank) idle_.push_back(rank);
    }

    std::size_t capacity() const override { return static_cast<std::size_t>(world_.size()) - 1; }

    void submit(Job job) override {
        const Json json{{"id", job.id},           {"request", job.request},
                        {"summary", job.summary}, {"scripts", job.scripts},
                        {"time_s", job.time_s},   {"memory_mb", job.memory_mb}};
        world_.send(idle_.back(), kJob, json_text(json));
        busy_.insert(idle_.back());
        idle_.pop_back();
    }

    std::vector<JobResult> wait(double timeout_s) override {
        std::vector<JobResult> results;
        const double end = tools::now_s() + timeout_s;
        while (results.empty() && tools::now_s() < end) {
            while (const auto status = world_.iprobe(mpi::any_source, kResult)) {
                std::string text;
                world_.recv(status->source(), kResult, text);
                set_idle(status->source());
                results.push_back(result_of(text));
            }
            // Blocking in MPI would spin on a core that a worker could use.
            if (results.empty()) usleep(500);
        }
        return results;
    }

    void cancel() override {
        for (const int rank : busy_) world_.send(rank, kCancel, std::string{});
        // Each answers, with what it had or with nothing: else it would wait for ever to be heard.
        while (!busy_.empty()) {
            const int rank = *busy_.begin();
            std::string text;
            world_.recv(rank, kResult, text);
            set_idle(rank);
        }
    }

    std::string build() const override { return tools::build_of(seamount_); }

private:
    void set_idle(int rank) {
        busy_.erase(rank);
        idle_.push_back(rank);
    }

    const mpi::communicator& world_;
    std::filesystem::path seamount_;
    std::vector<int> idle_;
    std::set<int> busy_;
};

Job job_of(const std::string& text) {
    const Json json = parse_json_or_throw(text);
    Job job;
    job.id = json["id"];
    job.request = json["request"];
    job.summary = json["summary"];
    job.scripts = json["scripts"].get<std::vector<std::string>>();
    job.time_s = json["time_s"].get<double>();
    job.memory_mb = json["memory_mb"].get<double>();
    return job;
}

/// Of the job that runs; of none if the coordinator wants it no more.
std::string result_text(const mpi::communicator& world, Executor& executor) {
    for (;;) {
        if (world.iprobe(0, kCancel)) {
            std::string text;
            world.recv(0, kCancel, text);
            executor.cancel();
            return text_of(JobResult{});
        }
        const std::vector<JobResult> ended = executor.wait(0.2);
        if (!ended.empty()) return text_of(ended.front());
    }
}

/// Runs jobs until the coordinator says that there are no more.
void work(const mpi::communicator& world, const std::filesystem::path& seamount) {
    LocalExecutor executor{seamount, 1};
    for (;;) {
        auto status = world.iprobe(0, mpi::any_tag);
        if (!status) {
            usleep(500);
            continue;
        }
        std::string text;
        world.recv(0, status->tag(), text);
        if (status->tag() == kEnd) return;
        if (status->tag() == kCancel) continue;  // it was done already
        executor.submit(job_of(text));
        world.send(0, kResult, result_text(world, executor));
    }
}

/// Rank 0.
int coordinate(int argc, char** argv, const mpi::communicator& world, tools::Console& console) {
    if (world.size() < 2) {
        tools::tell(
            "seamount explore: error: needs at least two ranks under mpirun, one to coordinate and "
            "one to work [CLI-USAGE]\n");
        return tools::kBadInput;
    }
    const int code = cli::run_program(
        {.name = "seamount",
         .commands = {cli::explore_command(
             console, MakeExecutor{[&world](const std::filesystem::path& self, std::size_t) {
                 return std::make_unique<MpiExecutor>(world, self.parent_path() / "seamount");
             }})}},
        argc, argv, console);
    for (int rank = 1; rank < world.size(); ++rank) world.send(rank, kEnd, std::string{});
    return code;
}

}  // namespace
}  // namespace seamount::explore

namespace seamount::cli {

int explore_on_ranks(int argc, char** argv, const boost::mpi::communicator& world,
                     tools::Console& console) {
    if (world.rank() == 0) return explore::coordinate(argc, argv, world, console);
    explore::work(world,
                  std::filesystem::read_symlink("/proc/self/exe").parent_path() / "seamount");
    return tools::kOk;
}

}  // namespace seamount::cli
