#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/import/netx_file.hpp"
#include "tools/import/nir/nir_import.hpp"

namespace seamount::test {

/// A NIR graph in the making. Nodes are named by their path in the file: "sub/nodes/lif" is one of
/// a graph inside.
class NirFile {
public:
    using Edges = std::vector<std::pair<std::string, std::string>>;
    using Values = std::pair<std::vector<std::uint64_t>, std::vector<float>>;  ///< shape, numbers

    explicit NirFile(const std::string& path);

    /// A node with fields of numbers; an empty shape is a scalar.
    void node(const std::string& name, const std::string& type,
              const std::map<std::string, Values>& fields = {});
    void shaped(const std::string& name, const std::string& type,
                const std::vector<std::int64_t>& shape);
    /// Edges of the graph `of`, or of the whole.
    void edges(const Edges& edges, const std::string& of = "");
    [[nodiscard]] NetxFile& raw() { return file_; }

    /// Scalars: tau 10 ms, r 1, no leak, threshold 1.
    void lif(const std::string& name);
    /// An Input of `inputs`, an Affine or Linear with these weights (outputs, inputs), and an
    /// Output.
    void linear(const std::string& name, std::uint64_t outputs, const std::vector<float>& weights);
    void conv(const std::string& name, const std::vector<std::uint64_t>& shape,
              const std::vector<float>& kernel, float stride, float padding);

private:
    NetxFile file_;
};

/// Fills a file, closes it and imports it; dt 1 ms unless the options say otherwise.
importer::Imported import_nir(const std::function<void(NirFile&)>& fill,
                              importer::NirOptions options = {});

/// The errors of importing such a file, one per line with its hint, without folder names.
std::string nir_errors(const std::function<void(NirFile&)>& fill,
                       importer::NirOptions options = {});

/// Input of 2, Linear, LIF of 2, Output: the smallest network that is right.
void fill_small_nir(NirFile& file);

}  // namespace seamount::test
