#include "tools/run/records/files/columns.hpp"

#include <algorithm>
#include <array>

namespace seamount::tools {
namespace {

struct NamedUnits {
    std::string_view name;
    std::string_view units;
};

constexpr std::array<std::string_view, 10> kTexts{
    "population", "variable",   "stage",       "direction", "bound_by",
    "last_core",  "projection", "source_core", "input",     "mesh"};
constexpr std::array kUnits{NamedUnits{"step", "step"}, NamedUnits{"delay", "step"},
                            NamedUnits{"hops", "flit"}, NamedUnits{"flits", "flit"}};

}  // namespace

ColumnInfo column_info(std::string_view name) {
    constexpr std::uint32_t kThree = 3;
    constexpr std::uint32_t kSix = 6;
    if (std::ranges::find(kTexts, name) != kTexts.end()) return {ColumnKind::kText};
    if (name.ends_with("_ns")) return {ColumnKind::kDecimal, "ns", kThree};
    if (name.ends_with("_pj")) return {ColumnKind::kDecimal, "pJ", kThree};
    if (name == "utilisation") return {ColumnKind::kDecimal, "1", kSix};
    const auto known = std::ranges::find(kUnits, name, &NamedUnits::name);
    return {ColumnKind::kInteger, std::string{known == kUnits.end() ? "" : known->units}};
}

void split_fields(std::string_view line, std::vector<std::string>& fields) {
    fields.clear();
    fields.emplace_back();
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
            const bool doubled = quoted && i + 1 < line.size() && line[i + 1] == '"';
            if (doubled) {
                fields.back() += line[++i];
            } else {
                quoted = !quoted;
            }
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
}

}  // namespace seamount::tools
