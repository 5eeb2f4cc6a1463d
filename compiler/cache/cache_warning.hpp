#pragma once

#include <algorithm>
#include <string>

#include "isa/base/diagnostic.hpp"

namespace seamount::compiler {

/// Warns that a cache cannot be used (CMP-CACHE), unless somebody has: once is enough.
inline void warn_of_cache(const std::string& failure, Diagnostics& diagnostics) {
    constexpr const char* kCode = "CMP-CACHE";
    const auto is_known = [](const Diagnostic& d) { return d.code == kCode; };
    if (std::ranges::any_of(diagnostics.all(), is_known)) return;
    diagnostics.warning(kCode, {"--cache", 0, 0}, failure,
                        "the network is compiled without it; name a folder that you may write to");
}

}  // namespace seamount::compiler
