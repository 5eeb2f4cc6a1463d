#include "tools/base/version.hpp"

#include <system_error>

#include "isa/base/content_hash.hpp"

namespace seamount::tools {

namespace {

std::filesystem::path program() {
    // The link leads to the file that runs, also when another one has taken its name since.
    constexpr const char* kSelf = "/proc/self/exe";
    constexpr const char* kMpiBuild = "seamount-mpi";
    std::error_code none;
    const std::filesystem::path self = std::filesystem::read_symlink(kSelf, none);
    if (self.filename() != kMpiBuild) return kSelf;
    const std::filesystem::path neighbour = self.parent_path() / "seamount";
    return std::filesystem::exists(neighbour, none) ? neighbour : kSelf;
}

}  // namespace

const char* version() noexcept {
    return SEAMOUNT_VERSION;
}

const std::string& build() {
    static const std::string kBuild = build_of(program());
    return kBuild;
}

std::string build_of(const std::filesystem::path& program) {
    return content_hash_of_file(program);
}

}  // namespace seamount::tools
