#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/name_table.hpp"
#include "tools/import/hdf5/hdf5_file.hpp"

namespace seamount::importer::nir {

/// Classes of nodes. A graph is one more; it does not outlive reading.
enum class Kind : std::uint8_t {
    kInput,
    kOutput,
    kAffine,
    kLinear,
    kConv1d,
    kConv2d,
    kScale,
    kSumPool2d,
    kAvgPool2d,
    kFlatten,
    kDelay,
    kThreshold,
    kI,
    kIF,
    kLI,
    kLIF,
    kCubaLI,
    kCubaLIF,
};
/// As `type` in a file.
inline constexpr auto kKindNames = name_table<Kind>({
    {Kind::kInput, "Input"},
    {Kind::kOutput, "Output"},
    {Kind::kAffine, "Affine"},
    {Kind::kLinear, "Linear"},
    {Kind::kConv1d, "Conv1d"},
    {Kind::kConv2d, "Conv2d"},
    {Kind::kScale, "Scale"},
    {Kind::kSumPool2d, "SumPool2d"},
    {Kind::kAvgPool2d, "AvgPool2d"},
    {Kind::kFlatten, "Flatten"},
    {Kind::kDelay, "Delay"},
    {Kind::kThreshold, "Threshold"},
    {Kind::kI, "I"},
    {Kind::kIF, "IF"},
    {Kind::kLI, "LI"},
    {Kind::kLIF, "LIF"},
    {Kind::kCubaLI, "CubaLI"},
    {Kind::kCubaLIF, "CubaLIF"},
});

using Shape = std::vector<std::uint64_t>;

/// Elements of an array of this shape; of an empty one: 1.
[[nodiscard]] std::uint64_t elements(const Shape& shape);
/// "(16, 34, 34)".
[[nodiscard]] std::string shape_text(const Shape& shape);

/// A window over the last two axes of (C, H, W), in the order (y, x). Conv1d has a height of 1.
struct Window {
    using Pair = std::array<std::uint64_t, 2>;
    Pair kernel{1, 1};
    Pair stride{1, 1};
    Pair padding{0, 0};
    Pair dilation{1, 1};
    std::uint64_t groups = 1;

    friend bool operator==(const Window&, const Window&) = default;
};

/// A node as the file has it, checked by itself.
struct Node {
    Kind kind = Kind::kInput;
    std::string name;    ///< as a reader of the file would say it: "outer.inner"
    std::string object;  ///< where it is in the file: "/node/nodes/outer/nodes/inner"
    /// Input or Output of a graph inside another: a place to pass through.
    bool is_port = false;
    std::map<std::string, NumberArray> fields;  ///< numbers; optional ones with their defaults
    Window window;                              ///< of Conv and pools
    bool is_padded_same = false;                ///< `padding` is "same"

    // Known after `find_shapes`.
    std::optional<Shape> in;
    std::optional<Shape> out;

    /// A field that `read_graph` has checked to be there.
    [[nodiscard]] const NumberArray& field(const std::string& key) const { return fields.at(key); }
    /// A parameter for each element of `out`: scalars and extents of 1 count for all.
    [[nodiscard]] std::vector<double> parameter(const std::string& key) const;
};

/// Whether a node has a state or decides on spikes: the rest is linear.
[[nodiscard]] bool is_neuron(Kind kind);
/// Whether what it sends are values rather than spikes.
[[nodiscard]] bool sends_values(Kind kind);

/// A graph without graphs inside.
struct Graph {
    std::string version;
    std::vector<Node> nodes;
    /// Source and target, by place in `nodes`; in the order of the file, repeated ones too.
    std::vector<std::pair<std::size_t, std::size_t>> edges;
    std::optional<double> dt_hint;   ///< a `dt` in metadata
    std::vector<std::string> notes;  ///< what a user should know

    [[nodiscard]] std::vector<std::size_t> sources_of(std::size_t node) const;
};

}  // namespace seamount::importer::nir
