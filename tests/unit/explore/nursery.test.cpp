#include "tools/explore/runs/nursery.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <thread>

#include "tools/explore/runs/child.hpp"
#include "tools/explore/runs/result_record.hpp"

using namespace seamount::explore;

namespace {

/// Prints its words, or does what the first says.
int program(const std::vector<std::string>& words, int record) {
    if (words[0] == "crash") raise(SIGUSR1);
    if (words[0] == "sleep") sleep(60);
    if (words[0] == "orphan") {
        kill(getppid(), SIGKILL);
        sleep(60);
    }
    if (words[0] == "started" || words[0] == "done") hand_back(record, {});
    if (words[0] == "done") hand_back(record, {EndStatus::kDone, {}, "", "{}"});
    for (const std::string& word : words) std::printf("[%s]", word.c_str());
    std::fputs("done", stderr);
    return static_cast<int>(words.size());
}

Command command(std::vector<std::string> words) {
    Command result;
    result.words = std::move(words);
    result.words.insert(result.words.begin(), "program");
    return result;
}

}  // namespace

TEST_CASE("a nursery runs the program with its words, streams and exit code", "[nursery]") {
    Nursery nursery{program};
    Child child{command({"a b", "", "c"}), nursery};
    const Ended& ended = child.wait();
    CHECK(ended.code == 3);
    CHECK(ended.out == "[a b][][c]");
    CHECK(ended.err == "done");
    CHECK(ended.peak_rss_bytes > 0);
}

TEST_CASE("a run of a nursery hands back how far it came", "[nursery]") {
    Nursery nursery{program};
    Child silent{command({"silent"}), nursery};
    CHECK_FALSE(record_of(silent.wait().record));
    Child started{command({"started"}), nursery};
    CHECK(record_of(started.wait().record)->status == EndStatus::kStarted);
    Child done{command({"done"}), nursery};
    const auto record = record_of(done.wait().record);
    REQUIRE(record);
    CHECK(record->status == EndStatus::kDone);
    CHECK(record->summary == "{}");
}

TEST_CASE("many runs of a nursery go on at once and none takes another down", "[nursery]") {
    Nursery nursery{program};
    Child crash{command({"crash"}), nursery};
    std::vector<std::unique_ptr<Child>> children;
    for (int i = 0; i < 50; ++i) {
        children.push_back(std::make_unique<Child>(command({"run", std::to_string(i)}), nursery));
    }
    for (int i = 0; i < 50; ++i) {
        CHECK(children[static_cast<std::size_t>(i)]->wait().out ==
              "[run][" + std::to_string(i) + "]");
    }
    CHECK(crash.wait().signal == SIGUSR1);
}

TEST_CASE("a run of a nursery ends at its time limit, and with its owner", "[nursery]") {
    Nursery nursery{program};
    Command slow = command({"sleep"});
    slow.time_s = 0.05;
    Child child{slow, nursery};
    CHECK(child.wait().timed_out);
    { const Child left{command({"sleep"}), nursery}; }
    Child next{command({"next"}), nursery};
    CHECK(next.wait().code == 1);
}

TEST_CASE("runs of a nursery that was killed count as killed, and the next one has a new nursery",
          "[nursery]") {
    Nursery nursery{program};
    Child other{command({"sleep"}), nursery};
    Child orphan{command({"orphan"}), nursery};
    CHECK(orphan.wait().signal == SIGKILL);
    CHECK(other.wait().signal == SIGKILL);
    Child next{command({"next"}), nursery};
    CHECK(next.wait().out == "[next]");
}
