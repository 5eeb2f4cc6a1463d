#include "isa/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace seamount {

void assertion_failed(const char* condition, const char* file, int line, std::string_view context) {
    std::fflush(stdout);
    std::fprintf(stderr, "internal error: %s:%d: '%s' does not hold (%.*s); please report this\n",
                 file, line, condition, static_cast<int>(context.size()), context.data());
    std::_Exit(3);
}

}  // namespace seamount
