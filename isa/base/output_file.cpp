#include "isa/base/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <random>
#include <system_error>

#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount {
namespace {

namespace fs = std::filesystem;

/// Names of the temporary files in being. A signal handler may only use lock-free atomics and
/// unlink(), so: a fixed table of pointers to strings that outlive their slot.
constexpr std::size_t kSlots = 16;
std::array<std::atomic<const char*>, kSlots> unfinished{};
static_assert(std::atomic<const char*>::is_always_lock_free);

std::atomic<bool> stdout_is_an_output{false};

/// What is told before a signal ends the process.
std::atomic<SignalNote> signal_note{nullptr};
static_assert(std::atomic<SignalNote>::is_always_lock_free);

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
    if (const SignalNote note = signal_note.load(); note != nullptr) note(signal);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// What helps against a failure to write `path`.
std::string remedy(const fs::path& path, int error) {
    const fs::path parent = path.parent_path();
    const std::string folder = parent.empty() ? "the current folder" : "'" + parent.string() + "'";
    switch (error) {
        case EACCES:
        case EPERM:
            return "you may not write to it or to " + folder + ": ask its owner, or choose another";
        case EROFS:
            return folder + " is mounted read-only: choose another";
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return "the disk of " + folder +
                   " is full, or your share of it: make room, or choose "
                   "another";
        case ENOENT:
            return folder + " does not exist: create it first";
        case EISDIR:
            return "it is a folder: add the name of a file";
        case ENOTDIR:
        case EEXIST:
            return "a part of its path is a file, where a folder is needed";
        case ENAMETOOLONG:
            return "use a shorter name";
        case ELOOP:
            return "its symbolic links lead to each other";
        case EPIPE:
            return "whoever read it has ended";
        default:
            return "choose a place that you may write to and that has room";
    }
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
    bad_input("OUT-WRITE", path, "cannot write: " + std::generic_category().message(error),
              remedy(path, error));
}

std::string descriptor_path(int number) {
    return fmt::format("/proc/self/fd/{}", number);
}

/// What commands call stdin and stdout.
constexpr const char* kStandardStream = "-";

constexpr int kAttempts = 100;  ///< to find a name that nobody has

/// The file that a chain of symbolic links ends at; it need not exist.
fs::path without_links(fs::path path) {
    constexpr int kMaxLinks = 40;  // as the kernel: beyond it, opening fails with ELOOP
    std::error_code error;
    for (int i = 0; i < kMaxLinks && fs::is_symlink(path, error); ++i) {
        const fs::path target = fs::read_symlink(path, error);
        if (error) break;
        path = path.parent_path() / target;  // an absolute target replaces the parent
    }
    return path;
}

/// True if both are names of one regular file, hard links included.
bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return fs::is_regular_file(a, error) && fs::equivalent(a, b, error);
}

/// A stream onto `path` itself if it must not be replaced, else null with errno 0.
std::FILE* open_directly(const fs::path& path) {
    struct stat there {};
    errno = 0;
    if (is_standard_stream(path)) {
        stdout_is_an_output.store(true);
        const int copy = dup(STDOUT_FILENO);
        return copy < 0 ? nullptr : fdopen(copy, "wb");
    }
    if (stat(path.c_str(), &there) != 0) return errno = 0, nullptr;
    for (const int standard : {STDOUT_FILENO, STDERR_FILENO}) {
        struct stat open {};
        if (fstat(standard, &open) != 0) continue;
        if (open.st_dev != there.st_dev || open.st_ino != there.st_ino) continue;
        // a second descriptor shares the position: both texts are kept
        const int copy = dup(standard);
        return copy < 0 ? nullptr : fdopen(copy, "wb");
    }
    return S_ISREG(there.st_mode) ? nullptr : std::fopen(path.c_str(), "wb");
}

}  // namespace

OutputFile::OutputFile(fs::path path) : path_{std::move(path)} {
    file_ = open_directly(path_);
    if (file_ != nullptr) return;
    if (errno != 0) fail(errno);
    target_ = without_links(path_);
    if (!open_nameless()) open_named();
}

bool OutputFile::open_nameless() {
    constexpr mode_t kAllButUmask = 0666;
    const fs::path parent = target_.parent_path();
    const int number =
        open(parent.empty() ? "." : parent.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kAllButUmask);
    if (number < 0) return false;
    if (access(descriptor_path(number).c_str(), F_OK) == 0) file_ = fdopen(number, "wb");
    if (file_ == nullptr) close(number);
    return file_ != nullptr;
}

std::string OutputFile::fresh_name() const {
    static std::random_device random;
    return fmt::format("{}.{:08x}.tmp", target_.string(), random());
}

void OutputFile::open_named() {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    constexpr mode_t kAllButUmask = 0666;
    int number = -1;
    for (int i = 0; i < kAttempts && number < 0; ++i) {
        temporary_ = fresh_name();
        number = open(temporary_.c_str(), kFlags, kAllButUmask);
        if (number < 0 && errno != EEXIST) break;
    }
    if (number >= 0) file_ = fdopen(number, "wb");
    if (file_ == nullptr) {
        const int error = errno;
        temporary_.clear();
        fail(error);
    }
    slot_ = enter(temporary_.c_str());
}

void OutputFile::give_name() {
    const std::string nameless = descriptor_path(fileno(file_));
    for (int i = 0; i < kAttempts; ++i) {
        temporary_ = fresh_name();
        slot_ = enter(temporary_.c_str());
        if (linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) ==
            0) {
            return;
        }
        const int error = errno;
        forget_temporary();
        if (error != EEXIST) fail(error);
    }
    fail(EEXIST);
}

OutputFile::~OutputFile() {
    if (file_ != nullptr) std::fclose(file_);
    if (temporary_.empty()) return;
    unlink(temporary_.c_str());
    forget_temporary();
}

void OutputFile::write(std::string_view text) {
    if (text.size() > kFlushBytes) {  // not worth a copy
        flush();
        return write_now(text);
    }
    buffer_.append(text);
    if (buffer_.size() > kFlushBytes) flush();
}

void OutputFile::write(std::span<const std::byte> bytes) {
    write(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void OutputFile::write_now(std::string_view text) {
    hash_.add(std::as_bytes(std::span{text}));
    if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail(errno);
}

void OutputFile::flush() {
    write_now({buffer_.data(), buffer_.size()});
    buffer_.clear();
}

std::string OutputFile::digest() {
    flush();
    return hash_.digest();
}

void OutputFile::commit() {
    flush();
    if (std::fflush(file_) != 0) fail(errno);
    // after a power cut the name must not stand for a file that is not there yet
    const bool kept = target_.empty() || fsync(fileno(file_)) == 0;
    if (!kept && errno != EINVAL) fail(errno);  // EINVAL: a file system that cannot say so
    if (!target_.empty() && temporary_.empty()) give_name();
    // network file systems report a full disk only here
    if (std::fclose(std::exchange(file_, nullptr)) != 0) fail(errno);
    if (temporary_.empty()) return;
    std::error_code error;
    fs::rename(temporary_, target_, error);
    if (error) fail(error.value());
    forget_temporary();
}

void OutputFile::forget_temporary() {
    unfinished[slot_].store(nullptr);
    temporary_.clear();
}

bool is_standard_stream(const fs::path& path) {
    return path == fs::path{kStandardStream};
}

bool is_stdout_an_output() noexcept {
    return stdout_is_an_output.load();
}

void tell_on_signals(SignalNote note) noexcept {
    signal_note.store(note);
}

void OutputFile::fail(int error) const {
    cannot_write(path_.string(), error);
}

void remove_unfinished_files_on_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
        struct sigaction inherited {};
        if (sigaction(signal, nullptr, &inherited) != 0) continue;
        if (inherited.sa_handler != SIG_IGN) std::signal(signal, remove_and_end);
    }
}

void open_closed_standard_streams() {
    int opened = 0;
    do {
        opened = open("/dev/null", O_RDWR);
    } while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened > STDERR_FILENO) close(opened);
}

void create_output_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (!error && !fs::is_directory(path, error)) {
        error = std::make_error_code(std::errc::not_a_directory);
    }
    if (error) cannot_write(path.string(), error.value());
}

void remove_stale(const fs::path& path) {
    std::error_code ignored;
    if (fs::symlink_status(path, ignored).type() == fs::file_type::regular) {
        fs::remove(path, ignored);
    }
}

bool same_output(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::exists(a, error) && !fs::is_regular_file(a, error)) return false;
    const fs::path first = fs::weakly_canonical(without_links(a), error);
    return !error && first == fs::weakly_canonical(without_links(b), error);
}

void two_outputs(const fs::path& path) {
    bad_input("OUT-WRITE", path.string(), "two outputs have this name", "give each its own");
}

void reject_input_as_output(const fs::path& output, const std::vector<fs::path>& inputs) {
    if (output.empty() || is_standard_stream(output)) return;
    for (const fs::path& input : inputs) {
        if (input.empty() || !(same_output(output, input) || same_file(output, input))) continue;
        bad_input("OUT-WRITE", output.string(), "this command reads the file that it is to write",
                  "give the output another name");
    }
}

void write_file(const fs::path& path, std::string_view text) {
    OutputFile file{path};
    file.write(text);
    file.commit();
}

}  // namespace seamount
