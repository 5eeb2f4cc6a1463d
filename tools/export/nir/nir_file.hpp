#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace seamount::exporter {

/// A NIR graph in the making (version 1.0.6 of the format): nodes with arrays, then edges. Kept in
/// memory until it is taken, so that no half-written file is left.
class NirFile {
public:
    using Shape = std::vector<std::uint64_t>;

    NirFile();
    ~NirFile();
    NirFile(const NirFile&) = delete;
    NirFile& operator=(const NirFile&) = delete;

    /// A node of a class of NIR. Names are made unique, with "/" as "_"; returns the name.
    [[nodiscard]] std::string node(const std::string& wanted, const std::string& type);
    void field(const std::string& node, const std::string& key, const Shape& shape,
               const std::vector<double>& values);
    void field(const std::string& node, const std::string& key,
               const std::vector<std::int64_t>& values);
    void scalar(const std::string& node, const std::string& key, std::int64_t value);
    void edge(const std::string& from, const std::string& to) { edges_.emplace_back(from, to); }
    /// A number of the graph's metadata.
    void metadata(const std::string& key, double value);

    /// The bytes of the file; nothing can be added any more.
    [[nodiscard]] std::string finish();

private:
    void write_text(const std::string& object, const std::string& text);
    void write_edges();

    std::int64_t file_;  ///< hid_t
    std::vector<std::string> names_;
    std::vector<std::pair<std::string, std::string>> edges_;
};

}  // namespace seamount::exporter
