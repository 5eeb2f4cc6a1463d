#include "tools/import/nir/graph/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/import/nir/graph/read_node.hpp"

namespace seamount::importer::nir {
namespace {

constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 24U;

/// The shape that both repeat to along extents of 1, as numpy does it; nothing if there is none.
std::optional<Shape> common_shape(const Shape& a, const Shape& b) {
    Shape result(std::max(a.size(), b.size()), 1);
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::uint64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
        const std::uint64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
        if (x != y && x != 1 && y != 1) return std::nullopt;
        result[result.size() - 1 - i] = std::max(x, y);
    }
    return result;
}

class ShapeFinder {
public:
    ShapeFinder(const Hdf5File& file, Graph& graph, Diagnostics& found)
        : file_{file}, graph_{graph}, found_{found} {}

    void find();

private:
    void error(const Node& node, const std::string& key, std::string message,
               std::string hint = {}) {
        found_.error("IMP-VALUE", file_.at(key.empty() ? node.object : node.object + "/" + key),
                     std::move(message), std::move(hint));
    }
    /// Gives a node its shapes if they follow from `given`, what it takes; false if they do not.
    bool settle(Node& node, const std::optional<Shape>& given);
    bool settle_elementwise(Node& node, const std::optional<Shape>& given);
    bool settle_matrix(Node& node, const std::optional<Shape>& given);
    bool settle_window(Node& node, const std::optional<Shape>& given);
    bool settle_flatten(Node& node);
    [[nodiscard]] std::optional<Shape> input_of_window(const Node& node,
                                                       const std::optional<Shape>& given);
    void check_edges();

    const Hdf5File& file_;
    Graph& graph_;
    Diagnostics& found_;
};

void ShapeFinder::find() {
    std::vector<std::vector<std::size_t>> sources(graph_.nodes.size());
    for (const auto& [from, to] : graph_.edges) sources[to].push_back(from);
    bool changed = true;
    // What a node takes is known first; only if nothing follows any more, its own arrays decide.
    for (bool guess : {false, true, true}) {
        changed = true;
        while (changed && !found_.has_errors()) {
            changed = false;
            for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
                Node& node = graph_.nodes[i];
                if (node.out) continue;
                std::optional<Shape> given;
                for (const std::size_t from : sources[i]) {
                    if (!given) given = graph_.nodes[from].out;
                }
                if (!given && !guess && node.kind != Kind::kInput) continue;
                const bool settled = settle(node, given);
                changed = changed || settled;
                if (settled && guess) break;
            }
        }
    }
    for (const Node& node : graph_.nodes) {
        if (node.out || found_.has_errors()) continue;
        error(node, "",
              fmt::format("the shape of '{}' is not known: nothing leads to it", node.name),
              "connect it to the Input, or take it out");
    }
    if (!found_.has_errors()) check_edges();
}

bool ShapeFinder::settle(Node& node, const std::optional<Shape>& given) {
    switch (node.kind) {
        case Kind::kInput:
        case Kind::kOutput: {
            const auto shape = node.fields.find("shape");
            if (shape == node.fields.end()) {  // around a single node
                if (node.kind == Kind::kOutput)
                    node.in = node.out = given;
                else
                    node.in = node.out = graph_.nodes.front().in;
                return node.out.has_value();
            }
            node.in = node.out = shape_of(shape->second);
            if (node.out->empty()) node.in = node.out = Shape{1};
            return true;
        }
        case Kind::kAffine:
        case Kind::kLinear:
            return settle_matrix(node, given);
        case Kind::kConv1d:
        case Kind::kConv2d:
        case Kind::kSumPool2d:
        case Kind::kAvgPool2d:
            return settle_window(node, given);
        case Kind::kFlatten:
            return settle_flatten(node);
        default:
            return settle_elementwise(node, given);
    }
}

bool ShapeFinder::settle_elementwise(Node& node, const std::optional<Shape>& given) {
    Shape own{1};
    for (const auto& [key, array] : node.fields) {
        const std::optional<Shape> both = common_shape(own, array.shape);
        if (!both) {
            error(node, key,
                  fmt::format("has shape {}, which does not fit the {} of the other parameters",
                              shape_text(array.shape), shape_text(own)));
            return false;
        }
        own = *both;
    }
    if (elements(own) > kMaxElements) {
        error(node, "", fmt::format("has shape {}, which is too large", shape_text(own)));
        return false;
    }
    if (!given) {
        node.in = node.out = own;
        return true;
    }
    const std::optional<Shape> both = common_shape(own, *given);
    if (both && *both == *given) {
        node.in = node.out = given;
    } else if (elements(own) == elements(*given)) {
        node.in = node.out = own;
    } else {
        error(node, "",
              fmt::format("its parameters have shape {}, what leads to it has {}", shape_text(own),
                          shape_text(*given)),
              "one value for all, or one per element");
        return false;
    }
    return true;
}

bool ShapeFinder::settle_matrix(Node& node, const std::optional<Shape>& given) {
    const Shape& weight = node.field("weight").shape;
    node.in = given && elements(*given) == weight[1] ? *given : Shape{weight[1]};
    node.out = Shape{weight[0]};
    return true;
}

std::optional<Shape> ShapeFinder::input_of_window(const Node& node,
                                                  const std::optional<Shape>& given) {
    const bool is_pool = node.kind == Kind::kSumPool2d || node.kind == Kind::kAvgPool2d;
    const std::size_t axes = node.kind == Kind::kConv1d ? 2 : 3;
    Shape shape;
    const auto exported = node.fields.find("input_shape");
    if (exported != node.fields.end()) {
        shape = shape_of(exported->second);
        shape.insert(shape.begin(), node.field("weight").shape[1] * node.window.groups);
        if (!given || elements(*given) == elements(shape)) return shape;
    }
    if (!given) return std::nullopt;
    shape = *given;
    while (shape.size() > axes && shape.front() == 1) shape.erase(shape.begin());
    if (is_pool && shape.size() == 2) shape.insert(shape.begin(), 1);
    if (shape.size() == axes) return shape;
    error(node, "",
          fmt::format("takes {} axes, {}; what leads to it has shape {}", axes,
                      axes == 2 ? "(C, L)" : "(C, H, W)", shape_text(*given)));
    return std::nullopt;
}

bool ShapeFinder::settle_window(Node& node, const std::optional<Shape>& given) {
    const std::optional<Shape> in = input_of_window(node, given);
    if (!in) return false;
    const Window& window = node.window;
    const bool is_pool = node.kind == Kind::kSumPool2d || node.kind == Kind::kAvgPool2d;
    std::uint64_t channels = in->front();
    if (!is_pool) {
        const Shape& weight = node.field("weight").shape;
        if (weight[1] * window.groups != channels) {
            error(
                node, "weight",
                fmt::format("takes {} channels ({} in each of {} groups), what leads to it has {}",
                            weight[1] * window.groups, weight[1], window.groups, channels));
            return false;
        }
        channels = weight[0];
    }
    Shape out{channels};
    for (std::size_t i = 1; i < in->size(); ++i) {
        const std::size_t axis = i + 2 - in->size();
        const std::uint64_t reach = window.dilation.at(axis) * (window.kernel.at(axis) - 1) + 1;
        const std::uint64_t padded = (*in)[i] + 2 * window.padding.at(axis);
        if (padded < reach) {
            error(node, "",
                  fmt::format("its kernel reaches over {} along {}, the padded input has {}", reach,
                              axis == 0 ? "y" : "x", padded));
            return false;
        }
        out.push_back((padded - reach) / window.stride.at(axis) + 1);
    }
    if (elements(out) > kMaxElements) {
        error(node, "",
              fmt::format("its output has shape {}, which is too large", shape_text(out)));
        return false;
    }
    node.in = in;
    node.out = std::move(out);
    return true;
}

bool ShapeFinder::settle_flatten(Node& node) {
    const Shape in = shape_of(node.field("input_type"));
    const auto axis = [&](const char* key) {
        const auto value = static_cast<std::int64_t>(node.field(key).values.front());
        return value < 0 ? value + static_cast<std::int64_t>(in.size()) : value;
    };
    const std::int64_t first = axis("start_dim");
    const std::int64_t last = axis("end_dim");
    if (first < 0 || last >= static_cast<std::int64_t>(in.size()) || first > last) {
        error(node, "start_dim",
              fmt::format("axes {} to {} of a shape of {} axes",
                          node.field("start_dim").values.front(),
                          node.field("end_dim").values.front(), in.size()));
        return false;
    }
    Shape out{in.begin(), in.begin() + first};
    out.push_back(elements({in.begin() + first, in.begin() + last + 1}));
    out.insert(out.end(), in.begin() + last + 1, in.end());
    node.in = in;
    node.out = std::move(out);
    return true;
}

void ShapeFinder::check_edges() {
    for (const auto& [from, to] : graph_.edges) {
        const Node& source = graph_.nodes[from];
        const Node& target = graph_.nodes[to];
        if (*source.out == *target.in) continue;
        if (elements(*source.out) == elements(*target.in)) {
            if (target.kind == Kind::kFlatten) continue;
            graph_.notes.push_back(fmt::format("edge {} -> {}: shape {} is taken as {}, in C order",
                                               source.name, target.name, shape_text(*source.out),
                                               shape_text(*target.in)));
            continue;
        }
        error(target, "",
              fmt::format("edge {} -> {}: '{}' sends shape {}, '{}' takes {}", source.name,
                          target.name, source.name, shape_text(*source.out), target.name,
                          shape_text(*target.in)));
    }
}

}  // namespace

void find_shapes(const Hdf5File& file, Graph& graph, Diagnostics& found) {
    ShapeFinder{file, graph, found}.find();
}

}  // namespace seamount::importer::nir
