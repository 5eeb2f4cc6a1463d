#include "isa/input/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"

namespace seamount {
namespace {

namespace fs = std::filesystem;

/// A descriptor that is closed whatever happens.
class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }
    /// Keeps it open for the life of the process.
    int release() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

[[noreturn]] void fail(const fs::path& path, const std::string& what, std::string hint = {}) {
    bad_input("CLI-STREAM", path.string(), what, std::move(hint));
}

[[noreturn]] void fail(const fs::path& path) {
    fail(path, "cannot be read: " + std::generic_category().message(errno));
}

void write_all(const fs::path& path, int number, const char* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t done = write(number, bytes, size);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail(path);
        bytes += done;
        size -= static_cast<std::size_t>(done);
    }
}

/// Reads a stream to its end into a file that lies in memory; gives its descriptor.
int copy_of(const fs::path& path) {
    constexpr std::size_t kChunk = 64 * 1024;
    const bool is_stdin = is_standard_stream(path);
    const Descriptor source{is_stdin ? dup(STDIN_FILENO)
                                     : open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (source.number() < 0) fail(path);
    Descriptor copy{memfd_create("seamount", MFD_CLOEXEC)};
    if (copy.number() < 0) fail(path);
    std::vector<char> chunk(kChunk);
    std::size_t total = 0;
    for (;;) {
        const ssize_t got = read(source.number(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(path);
        if (got == 0) return copy.release();
        total += static_cast<std::size_t>(got);
        if (total > kMostStreamed) {
            fail(path,
                 fmt::format("has more than {} bytes, the most that is read from a pipe",
                             kMostStreamed),
                 "give it as a file");
        }
        write_all(path, copy.number(), chunk.data(), static_cast<std::size_t>(got));
    }
}

/// Names of descriptors and devices rather than of places.
bool is_nameless(const fs::path& path) {
    const std::string text = path.lexically_normal().string();
    return is_standard_stream(path) || text.starts_with("/dev/") || text.starts_with("/proc/");
}

}  // namespace

bool is_stream(const fs::path& path) {
    if (is_standard_stream(path)) return true;
    std::error_code ignored;
    const fs::file_type type = fs::status(path, ignored).type();
    return type == fs::file_type::fifo || type == fs::file_type::character ||
           type == fs::file_type::socket;
}

fs::path readable_path(const fs::path& path) {
    if (!is_stream(path)) return path;
    static std::mutex mutex;
    static std::map<fs::path, int> copies;
    const std::lock_guard lock{mutex};
    const auto [place, is_new] = copies.try_emplace(path, -1);
    if (is_new || place->second < 0) place->second = copy_of(path);
    return fmt::format("/proc/self/fd/{}", place->second);
}

fs::path folder_of(const fs::path& path) {
    return is_nameless(path) && is_stream(path) ? fs::path{} : path.parent_path();
}

}  // namespace seamount
