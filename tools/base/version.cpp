#include "tools/base/version.hpp"

#include "isa/base/content_hash.hpp"

namespace seamount::tools {

const char* version() noexcept {
    return SEAMOUNT_VERSION;
}

const std::string& build() {
    // The link leads to the file that runs, also when another one has taken its name since.
    static const std::string kBuild = build_of("/proc/self/exe");
    return kBuild;
}

std::string build_of(const std::filesystem::path& program) {
    return content_hash_of_file(program);
}

}  // namespace seamount::tools
