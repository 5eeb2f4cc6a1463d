#include "tools/base/file_state.hpp"

#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "isa/base/content_hash.hpp"

namespace seamount::tools {
namespace {

constexpr std::int64_t kTickNs = 20'000'000;  ///< above the 10 ms of a kernel with 100 Hz
constexpr int kTries = 10;                    ///< to read a file that is being written

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void wait_for_tick_after(std::int64_t changed_ns) {
    timespec clock{};
    clock_gettime(CLOCK_REALTIME, &clock);
    const std::int64_t age = nanoseconds(clock) - changed_ns;
    if (age < 0 || age >= kTickNs) return;  // a clock of another machine is no reason to wait
    std::this_thread::sleep_for(std::chrono::nanoseconds{kTickNs - age});
}

}  // namespace

FileStamp stamp_of(const std::filesystem::path& path) {
    struct stat there {};
    if (stat(path.c_str(), &there) != 0 || !S_ISREG(there.st_mode)) return {};
    return {there.st_dev, there.st_ino, there.st_size, nanoseconds(there.st_mtim),
            nanoseconds(there.st_ctim)};
}

FileState state_of(const std::filesystem::path& path) {
    FileState state{path, {}, stamp_of(path)};
    for (int i = 0; i < kTries && state.stamp.size >= 0; ++i) {
        wait_for_tick_after(state.stamp.changed_ns);
        ContentHash hash;
        const bool is_read = hash.add_bytes_of(path).has_value();
        const FileStamp after = stamp_of(path);
        state.hash = is_read ? hash.digest() : std::string{};
        if (after == state.stamp) return state;
        state.stamp = after;
    }
    return state;
}

}  // namespace seamount::tools
