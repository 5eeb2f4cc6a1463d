#pragma once

namespace seamount::cli {

/// Of this build: "0.1.0".
[[nodiscard]] const char* version() noexcept;

}  // namespace seamount::cli
