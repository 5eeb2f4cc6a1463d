#include "tools/explore/runs/nursery.hpp"

#include <signal.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace seamount::explore {
namespace {

constexpr int kSocket = 3;  ///< of the nursery, after the standard streams
constexpr std::size_t kMostBytes = std::size_t{128} << 10;  ///< of a request: below SO_SNDBUF

enum class Kind : std::uint64_t { kStart, kKill };

/// Begins every request; the words follow, each ended by a zero byte.
struct Request {
    Kind kind;
    std::uint64_t run;
};

struct Report {
    std::uint64_t run;
    std::uint64_t peak_rss_bytes;
    int status;
};

/// The descriptors of a run: stdin, stdout, stderr and Nursery::kRecord, by what the run calls
/// them.
using RunStreams = std::array<int, Nursery::kRecord + 1>;

/// Room for them beside a message.
union Descriptors {
    std::array<char, CMSG_SPACE(sizeof(RunStreams))> bytes;
    cmsghdr align;
};

/// Lives in the process of the nursery: starts runs, sees them end and reports it.
class Server {
public:
    Server(int socket, const Program& program) : socket_{socket}, program_{program} {
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        sigprocmask(SIG_BLOCK, &child, &before_);
        signals_ = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
        buffer_.resize(kMostBytes);
    }

    /// Until the other end is gone.
    void serve() {
        for (;;) {
            std::array<pollfd, 2> ready{{{socket_, POLLIN, 0}, {signals_, POLLIN, 0}}};
            if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
            if (ready[1].revents != 0) report_ended();
            if (ready[0].revents != 0 && !answer()) return;
        }
    }

private:
    bool answer() {
        Descriptors control{};
        iovec text{buffer_.data(), buffer_.size()};
        msghdr message{};
        message.msg_iov = &text;
        message.msg_iovlen = 1;
        message.msg_control = control.bytes.data();
        message.msg_controllen = control.bytes.size();
        const ssize_t count = recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
        if (count < 0 && errno == EINTR) return true;
        if (count < static_cast<ssize_t>(sizeof(Request))) return false;
        Request request{};
        std::memcpy(&request, buffer_.data(), sizeof request);
        if (request.kind == Kind::kKill) {
            for (const auto& [pid, run] : runs_) {
                if (run == request.run) ::kill(-pid, SIGKILL);
            }
            return true;
        }
        RunStreams streams{};
        const cmsghdr* const attached = CMSG_FIRSTHDR(&message);
        if (attached == nullptr) return false;
        std::memcpy(streams.data(), CMSG_DATA(attached), sizeof streams);
        start(request.run, {buffer_.data() + sizeof request, buffer_.data() + count}, streams);
        for (const int stream : streams) ::close(stream);
        return true;
    }

    void start(std::uint64_t run, const std::string& text, const RunStreams& streams) {
        const pid_t nursery = getpid();
        const pid_t pid = fork();
        if (pid == 0) become(text, streams, nursery);
        if (pid < 0) return report({run, 0, SIGKILL});  // as if it had been killed: it runs again
        setpgid(pid, pid);
        runs_.emplace(pid, run);
    }

    /// In the process of the run.
    [[noreturn]] void become(const std::string& text, const RunStreams& streams, pid_t nursery) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != nursery) _exit(EXIT_FAILURE);
        for (std::size_t i = 0; i < streams.size(); ++i) dup2(streams[i], static_cast<int>(i));
        close_range(static_cast<unsigned>(streams.size()), ~0U, 0);
        sigprocmask(SIG_SETMASK, &before_, nullptr);
        try {
            std::vector<std::string> words;
            for (std::size_t at = 0; at < text.size(); at += words.back().size() + 1) {
                words.emplace_back(text.c_str() + at);
            }
            const int code = program_(words, Nursery::kRecord);
            std::fflush(nullptr);
            _exit(code);
        } catch (...) {
            _exit(EXIT_FAILURE);  // what is up the stack belongs to the nursery
        }
    }

    void report_ended() {
        signalfd_siginfo signal{};
        while (read(signals_, &signal, sizeof signal) > 0) {
        }
        int status = 0;
        rusage usage{};
        for (pid_t pid = 0; (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
            const auto run = runs_.find(pid);
            if (run == runs_.end()) continue;
            report({run->second, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024U, status});
            runs_.erase(run);
        }
    }

    void report(const Report& report) const {
        while (::send(socket_, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {
        }
    }

    int socket_;
    const Program& program_;
    int signals_ = -1;
    sigset_t before_{};
    std::vector<char> buffer_;
    std::map<pid_t, std::uint64_t> runs_;
};

/// Gives 0 or errno; EAGAIN if the nursery is behind.
int send_request(int socket, const std::string& text, const Nursery::Streams* streams) {
    iovec part{const_cast<char*>(text.data()), text.size()};  // sendmsg() only reads it
    Descriptors control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (streams != nullptr) {
        const RunStreams all{streams->in, streams->out, streams->err, streams->record};
        message.msg_control = control.bytes.data();
        message.msg_controllen = control.bytes.size();
        cmsghdr* const attached = CMSG_FIRSTHDR(&message);
        attached->cmsg_level = SOL_SOCKET;
        attached->cmsg_type = SCM_RIGHTS;
        attached->cmsg_len = CMSG_LEN(sizeof all);
        std::memcpy(CMSG_DATA(attached), all.data(), sizeof all);
    }
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? errno : 0;
}

std::string header(Kind kind, std::uint64_t run) {
    const Request request{kind, run};
    std::string text(sizeof request, '\0');
    std::memcpy(text.data(), &request, sizeof request);
    return text;
}

}  // namespace

Nursery::Nursery(Program program) : program_{std::move(program)} {
    open();
}

Nursery::~Nursery() {
    close();
}

void Nursery::open() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    }
    std::fflush(nullptr);  // or its copies would be written too
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(EXIT_FAILURE);
        dup2(ends[1], kSocket);
        close_range(kSocket + 1, ~0U, 0);
        try {
            Server{kSocket, program_}.serve();
        } catch (...) {
            _exit(EXIT_FAILURE);  // what is up the stack belongs to the parent
        }
        _exit(EXIT_SUCCESS);
    }
    const int error = errno;
    ::close(ends[1]);
    if (pid_ < 0) {
        ::close(ends[0]);
        throw std::system_error{error, std::generic_category(), "fork"};
    }
    socket_ = ends[0];
}

void Nursery::close() {
    if (socket_ < 0) return;
    ::close(std::exchange(socket_, -1));
    ::kill(pid_, SIGKILL);  // its runs with it
    waitpid(pid_, nullptr, 0);
    for (const std::uint64_t run : under_way_) ended_.emplace(run, End{SIGKILL, 0});
    under_way_.clear();
}

std::uint64_t Nursery::start(const std::vector<std::string>& words, const Streams& streams) {
    std::string text = header(Kind::kStart, ++last_);
    for (const std::string& word : words) text += word + '\0';
    if (text.size() > kMostBytes) {
        throw std::system_error{E2BIG, std::generic_category(), words.front()};
    }
    if (!send(text, &streams)) {
        close();
        open();
        if (!send(text, &streams)) {
            throw std::system_error{EPIPE, std::generic_category(), "nursery"};
        }
    }
    under_way_.insert(last_);
    return last_;
}

void Nursery::kill(std::uint64_t run) {
    (void)send(header(Kind::kKill, run), nullptr);
}

bool Nursery::send(const std::string& request, const Streams* streams) {
    while (socket_ >= 0) {
        const int error = send_request(socket_, request, streams);
        if (error == 0) return true;
        if (error == EAGAIN) {
            receive();  // it may itself be waiting for room
            if (socket_ < 0) return false;
            pollfd room{socket_, POLLOUT | POLLIN, 0};
            poll(&room, 1, -1);
        } else if (error != EINTR) {
            return false;
        }
    }
    return false;
}

void Nursery::receive() {
    while (socket_ >= 0) {
        Report report{};
        const ssize_t count = recv(socket_, &report, sizeof report, MSG_DONTWAIT);
        if (count == sizeof report) {
            under_way_.erase(report.run);
            ended_.insert_or_assign(report.run, End{report.status, report.peak_rss_bytes});
        } else if (count < 0 && errno == EAGAIN) {
            return;
        } else if (count >= 0 || errno != EINTR) {
            close();
        }
    }
}

std::optional<Nursery::End> Nursery::ended(std::uint64_t run) {
    receive();
    const auto found = ended_.find(run);
    if (found == ended_.end()) return std::nullopt;
    const End end = found->second;
    ended_.erase(found);
    return end;
}

}  // namespace seamount::explore
