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
#include "isa/base/text.hpp"

namespace seamount {

/// A result file that exists complete or not at all: written as a file without a name, which
/// vanishes with the process whatever ends it. commit() names it NAME.RANDOM.tmp when it is on the
/// disk, a new file whatever stands there already, and then renames it. Where the file system has
/// no nameless files, it has that name from the start.
///
/// Without commit() the temporary file is removed, also when a signal ends the process. A symbolic
/// link stays and its target is replaced. What is no regular file (a pipe, a device, the file that
/// stdout goes to) is written as it is; "-" is stdout.
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
        append_formatted(buffer_, format, fmt::make_format_args(args...));
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

    [[nodiscard]] bool open_nameless();
    void open_named();
    void give_name();
    [[nodiscard]] std::string fresh_name() const;
    void flush();
    void write_now(std::string_view text);
    void forget_temporary();
    [[noreturn]] void fail(int error) const;

    std::filesystem::path path_;
    std::filesystem::path target_;  ///< path_ without links; empty: written directly
    std::string temporary_;         ///< empty: there is no such name (yet)
    std::FILE* file_ = nullptr;
    std::size_t slot_ = 0;  ///< of temporary_, in the table of files to remove on a signal
    fmt::memory_buffer buffer_;
    ContentHash hash_;  ///< of what left the buffer
};

/// Removes unfinished output files when a signal ends the process; signals that the parent ignored
/// (nohup) stay ignored. Call once, at the start of main.
void remove_unfinished_files_on_signals();

/// Tells what a signal ends, from within its handler: only what is safe there.
using SignalNote = void (*)(int signal);
/// The one that is called from now on; null: none.
void tell_on_signals(SignalNote note) noexcept;

/// Whether a path is "-": stdin of what is read, stdout of what is written.
[[nodiscard]] bool is_standard_stream(const std::filesystem::path& path);
/// Whether some OutputFile of this process was opened as "-": nothing else may write to stdout.
[[nodiscard]] bool is_stdout_an_output() noexcept;

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
