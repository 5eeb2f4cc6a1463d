#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"

namespace seamount::compiler::frontend {

/// Numbers of a dataset in C order, whatever their type in the file; `shape` is empty for a scalar.
struct NumberArray {
    std::vector<std::uint64_t> shape;
    std::vector<double> values;  ///< integers beyond 2^53 lose bits
    bool is_integer = false;     ///< stored as integers, or as an enumeration (booleans)
};

/// An HDF5 file, read only. A place in it is written `FILE:/path/of/the/object` where a text file
/// would have line and column.
///
/// All that is read is checked against the size of the file and the limits below before memory is
/// taken. Since libhdf5 may crash on damaged files, a child process reads all of it first: a file
/// that ends the child is refused here.
class Hdf5File {
public:
    static constexpr std::uint64_t kMaxElements = std::uint64_t{1}
                                                  << 27U;  ///< of one dataset: 1 GiB
    static constexpr std::uint64_t kMaxObjects = std::uint64_t{1} << 20U;  ///< of the file

    enum class Kind : std::uint8_t { kNone, kGroup, kDataset };

    /// Throws InputError: CLI-FILE, IMP-HDF5 (not HDF5, or damaged), IMP-LFS (a pointer of Git
    /// LFS).
    explicit Hdf5File(std::filesystem::path path);
    ~Hdf5File();
    Hdf5File(const Hdf5File&) = delete;
    Hdf5File& operator=(const Hdf5File&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Where `object` is, for a diagnostic.
    [[nodiscard]] SourceLocation at(const std::string& object) const;

    /// Throws InputError (IMP-HDF5) for one that is there and cannot be opened; so does has().
    [[nodiscard]] Kind kind(const std::string& object) const;
    [[nodiscard]] bool has(const std::string& object) const { return kind(object) != Kind::kNone; }
    /// Where an object is stored: two names with the same are one object. Nothing if there is none.
    [[nodiscard]] std::optional<std::uint64_t> address(const std::string& object) const;
    /// Names of the members of a group, sorted as text; empty if it is none.
    [[nodiscard]] std::vector<std::string> members(const std::string& group) const;

    /// Throws InputError: IMP-KEY if there is no such dataset, IMP-VALUE if it holds no numbers or
    /// too many, IMP-HDF5 if it cannot be read (its filter is named).
    [[nodiscard]] NumberArray numbers(const std::string& dataset) const;
    /// List `index` of a dataset whose elements are lists of numbers (of variable length). Throws
    /// as numbers() does, and IMP-VALUE if it holds no lists or not so many.
    [[nodiscard]] std::vector<double> list(const std::string& dataset, std::uint64_t index) const;
    /// Texts of a dataset, of fixed or variable length. Throws as numbers() does.
    [[nodiscard]] std::vector<std::string> texts(const std::string& dataset) const;
    /// The shape of a dataset. Throws IMP-KEY.
    [[nodiscard]] std::vector<std::uint64_t> shape(const std::string& dataset) const;

    /// An attribute of a group or dataset that is one text, of fixed or variable length, or one
    /// number; nothing if there is none such.
    [[nodiscard]] std::optional<std::string> attribute_text(const std::string& object,
                                                            const std::string& name) const;
    [[nodiscard]] std::optional<double> attribute_number(const std::string& object,
                                                         const std::string& name) const;

private:
    std::filesystem::path path_;
    std::int64_t file_ = -1;
};

}  // namespace seamount::compiler::frontend
