#include "tools/process/line_process.hpp"

#include <fcntl.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
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
    close(ends.program_in);
    close(ends.program_out);
}

LineProcess::Ends LineProcess::connect() {
    // Sockets, because send() can be told not to raise SIGPIPE.
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to.data()) != 0 ||
        pipe2(from.data(), O_CLOEXEC) != 0) {
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    }
    in_ = to[0];
    out_ = from[0];
    fcntl(in_, F_SETFL, fcntl(in_, F_GETFL) | O_NONBLOCK);
    return {to[1], from[1]};
}

LineProcess::~LineProcess() {
    close(in_);
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

bool LineProcess::wait_for(int descriptor, short events) {
    while (!given_up()) {
        pollfd ready{descriptor, events, 0};
        const int count = poll(&ready, 1, kMilliseconds);
        if (count > 0) return true;
        if (over_ && over_()) silence_ = Silence::kGivenUp;
    }
    return false;
}

bool LineProcess::has_more() const {
    if (begin_ < buffer_.size()) return true;
    pollfd ready{out_, POLLIN, 0};
    return poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0;
}

void LineProcess::write(std::string_view line) {
    line_ = line;
    line_ += '\n';
    std::size_t done = 0;
    while (done < line_.size() && !given_up()) {
        const ssize_t count = send(in_, line_.data() + done, line_.size() - done, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) {
            if (!wait_for(in_, POLLOUT)) return;
            continue;
        }
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

bool LineProcess::read_more() {
    if (buffer_.size() - begin_ > kMostLine) {
        silence_ = Silence::kTooLong;
        return false;
    }
    if (!wait_for(out_, POLLIN)) return false;
    // Also of one that never stops.
    if (over_ && over_()) silence_ = Silence::kGivenUp;
    buffer_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    const std::size_t held = buffer_.size();
    buffer_.resize(held + kRead);
    const ssize_t count = ::read(out_, buffer_.data() + held, kRead);
    const bool again = count < 0 && errno == EINTR;
    buffer_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count <= 0 && !again) silence_ = Silence::kEnded;
    return count > 0 || again;
}

std::optional<std::string> LineProcess::read() {
    for (;;) {
        const std::size_t end = buffer_.find('\n', searched_);
        if (end != std::string::npos) {
            std::string line = buffer_.substr(begin_, end - begin_);
            begin_ = end + 1;
            searched_ = begin_;
            return line;
        }
        searched_ = buffer_.size();
        if (silence_ != Silence::kNone || !read_more()) return std::nullopt;
    }
}

}  // namespace seamount::tools
