#include "tools/explore/process/line_process.hpp"

#include <fcntl.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace seamount::explore {
namespace {

constexpr int kMilliseconds = 100;           ///< between looks whether to give up
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
    for (int i = 0; i < 100 && !given_up_ && !process_->ended(); ++i) usleep(20'000);
}

bool LineProcess::wait_for(int descriptor, short events) {
    while (!given_up_) {
        pollfd ready{descriptor, events, 0};
        const int count = poll(&ready, 1, kMilliseconds);
        if (count > 0) return true;
        if (over_ && over_()) given_up_ = true;
    }
    return false;
}

void LineProcess::write(const std::string& line) {
    const std::string text = line + '\n';
    std::size_t done = 0;
    while (done < text.size() && !given_up_) {
        const ssize_t count = send(in_, text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) {
            if (!wait_for(in_, POLLOUT)) return;
            continue;
        }
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

std::optional<std::string> LineProcess::read() {
    for (;;) {
        const std::size_t end = buffer_.find('\n');
        if (end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        if (buffer_.size() > kMostLine || !wait_for(out_, POLLIN)) return std::nullopt;
        if (over_ && over_()) given_up_ = true;  // also of one that never stops
        std::array<char, 4096> bytes{};
        const ssize_t count = ::read(out_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace seamount::explore
