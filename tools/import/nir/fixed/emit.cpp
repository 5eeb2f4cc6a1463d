#include "tools/import/nir/fixed/emit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "tools/import/nir/fixed/program.hpp"

namespace seamount::importer::nir {
namespace {

constexpr int kPayloadBits = 24;  ///< of values

/// Feature maps have a shape, for the windows at either end; else only the number counts.
Shape map_shape(const Shape& shape) {
    if (shape.size() == 2) return {shape[0], 1, shape[1]};
    // A batch of one in front.
    const auto first = shape.size() <= 3 ? 0 : static_cast<std::ptrdiff_t>(shape.size()) - 3;
    const bool is_batch = std::all_of(shape.begin(), shape.begin() + first,
                                      [](std::uint64_t extent) { return extent == 1; });
    return is_batch ? Shape{shape.begin() + first, shape.end()} : shape;
}

Setting extent_of(const Shape& shape) {
    const Shape map = map_shape(shape);
    return map.size() == 3 ? Setting{"shape", list_text(map)}
                           : Setting{"size", std::to_string(elements(shape))};
}

/// One number, or the least and the largest.
std::string scale_text(const std::vector<double>& scale) {
    const auto [least, most] = std::minmax_element(scale.begin(), scale.end());
    return *least == *most ? fmt::format("{:.6g}", *least)
                           : fmt::format("{:.6g} to {:.6g}", *least, *most);
}

std::string pair_text(const Window::Pair& pair) {
    return pair[0] == pair[1] ? std::to_string(pair[0]) : list_text({pair[0], pair[1]});
}

class Writer {
public:
    Writer(const Model& model, const Fixed& fixed, NetworkText& network)
        : model_{model}, fixed_{fixed}, network_{network} {}

    void populations();
    void link(std::size_t index);

private:
    [[nodiscard]] const Shape& source_shape(const Link& link) const {
        return link.from_input ? model_.inputs[link.from].shape
                               : model_.populations[link.from].shape;
    }
    void project(const Link& link, const StoredWeights& part, const std::string& name,
                 std::vector<Setting> settings);
    void convolve(const Convolved& window, const Link& link, const std::string& name,
                  std::vector<Setting>& settings);
    void list(const Link& link, const LinearMap& map, const std::string& name,
              std::vector<Setting>& settings);
    static void add_delay(std::uint32_t delay, std::vector<Setting>& settings) {
        if (delay != 0) settings.push_back({"delay", std::to_string(delay)});
    }

    const Model& model_;
    const Fixed& fixed_;
    NetworkText& network_;
    Names names_;
};

void Writer::populations() {
    for (const HostInput& input : model_.inputs) {
        network_.input(input.name,
                       "bind spikes with: seamount run ... --input " + input.name + "=FILE",
                       {extent_of(input.shape), {"spikes", "[]"}});
    }
    for (std::size_t i = 0; i < model_.populations.size(); ++i) {
        const Population& p = model_.populations[i];
        const FixedPopulation& fixed = fixed_.populations[i];
        std::vector<Setting> params;
        for (const Argument& argument : fixed.arguments) {
            params.push_back(
                {argument.name, network_.values(p.name + "_" + argument.name, argument.values)});
        }
        const std::string what{p.kind == Kind::kOutput ? "what leads to Output"
                                                       : name_of(kKindNames, p.kind)};
        network_.population(p.name,
                            fmt::format("{} {}; 1 of the file is {} of v; lags {} steps", what,
                                        quoted_text(p.node), scale_text(fixed.scale), p.level),
                            {{"neuron", fixed.program->name}, extent_of(p.shape)},
                            std::move(params));
    }
}

void Writer::convolve(const Convolved& window, const Link& link, const std::string& name,
                      std::vector<Setting>& settings) {
    const Window& w = window.window;
    settings.push_back({"rule", "conv2d"});
    if (w.stride != Window::Pair{1, 1}) settings.push_back({"stride", pair_text(w.stride)});
    if (w.padding != Window::Pair{0, 0}) settings.push_back({"padding", pair_text(w.padding)});
    if (w.dilation != Window::Pair{1, 1}) settings.push_back({"dilation", pair_text(w.dilation)});
    if (w.groups != 1) settings.push_back({"groups", std::to_string(w.groups)});
    add_delay(link.delay + window.delay, settings);
    settings.push_back({"kernel", network_.keep({name,
                                                 {window.out[0], window.in[0] / w.groups,
                                                  w.kernel[0], w.kernel[1]},
                                                 window.kernel})});
}

void Writer::list(const Link& link, const LinearMap& map, const std::string& name,
                  std::vector<Setting>& settings) {
    const std::vector<Synapse> entries = entries_of(map);
    const bool has_delays = std::any_of(entries.begin(), entries.end(), [&](const Synapse& one) {
        return one.delay != entries.front().delay;
    });
    NamedArray edges{name, {entries.size(), has_delays ? 4U : 3U}, {}};
    for (const Synapse& one : entries) {
        edges.values.insert(edges.values.end(),
                            {double(one.source), double(one.target), one.weight});
        if (has_delays) edges.values.push_back(one.delay + link.delay);
    }
    settings.push_back({"rule", "list"});
    if (!has_delays && !entries.empty()) add_delay(link.delay + entries.front().delay, settings);
    settings.push_back({"edges", network_.keep(std::move(edges))});
}

void Writer::project(const Link& link, const StoredWeights& part, const std::string& name,
                     std::vector<Setting> settings) {
    const Population& target = model_.populations[link.to];
    const LinearMap& map = part.map;
    if (const auto* const each = std::get_if<Elementwise>(&map.form)) {
        settings.push_back({"rule", "one_to_one"});
        if (each->delay.size() == 1) {
            add_delay(link.delay + each->delay.front(), settings);
        } else {
            std::vector<double> delays;
            for (const std::uint32_t d : each->delay) delays.push_back(d + link.delay);
            settings.push_back({"delay", network_.values(name + "_delay", delays)});
        }
        settings.push_back({"weights", network_.values(name, each->weight)});
    } else if (const auto* const window = std::get_if<Convolved>(&map.form);
               window != nullptr && map_shape(source_shape(link)) == window->in &&
               map_shape(target.shape) == window->out) {
        convolve(*window, link, name, settings);
    } else if (const auto* const dense = std::get_if<Dense>(&map.form)) {
        settings.push_back({"rule", "all_to_all"});
        add_delay(link.delay + dense->delay, settings);
        const bool equal = std::all_of(dense->weight.begin(), dense->weight.end(),
                                       [&](double w) { return w == dense->weight.front(); });
        settings.push_back(
            {"weights", equal ? number_text(dense->weight.front())
                              : network_.keep({name, {map.outputs, map.inputs}, dense->weight})});
    } else {
        if (entries_of(map).empty()) return;
        list(link, map, name, settings);
    }
    std::string comment = link.is_recurrent ? "recurrent" : "";
    if (!link.through.empty()) {
        std::string nodes;
        for (const std::string& one : link.through) {
            nodes += (nodes.empty() ? "" : ", ") + quoted_text(one);
        }
        comment += (comment.empty() ? "through " : "; through ") + nodes;
    }
    network_.projection(comment, std::move(settings));
}

void Writer::link(std::size_t index) {
    const Link& link = model_.links[index];
    const std::string from =
        link.from_input ? model_.inputs[link.from].name : model_.populations[link.from].name;
    const std::string to = model_.populations[link.to].name;
    const StoredLink& stored = fixed_.links[index];
    for (std::size_t part = 0; part < stored.parts.size(); ++part) {
        const std::string name =
            names_.unique(fmt::format("{}_to_{}{}", from, to, part == 0 ? "" : "_rest"));
        std::vector<Setting> settings{{"from", from}, {"to", to}, {"name", name}};
        settings.push_back({"sign", stored.parts[part].sign});
        if (stored.parts[part].exponent != 0) {
            settings.push_back({"exponent", std::to_string(stored.parts[part].exponent)});
        }
        if (!link.from_input && model_.populations[link.from].output != Output::kSpikes) {
            settings.push_back({"graded", "true"});
            settings.push_back({"payload_bits", std::to_string(kPayloadBits)});
        }
        project(link, stored.parts[part], name, std::move(settings));
    }
}

}  // namespace

void give_names(Model& model) {
    Names names;
    const auto give = [&](std::string& name, const std::string& node) {
        name = names.unique(node);
        if (name != node) model.notes.push_back(fmt::format("node {} is called {}", node, name));
    };
    for (HostInput& input : model.inputs) give(input.name, input.node);
    for (Population& p : model.populations) give(p.name, p.node);
}

void write(const Model& model, const Fixed& fixed, NetworkText& network) {
    Writer writer{model, fixed, network};
    writer.populations();
    for (std::size_t i = 0; i < model.links.size(); ++i) writer.link(i);
}

}  // namespace seamount::importer::nir
