#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "tools/import/nir/fold/levels.hpp"
#include "tools/import/nir/fold/model.hpp"
#include "tools/import/nir/fold/neurons.hpp"

namespace seamount::importer::nir {
namespace {

constexpr std::size_t kMaxPaths = 4096;  ///< between neurons, in all
constexpr std::uint32_t kMaxDelay = 62;  ///< steps; of Loihi 1, the shortest of its family
constexpr double kWholeDelay = 1e-3;     ///< of a step: what counts as rounding of the file

bool has_time(Kind kind) {
    return kind == Kind::kLI || kind == Kind::kLIF || kind == Kind::kCubaLI ||
           kind == Kind::kCubaLIF || kind == Kind::kDelay;
}

/// (C, L) is a map of height 1.
Shape as_map(const Shape& shape) {
    return shape.size() == 2 ? Shape{shape[0], 1, shape[1]} : shape;
}

class Folder {
public:
    Folder(const Hdf5File& file, const Graph& graph, const NirOptions& options, Diagnostics& found)
        : file_{file}, graph_{graph}, options_{options}, found_{found} {}

    [[nodiscard]] Model fold();

private:
    void check_options();
    [[nodiscard]] LinearMap map_of(const Node& node);
    [[nodiscard]] LinearMap delays_of(const Node& node);
    /// What a linear node sends while all spikes are absent.
    [[nodiscard]] const std::vector<double>& at_rest(std::size_t node);
    [[nodiscard]] std::vector<double> sum_at_rest(std::size_t node);
    /// Follows edges back from `node` to neurons and inputs; `map` leads from it to population
    /// `to`.
    void trace(std::size_t node, const LinearMap& map, std::size_t to,
               std::vector<std::size_t>& path);
    void add_link(std::size_t node, const LinearMap& map, std::size_t to,
                  const std::vector<std::size_t>& path);
    void add_output(std::size_t node);
    void link_all();
    void check_links();

    const Hdf5File& file_;
    const Graph& graph_;
    const NirOptions& options_;
    Diagnostics& found_;
    Model model_;
    std::vector<std::vector<std::size_t>> sources_;
    std::vector<std::optional<std::size_t>> place_;  ///< of a node among populations or inputs
    std::vector<std::optional<std::vector<double>>> at_rest_;
    std::vector<std::size_t> resting_;  ///< nodes whose value at rest is being found
    std::vector<std::pair<std::size_t, std::size_t>> targets_;  ///< population and its node
};

void Folder::check_options() {
    const bool spikes = std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [](const Node& node) {
        return is_neuron(node.kind) && !sends_values(node.kind) && node.kind != Kind::kThreshold;
    });
    if (spikes && !options_.reset) {
        model_.notes.emplace_back(
            "a spike sets v to v_reset (--reset zero); NIR cannot say if the tool that wrote the "
            "file subtracts the threshold: then use --reset subtract");
    }
    if (options_.reset == NirReset::kSubtract) {
        for (const Node& node : graph_.nodes) {
            const auto reset = node.fields.find("v_reset");
            if (reset == node.fields.end()) continue;
            const std::vector<double>& values = reset->second.values;
            if (std::all_of(values.begin(), values.end(), [](double v) { return v == 0; }))
                continue;
            model_.notes.push_back(
                fmt::format("node {}: v_reset is not used with --reset subtract", node.name));
        }
    }
    if (options_.dt) return;
    for (const Node& node : graph_.nodes) {
        if (!has_time(node.kind)) continue;
        found_.error("IMP-OPTION", file_.at(node.object),
                     fmt::format("'{}' has times in seconds, and the file does not say how long a "
                                 "step is",
                                 node.name),
                     graph_.dt_hint
                         ? fmt::format("give --dt SECONDS; its metadata say {}", *graph_.dt_hint)
                         : "give --dt SECONDS, as in training; the NIR paper uses 1e-4");
        return;
    }
}

LinearMap Folder::delays_of(const Node& node) {
    Elementwise each{{1.0}, {}};
    double worst = 0;
    for (const double seconds : node.parameter("delay")) {
        const double steps = seconds / options_.dt.value_or(1.0);
        if (steps > kMaxDelay + 0.5) {
            found_.error("IMP-VALUE", file_.at(node.object + "/delay"),
                         fmt::format("a delay of {} s is {:.6g} steps, must be at most {}", seconds,
                                     steps, kMaxDelay),
                         "use a larger --dt");
            each.delay = {0};
            break;
        }
        worst = std::max(worst, std::abs(steps - std::round(steps)));
        each.delay.push_back(static_cast<std::uint32_t>(std::lround(steps)));
    }
    if (worst > kWholeDelay) {
        model_.notes.push_back(
            fmt::format("node {}: delays are rounded to whole steps, by at most {:.3g} of a step",
                        node.name, worst));
    }
    const bool equal = std::all_of(each.delay.begin(), each.delay.end(),
                                   [&](std::uint32_t d) { return d == each.delay.front(); });
    if (equal) each.delay.resize(1);
    const std::uint64_t size = elements(*node.out);
    return {size, size, std::move(each)};
}

LinearMap Folder::map_of(const Node& node) {
    const std::uint64_t in = elements(*node.in);
    const std::uint64_t out = elements(*node.out);
    switch (node.kind) {
        case Kind::kAffine:
        case Kind::kLinear:
            return {in, out, Dense{node.field("weight").values}};
        case Kind::kConv1d:
        case Kind::kConv2d:
            return {in, out,
                    Convolved{as_map(*node.in), as_map(*node.out), node.window,
                              node.field("weight").values}};
        case Kind::kSumPool2d:
        case Kind::kAvgPool2d: {
            const std::uint64_t taps = node.window.kernel[0] * node.window.kernel[1];
            const double weight = node.kind == Kind::kSumPool2d ? 1.0 : 1.0 / double(taps);
            Window window = node.window;
            window.groups = (*node.in)[0];
            if (window.groups * taps > kMaxEntries) throw std::length_error{"too many weights"};
            return {in, out,
                    Convolved{*node.in, *node.out, window,
                              std::vector<double>(window.groups * taps, weight)}};
        }
        case Kind::kScale:
            return factors(out, node.parameter("scale"));
        case Kind::kDelay:
            return delays_of(node);
        default:
            return identity(out);
    }
}

std::vector<double> Folder::sum_at_rest(std::size_t node) {
    std::vector<double> sum(elements(*graph_.nodes[node].in));
    for (const std::size_t from : sources_[node]) {
        const std::vector<double>& part = at_rest(from);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
    }
    return sum;
}

const std::vector<double>& Folder::at_rest(std::size_t index) {
    const Node& node = graph_.nodes[index];
    if (at_rest_[index]) return *at_rest_[index];
    std::vector<double> value(elements(*node.out));
    const bool is_source = is_neuron(node.kind) || (node.kind == Kind::kInput && !node.is_port);
    const bool is_loop = std::find(resting_.begin(), resting_.end(), index) != resting_.end();
    if (is_loop && !found_.has_errors()) {
        std::vector<std::string> names;
        for (const std::size_t one : resting_) names.push_back(graph_.nodes[one].name);
        found_.error(
            "IMP-VALUE", file_.at(node.object),
            fmt::format("a loop without a neuron: {} -> {}", fmt::join(names, " <- "), node.name),
            "a loop needs a neuron that holds a value from one step to the next");
    }
    if (!is_source && !is_loop && !found_.has_errors()) {
        resting_.push_back(index);
        const std::vector<double> input = sum_at_rest(index);
        resting_.pop_back();
        if (std::any_of(input.begin(), input.end(), [](double x) { return x != 0; })) {
            value = image_of(map_of(node), input);
        }
        const auto bias = node.fields.find("bias");
        if (bias != node.fields.end()) {
            const std::vector<double>& given = bias->second.values;
            const std::uint64_t places = value.size() / (*node.out)[0];
            for (std::size_t i = 0; i < value.size(); ++i) {
                value[i] += given[given.size() == 1 ? 0 : i / places];
            }
        }
    }
    at_rest_[index] = std::move(value);
    return *at_rest_[index];
}

void Folder::add_link(std::size_t node, const LinearMap& map, std::size_t to,
                      const std::vector<std::size_t>& path) {
    Link link;
    link.from_input = graph_.nodes[node].kind == Kind::kInput;
    link.from = *place_[node];
    link.to = to;
    link.map = map;
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        if (!graph_.nodes[*step].is_port) link.through.push_back(graph_.nodes[*step].name);
    }
    model_.links.push_back(std::move(link));
}

void Folder::trace(std::size_t index, const LinearMap& map, std::size_t to,
                   std::vector<std::size_t>& path) {
    if (found_.has_errors()) return;
    const Node& node = graph_.nodes[index];
    if (place_[index]) return add_link(index, map, to, path);
    if (model_.links.size() >= kMaxPaths) {
        found_.error("IMP-VALUE", file_.at(node.object),
                     fmt::format("more than {} paths between neurons", kMaxPaths),
                     "sums of sums multiply paths; write them as one matrix");
        return;
    }
    path.push_back(index);
    const LinearMap longer =
        node.is_port || node.kind == Kind::kFlatten ? map : compose(map_of(node), map);
    for (const std::size_t from : sources_[index]) trace(from, longer, to, path);
    path.pop_back();
}

void Folder::add_output(std::size_t index) {
    const Node& output = graph_.nodes[index];
    // What only renames places on the way is no node.
    std::vector<std::size_t> ends = sources_[index];
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const Node* node = &graph_.nodes[ends[i]];
        std::size_t steps = 0;
        while ((node->is_port || node->kind == Kind::kFlatten) && sources_[ends[i]].size() == 1 &&
               ++steps < graph_.nodes.size()) {
            ends[i] = sources_[ends[i]].front();
            node = &graph_.nodes[ends[i]];
        }
    }
    if (ends.empty()) return;
    if (std::all_of(ends.begin(), ends.end(),
                    [&](std::size_t one) { return is_neuron(graph_.nodes[one].kind); })) {
        for (const std::size_t one : ends) {
            model_.outputs.push_back(
                fmt::format("{}={}", output.name, model_.populations[*place_[one]].node));
        }
        return;
    }
    const Node& last = graph_.nodes[ends.front()];
    if (!options_.graded) {
        found_.error(
            "IMP-OPTION", file_.at(last.object),
            fmt::format("the Output '{}' reads {} '{}' directly: values that are no spikes",
                        output.name, name_of(kKindNames, last.kind), last.name),
            "--graded imports it with a leaky integrator (li) that decays at once, whose "
            "voltage is the value; or end the graph with neurons");
        return;
    }
    place_[index] = model_.populations.size();
    model_.populations.push_back(relay_of(output, sum_at_rest(index)));
    targets_.emplace_back(*place_[index], index);
    model_.outputs.push_back(fmt::format("{}={}", output.name, output.name));
}

void Folder::link_all() {
    for (const auto& [population, node] : targets_) {
        const LinearMap gain =
            factors(model_.populations[population].size(), model_.populations[population].gain);
        std::vector<std::size_t> path;
        for (const std::size_t from : sources_[node]) trace(from, gain, population, path);
    }
}

void Folder::check_links() {
    for (Link& link : model_.links) {
        const Population& target = model_.populations[link.to];
        if (!link.from_input) {
            Population& source = model_.populations[link.from];
            if (source.output != Output::kSpikes) {
                source.output = Output::kValues;
                if (!options_.graded) {
                    found_.error(
                        "IMP-OPTION", file_.at(source.object),
                        fmt::format("{} '{}' sends values, not spikes, to '{}'",
                                    name_of(kKindNames, source.kind), source.node, target.node),
                        "needs graded payloads: --graded; or use a node that spikes (LIF, CubaLIF, "
                        "IF)");
                }
            }
        }
        const std::uint32_t delay = link.delay + link.map.longest_delay();
        if (delay <= kMaxDelay) continue;
        found_.error(
            "IMP-VALUE", file_.at(target.object),
            fmt::format("what leads to '{}' takes {} steps in all, must be at most {}", target.node,
                        delay, kMaxDelay),
            link.delay > kMaxDelay ? "paths of different lengths meet here" : "use a larger --dt");
    }
}

Model Folder::fold() {
    check_options();
    const std::size_t count = graph_.nodes.size();
    sources_.resize(count);
    for (const auto& [from, to] : graph_.edges) sources_[to].push_back(from);
    place_.resize(count);
    at_rest_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Node& node = graph_.nodes[i];
        if (node.kind == Kind::kInput && !node.is_port) {
            place_[i] = model_.inputs.size();
            model_.inputs.push_back({"", node.name, *node.out});
        } else if (is_neuron(node.kind)) {
            place_[i] = model_.populations.size();
            model_.populations.push_back(neurons_of(file_, node, sum_at_rest(i), options_, found_));
            targets_.emplace_back(*place_[i], i);
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (graph_.nodes[i].kind == Kind::kOutput && !graph_.nodes[i].is_port) add_output(i);
        if (!place_[i]) (void)at_rest(i);  // finds loops that lead nowhere
    }
    if (!found_.has_errors()) link_all();
    if (!found_.has_errors()) {
        align(model_, options_.like != NirLike::kLava);
        check_links();
        sort_by_level(model_);
    }
    return std::move(model_);
}

}  // namespace

Model fold(const Hdf5File& file, const Graph& graph, const NirOptions& options,
           Diagnostics& found) {
    try {
        return Folder{file, graph, options, found}.fold();
    } catch (const std::length_error&) {
        found.error(
            "IMP-VALUE", file.at("/node"),
            fmt::format("linear nodes in a row make a matrix of more than {} weights", kMaxEntries),
            "put neurons between them");
        return {};
    }
}

}  // namespace seamount::importer::nir
