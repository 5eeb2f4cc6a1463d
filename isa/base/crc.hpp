#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace seamount {

/// CRC-32 as zip and PNG have it. `start` is the CRC of what stands before `bytes`.
[[nodiscard]] std::uint32_t crc32_of(std::span<const std::byte> bytes, std::uint32_t start = 0);

}  // namespace seamount
