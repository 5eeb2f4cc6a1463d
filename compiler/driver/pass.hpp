#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"

namespace seamount::compiler {

/// The passes, in their order. `--dump-after` knows them by these names.
enum class Pass : std::uint8_t { kFrontend, kLower, kPartition, kPlace, kCodegen };
inline constexpr auto kPassNames = name_table<Pass>({
    {Pass::kFrontend, "frontend"},
    {Pass::kLower, "lower"},
    {Pass::kPartition, "partition"},
    {Pass::kPlace, "place"},
    {Pass::kCodegen, "codegen"},
});

}  // namespace seamount::compiler
