#include <unistd.h>

#include <boost/mpi.hpp>
#include <deque>
#include <memory>

#include "isa/base/json.hpp"
#include "isa/base/output_file.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/explore/runs/executor.hpp"

/// `seamount-mpi explore ...`, which `seamount explore` turns into under mpirun: rank 0 coordinates
/// and is the only one to touch the store, each other rank runs one job at a time as a process.
namespace seamount::explore {
namespace {

namespace mpi = boost::mpi;

enum Tag : int { kJob = 1, kResult = 2, kEnd = 3 };

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
    const Json json = Json::parse(text);
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
    explicit MpiExecutor(const mpi::communicator& world) : world_{world} {
        for (int rank = world.size() - 1; rank > 0; --rank) idle_.push_back(rank);
    }

    std::size_t capacity() const override { return static_cast<std::size_t>(world_.size()) - 1; }

    void submit(Job job) override {
        const Json json{{"id", job.id},
                        {"arguments", job.arguments},
                        {"scripts", job.scripts},
                        {"time_s", job.time_s},
                        {"memory_mb", job.memory_mb}};
        world_.send(idle_.back(), kJob, json_text(json));
        idle_.pop_back();
    }

    std::vector<JobResult> wait(double timeout_s) override {
        std::vector<JobResult> results;
        const double end = tools::now_s() + timeout_s;
        while (results.empty() && tools::now_s() < end) {
            while (const auto status = world_.iprobe(mpi::any_source, kResult)) {
                std::string text;
                world_.recv(status->source(), kResult, text);
                idle_.push_back(status->source());
                results.push_back(result_of(text));
            }
            // Blocking in MPI would spin on a core that a worker could use.
            if (results.empty()) usleep(500);
        }
        return results;
    }

private:
    const mpi::communicator& world_;
    std::vector<int> idle_;
};

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
        const Json json = Json::parse(text);
        executor.submit({json["id"], json["arguments"], json["scripts"],
                         json["time_s"].get<double>(), json["memory_mb"].get<double>()});
        for (bool ended = false; !ended;) {
            for (const JobResult& result : executor.wait(1.0)) {
                world.send(0, kResult, text_of(result));
                ended = true;
            }
        }
    }
}

int coordinate(int argc, char** argv, const mpi::communicator& world) {
    tools::Console console;
    const cli::Program seamount{
        .name = "seamount",
        .commands = {cli::explore_command(
            console, MakeExecutor{[&world](const std::filesystem::path&, std::size_t) {
                return std::make_unique<MpiExecutor>(world);
            }})}};
    const cli::Parsed parsed = cli::parse(seamount, argc, argv);
    if (parsed.error) {
        tools::tell(to_string(*parsed.error) + '\n');
        return tools::kBadInput;
    }
    if (!parsed.run) return tools::kOk;
    try {
        return parsed.run();
    } catch (const InputError& error) {
        console.report(error.diagnostics());
        return tools::kBadInput;
    }
}

}  // namespace
}  // namespace seamount::explore

int main(int argc, char** argv) {
    using namespace seamount;
    const boost::mpi::environment environment{argc, argv};
    const boost::mpi::communicator world;
    const auto seamount =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "seamount";
    try {
        if (world.rank() != 0) {
            explore::work(world, seamount);
            return tools::kOk;
        }
        if (world.size() < 2) {
            tools::tell(
                "seamount explore: error: needs at least two ranks under mpirun, one to "
                "coordinate and one to work [CLI-USAGE]\n");
            return tools::kBadInput;
        }
        const int code = explore::coordinate(argc, argv, world);
        for (int rank = 1; rank < world.size(); ++rank) {
            world.send(rank, explore::kEnd, std::string{});
        }
        return code;
    } catch (const std::exception& error) {
        tools::tell(std::string{"internal error: "} + error.what() + ", please report\n");
        environment.abort(tools::kInternalError);
    }
    return tools::kInternalError;
}

#if defined(__SANITIZE_ADDRESS__)
// Open MPI keeps memory until the process ends, some of it in modules that it has unloaded by then,
// which no suppression can name.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() {
    return 1;
}
#endif
