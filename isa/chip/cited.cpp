#include "isa/chip/cited.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "isa/yaml/yaml_paths.hpp"

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
    if (!node.is_map()) {
        if (node) citations_.origins[section + '.' + key] = origin_of(node);
        return node;
    }
    const YamlNode value = node.require("value");
    cite(node, value, section + '.' + key);
    node.finish();
    return value;
}

Origin CitedReader::origin_of(const YamlNode& number) const {
    const std::string file = number.where().file;
    if (file == yaml::command_line().location().file) return Origin::kCommandLine;
    return file == own_file_ ? Origin::kOwn : Origin::kInherited;
}

void CitedReader::cite(const YamlNode& node, const YamlNode& number, const std::string& path) {
    if (number) citations_.origins[path] = origin_of(number);
    const auto of_number = [&](const char* key) {
        const YamlNode given = node[key];
        const bool same = !number || !given || given.where().file == number.where().file;
        return same ? given : YamlNode{};
    };
    const YamlNode source = of_number("source");
    const YamlNode grade = of_number("grade");
    const YamlNode residual = of_number("residual");
    if (!source && !grade && !residual) return;
    Provenance p;
    if (residual) p.residual = residual.number("residual", 0.0, kMostResidual);
    if (source) {
        const std::string name = source.text();
        const auto found = sources_.find(name);
        if (found != sources_.end()) {
            p.source = found->second;
            citations_.names[path] = name;
        } else if (!name.empty()) {
            source.error("CHIP-SOURCE", fmt::format("'{}' is not an entry of sources:", name),
                         did_you_mean(name, source_names_,
                                      "cite where the number comes from under sources:"));
        }
    }
    if (grade) {
        if (const auto known = grade.choice("grade", kGradeNames)) p.grade = *known;
    }
    citations_.provenance[path] = std::move(p);
}

void CitedReader::inherit(const std::string& path, const std::string& from) {
    const auto origin = citations_.origins.find(from);
    if (origin == citations_.origins.end() || citations_.origins.contains(path)) return;
    citations_.origins[path] = origin->second;
    const auto provenance = citations_.provenance.find(from);
    if (provenance == citations_.provenance.end()) return;
    citations_.provenance[path] = provenance->second;
    const auto name = citations_.names.find(from);
    if (name != citations_.names.end()) citations_.names[path] = name->second;
}

}  // namespace seamount::isa
