#include "tools/process/line_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace seamount::tools {
namespace {

constexpr int kMilliseconds = 100;           ///< between looks whether to give up
constexpr std::size_t kRead = 4096;          ///< bytes that are asked for
constexpr std::size_t kMostLine = 64 << 20;  ///< bytes without an end of line

}  // namespace

LineProcess::LineProcess(const std::vector<std::string>& words) {
    std::vector<std::string> copy = words;
    std::vector<char*> argv;
    for (std::string& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    const Ends ends = connect();
    process_.emplace([&] {
        dup2(ends.program_in, STDIN_FILENO);
        dup2(ends.program_out, STDOUT_FILENO);
        execvp(argv[0], argv.data());
    });
    close(ends.program_out);
}

LineProcess::Ends LineProcess::connect() {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0) {
        throw std::system_error{errno, std::generic_category(), "pipe"};
    }
    kept_ = to[0];
    in_ = to[1];
    out_ = from[0];
    for (const int ours : {in_, out_}) fcntl(ours, F_SETFL, fcntl(ours, F_GETFL) | O_NONBLOCK);
    return {kept_, from[1]};
}

LineProcess::~LineProcess() {
    close(in_);
    close(kept_);
    close(out_);
    // It sees the end of its input; one that goes on regardless is ended.
    constexpr int kRounds = 100;
    if (!given_up()) (void)wait_for_end(kRounds);
}

bool LineProcess::wait_for_end(int rounds) {
    constexpr useconds_t kRound = 20'000;
    for (int i = 0; i < rounds && !end_; ++i) {
        end_ = process_->ended();
        if (!end_) usleep(kRound);
    }
    return end_.has_value();
}

std::string LineProcess::how_it_ended() {
    constexpr int kRounds = 25;
    if (!wait_for_end(kRounds)) return {};
    const int status = end_->status;
    if (WIFSIGNALED(status)) return "by signal " + std::to_string(WTERMSIG(status));
    return "with exit code " + std::to_string(WEXITSTATUS(status));
}

void LineProcess::look() {
    if (over_ && over_()) silence_ = Silence::kGivenUp;
}

bool LineProcess::wait_for_answer() {
    while (!given_up()) {
        pollfd ready{out_, POLLIN, 0};
        if (poll(&ready, 1, kMilliseconds) > 0) return true;
        look();
    }
    return false;
}

bool LineProcess::wait_for_room() {
    while (!given_up()) {
        std::array<pollfd, 2> ready{pollfd{in_, POLLOUT, 0}, pollfd{out_, 0, 0}};
        const int count = poll(ready.data(), ready.size(), kMilliseconds);
        if (count > 0) return (ready[1].revents & (POLLHUP | POLLERR)) == 0;
        look();
    }
    return false;
}

bool LineProcess::has_more() const {
    if (begin_ < end_of_read_) return true;
    pollfd ready{out_, POLLIN, 0};
    return poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0;
}

void LineProcess::write(std::string_view line) {
    line_ = line;
    line_ += '\n';
    std::size_t done = 0;
    while (done < line_.size() && !given_up()) {
        const ssize_t count = ::write(in_, line_.data() + done, line_.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) {
            if (!wait_for_room()) return;
            continue;
        }
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

std::optional<std::ptrdiff_t> LineProcess::read_soon() {
    // To sleep and be woken takes longer than a program may need that answers at once.
    constexpr int kTries = 20;
    constexpr std::uint32_t kPatience = 256;
    constexpr std::chrono::microseconds kSoon{200};  // more: others want the processor
    if (patient_ != 0) {
        --patient_;
        return std::nullopt;
    }
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < kTries; ++i) {
        sched_yield();
        const ssize_t count =
            ::read(out_, buffer_.data() + end_of_read_, buffer_.size() - end_of_read_);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (std::chrono::steady_clock::now() - began > kSoon) patient_ = kPatience;
        return count;
    }
    patient_ = kPatience;
    return std::nullopt;
}

std::ptrdiff_t LineProcess::read_some() {
    if (const std::optional<std::ptrdiff_t> count = read_soon()) return *count;
    while (wait_for_answer()) {
        const ssize_t count =
            ::read(out_, buffer_.data() + end_of_read_, buffer_.size() - end_of_read_);
        if (count >= 0 || (errno != EAGAIN && errno != EINTR)) return count;
    }
    return -1;
}

bool LineProcess::read_more() {
    if (end_of_read_ - begin_ > kMostLine) {
        silence_ = Silence::kTooLong;
        return false;
    }
    if (begin_ != 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_of_read_), buffer_.begin());
        end_of_read_ -= begin_;
        searched_ -= begin_;
        begin_ = 0;
    }
    // Also of one that never stops.
    if (end_of_read_ != 0) look();
    if (buffer_.size() < end_of_read_ + kRead) buffer_.resize(2 * end_of_read_ + kRead);
    const std::ptrdiff_t count = read_some();
    if (count > 0) end_of_read_ += static_cast<std::size_t>(count);
    if (count <= 0 && !given_up()) silence_ = Silence::kEnded;
    return count > 0;
}

std::optional<std::string_view> LineProcess::read() {
    for (;;) {
        const std::string_view held{buffer_.data(), end_of_read_};
        const std::size_t end = held.find('\n', searched_);
        if (end != std::string_view::npos) {
            const std::string_view line = held.substr(begin_, end - begin_);
            begin_ = end + 1;
            searched_ = begin_;
            return line;
        }
        searched_ = end_of_read_;
        if (silence_ != Silence::kNone || !read_more()) return std::nullopt;
    }
}

}  // namespace seamount::tools
