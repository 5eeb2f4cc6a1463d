#include "isa/chip/cited.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace seamount::isa {

Picoseconds from_ns(double ns) {
    return Picoseconds{static_cast<std::uint64_t>(std::llround(ns * 1000.0))};
}

void CitedReader::read_sources(const YamlNode& sources) {
    for (const auto& [name, node] : sources.entries()) {
        sources_[name] = node.text();
        source_names_.push_back(name);
    }
    sources.finish();
}

YamlNode CitedReader::value(const YamlNode& map, const std::string& section,
                            const std::string& key) {
    const YamlNode node = map[key];
    if (!node.is_map()) return node;
    const YamlNode value = node.require("value");
    cite(node, section + '.' + key);
    node.finish();
    return value;
}

void CitedReader::cite(const YamlNode& node, const std::string& path) {
    const YamlNode source = node["source"];
    const YamlNode grade = node["grade"];
    if (!source && !grade) return;
    Provenance p;
    if (source) {
        const std::string name = source.text();
        const auto found = sources_.find(name);
        if (found != sources_.end()) {
            p.source = found->second;
            citations_.names[path] = name;
        } else if (!name.empty()) {
            const std::string near = closest(name, source_names_);
            source.error("CHIP-SOURCE", fmt::format("'{}' is not an entry of sources:", name),
                         near.empty() ? "cite where the number comes from under sources:"
                                      : fmt::format("did you mean '{}'?", near));
        }
    }
    if (grade) {
        if (const auto known = grade.choice("grade", kGradeNames)) p.grade = *known;
    }
    citations_.provenance[path] = std::move(p);
}

void CitedReader::inherit(const std::string& path, const std::string& from) {
    const auto provenance = citations_.provenance.find(from);
    if (provenance == citations_.provenance.end() || citations_.provenance.contains(path)) return;
    citations_.provenance[path] = provenance->second;
    const auto name = citations_.names.find(from);
    if (name != citations_.names.end()) citations_.names[path] = name->second;
}

}  // namespace seamount::isa
