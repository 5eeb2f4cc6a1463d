#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "compiler/frontend/data/data_array.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

/// Reads the data files that a YAML file names: `{file: x.npz, array: y, column: z}`. Each file is
/// read once; problems are reported at the place that names the file, the first time only.
class DataStore {
public:
    /// The references must outlive the store; `diagnostics` is where the nodes of `yaml` report.
    /// Files that unpack to more than `max_input` bytes are refused before memory is taken.
    DataStore(const YamlFile& yaml, const Diagnostics& diagnostics,
              std::uint64_t max_input = kMaxInput)
        : yaml_{yaml}, diagnostics_{diagnostics}, max_input_{max_input} {}

    /// The array of a map with `file` and, for archives, `array`; with `column` one column of a
    /// table. Never empty. Reports what is wrong (NET-FILE, NET-NPY, NET-NPZ, NET-CSV, NET-COLUMN)
    /// and returns nothing.
    [[nodiscard]] std::optional<DataArray> read(const YamlNode& reference);

    /// The same for a list, which may be empty: `[]` in a file.
    [[nodiscard]] std::optional<DataArray> read_list(const YamlNode& reference);

    /// The same as `read` for one value per element: a table of several columns needs a `column`
    /// (NET-COLUMN).
    [[nodiscard]] std::optional<DataArray> read_values(const YamlNode& reference);

    /// The array of the file that the scalar `file` names; `array` as above.
    [[nodiscard]] std::optional<DataArray> read_file(const YamlNode& file,
                                                     const std::string& array);

    [[nodiscard]] std::uint64_t max_input() const noexcept { return max_input_; }

    /// The files that were read so far.
    [[nodiscard]] std::set<std::filesystem::path> files() const;

private:
    /// The same, perhaps empty.
    std::optional<DataArray> read_any(const YamlNode& file, const std::string& array);
    std::optional<DataArray> read_reference(const YamlNode& reference, bool may_be_empty);
    DataArray load(const std::string& path, const std::string& array) const;

    const YamlFile& yaml_;
    const Diagnostics& diagnostics_;
    const std::uint64_t max_input_;
    std::map<std::pair<std::string, std::string>, std::optional<DataArray>> arrays_;
};

}  // namespace seamount::compiler::frontend
