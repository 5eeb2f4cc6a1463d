#include "tools/output_file.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "isa/assert.hpp"
#include "tools/console.hpp"

namespace seamount::cli {
namespace {

/// Names of the temporary files in being. A signal handler may only use lock-free atomics and
/// unlink(), so: a fixed table of pointers to strings that outlive their slot.
constexpr std::size_t kSlots = 16;
std::array<std::atomic<const char*>, kSlots> unfinished{};
static_assert(std::atomic<const char*>::is_always_lock_free);

std::size_t enter(const char* name) {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const char* expected = nullptr;
        if (unfinished[slot].compare_exchange_strong(expected, name)) return slot;
    }
    SM_ASSERT(false, "more output files at once than slots");
    return 0;
}

extern "C" void remove_and_end(int signal) {
    for (auto& name : unfinished) {
        if (const char* path = name.load(); path != nullptr) unlink(path);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
    bad_input("OUT-WRITE", path, "cannot write: " + std::generic_category().message(error),
              "choose a place that you may write to and that has room");
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path path)
    : path_{std::move(path)}, temporary_{path_.string() + ".tmp"} {
    file_ = std::fopen(temporary_.c_str(), "wb");
    if (file_ == nullptr) fail(errno);
    slot_ = enter(temporary_.c_str());
}

OutputFile::~OutputFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    unlink(temporary_.c_str());
    unfinished[slot_].store(nullptr);
}

void OutputFile::write(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() > kFlushBytes) flush();
}

void OutputFile::flush() {
    if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) fail(errno);
    buffer_.clear();
}

void OutputFile::commit() {
    flush();
    if (std::fflush(file_) != 0) fail(errno);
    std::error_code error;
    std::filesystem::rename(temporary_, path_, error);
    if (error) fail(error.value());
    std::fclose(file_);
    file_ = nullptr;
    unfinished[slot_].store(nullptr);
}

void OutputFile::fail(int error) const {
    cannot_write(path_.string(), error);
}

void remove_unfinished_files_on_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, remove_and_end);
}

void create_output_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error && !std::filesystem::is_directory(path, error)) {
        error = std::make_error_code(std::errc::not_a_directory);
    }
    if (error) cannot_write(path.string(), error.value());
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    OutputFile file{path};
    file.write(text);
    file.commit();
}

}  // namespace seamount::cli
