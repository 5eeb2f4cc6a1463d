#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace seamount::cli {

/// A result file that exists complete or not at all: written as NAME.tmp, renamed by commit().
///
/// Without commit() the temporary file is removed, also when SIGINT, SIGTERM or SIGHUP ends the
/// process.
class OutputFile {
public:
    /// Throws InputError (OUT-WRITE) if the file cannot be created.
    explicit OutputFile(std::filesystem::path path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Throws InputError (OUT-WRITE) if the buffer was full and could not be written.
    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(fmt::appender(buffer_), format, std::forward<Args>(args)...);
        if (buffer_.size() > kFlushBytes) flush();
    }
    void write(std::string_view text);

    /// Flushes, closes and renames. Throws InputError (OUT-WRITE).
    void commit();

private:
    static constexpr std::size_t kFlushBytes = 256 * 1024;

    void flush();
    [[noreturn]] void fail(int error) const;

    std::filesystem::path path_;
    std::string temporary_;
    std::FILE* file_ = nullptr;
    std::size_t slot_ = 0;  ///< in the table of files to remove on a signal
    fmt::memory_buffer buffer_;
};

/// Removes unfinished output files when a signal ends the process. Call once, at the start of main.
void remove_unfinished_files_on_signals();

/// Creates the folder `path` and its parents. Throws InputError (OUT-WRITE).
void create_output_folder(const std::filesystem::path& path);

/// Writes a whole file through OutputFile.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace seamount::cli
