#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace seamount::tools {

/// Reads one-dimensional datasets of an HDF5 file block by block. All members throw InputError
/// (RUN-RECORDS) if the file is damaged, or has no such object.
class Hdf5Reader {
public:
    explicit Hdf5Reader(std::filesystem::path path);
    ~Hdf5Reader();
    Hdf5Reader(const Hdf5Reader&) = delete;
    Hdf5Reader& operator=(const Hdf5Reader&) = delete;

    [[nodiscard]] bool has(const std::string& object) const;
    /// Names of the members of a group, sorted as text.
    [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
    /// Elements of a dataset.
    [[nodiscard]] std::uint64_t size(const std::string& dataset) const;
    /// `count` elements from `first` on, converted to the type asked for.
    void read(const std::string& dataset, std::uint64_t first, std::uint64_t count,
              std::vector<std::int64_t>& values) const;
    void read(const std::string& dataset, std::uint64_t first, std::uint64_t count,
              std::vector<double>& values) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& dataset) const;
    /// Nothing if there is no such attribute.
    [[nodiscard]] std::optional<std::string> text(const std::string& object,
                                                  const std::string& name) const;
    [[nodiscard]] std::optional<double> number(const std::string& object,
                                               const std::string& name) const;

private:
    void read_raw(const std::string& dataset, std::uint64_t first, std::uint64_t count,
                  std::int64_t type, void* values) const;
    [[noreturn]] void fail(const std::string& object) const;

    std::filesystem::path path_;
    std::int64_t file_ = -1;
};

}  // namespace seamount::tools
