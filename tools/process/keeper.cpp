#include "tools/process/keeper.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <system_error>
#include <utility>
#include <vector>

namespace seamount::tools {
namespace {

constexpr int kCannotExecute = 127;  ///< exit code, as a shell's
constexpr int kLife = 3;             ///< descriptors of the keeper after the standard streams
constexpr int kSignals = 4;
constexpr int kRounds = 2500;  ///< of 2 ms, to end what does not die at once
constexpr long kRoundNs = 2'000'000;

struct Parent {
    pid_t process;
    pid_t parent;
};

/// The parent of a process, or -1. The name in the second field may hold anything but what ends it
/// last.
pid_t parent_of(const char* process) {
    std::array<char, 512> text{};
    std::array<char, 64> path{};
    std::snprintf(path.data(), path.size(), "/proc/%.20s/stat", process);
    const int file = open(path.data(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    const ssize_t count = read(file, text.data(), text.size() - 1);
    close(file);
    if (count <= 0) return -1;
    const char* const name_end = std::strrchr(text.data(), ')');
    if (name_end == nullptr || std::strlen(name_end) < 5) return -1;
    return static_cast<pid_t>(std::strtol(name_end + 4, nullptr, 10));
}

/// All that descend from this process.
std::vector<pid_t> descendants() {
    std::vector<Parent> all;
    DIR* const folder = opendir("/proc");
    if (folder == nullptr) return {};
    while (const dirent* const entry = readdir(folder)) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        all.push_back({static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10)),
                       parent_of(entry->d_name)});
    }
    closedir(folder);
    std::vector<pid_t> found{getpid()};
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const Parent& one : all) {
            if (one.parent == found[i]) found.push_back(one.process);
        }
    }
    found.erase(found.begin());
    return found;
}

/// Until none is left; gives up on those that may not be killed.
void end_descendants() {
    for (int round = 0; round < kRounds; ++round) {
        while (waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        if (waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) return;
        for (const pid_t process : descendants()) ::kill(process, SIGKILL);
        const timespec pause{0, round == 0 ? kRoundNs / 20 : kRoundNs};
        nanosleep(&pause, nullptr);
    }
}

/// The process of the keeper.
class Keeper {
public:
    Keeper(int life, pid_t owner) : life_{life}, owner_{owner} {}

    [[noreturn]] void run(const std::function<void()>& become) {
        setpgid(0, 0);  // what the terminal sends is for its owner
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, &before);
        program_ = fork();
        if (program_ == 0) start(become, before);
        if (program_ < 0) _exit(EXIT_FAILURE);
        keep_own_descriptors();
        watch();
    }

private:
    /// In the process of the program.
    [[noreturn]] static void start(const std::function<void()>& become, const sigset_t& mask) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigprocmask(SIG_SETMASK, &mask, nullptr);
        become();
        _exit(kCannotExecute);
    }

    /// The program's pipes, and the lives of other programs, are not to be held open here.
    void keep_own_descriptors() {
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        const int life = fcntl(life_, F_DUPFD_CLOEXEC, kSignals + 1);
        const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
        const int high = fcntl(signals, F_DUPFD_CLOEXEC, kSignals + 1);
        dup2(life, kLife);
        dup2(high, kSignals);
        close_range(kSignals + 1, ~0U, 0);
    }

    [[noreturn]] void watch() {
        for (;;) {
            std::array<pollfd, 2> ready{{{kLife, POLLIN, 0}, {kSignals, POLLIN, 0}}};
            if (getppid() == owner_) poll(ready.data(), ready.size(), -1);
            if (ready[0].revents != 0 || getppid() != owner_) break;
            signalfd_siginfo signal{};
            while (read(kSignals, &signal, sizeof signal) > 0) {
            }
            if (reap()) break;
        }
        end_descendants();
        _exit(EXIT_SUCCESS);
    }

    /// True once the program has ended, which is told. Adopted processes that end are let go.
    bool reap() {
        int status = 0;
        rusage usage{};
        for (pid_t process = 0; (process = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
            if (process != program_) continue;
            const KeptProcess::End end{status, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024U};
            end_descendants();
            while (send(kLife, &end, sizeof end, MSG_NOSIGNAL) < 0 && errno == EINTR) {
            }
            return true;
        }
        return false;
    }

    int life_;
    pid_t owner_;
    pid_t program_ = -1;
};

}  // namespace

KeptProcess::KeptProcess(const std::function<void()>& become) {
    std::array<int, 2> life{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, life.data()) != 0) {
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    }
    const pid_t owner = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        close(life[0]);
        Keeper{life[1], owner}.run(become);
    }
    const int error = errno;
    close(life[1]);
    life_ = life[0];
    if (pid_ < 0) {
        close(life_);
        throw std::system_error{error, std::generic_category(), "fork"};
    }
    pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

KeptProcess::~KeptProcess() {
    kill();
    if (!reaped_) waitpid(pid_, nullptr, 0);
    close(life_);
    if (pidfd_ >= 0) close(pidfd_);
}

void KeptProcess::kill() {
    if (!std::exchange(killed_, true)) shutdown(life_, SHUT_RDWR);
}

std::optional<KeptProcess::End> KeptProcess::ended() {
    int status = 0;
    if (reaped_ || waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    reaped_ = true;
    End end{};
    // Without a word: it was told to end everything, or was ended itself.
    const ssize_t count = recv(life_, &end, sizeof end, MSG_DONTWAIT);
    return count == sizeof end ? end : End{SIGKILL, 0};
}

}  // namespace seamount::tools
