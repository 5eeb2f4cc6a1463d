#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/process/keeper.hpp"

namespace seamount::tools {

/// A program that is talked to line by line; its stderr is ours. Ends with this process, and all
/// that it has started with it.
class LineProcess {
public:
    /// Why there is no line.
    enum class Silence : std::uint8_t { kNone, kEnded, kGivenUp, kTooLong };

    /// Throws std::system_error.
    explicit LineProcess(const std::vector<std::string>& words);
    /// Lets it see the end of its input, and ends it if it goes on regardless.
    ~LineProcess();
    LineProcess(const LineProcess&) = delete;
    LineProcess& operator=(const LineProcess&) = delete;

    /// Asked a few times a second while the program is waited for: true ends the waiting, for ever.
    void give_up_when(std::function<bool()> over) { over_ = std::move(over); }
    [[nodiscard]] bool given_up() const noexcept { return silence_ == Silence::kGivenUp; }

    /// Writes a line; lost without complaint if the program has ended or was given up, which read()
    /// shows.
    void write(std::string_view line);
    /// The next line without its end, until the next read(). Nothing after the last, when it was
    /// given up, or after 64 MiB without an end of line: silence() says which.
    [[nodiscard]] std::optional<std::string_view> read();
    [[nodiscard]] Silence silence() const noexcept { return silence_; }

    /// Whether it has said something that was not read. Does not wait.
    [[nodiscard]] bool has_more() const;
    /// How it ended, in words: "with exit code 3", "by signal 9". Waits a moment for the end;
    /// nothing if it goes on.
    [[nodiscard]] std::string how_it_ended();

private:
    /// What read() says: reads, waiting until there is something or it was given up (-1).
    [[nodiscard]] std::ptrdiff_t read_some();
    /// The same for a program that answers in microseconds; nothing if it does not.
    [[nodiscard]] std::optional<std::ptrdiff_t> read_soon();
    /// Until it has said something or ended; false if it was given up.
    [[nodiscard]] bool wait_for_answer();
    /// Until it takes more; false if it was given up or has ended.
    [[nodiscard]] bool wait_for_room();
    /// Asks whether to give up; remembers it.
    void look();
    /// False when nothing comes any more.
    [[nodiscard]] bool read_more();
    [[nodiscard]] bool wait_for_end(int rounds);

    struct Ends {
        int program_in;
        int program_out;
    };
    [[nodiscard]] Ends connect();

    int in_ = -1;
    int out_ = -1;
    int kept_ = -1;  ///< the program's end of `in_`: a pipe that has it raises no SIGPIPE
    std::optional<KeptProcess> process_;
    std::optional<KeptProcess::End> end_;
    std::function<bool()> over_;
    Silence silence_ = Silence::kNone;
    std::uint32_t patient_ = 0;    ///< reads that are not tried soon
    std::string line_;             ///< that is written, kept for its memory
    std::string buffer_;           ///< room for what is read
    std::size_t end_of_read_ = 0;  ///< what was read, in `buffer_`
    std::size_t begin_ = 0;        ///< of the next line
    std::size_t searched_ = 0;     ///< no end of line before
};

}  // namespace seamount::tools
