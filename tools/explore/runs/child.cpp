#include "tools/explore/runs/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include "tools/base/console.hpp"
#include "tools/explore/runs/nursery.hpp"
#include "tools/explore/runs/result_record.hpp"

namespace seamount::explore {
namespace {

constexpr std::size_t kMostOut = std::size_t{16} << 20;
constexpr std::size_t kMostErr = std::size_t{64} << 10;

struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::system_error{errno, std::generic_category(), "pipe"};
        }
        read = ends[0];
        write = ends[1];
    }
};

/// The streams of a new process, and what it hands its record back on.
struct Pipes {
    Pipe in;
    Pipe out;
    Pipe err;
    Pipe record;
};

void limit_memory(double megabytes) {
    if (megabytes <= 0.0) return;
    const auto bytes = static_cast<rlim_t>(megabytes * 1e6);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_DATA, &limit);
}

/// In the new process: only async-signal-safe calls.
void become(char* const* words, char* const* environment, const Pipes& pipes,
            const Command& command) {
    dup2(pipes.in.read, STDIN_FILENO);
    dup2(pipes.out.write, STDOUT_FILENO);
    dup2(pipes.err.write, STDERR_FILENO);
    if (command.hands_back) {
        dup2(pipes.record.write, Nursery::kRecord);
        fcntl(Nursery::kRecord, F_SETFD, 0);  // also where it was that one already
    }
    limit_memory(command.memory_mb);
    execvpe(words[0], words, environment);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (std::string& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

/// This process's variables with those of the command.
std::vector<std::string> environment_of(const Command& command) {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
    std::vector<std::string> all = command.environment;
    if (command.hands_back) all.push_back(fmt::format("{}={}", kResultVariable, Nursery::kRecord));
    for (const std::string& added : all) {
        const std::string name = added.substr(0, added.find('=') + 1);
        std::erase_if(variables, [&](const std::string& v) { return v.starts_with(name); });
        variables.push_back(added);
    }
    return variables;
}

/// write() that fails with EPIPE alone: its signal would end this process.
ssize_t write_without_signal(int descriptor, const char* bytes, std::size_t size) {
    sigset_t broken_pipe;
    sigset_t before;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    const ssize_t count = write(descriptor, bytes, size);
    const int error = errno;
    if (count < 0 && error == EPIPE) {
        const timespec now{};
        sigtimedwait(&broken_pipe, nullptr, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return count;
}

void set_nonblocking(int descriptor) {
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

Child::Child(Command command) : command_{std::move(command)}, started_{tools::now_s()} {
    start();
    feed();
}

Child::Child(Command command, Nursery& nursery)
    : command_{std::move(command)}, nursery_{&nursery}, started_{tools::now_s()} {
    start();
    feed();
}

Child::~Child() {
    if (!reaped_) kill();
    for (const int descriptor : {in_, out_, err_, record_}) {
        if (descriptor >= 0) close(descriptor);
    }
}

void Child::start() {
    const Pipes pipes;
    in_ = pipes.in.write;
    out_ = pipes.out.read;
    err_ = pipes.err.read;
    record_ = pipes.record.read;
    if (nursery_ != nullptr) {
        run_ =
            nursery_->start({command_.words.begin() + 1, command_.words.end()},
                            {pipes.in.read, pipes.out.write, pipes.err.write, pipes.record.write});
    } else {
        std::vector<std::string> words = command_.words;
        std::vector<std::string> variables = environment_of(command_);
        const std::vector<char*> argv = pointers(words);
        const std::vector<char*> envp = pointers(variables);
        process_.emplace([&] { become(argv.data(), envp.data(), pipes, command_); });
    }
    for (const int end : {pipes.in.read, pipes.out.write, pipes.err.write, pipes.record.write}) {
        close(end);
    }
    for (const int descriptor : {in_, out_, err_, record_}) set_nonblocking(descriptor);
}

void Child::kill() {
    if (nursery_ != nullptr) {
        nursery_->kill(run_);
    } else {
        process_->kill();
    }
}

void Child::feed() {
    while (in_ >= 0 && fed_ < command_.input.size()) {
        const ssize_t count =
            write_without_signal(in_, command_.input.data() + fed_, command_.input.size() - fed_);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) break;
        fed_ += static_cast<std::size_t>(count);
    }
    if (in_ >= 0) close(std::exchange(in_, -1));
}

void Child::drain(int& descriptor, std::string& text, bool keep_end) {
    std::array<char, 65536> buffer{};
    while (descriptor >= 0) {
        const ssize_t count = read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            close(std::exchange(descriptor, -1));
            return;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (keep_end && text.size() > kMostErr) text.erase(0, text.size() - kMostErr);
        if (!keep_end && text.size() > kMostOut) text.resize(kMostOut);
    }
}

void Child::drain_all() {
    drain(out_, ended_.out, false);
    drain(err_, ended_.err, true);
    drain(record_, ended_.record, false);
}

bool Child::finished() {
    if (reaped_) return true;
    feed();
    drain_all();
    if (seconds_left() <= 0.0 && !ended_.timed_out) {
        ended_.timed_out = true;
        kill();
    }
    if (!reap()) return false;
    // What it wrote last is still in the pipes.
    drain_all();
    ended_.wall_s = tools::now_s() - started_;
    return true;
}

bool Child::reap() {
    int status = 0;
    if (nursery_ != nullptr) {
        const auto end = nursery_->ended(run_);
        if (!end) return false;
        status = end->status;
        ended_.peak_rss_bytes = end->peak_rss_bytes;
    } else {
        const auto end = process_->ended();
        if (!end) return false;
        status = end->status;
        ended_.peak_rss_bytes = end->peak_rss_bytes;
    }
    reaped_ = true;
    if (WIFEXITED(status)) ended_.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
    return true;
}

std::vector<int> Child::descriptors() const {
    const int end = nursery_ != nullptr ? nursery_->descriptor() : process_->descriptor();
    return {end, out_, err_, record_};
}

Ended& Child::wait() {
    constexpr int kMilliseconds = 100;
    while (!finished()) {
        std::vector<pollfd> ready;
        for (const int descriptor : descriptors()) {
            if (descriptor >= 0) ready.push_back({descriptor, POLLIN, 0});
        }
        poll(ready.data(), ready.size(), kMilliseconds);
    }
    return ended_;
}

double Child::seconds_left() const {
    constexpr double kForever = 3600.0;
    return command_.time_s > 0.0 ? started_ + command_.time_s - tools::now_s() : kForever;
}

}  // namespace seamount::explore
