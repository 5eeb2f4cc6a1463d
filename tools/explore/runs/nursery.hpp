#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace seamount::explore {

/// The whole program: takes the words of a command line without the program's name and the
/// descriptor to hand its ResultRecord back on, gives the exit code.
using Program = std::function<int(const std::vector<std::string>& words, int record)>;

/// A process that starts runs of this very program by fork() alone. Each run is a process of its
/// own, but has nothing to load, to link or to set up, which would take as long as a short run.
///
/// Make it while this process is small and has one thread: a fork copies page tables, and a lock
/// that another thread holds stays locked. Runs end with the nursery and the nursery with this
/// process, whatever ends it. If the nursery itself is killed, so are its runs, and the next one
/// gets a new nursery.
class Nursery {
public:
    struct Streams {
        int in;
        int out;
        int err;
        int record;
    };
    /// What a run calls the last of them.
    static constexpr int kRecord = 3;
    /// How a run ended.
    struct End {
        int status;  ///< as of wait()
        std::uint64_t peak_rss_bytes;
    };

    explicit Nursery(Program program);
    ~Nursery();
    Nursery(const Nursery&) = delete;
    Nursery& operator=(const Nursery&) = delete;

    /// Starts a run with these descriptors, which stay the caller's to close; gives its number.
    [[nodiscard]] std::uint64_t start(const std::vector<std::string>& words,
                                      const Streams& streams);
    /// Ends a run by SIGKILL.
    void kill(std::uint64_t run);
    /// How a run ended, told once; nothing while it is under way.
    [[nodiscard]] std::optional<End> ended(std::uint64_t run);
    /// To wait for: readable when a run has ended.
    [[nodiscard]] int descriptor() const noexcept { return socket_; }

private:
    void open();
    void close();
    /// False if the nursery is gone.
    [[nodiscard]] bool send(const std::string& request, const Streams* streams);
    void receive();

    Program program_;
    pid_t pid_ = -1;
    int socket_ = -1;
    std::uint64_t last_ = 0;
    std::set<std::uint64_t> under_way_;
    std::map<std::uint64_t, End> ended_;
};

}  // namespace seamount::explore
