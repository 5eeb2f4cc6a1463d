#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/process/keeper.hpp"

namespace seamount::explore {

class Nursery;

/// A program to run.
struct Command {
    std::vector<std::string> words;        ///< the program and its arguments
    std::string input;                     ///< for its stdin
    std::vector<std::string> environment;  ///< NAME=VALUE on top of this process's own
    double time_s = 0.0;                   ///< killed after; 0: never
    double memory_mb = 0.0;                ///< of data (heap, stacks, private maps); 0: no limit
    bool hands_back = false;               ///< is this program, which hands a ResultRecord back
};

/// How it ended.
struct Ended {
    int code = -1;           ///< exit code, or -1 if a signal ended it
    int signal = 0;          ///< that signal
    bool timed_out = false;  ///< by us, after time_s
    std::string out;         ///< stdout, cut at 16 MiB
    std::string err;         ///< the last 64 KiB of stderr
    std::string record;      ///< what it handed back, cut at 16 MiB: see record_of()
    double wall_s = 0.0;
    std::uint64_t peak_rss_bytes = 0;
};

/// A running program, ended with this process, whatever ends it, and with it all that it started.
class Child {
public:
    explicit Child(Command command);
    /// Lets the nursery run this very program, which starts none; the command's program,
    /// environment and memory limit are not looked at.
    Child(Command command, Nursery& nursery);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Moves data and looks after the time limit without blocking; true once it has ended.
    [[nodiscard]] bool finished();
    /// Waits for its end.
    [[nodiscard]] Ended& wait();
    /// Valid after finished().
    [[nodiscard]] Ended& result() noexcept { return ended_; }
    /// Descriptors to wait for; closed ones are -1.
    [[nodiscard]] std::vector<int> descriptors() const;
    /// Seconds until the time limit, or a large number.
    [[nodiscard]] double seconds_left() const;

private:
    void start();
    void kill();
    /// True once the process has been reaped; its end is in `ended_`.
    bool reap();
    void feed();
    void drain(int& descriptor, std::string& text, bool keep_end);
    void drain_all();

    Command command_;
    Nursery* nursery_ = nullptr;
    std::uint64_t run_ = 0;  ///< its number there
    Ended ended_;
    double started_ = 0.0;
    std::optional<tools::KeptProcess> process_;
    bool reaped_ = false;
    int in_ = -1;
    int out_ = -1;
    int err_ = -1;
    int record_ = -1;
    std::size_t fed_ = 0;
};

}  // namespace seamount::explore
