#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "isa/base/text.hpp"
#include "tools/run/records/files/record_file.hpp"
#include "tools/run/records/files/writer_thread.hpp"

namespace seamount::tools {

/// What a record says, on its way to the file, which only the writer's thread touches while the run
/// goes on.
class RecordLines {
public:
    /// Throws InputError (OUT-WRITE), as all members do: also of what the thread could not write.
    explicit RecordLines(const RecordPlace& place) : writer_{*place.writer}, file_{place} {}

    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) {
        append_formatted(buffer_, format, fmt::make_format_args(args...));
        if (buffer_.size() > kMostBytes) hand_over();
    }
    void write(std::string_view text) {
        buffer_.append(text);
        if (buffer_.size() > kMostBytes) hand_over();
    }
    /// Gives the lines so far to the thread.
    void hand_over() {
        if (buffer_.size() == 0) return;
        // std::function copies what it holds
        auto text = std::make_shared<std::string>(buffer_.data(), buffer_.size());
        buffer_.clear();
        writer_.post([this, text] { file_.write(*text); });
    }
    /// `rows(file)` is called in the thread, after all that was written before.
    template <class Rows>
    void later(Rows rows) {
        hand_over();
        auto held = std::make_shared<Rows>(std::move(rows));
        writer_.post([this, held] { (*held)(file_); });
    }
    /// For the thread, or after WriterThread::wait().
    [[nodiscard]] RecordFile& file() noexcept { return file_; }

private:
    static constexpr std::size_t kMostBytes = 256 * 1024;

    WriterThread& writer_;
    RecordFile file_;
    fmt::memory_buffer buffer_;
};

}  // namespace seamount::tools
