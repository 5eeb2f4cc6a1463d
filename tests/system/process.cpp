#include "tests/system/process.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

extern char** environ;

namespace seamount::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> extended_environment(const std::vector<std::string>& added) {
    std::vector<std::string> all = added;  // the first of two equal names is the one that counts
    for (char** variable = environ; *variable != nullptr; ++variable) all.emplace_back(*variable);
    return all;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::filesystem::path& cwd,
                 const std::vector<std::string>& environment) {
    std::vector<std::string> words{SEAMOUNT_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = extended_environment(environment);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    const std::string out = records_ / "out";
    const std::string err = records_ / "err";
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, cwd.c_str());
    const int error = posix_spawn(&pid_, SEAMOUNT_BINARY, &actions, nullptr, pointers(words).data(),
                                  pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " SEAMOUNT_BINARY);
}

Process::~Process() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
}

void Process::send(int signal) const {
    kill(pid_, signal);
}

Finished Process::wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    Finished finished;
    if (WIFEXITED(status)) finished.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
    finished.out = read_text(records_ / "out");
    finished.err = read_text(records_ / "err");
    return finished;
}

Finished run_seamount(const std::vector<std::string>& arguments, const std::filesystem::path& cwd,
                      const std::vector<std::string>& environment) {
    return Process{arguments, cwd, environment}.wait();
}

void run_or_fail(const std::vector<std::string>& arguments) {
    const Finished finished = run_seamount(arguments);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
}

int run_shell(const std::string& arguments, const std::string& setup) {
    const int status = std::system((setup + " '" SEAMOUNT_BINARY "' " + arguments).c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string run_on_terminal(const std::string& arguments, const std::string& setup) {
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
        throw std::runtime_error("no pseudo terminal");
    }
    const std::string name = ptsname(terminal);
    const int other = open(name.c_str(), O_RDWR | O_NOCTTY);  // keeps what was written readable
    run_shell(arguments + " 2> " + name, setup);
    std::string text(4096, '\0');
    const ssize_t size = read(terminal, text.data(), text.size());
    close(other);
    close(terminal);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
}

std::string data(const std::string& name) {
    return std::string{SEAMOUNT_SOURCE_DIR "/tests/system/data/"} + name;
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream{path, std::ios::binary} << text;
}

}  // namespace seamount::test
