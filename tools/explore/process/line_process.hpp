#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/explore/process/keeper.hpp"

namespace seamount::explore {

/// A program that is talked to line by line; its stderr is ours. Ends with this process, and all
/// that it has started with it.
class LineProcess {
public:
    explicit LineProcess(const std::vector<std::string>& words);
    ~LineProcess();
    LineProcess(const LineProcess&) = delete;
    LineProcess& operator=(const LineProcess&) = delete;

    /// Asked a few times a second while the program is waited for: true ends the waiting, for ever.
    void give_up_when(std::function<bool()> over) { over_ = std::move(over); }
    [[nodiscard]] bool given_up() const noexcept { return given_up_; }

    /// Writes a line; lost without complaint if the program has ended or was given up, which read()
    /// shows.
    void write(const std::string& line);
    /// The next line without its end, or nothing after the last or when it was given up.
    [[nodiscard]] std::optional<std::string> read();

private:
    /// False if it was given up.
    [[nodiscard]] bool wait_for(int descriptor, short events);

    struct Ends {
        int program_in;
        int program_out;
    };
    [[nodiscard]] Ends connect();

    int in_ = -1;
    int out_ = -1;
    std::optional<KeptProcess> process_;
    std::function<bool()> over_;
    bool given_up_ = false;
    std::string buffer_;
};

}  // namespace seamount::explore
