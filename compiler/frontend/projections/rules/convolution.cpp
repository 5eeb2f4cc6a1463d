#include "compiler/frontend/projections/rules/convolution.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/value_forms.hpp"
#include "compiler/frontend/projections/rules/rule_table.hpp"
#include "compiler/frontend/rows/rule_rows.hpp"
#include "compiler/frontend/rows/topology/convolution_rows.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int64_t kMaxExtent = 4096;  ///< of a kernel, stride, padding or dilation

enum class Rule2d : std::uint8_t { kConv2d, kSumPool };

/// Which of a feature map's axes comes first.
enum class Layout : std::uint8_t { kChannelsFirst, kChannelsLast };
constexpr auto kLayoutNames = name_table<Layout>({
    {Layout::kChannelsFirst, "chw"},
    {Layout::kChannelsLast, "hwc"},
});

/// How a kernel lies on the map.
enum class KernelMode : std::uint8_t { kAsGiven, kFlipped };
constexpr auto kKernelModeNames = name_table<KernelMode>({
    {KernelMode::kAsGiven, "cross_correlation"},
    {KernelMode::kFlipped, "convolution"},
});

/// A number for both axes, or [y, x].
void read_pair(const YamlNode& projection, const std::string& key, std::int64_t least,
               Convolution::Pair& pair) {
    const YamlNode node = projection[key];
    if (!node) return;
    if (node.is_scalar()) {
        if (const auto both = node.integer(key, least, kMaxExtent)) {
            pair.fill(static_cast<std::uint32_t>(*both));
        }
        return;
    }
    const auto items = node.items();
    if (items.size() != 2) {
        node.error("YML-TYPE", fmt::format("'{}' must be a number or a list [y, x]", key));
        return;
    }
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const auto value =
            items[axis].integer(axis == 0 ? key + " y" : key + " x", least, kMaxExtent);
        if (value) pair[axis] = static_cast<std::uint32_t>(*value);
    }
}

/// A shape of two numbers is one feature map.
std::optional<MapShape> map_of(const std::vector<std::uint32_t>& shape, bool channels_last) {
    if (shape.size() == 2) return MapShape{1, shape[0], shape[1], channels_last};
    if (shape.size() != 3) return std::nullopt;
    if (channels_last) return MapShape{shape[2], shape[0], shape[1], true};
    return MapShape{shape[0], shape[1], shape[2], false};
}

std::string text_of(const MapShape& map) {
    return map.channels_last ? fmt::format("[{}, {}, {}]", map.height, map.width, map.channels)
                             : fmt::format("[{}, {}, {}]", map.channels, map.height, map.width);
}

class Reader {
public:
    Reader(Rule2d rule, const RuleRequest& request)
        : context_{request.context}, node_{request.projection}, ends_{request.ends}, rule_{rule} {}

    std::uint64_t read(Projection& projection) {
        const std::size_t errors = context_.diagnostics.all().size();
        if (const YamlNode layout = node_["layout"]) {
            channels_last_ = layout.choice("layout", kLayoutNames) == Layout::kChannelsLast;
        }
        const bool ends_known = read_maps();
        read_weights(ends_known);
        read_pair(node_, "stride", 1, g_.stride);
        read_pair(node_, "padding", 0, g_.padding);
        read_pair(node_, "dilation", 1, g_.dilation);
        std::uint32_t delay = 0;
        double scale = 1.0;
        take_steps(context_, node_["delay"], "delay");
        node_.read("delay", delay, 0, isa::kMaxDelay);
        read_scale(context_, node_, scale);
        projection.share = true;
        for (const std::string& key : target_keys()) {
            if (const YamlNode other = node_[key]) {
                other.error("NET-RULE",
                            fmt::format("'{}' has no meaning with rule {}", key, name()));
            }
        }
        if (!ends_known || context_.diagnostics.all().size() != errors) return 0;
        if (!fits_target()) return 0;
        for (double& weight : weights_) weight *= scale;
        auto geometry = std::make_shared<const Convolution>(g_);
        auto rows = std::make_shared<const ConvolutionRows>(geometry, std::move(weights_), delay);
        projection.convolution = std::move(geometry);
        const std::uint64_t synapses = rows->synapses();
        projection.rows = std::move(rows);
        return synapses;
    }

private:
    [[nodiscard]] const char* name() const {
        return rule_ == Rule2d::kConv2d ? kConv2dRule.name : kSumPoolRule.name;
    }
    void kernel_error(const YamlNode& at, const std::string& message, const std::string& hint) {
        at.error("NET-KERNEL", message, hint);
    }

    bool read_maps() {
        if (ends_.sources == 0 || ends_.targets == 0) return false;
        const auto in = map_of(ends_.source_shape, channels_last_);
        const auto out = map_of(ends_.target_shape, channels_last_);
        if (in && out) {
            g_.in = *in;
            g_.out = *out;
            return true;
        }
        kernel_error(
            node_,
            fmt::format("{} needs feature maps at both ends; the shapes are [{}] and [{}]", name(),
                        fmt::join(ends_.source_shape, ", "), fmt::join(ends_.target_shape, ", ")),
            channels_last_ ? "give shape: [height, width, channels] or [height, width]"
                           : "give shape: [channels, height, width] or [height, width]");
        return false;
    }

    void read_weights(bool ends_known) {
        if (rule_ == Rule2d::kSumPool) return read_pool(ends_known);
        if (const YamlNode weights = node_["weights"]) {
            weights.error("NET-RULE", "'weights' has no meaning with rule conv2d",
                          "its weights are the kernel");
        }
        bool flipped = false;
        if (const YamlNode mode = node_["mode"]) {
            flipped = mode.choice("mode", kKernelModeNames) == KernelMode::kFlipped;
        }
        node_.read("groups", g_.groups, 1, kMaxSize);
        const YamlNode kernel = node_.require("kernel");
        if (!kernel || !expect_map(kernel, "kernel")) return;
        std::vector<std::uint64_t> shape;
        std::vector<double> values;
        if (const YamlNode inline_values = kernel["values"]) {
            if (!read_nested(inline_values, 0, shape, values)) return;
            kernel.finish();
        } else {
            const auto array = context_.data.read(kernel);
            if (!array) return;
            shape = array->shape();
            values.reserve(array->count());
            array->scan([&](std::uint64_t i) {
                values.push_back(array->number(i));
                return true;
            });
        }
        take_kernel(kernel, shape, values, flipped, ends_known);
    }

    /// Numbers of nested lists, all of the same depth and length.
    bool read_nested(const YamlNode& node, std::size_t depth, std::vector<std::uint64_t>& shape,
                     std::vector<double>& values) {
        if (node.is_scalar()) {
            const auto value = node.number("kernel", -kMaxWeight, kMaxWeight);
            if (value && depth != shape.size()) {
                kernel_error(node, "the lists of the kernel differ in depth",
                             "give [[[[row], ...]]]: output channel, input channel, y, x");
                return false;
            }
            if (value) values.push_back(*value);
            return value.has_value();
        }
        const auto items = node.items();
        if (depth == shape.size() && values.empty()) shape.push_back(items.size());
        if (depth >= shape.size() || items.empty() || shape[depth] != items.size()) {
            kernel_error(node, "the lists of the kernel differ in length or depth",
                         "give [[[[row], ...]]]: output channel, input channel, y, x");
            return false;
        }
        for (const YamlNode& item : items) {
            if (!read_nested(item, depth + 1, shape, values)) return false;
        }
        return true;
    }

    void take_kernel(const YamlNode& node, const std::vector<std::uint64_t>& shape,
                     const std::vector<double>& values, bool flipped, bool ends_known) {
        const char* const order =
            "a kernel has shape (output channels, input channels / groups, "
            "height, width)";
        if (shape.size() != 4) {
            kernel_error(node, fmt::format("the kernel has shape ({})", fmt::join(shape, ", ")),
                         order);
            return;
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (std::fabs(values[i]) <= kMaxWeight) continue;
            node.error("NET-VALUE",
                       fmt::format("element {} of the kernel is {}, must be in [{}, {}]", i,
                                   values[i], -kMaxWeight, kMaxWeight));
            return;
        }
        if (!ends_known) return;
        if (g_.in.channels % g_.groups != 0 || g_.out.channels % g_.groups != 0) {
            kernel_error(
                node_["groups"],
                fmt::format("'groups' is {}, must divide the {} input and {} output channels",
                            g_.groups, g_.in.channels, g_.out.channels),
                "");
            return;
        }
        if (shape[0] != g_.out.channels || shape[1] != g_.inputs_per_group() ||
            shape[2] > kMaxExtent || shape[3] > kMaxExtent) {
            kernel_error(
                node,
                fmt::format("the kernel has shape ({}), must be ({}, {}, height, width): "
                            "from {} to {} channels in {} group{}",
                            fmt::join(shape, ", "), g_.out.channels, g_.inputs_per_group(),
                            g_.in.channels, g_.out.channels, g_.groups, g_.groups == 1 ? "" : "s"),
                order);
            return;
        }
        g_.kernel = {static_cast<std::uint32_t>(shape[2]), static_cast<std::uint32_t>(shape[3])};
        weights_ = values;
        if (!flipped) return;
        const std::size_t taps = std::size_t{g_.kernel[0]} * g_.kernel[1];
        for (std::size_t first = 0; first < weights_.size(); first += taps) {
            const auto begin = weights_.begin() + static_cast<std::ptrdiff_t>(first);
            std::reverse(begin, begin + static_cast<std::ptrdiff_t>(taps));
        }
    }

    void read_pool(bool ends_known) {
        for (const char* key : {"mode", "groups"}) {
            if (const YamlNode other = node_[key]) {
                other.error("NET-RULE", fmt::format("'{}' has no meaning with rule sum_pool", key));
            }
        }
        double weight = 1.0;
        node_.read("weights", weight);
        if (!node_.require("kernel")) return;
        read_pair(node_, "kernel", 1, g_.kernel);
        g_.stride = g_.kernel;
        if (!ends_known) return;
        if (g_.in.channels != g_.out.channels) {
            kernel_error(
                node_,
                fmt::format("sum_pool from {} to {} channels", g_.in.channels, g_.out.channels),
                "a pool keeps the number of channels");
            return;
        }
        const std::uint64_t weights = std::uint64_t{g_.in.channels} * g_.kernel[0] * g_.kernel[1];
        if (weights > kMaxSize) {
            kernel_error(node_["kernel"],
                         fmt::format("{} channels of {} x {} are {} weights, must be at most {}",
                                     g_.in.channels, g_.kernel[0], g_.kernel[1], weights, kMaxSize),
                         "");
            return;
        }
        g_.groups = g_.in.channels;
        weights_.assign(g_.weights(), weight);
    }

    bool fits_target() {
        const std::uint32_t height = g_.extent(0);
        const std::uint32_t width = g_.extent(1);
        if (height == g_.out.height && width == g_.out.width) return true;
        MapShape needed = g_.out;
        needed.height = height;
        needed.width = width;
        const bool empty = height == 0 || width == 0;
        kernel_error(
            node_["to"],
            empty ? fmt::format("the kernel of {} x {} is larger than the padded input {}",
                                g_.kernel[0], g_.kernel[1], text_of(g_.in))
                  : fmt::format("the target has shape {}, the {} gives {}", text_of(g_.out), name(),
                                text_of(needed)),
            empty ? "use a smaller kernel or dilation, or more padding"
                  : "out = (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1, rounded "
                    "down");
        return false;
    }

    Context& context_;
    const YamlNode& node_;
    const ProjectionEnds& ends_;
    Rule2d rule_;
    bool channels_last_ = false;
    Convolution g_;
    std::vector<double> weights_;
};

yaml::Form make_kernel_form() {
    yaml::Form form{"kernel", "Weights (output channels, input channels / groups, height, width)."};
    const auto row = yaml::list({yaml::number(-kMaxWeight, kMaxWeight)}, 1);
    form.key("values", yaml::list({yaml::list({yaml::list({row}, 1)}, 1)}, 1),
             "lists of lists of lists of rows");
    form.keys_of(data_form());
    return form;
}

/// A number for both axes, or [y, x].
yaml::Key& add_pair(yaml::Form& form, const char* key, std::int64_t least, const char* meaning) {
    const auto length = yaml::integer(least, kMaxExtent);
    return form.key(key, length, meaning).or_else(yaml::list({length}, 2, 2));
}

yaml::Form make_convolution_keys() {
    static const yaml::Form kernel = make_kernel_form();
    yaml::Form form{"convolution", ""};
    add_pair(form, "kernel", 1, "the weights; of sum_pool: the size of a window")
        .or_else(yaml::map(kernel));
    add_pair(form, "stride", 1, "between two places").by_default("(1; of sum_pool: the kernel)");
    add_pair(form, "padding", 0, "silent sources around the map").by_default("0");
    add_pair(form, "dilation", 1, "between two taps of the kernel").by_default("1");
    form.key("groups", yaml::integer(1, kMaxSize), "of channels; not of sum_pool").by_default("1");
    form.key("mode", yaml::choice(kKernelModeNames), "how the kernel lies; not of sum_pool")
        .by_default("cross_correlation");
    form.key("layout", yaml::choice(kLayoutNames), "which axis of the shapes is the channel's")
        .by_default("chw");
    return form;
}

}  // namespace

const yaml::Form& convolution_keys() {
    static const yaml::Form form = make_convolution_keys();
    return form;
}

std::uint64_t read_conv2d(const RuleRequest& request, Projection& projection) {
    return Reader{Rule2d::kConv2d, request}.read(projection);
}

std::uint64_t read_sum_pool(const RuleRequest& request, Projection& projection) {
    return Reader{Rule2d::kSumPool, request}.read(projection);
}

}  // namespace seamount::compiler::frontend
