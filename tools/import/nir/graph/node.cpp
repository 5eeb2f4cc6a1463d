#include "tools/import/nir/graph/node.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace seamount::importer::nir {

std::uint64_t elements(const Shape& shape) {
    std::uint64_t count = 1;
    for (const std::uint64_t extent : shape) count *= extent;
    return count;
}

std::string shape_text(const Shape& shape) {
    return shape.size() == 1 ? fmt::format("({},)", shape[0])
                             : fmt::format("({})", fmt::join(shape, ", "));
}

std::vector<double> Node::parameter(const std::string& key) const {
    const NumberArray& array = field(key);
    const std::uint64_t count = elements(*out);
    if (array.values.size() == count) return array.values;
    if (array.values.size() == 1) return std::vector<double>(count, array.values.front());
    // Extents of 1 are repeated along theirs.
    std::vector<double> values(count);
    const std::size_t lead = out->size() - std::min(out->size(), array.shape.size());
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t rest = i;
        std::uint64_t place = 0;
        std::uint64_t step = 1;
        for (std::size_t axis = out->size(); axis-- > lead;) {
            const std::uint64_t extent = array.shape[axis - lead];
            if (extent != 1) place += rest % (*out)[axis] * step;
            step *= extent;
            rest /= (*out)[axis];
        }
        values[i] = array.values[place];
    }
    return values;
}

bool is_neuron(Kind kind) {
    switch (kind) {
        case Kind::kThreshold:
        case Kind::kI:
        case Kind::kIF:
        case Kind::kLI:
        case Kind::kLIF:
        case Kind::kCubaLI:
        case Kind::kCubaLIF:
            return true;
        default:
            return false;
    }
}

bool sends_values(Kind kind) {
    return kind == Kind::kI || kind == Kind::kLI || kind == Kind::kCubaLI;
}

std::vector<std::size_t> Graph::sources_of(std::size_t node) const {
    std::vector<std::size_t> sources;
    for (const auto& [from, to] : edges) {
        if (to == node) sources.push_back(from);
    }
    return sources;
}

}  // namespace seamount::importer::nir
