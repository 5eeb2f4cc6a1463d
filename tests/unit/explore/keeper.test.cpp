#include "tools/process/keeper.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tools/explore/runs/child.hpp"
#include "tools/process/line_process.hpp"

using namespace seamount;
using namespace seamount::explore;
using seamount::tools::LineProcess;

namespace {

/// Starts processes that try to get away in every way and writes their numbers into a file.
std::string escaping(const std::string& file, const std::string& then) {
    return "sleep 300 & echo $! >> '" + file + "'; setsid sleep 301 & echo $! >> '" + file +
           "'; (sleep 302 </dev/null >/dev/null 2>&1 & echo $! >> '" + file + "'); " + then;
}

std::vector<pid_t> numbers_in(const std::string& file, std::size_t count) {
    std::vector<pid_t> numbers;
    for (int i = 0; i < 1000 && numbers.size() < count; ++i) {
        numbers.clear();
        std::ifstream in{file};
        for (pid_t number = 0; in >> number;) numbers.push_back(number);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return numbers;
}

/// One that is dead but was not waited for by its parent counts as gone.
bool is_gone(pid_t process) {
    for (int i = 0; i < 500; ++i) {
        std::ifstream stat{"/proc/" + std::to_string(process) + "/stat"};
        std::string text;
        std::getline(stat, text);
        const std::size_t end = text.rfind(')');
        if (end == std::string::npos || text[end + 2] == 'Z') return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

Command shell(const std::string& text) {
    Command command;
    command.words = {"/bin/sh", "-c", text};
    return command;
}

}  // namespace

TEST_CASE("nothing that a program has started outlives it", "[keeper]") {
    const test::TemporaryFolder folder;
    const std::string file = folder / "numbers";
    Child child{shell(escaping(file, "exit 7"))};
    CHECK(child.wait().code == 7);
    const std::vector<pid_t> numbers = numbers_in(file, 3);
    REQUIRE(numbers.size() == 3);
    for (const pid_t number : numbers) CHECK(is_gone(number));
}

TEST_CASE("nothing that a program has started outlives its time limit", "[keeper]") {
    const test::TemporaryFolder folder;
    const std::string file = folder / "numbers";
    Command command = shell(escaping(file, "sleep 303"));
    command.time_s = 0.5;
    Child child{std::move(command)};
    CHECK(child.wait().timed_out);
    for (const pid_t number : numbers_in(file, 3)) CHECK(is_gone(number));
}

TEST_CASE("nothing that a program has started outlives its owner, killed or not", "[keeper]") {
    const test::TemporaryFolder folder;
    const std::string file = folder / "numbers";
    const pid_t owner = fork();
    if (owner == 0) {
        signal(SIGTERM, SIG_DFL);  // the test program's own would report it
        const Child child{shell(escaping(file, "sleep 303"))};
        pause();
        _exit(0);
    }
    const std::vector<pid_t> numbers = numbers_in(file, 3);
    kill(owner, GENERATE(SIGKILL, SIGTERM));
    waitpid(owner, nullptr, 0);
    REQUIRE(numbers.size() == 3);
    for (const pid_t number : numbers) CHECK(is_gone(number));
}

TEST_CASE("a program's end is told as it was", "[keeper]") {
    Child signalled{shell("kill -USR1 $$")};
    CHECK(signalled.wait().signal == SIGUSR1);
    Child missing{[] {
        Command command;
        command.words = {"/no/such/program"};
        return command;
    }()};
    CHECK(missing.wait().code == 127);
    Child speaking{shell("cat; echo wrong >&2")};
    CHECK(speaking.wait().err == "wrong\n");
}

TEST_CASE("a program that never answers is given up when it is time", "[keeper]") {
    LineProcess silent{{"/bin/sh", "-c", "sleep 300"}};
    int asked = 0;
    silent.give_up_when([&asked] { return ++asked >= 2; });
    silent.write("{}");
    CHECK_FALSE(silent.read());
    CHECK(silent.given_up());
    LineProcess answering{{"/bin/sh", "-c", "read line; echo \"got $line\""}};
    answering.write("it");
    CHECK(answering.read() == "got it");
    CHECK_FALSE(answering.read());
    CHECK_FALSE(answering.given_up());
}
