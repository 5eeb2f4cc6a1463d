#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/frontend/hdf5/hdf5_file.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::importer::sonata {

using compiler::frontend::Hdf5File;
using Attributes = std::map<std::string, std::string>;

/// A population of nodes or edges with the attributes of each: from its group in the file, else
/// from the row of its type, else from the model that `dynamics_params` names.
class Records {
public:
    /// Reads `object` ("/nodes/NAME", "/edges/NAME"), whose keys begin with `kind` ("node",
    /// "edge"). Throws InputError: IMP-KEY, IMP-VALUE, NET-CSV.
    Records(std::shared_ptr<const Hdf5File> file, std::string object, std::string kind,
            std::shared_ptr<const std::map<std::uint64_t, Attributes>> types,
            std::filesystem::path models);

    [[nodiscard]] std::size_t size() const noexcept { return types_of_.size(); }
    [[nodiscard]] const std::string& object() const noexcept { return object_; }
    [[nodiscard]] const Hdf5File& file() const noexcept { return *file_; }
    [[nodiscard]] std::uint64_t type(std::size_t i) const { return types_of_[i]; }
    [[nodiscard]] SourceLocation where() const { return file_->at(object_); }

    /// An attribute of record `i` as text, or nothing. Throws InputError for a damaged column or
    /// model.
    [[nodiscard]] std::optional<std::string> text(std::size_t i, const std::string& key) const;
    /// The same as a number. Throws InputError (IMP-VALUE) if it is none.
    [[nodiscard]] std::optional<double> number(std::size_t i, const std::string& key) const;
    /// Files of models that were read so far.
    [[nodiscard]] std::vector<std::filesystem::path> models_read() const;

private:
    struct Column {
        std::vector<double> numbers;
        std::vector<std::string> texts;  ///< if there are no numbers
    };
    /// Throws InputError if there are attributes in groups, and a record of which it is not known
    /// which are its.
    void require_groups() const;
    [[nodiscard]] const Column* column(std::uint64_t group, const std::string& key) const;
    [[nodiscard]] Column load_column(const std::string& group, const std::string& key) const;
    [[nodiscard]] const std::string* value_of_type(std::size_t i, const std::string& key) const;
    [[nodiscard]] const Attributes* model_of(std::size_t i) const;

    std::shared_ptr<const Hdf5File> file_;
    std::string object_;
    std::string kind_;
    std::shared_ptr<const std::map<std::uint64_t, Attributes>> types_;
    std::filesystem::path models_;
    std::vector<std::uint64_t> types_of_;
    std::vector<std::uint64_t> groups_;
    std::vector<std::uint64_t> places_;  ///< in the group
    mutable std::map<std::pair<std::uint64_t, std::string>, std::optional<Column>> columns_;
    mutable std::map<std::string, Attributes> read_models_;
};

/// Whole numbers from 0 of a dataset of one dimension. Throws InputError: IMP-KEY, IMP-VALUE.
[[nodiscard]] std::vector<std::uint64_t> whole_numbers(const Hdf5File& file,
                                                       const std::string& object);

/// The rows of a table of types by their id, `node_type_id` or `edge_type_id`; "NULL" is no value.
/// An empty path has no rows. Throws InputError: NET-FILE, NET-CSV, IMP-KEY, IMP-VALUE.
[[nodiscard]] std::map<std::uint64_t, Attributes> read_types(const std::filesystem::path& file,
                                                             const std::string& id);

}  // namespace seamount::importer::sonata
