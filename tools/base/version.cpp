#include "tools/base/version.hpp"

namespace seamount::cli {

const char* version() noexcept {
    return SEAMOUNT_VERSION;
}

}  // namespace seamount::cli
