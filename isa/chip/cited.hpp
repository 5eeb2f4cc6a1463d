#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "isa/chip/chip_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

inline constexpr double kMostResidual = 100.0;  ///< a factor of a hundred: nothing is known

/// Nanoseconds of a file in whole picoseconds, halves away from zero.
[[nodiscard]] Picoseconds from_ns(double ns);

/// Reads the numbers of a chip file, each given alone or as
/// {value: 8.4, source: davies2018, grade: published, residual: 0.1}, and takes down where they
/// come from. Problems go to the diagnostics of the nodes; a value that is absent or bad is left
/// alone.
///
/// A source and a grade hold for the numbers that stand in the same file: a chip that extends
/// another and changes a value alone does not take over where the old value came from.
class CitedReader {
public:
    /// `own_file` is the chip's own one: what stands elsewhere is inherited.
    explicit CitedReader(std::string own_file) : own_file_{std::move(own_file)} {}

    /// The entries of `sources:`, to be read first.
    void read_sources(const YamlNode& sources);

    /// Node of the value of `key`; its source is kept under "section.key".
    [[nodiscard]] YamlNode value(const YamlNode& map, const std::string& section,
                                 const std::string& key);
    /// Takes down `source`, `grade` and `residual` of a map as those of `path`, as far as they
    /// stand in the file that `number` stands in; and which file that is.
    void cite(const YamlNode& node, const YamlNode& number, const std::string& path);

    /// `path` comes from where `from` does, unless it was given itself.
    void inherit(const std::string& path, const std::string& from);

    /// Which text says a number.
    [[nodiscard]] Origin origin_of(const YamlNode& number) const;

    /// What was taken down, by key path.
    struct Citations {
        std::map<std::string, Provenance> provenance;
        std::map<std::string, std::string> names;  ///< key path -> name of its source
        std::map<std::string, Origin> origins;
    };
    [[nodiscard]] const Citations& citations() const noexcept { return citations_; }
    /// Goes back to what was taken down before.
    void restore(Citations citations) { citations_ = std::move(citations); }

private:
    std::string own_file_;
    std::map<std::string, std::string> sources_;
    std::vector<std::string> source_names_;
    Citations citations_;
};

}  // namespace seamount::isa
