#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::yaml {

/// What a YAML file describes.
enum class FileKind : std::uint8_t { kNetwork, kChip, kSweep };
inline constexpr auto kFileKindNames = name_table<FileKind>({
    {FileKind::kNetwork, "network"},
    {FileKind::kChip, "chip"},
    {FileKind::kSweep, "sweep"},
});

/// Whether a file may be of this kind. If its keys say that it is of another one, that is reported
/// (CLI-FILE) with the way to use it, and nothing else of it is worth reading.
[[nodiscard]] bool may_be(const YamlNode& root, FileKind wanted);

}  // namespace seamount::yaml
