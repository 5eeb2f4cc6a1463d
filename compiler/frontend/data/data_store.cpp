#include "compiler/frontend/data/data_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/frontend/data/csv.hpp"
#include "compiler/frontend/data/npy.hpp"
#include "compiler/frontend/data/npz.hpp"
#include "isa/base/output_file.hpp"
#include "isa/input/input_file.hpp"

namespace seamount::compiler::frontend {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Index of the column called `name`, or numbered so.
std::optional<std::uint64_t> find_column(const DataArray& table, const std::string& name) {
    const auto& columns = table.columns();
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found != columns.end()) return static_cast<std::uint64_t>(found - columns.begin());
    std::uint64_t index = 0;
    const char* end = name.data() + name.size();
    const auto [next, error] = std::from_chars(name.data(), end, index);
    if (error == std::errc{} && next == end && index < table.shape()[1]) return index;
    return std::nullopt;
}

std::optional<DataArray> select_column(const DataArray& table, const YamlNode& column) {
    const std::string name = column.text();
    if (table.shape().size() != 2) {
        column.error("NET-COLUMN", fmt::format("'column' needs a table, the array has shape {}",
                                               table.shape_text()));
        return std::nullopt;
    }
    if (const auto index = find_column(table, name)) return table.column(*index);
    const std::string suggestion = closest(name, table.columns());
    std::string hint;
    if (!suggestion.empty()) {
        hint = fmt::format("did you mean '{}'?", suggestion);
    } else if (!table.columns().empty()) {
        hint = "its columns are " + joined(table.columns());
    } else {
        hint = fmt::format("its {} columns have no names; count from 0", table.shape()[1]);
    }
    column.error("NET-COLUMN", fmt::format("the table has no column '{}'", name), hint);
    return std::nullopt;
}

std::string_view text_of(const Storage& storage) {
    const auto bytes = storage.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

DataArray DataStore::load(const std::string& path, const std::string& array) const {
    const std::filesystem::path resolved =
        is_standard_stream(path) ? std::filesystem::path{path} : yaml_.resolve(path);
    // A pipe in somebody's folder is refused: nobody knows whether it has a writer.
    if (is_stream(resolved) && folder_of(resolved).empty()) {
        return parse_csv(text_of(*map_file(readable_path(resolved))), max_input_);
    }
    std::error_code error;
    const auto status = std::filesystem::status(resolved, error);
    if (!std::filesystem::exists(status)) {
        const bool is_relative = std::filesystem::path{path}.is_relative();
        throw DataError{"NET-FILE", "no such file",
                        is_relative ? "paths are relative to the YAML file" : ""};
    }
    if (!std::filesystem::is_regular_file(status))
        throw DataError{"NET-FILE", "not a regular file"};
    if (!array.empty() && !path.ends_with(".npz")) {
        throw DataError{"NET-FILE", "'array' is for .npz files"};
    }
    if (path.ends_with(".npz")) return read_npz(resolved, array, max_input_);
    if (path.ends_with(".npy")) return read_npy(map_file(resolved));
    if (path.ends_with(".csv.gz")) return parse_csv(read_gzip(resolved, max_input_), max_input_);
    if (path.ends_with(".csv")) {
        return parse_csv(text_of(*map_file(resolved)), max_input_);
    }
    throw DataError{"NET-FILE", "unknown kind of data file",
                    "known suffixes: .npy, .npz, .csv, .csv.gz"};
}

std::optional<DataArray> DataStore::read_file(const YamlNode& file, const std::string& array) {
    std::optional<DataArray> data = read_any(file, array);
    if (!data || data->count() != 0) return data;
    file.error("NET-SHAPE", fmt::format("'{}': the array is empty, its shape is {}", file.text(),
                                        data->shape_text()));
    return std::nullopt;
}

std::optional<DataArray> DataStore::read_any(const YamlNode& file, const std::string& array) {
    const std::string path = file.text();
    if (path.empty()) {
        // Text that could not be read is empty too, but that has been reported.
        if (!diagnostics_.has_errors()) file.error("NET-FILE", "the name of the file is empty");
        return std::nullopt;
    }
    const auto [entry, fresh] = arrays_.try_emplace({path, array});
    if (!fresh) return entry->second;
    try {
        entry->second = load(path, array);
    } catch (const DataError& error) {
        file.error(error.code(), fmt::format("'{}': {}", path, error.what()), error.hint());
    }
    return entry->second;
}

std::optional<DataArray> DataStore::read(const YamlNode& reference) {
    return read_reference(reference, false);
}

std::optional<DataArray> DataStore::read_list(const YamlNode& reference) {
    return read_reference(reference, true);
}

std::optional<DataArray> DataStore::read_reference(const YamlNode& reference, bool may_be_empty) {
    const YamlNode file = reference.require("file");
    std::string array;
    reference.read("array", array);
    const YamlNode column = reference["column"];
    reference.finish();
    if (!file) return std::nullopt;
    std::optional<DataArray> data = may_be_empty ? read_any(file, array) : read_file(file, array);
    if (data && column) return select_column(*data, column);
    return data;
}

std::optional<DataArray> DataStore::read_values(const YamlNode& reference) {
    std::optional<DataArray> data = read(reference);
    if (!data || data->shape().size() != 2) return data;
    if (data->shape()[1] == 1) return data->column(0);
    if (data->columns().empty()) return data;
    reference.error("NET-COLUMN",
                    fmt::format("the table has {} columns, choose one", data->shape()[1]),
                    "add 'column:', one of " + joined(data->columns()));
    return std::nullopt;
}

std::set<std::filesystem::path> DataStore::files() const {
    std::set<std::filesystem::path> files;
    for (const auto& [reference, data] : arrays_) {
        if (data) files.insert(yaml_.resolve(reference.first));
    }
    return files;
}

}  // namespace seamount::compiler::frontend
