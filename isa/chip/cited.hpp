#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

/// Nanoseconds of a file in whole picoseconds, halves away from zero.
[[nodiscard]] Picoseconds from_ns(double ns);

/// Reads the numbers of a chip file, each given alone or as
/// {value: 8.4, source: davies2018, grade: published}, and takes down where they come from.
/// Problems go to the diagnostics of the nodes; a value that is absent or bad is left alone.
class CitedReader {
public:
    /// The entries of `sources:`, to be read first.
    void read_sources(const YamlNode& sources);

    /// Node of the value of `key`; its source is kept under "section.key".
    [[nodiscard]] YamlNode value(const YamlNode& map, const std::string& section,
                                 const std::string& key);
    /// Takes down `source` and `grade` of a map as those of `path`.
    void cite(const YamlNode& node, const std::string& path);

    /// `path` comes from where `from` does, unless its own source is known.
    void inherit(const std::string& path, const std::string& from);

    /// What was taken down, by key path.
    struct Citations {
        std::map<std::string, Provenance> provenance;
        std::map<std::string, std::string> names;  ///< key path -> name of its source
    };
    [[nodiscard]] const Citations& citations() const noexcept { return citations_; }
    /// Goes back to what was taken down before.
    void restore(Citations citations) { citations_ = std::move(citations); }

private:
    std::map<std::string, std::string> sources_;
    std::vector<std::string> source_names_;
    Citations citations_;
};

}  // namespace seamount::isa
