#pragma once

namespace seamount::tools {

/// Of this build: "0.1.0".
[[nodiscard]] const char* version() noexcept;

}  // namespace seamount::tools
