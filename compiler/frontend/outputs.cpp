#include "compiler/frontend/outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/units.hpp"
#include "isa/microcode/program.hpp"
#include "isa/probe/text/probe_text.hpp"

namespace seamount::compiler::frontend {

namespace {

std::vector<std::string> recordable(const isa::Program& program) {
    std::vector<std::string> names;
    for (const isa::WordDecl& state : program.states) names.push_back(state.name);
    for (const isa::ViewDecl& view : program.views) names.push_back(view.name);
    for (const std::string& accumulator : program.accumulators) names.push_back(accumulator);
    if (!isa::writes_traces(program.words)) return names;
    for (int y = 0; y < isa::kTraceRegisters; ++y) names.push_back(fmt::format("y{}", y));
    return names;
}

/// The items of a list, or the one that stands for it; a finding if it is empty or names something
/// twice.
std::vector<YamlNode> read_list(const YamlNode& list, const std::string& key) {
    auto items = list.is_sequence() ? list.items() : std::vector<YamlNode>{list};
    if (items.empty()) list.error("NET-PROBE", fmt::format("'{}' is empty", key));
    std::set<std::string> seen;
    std::erase_if(items, [&](const YamlNode& item) {
        if (!item.is_scalar() || seen.insert(item.text()).second) return false;
        item.error("NET-PROBE", fmt::format("'{}' is listed twice", item.text()));
        return true;
    });
    return items;
}

/// The words that a probe records; checked if the program is known.
std::vector<std::string> read_record(const YamlNode& record, const isa::Program* program) {
    std::vector<std::string> words;
    for (const YamlNode& item : read_list(record, "record")) {
        const std::string name = item.text();
        if (program == nullptr || !item.is_scalar()) continue;
        const auto known = recordable(*program);
        if (std::find(known.begin(), known.end(), name) != known.end()) {
            words.push_back(name);
            continue;
        }
        item.error("NET-NAME",
                   fmt::format("neuron '{}' has no state word, view or accumulator '{}'",
                               program->name, name),
                   name == "spikes" ? "spikes are always recorded" : suggest(name, known));
    }
    return words;
}

/// The listed neurons; none if there is no list, which means all.
std::vector<std::uint32_t> read_neurons(const YamlNode& neurons, std::uint32_t size) {
    std::vector<std::uint32_t> indices;
    if (!neurons || !expect_sequence(neurons, "neurons")) return indices;
    const std::int64_t last = size == 0 ? std::int64_t{kMaxSize} : std::int64_t{size} - 1;
    std::set<std::int64_t> seen;
    const auto items = neurons.items();
    if (items.empty()) neurons.error("NET-PROBE", "'neurons' is empty");
    for (const YamlNode& item : items) {
        const auto index = item.integer("neurons", 0, last);
        if (!index) continue;
        if (!seen.insert(*index).second) {
            item.error("NET-PROBE", fmt::format("neuron {} is listed twice", *index));
        }
        indices.push_back(static_cast<std::uint32_t>(*index));
    }
    return indices;
}

/// `from`, `to` and `when` of a probe.
isa::ProbeWindow read_window(Context& context, const YamlNode& node) {
    isa::ProbeWindow window;
    take_steps(context, node["from"], "from");
    take_steps(context, node["to"], "to");
    node.read("from", window.first);
    if (node.read("to", window.end) && window.end <= window.first) {
        node["to"].error("NET-PROBE", fmt::format("'to' is {}, must be above 'from', {}",
                                                  window.end, window.first));
    }
    const YamlNode when = node["when"];
    if (!when) return window;
    const std::string text = when.text();
    if (text.empty() && context.diagnostics.has_errors()) return window;
    try {
        const isa::NamedSlice named = isa::read_trigger(text);
        std::vector<std::string> known;
        std::uint32_t size = 0;
        for (std::uint32_t i = 0; i < context.network.populations.size(); ++i) {
            known.push_back(context.network.populations[i].name);
            if (known.back() != named.name) continue;
            window.when = isa::ProbeWindow::When::kPopulation;
            window.index = i;
            size = context.network.populations[i].size;
        }
        for (std::uint32_t i = 0; i < context.network.inputs.size(); ++i) {
            known.push_back(context.network.inputs[i].image.name);
            if (known.back() != named.name) continue;
            window.when = isa::ProbeWindow::When::kInput;
            window.index = i;
            size = context.network.inputs[i].image.size;
        }
        if (window.when == isa::ProbeWindow::When::kAlways) {
            if (!context.diagnostics.has_errors()) {
                when.error("NET-NAME",
                           fmt::format("there is no population or input '{}'", named.name),
                           suggest(named.name, known));
            }
        } else if (!named.slice.empty() && size != 0) {
            window.members = isa::indices_of(named.slice, size, named.slice_at);
            std::sort(window.members.begin(), window.members.end());
        }
    } catch (const isa::ProbeTextError& error) {
        when.error("NET-PROBE", error.what(), error.hint);
    }
    return window;
}

/// Neurons counted within a part become those of the population; no list means all of the part.
void take_of(const Part& part, std::vector<std::uint32_t>& neurons) {
    if (neurons.empty()) {
        neurons = part.indices;
        return;
    }
    for (std::uint32_t& neuron : neurons) neuron = part.indices.at(neuron);
}

/// Two probes of one word would write its values twice: in all steps of both, which is a mistake,
/// or in some, which whoever reads the record should know.
void report_twice(const YamlNode& node, isa::SameRows same, const std::string& what,
                  const std::string& hint) {
    if (same == isa::SameRows::kAll) {
        node.error("NET-PROBE", isa::twice_text(same, what), hint);
    } else if (same == isa::SameRows::kSome) {
        node.warning("NET-PROBE", isa::twice_text(same, what), hint);
    }
}

/// The one of several probes that writes most of another one's rows.
struct Twice {
    isa::SameRows same = isa::SameRows::kNone;
    std::size_t index = 0;
};

/// `same_rows_as(i)` is isa::SameRows of the i-th of `count`.
template <class Compare>
Twice find_twice(std::size_t count, const Compare& same_rows_as) {
    Twice most;
    for (std::size_t i = 0; i < count && most.same != isa::SameRows::kAll; ++i) {
        const isa::SameRows same = same_rows_as(i);
        if (same > most.same) most = Twice{same, i};
    }
    return most;
}

void report_if_probed(const Context& context, const YamlNode& node, const isa::ProbeImage& probe) {
    const std::vector<isa::ProbeImage>& others = context.network.probes;
    const Twice twice =
        find_twice(others.size(), [&](std::size_t i) { return isa::same_rows(others[i], probe); });
    if (twice.same == isa::SameRows::kNone) return;
    report_twice(node, twice.same,
                 fmt::format("'{}' of population '{}'", probe.variable,
                             context.network.populations[probe.population].name),
                 fmt::format("it stands at line {}", others[twice.index].where.line));
}

/// The same of a probe of cores.
void report_if_probed(const Context& context, const YamlNode& node,
                      const isa::CoreProbeImage& probe) {
    const std::vector<isa::CoreProbeImage>& others = context.network.core_probes;
    const Twice twice =
        find_twice(others.size(), [&](std::size_t i) { return isa::same_rows(others[i], probe); });
    if (twice.same == isa::SameRows::kNone) return;
    report_twice(
        node, twice.same, fmt::format("'{}' of such a core", probe.variable),
        fmt::format("it stands at line {}", context.network.core_probe_places[twice.index].line));
}

/// The same of a probe of what the projection with this name learns.
void report_if_probed(const Context& context, const YamlNode& node,
                      const isa::WeightProbeImage& probe, const isa::ProbeWindow& window,
                      const std::string& projection) {
    const std::vector<isa::WeightProbeImage>& others = context.network.learning.probes;
    const std::vector<isa::ProbeWindow>& windows = context.network.weight_windows;
    const Twice twice = find_twice(others.size(), [&](std::size_t i) {
        if (others[i].entry != probe.entry || others[i].bins != probe.bins) {
            return isa::SameRows::kNone;
        }
        const isa::ProbeWindow other = i < windows.size() ? windows[i] : isa::ProbeWindow{};
        return isa::same_rows(others[i].every, other, probe.every, window);
    });
    report_twice(node, twice.same, fmt::format("the weights of '{}'", projection), {});
}

/// Whether an error is among the findings since there were `before` of them. A probe with one is
/// left out: what it records and when is not what its author meant, so neither it nor a later
/// probe is said to repeat another one.
bool has_failed_since(const Context& context, std::size_t before) {
    const std::vector<Diagnostic>& found = context.diagnostics.all();
    return std::any_of(
        found.begin() + static_cast<std::ptrdiff_t>(before), found.end(),
        [](const Diagnostic& finding) { return finding.severity == Severity::kError; });
}

/// A probe of the synapses of a projection that learns.
void read_weight_probe(Context& context, const YamlNode& node) {
    const std::size_t before = context.diagnostics.all().size();
    const YamlNode name = node["weights"];
    isa::WeightProbeImage probe;
    take_steps(context, node["every"], "every");
    node.read("every", probe.every);
    node.read("histogram", probe.bins);
    isa::ProbeWindow window = read_window(context, node);
    node.finish();
    std::vector<std::string> known;
    for (const Projection& projection : context.network.projections) {
        if (!projection.learning_rule) continue;
        if (projection.name == name.text()) {
            if (has_failed_since(context, before)) return;
            probe.entry = static_cast<std::uint32_t>(known.size());
            report_if_probed(context, node, probe, window, projection.name);
            if (window != isa::ProbeWindow{}) {
                context.network.weight_windows.resize(context.network.learning.probes.size());
                context.network.weight_windows.push_back(std::move(window));
            }
            context.network.learning.probes.push_back(probe);
            return;
        }
        known.push_back(projection.name);
    }
    if (context.diagnostics.has_errors()) return;  // the projection may be one of those left out
    name.error("NET-NAME", fmt::format("there is no projection '{}' that learns", name.text()),
               suggest(name.text(), known));
}

/// A probe of cores: whether they are used is known when the network is mapped.
void read_core_probe(Context& context, const YamlNode& node) {
    const std::size_t before = context.diagnostics.all().size();
    const YamlNode cores = node["cores"];
    const YamlNode record = node.require("record");
    isa::CoreProbeImage probe;
    take_steps(context, node["every"], "every");
    node.read("every", probe.every);
    probe.window = read_window(context, node);
    node.finish();
    if (cores.is_sequence()) {
        for (const YamlNode& item : read_list(cores, "cores")) {
            const auto core = item.integer("cores", 0, kMaxProbedCore);
            if (core) probe.cores.push_back(static_cast<std::uint32_t>(*core));
        }
    } else {
        (void)cores.choice("cores", std::vector<std::string>{"all"});
    }
    if (!record) return;
    std::vector<isa::CoreWord> words;
    for (const YamlNode& item : read_list(record, "record")) {
        const auto word = item.choice("record", isa::kCoreWordNames);
        if (word) words.push_back(*word);
    }
    if (has_failed_since(context, before)) return;
    for (const isa::CoreWord word : words) {
        probe.variable = name_of(isa::kCoreWordNames, word);
        report_if_probed(context, node, probe);
        context.network.core_probes.push_back(probe);
        context.network.core_probe_places.push_back(cores.where());
    }
}

void read_probe(Context& context, const YamlNode& node) {
    if (node["weights"]) return read_weight_probe(context, node);
    if (node["cores"]) return read_core_probe(context, node);
    const std::size_t before = context.diagnostics.all().size();
    const YamlNode where = node.require("population");
    const YamlNode record = node.require("record");
    const YamlNode neurons = node["neurons"];
    isa::ProbeImage probe;
    probe.where = node.where();
    take_steps(context, node["every"], "every");
    node.read("every", probe.every);
    probe.window = read_window(context, node);
    node.finish();
    const auto end = where ? find_population_end(context, where) : std::nullopt;
    const Population* population = end ? &context.network.populations[end->source.index] : nullptr;
    const auto words = record
                           ? read_record(record, population ? population->program.get() : nullptr)
                           : std::vector<std::string>{};
    probe.population = end ? end->source.index : 0;
    const Part* const part = end ? end->part.get() : nullptr;
    std::uint32_t size = population != nullptr ? population->size : 0;
    if (part != nullptr) size = static_cast<std::uint32_t>(part->indices.size());
    probe.neurons = read_neurons(neurons, size);
    if (has_failed_since(context, before)) return;
    if (part != nullptr) take_of(*part, probe.neurons);
    for (const std::string& word : words) {
        probe.variable = word;
        if (end) report_if_probed(context, node, probe);
        context.network.probes.push_back(probe);
    }
}

}  // namespace

void read_probes(Context& context, const YamlNode& root) {
    const YamlNode probes = root["probes"];
    if (!probes || !expect_sequence(probes, "probes")) return;
    for (const YamlNode& node : probes.items()) {
        if (expect_map(node, "probe")) read_probe(context, node);
    }
}

}  // namespace seamount::compiler::frontend
