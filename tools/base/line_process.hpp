#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace seamount::tools {

/// A program that is talked to line by line; its stderr is ours. Killed with this process.
class LineProcess {
public:
    explicit LineProcess(const std::vector<std::string>& words);
    ~LineProcess();
    LineProcess(const LineProcess&) = delete;
    LineProcess& operator=(const LineProcess&) = delete;

    /// Writes a line; lost without complaint if the program has ended, which read() shows.
    void write(const std::string& line);
    /// The next line without its end, or nothing after the last. Waits.
    [[nodiscard]] std::optional<std::string> read();

private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    std::string buffer_;
};

}  // namespace seamount::tools
