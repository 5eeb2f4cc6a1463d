#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/support/temporary_folder.hpp"

namespace seamount::test {

/// What a finished run of the binary left behind.
struct Finished {
    int code = -1;    ///< exit code, or -1 if a signal ended it
    int signal = 0;   ///< that signal
    std::string out;  ///< stdout
    std::string err;  ///< stderr
};

/// A run of the seamount binary in the background; output goes to files in a folder of its own.
class Process {
public:
    /// Starts `seamount` with `arguments`, in folder `cwd` with the variables `environment` set.
    explicit Process(const std::vector<std::string>& arguments,
                     const std::filesystem::path& cwd = ".",
                     const std::vector<std::string>& environment = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void send(int signal) const;
    [[nodiscard]] pid_t id() const noexcept { return pid_; }
    [[nodiscard]] Finished wait();

private:
    pid_t pid_ = -1;
    TemporaryFolder records_;
};

/// Runs `seamount` to its end.
[[nodiscard]] Finished run_seamount(const std::vector<std::string>& arguments,
                                    const std::filesystem::path& cwd = ".",
                                    const std::vector<std::string>& environment = {});
/// The same; whatever does not end with 0 fails the test.
void run_or_fail(const std::vector<std::string>& arguments);

/// Runs `seamount` with `arguments` after `setup` by /bin/sh, for redirections of its streams.
int run_shell(const std::string& arguments, const std::string& setup = "");

/// Runs `seamount` with stderr on a terminal; gives what appears there.
[[nodiscard]] std::string run_on_terminal(const std::string& arguments, const std::string& setup);

/// Path of a file in tests/system/data.
[[nodiscard]] std::string data(const std::string& name);
[[nodiscard]] std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace seamount::test
