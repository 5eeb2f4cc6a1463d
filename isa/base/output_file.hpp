#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/base/content_hash.hpp"

namespace seamount {

/// A result file that exists complete or not at all: written as NAME.RANDOM.tmp, a new file
/// whatever stands there already, and renamed by commit() when it is on the disk.
///
/// Without commit() the temporary file is removed, also when a signal ends the process. A symbolic
/// link stays and its target is replaced. What is no regular file (a pipe, a device, the file that
/// stdout goes to) is written as it is.
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
    void write(std::span<const std::byte> bytes);

    /// What content_hash() gives for all that was written so far. Throws InputError (OUT-WRITE).
    [[nodiscard]] std::string digest();

    /// Flushes, closes and renames. Throws InputError (OUT-WRITE).
    void commit();

private:
    static constexpr std::size_t kFlushBytes = 256 * 1024;

    void open_temporary();
    void flush();
    void write_now(std::string_view text);
    void forget_temporary();
    [[noreturn]] void fail(int error) const;

    std::filesystem::path path_;
    std::filesystem::path target_;  ///< what the temporary file becomes: path_ without links
    std::string temporary_;         ///< empty: written directly, or committed
    std::FILE* file_ = nullptr;
    std::size_t slot_ = 0;  ///< of temporary_, in the table of files to remove on a signal
    fmt::memory_buffer buffer_;
    ContentHash hash_;  ///< of what left the buffer
};

/// Removes unfinished output files when a signal ends the process; signals that the parent ignored
/// (nohup) stay ignored. Call once, at the start of main.
void remove_unfinished_files_on_signals();

/// Opens /dev/null for those of stdin, stdout and stderr that are closed, so that no output file
/// takes their place. Call before anything is opened.
void open_closed_standard_streams();

/// Creates the folder `path` and its parents. Throws InputError (OUT-WRITE).
void create_output_folder(const std::filesystem::path& path);

/// Removes the file that an earlier run left at `path`. Links and pipes are the user's and stay.
void remove_stale(const std::filesystem::path& path);

/// True if both are the same place, whether or not there is a file yet.
[[nodiscard]] bool same_output(const std::filesystem::path& a, const std::filesystem::path& b);
/// Throws InputError (OUT-WRITE): `path` was asked for as two outputs.
[[noreturn]] void two_outputs(const std::filesystem::path& path);

/// Throws InputError (OUT-WRITE) if `output` is one of the files that the command reads, by its
/// path or as another name of the same file. Call before anything is written.
void reject_input_as_output(const std::filesystem::path& output,
                            const std::vector<std::filesystem::path>& inputs);

/// Writes a whole file through OutputFile.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace seamount
