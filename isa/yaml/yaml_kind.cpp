#include "isa/yaml/yaml_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::yaml {
namespace {

constexpr std::array<std::string_view, 3> kOfNetworks{"populations", "projections", "readout"};
constexpr std::array<std::string_view, 6> kOfChips{"limits",  "mesh",     "topology",
                                                   "barrier", "profiles", "extends"};
constexpr std::array<std::string_view, 2> kOfSweeps{"parameters", "objectives"};

bool has_any(const std::vector<std::string>& keys, std::span<const std::string_view> names) {
    return std::ranges::any_of(
        names, [&](std::string_view name) { return std::ranges::find(keys, name) != keys.end(); });
}

/// By the keys that only one kind has; nothing if there are none, or those of several.
std::optional<FileKind> kind_of(const std::vector<std::string>& keys) {
    std::optional<FileKind> kind;
    const auto consider = [&](FileKind of, std::span<const std::string_view> names) {
        if (!has_any(keys, names)) return true;
        if (kind) return false;
        kind = of;
        return true;
    };
    const bool is_clear = consider(FileKind::kNetwork, kOfNetworks) &&
                          consider(FileKind::kChip, kOfChips) &&
                          consider(FileKind::kSweep, kOfSweeps);
    return is_clear ? kind : std::nullopt;
}

std::string way_of(FileKind kind, const std::string& file) {
    switch (kind) {
        case FileKind::kNetwork:
            return fmt::format("networks are for 'seamount run {0}' and 'seamount compile {0}'",
                               file);
        case FileKind::kChip:
            return fmt::format("chips are given as --chip {}, or to 'seamount inspect'", file);
        case FileKind::kSweep:
            return fmt::format("sweeps are for 'seamount explore {}'", file);
    }
    return {};
}

}  // namespace

bool may_be(const YamlNode& root, FileKind wanted) {
    const std::optional<FileKind> kind = kind_of(root.keys());
    if (!kind || *kind == wanted) return true;
    root.error("CLI-FILE",
               fmt::format("this file describes a {}, not a {}", name_of(kFileKindNames, *kind),
                           name_of(kFileKindNames, wanted)),
               way_of(*kind, root.where().file));
    return false;
}

}  // namespace seamount::yaml
