#include "tools/base/version.hpp"

namespace seamount::tools {

const char* version() noexcept {
    return SEAMOUNT_VERSION;
}

}  // namespace seamount::tools
