#include "tests/system/open_files.hpp"

#include <chrono>
#include <string>
#include <system_error>
#include <thread>

namespace seamount::test {

bool writes_into(const Process& process, const std::filesystem::path& folder,
                 std::uintmax_t bytes) {
    namespace fs = std::filesystem;
    const fs::path descriptors = fs::path{"/proc"} / std::to_string(process.id()) / "fd";
    std::error_code ignored;
    for (int i = 0; i < 4000; ++i) {
        const fs::path place = fs::weakly_canonical(folder, ignored);
        for (const auto& entry : fs::directory_iterator{descriptors, ignored}) {
            const fs::path target = fs::read_symlink(entry.path(), ignored);
            // A run's progress.json.tmp comes before its records.
            if (target.parent_path() != place || target.stem() == "progress.json") continue;
            const bool enough = bytes == 0 || fs::file_size(entry.path(), ignored) >= bytes;
            // A descriptor that was closed meanwhile may stand for another file.
            if (enough && fs::read_symlink(entry.path(), ignored) == target) return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

}  // namespace seamount::test
