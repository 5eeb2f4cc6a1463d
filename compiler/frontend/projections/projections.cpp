#include "compiler/frontend/projections/projections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/frontend/context/content.hpp"
#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/projections/edge_value_reader.hpp"
#include "compiler/frontend/projections/ends.hpp"
#include "compiler/frontend/projections/learned_values.hpp"
#include "compiler/frontend/projections/learning.hpp"
#include "compiler/frontend/projections/rules/rule_table.hpp"
#include "compiler/frontend/projections/tied.hpp"
#include "compiler/frontend/rows/rule_rows.hpp"
#include "isa/base/content_hash.hpp"
#include "isa/image/weights.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::compiler::frontend {

namespace {

/// Formulas are tried on this many synapses, so that most of their faults are found with all
/// others.
constexpr std::uint64_t kTriedSynapses = std::uint64_t{1} << 17U;
constexpr std::array<std::uint32_t, 7> kWeightBits{1, 2, 3, 4, 5, 6, 8};

void read_accumulator(const Context& context, const YamlNode& node, std::optional<std::uint32_t> to,
                      Projection& projection) {
    if (node.is_number() || !node.is_scalar()) {
        const auto number = node.integer("accumulator", 0, isa::kAccumulators - 1);
        if (number) projection.accumulator = static_cast<std::uint32_t>(*number);
        return;
    }
    if (!to || !context.network.populations[*to].program) return;
    const isa::Program& program = *context.network.populations[*to].program;
    const std::string name = node.text();
    const auto& names = program.accumulators;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        node.error("NET-NAME",
                   fmt::format("neuron '{}' has no accumulator '{}'", program.name, name),
                   suggest(name, names));
        return;
    }
    projection.accumulator = static_cast<std::uint32_t>(found - names.begin());
}

void read_format(const YamlNode& node, Projection& projection) {
    node.read("exponent", projection.exponent);
    if (node.read("bits", projection.bits) &&
        std::find(kWeightBits.begin(), kWeightBits.end(), projection.bits) == kWeightBits.end()) {
        node["bits"].error("NET-VALUE", fmt::format("'bits' is {}, must be one of {}",
                                                    projection.bits, fmt::join(kWeightBits, ", ")));
    }
    if (const YamlNode sign = node["sign"]) {
        const auto mode = sign.choice("sign", isa::kSignModeNames);
        if (mode) projection.sign_mode = *mode;
    }
    if (const YamlNode rounding = node["rounding"]) {
        const auto choice = rounding.choice("rounding", kWeightRoundingNames);
        if (choice) projection.rounding = *choice;
    }
}

/// Reports faults that only show when rows are made.
void try_rows(const Context& context, const RuleRows& rows, std::uint32_t sources) {
    std::vector<RawSynapse> row;
    std::uint64_t tried = 0;
    try {
        for (std::uint32_t i = 0; i < sources && tried < kTriedSynapses; ++i) {
            rows.row(i, row);
            tried += row.size() + 1;
        }
    } catch (const InputError& error) {
        context.diagnostics.add(error);
    }
}

std::size_t error_count(const Diagnostics& diagnostics) {
    const auto& all = diagnostics.all();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& d) { return d.severity == Severity::kError; }));
}

/// Where values stand: the formula, if there is one.
SourceLocation where_computed(const YamlNode& values) {
    const YamlNode formula = values["formula"];
    return (formula ? formula : values).where();
}

/// Rows of a rule that chooses targets; null: of one that there is not. Returns how many synapses
/// there are.
std::uint64_t read_rule_rows(const ProjectionRule* named, const RuleRequest& request,
                             Projection& projection) {
    auto& [context, node, ends] = request;
    const std::size_t errors = error_count(context.diagnostics);
    const RuleSpec rule = read_targets(named, request);
    RuleRows::Params params;
    params.name = projection.name;
    params.topology = rule.topology;
    const bool learned = says_learned(node["weights"]);
    params.weights = learned ? read_learned_weights(request, rule, projection)
                             : read_weights(context, node, rule, ends);
    params.delays = says_learned(node["delay"]) ? read_learned_delays(request, rule, projection)
                                                : read_delays(context, node, rule, ends);
    if (!learned) read_scale(context, node, params.scale);
    const YamlNode weights = node["weights"];
    params.weights_where = weights ? where_computed(weights) : node.where();
    if (const YamlNode delay = node["delay"]) params.delays_where = where_computed(delay);
    for (const std::string& key : row_keys()) {
        if (const YamlNode other = node[key]) {
            other.error("NET-RULE", fmt::format("'{}' has no meaning with this rule", key),
                        fmt::format("it belongs to {}", owners_of(key)));
        }
    }
    if (!params.topology || !params.weights || error_count(context.diagnostics) != errors) return 0;
    auto rows = std::make_shared<const RuleRows>(std::move(params));
    const std::uint64_t synapses = rows->synapses();
    if (synapses <= kMaxSynapses && rows->tries() > kMaxTries) {
        node.error("NET-SIZE",
                   fmt::format("the rule would look at {} pairs or random numbers, must be in "
                               "[0, {}]",
                               rows->tries(), kMaxTries),
                   "fixed_fan_out draws one for each synapse; a smaller 'radius' has fewer pairs");
        return 0;
    }
    if (synapses <= kMaxSynapses) try_rows(context, *rows, ends.sources);
    projection.rows = std::move(rows);
    return synapses;
}

/// A projection on a channel that its source never sends on is silent for ever.
void warn_of_silent_channel(const Context& context, const YamlNode& node,
                            const Projection& projection) {
    const Population& source = context.network.populations[projection.from.index];
    if (!source.program) return;
    const std::vector<std::uint32_t> channels = isa::spike_channels(source.program->words);
    if (std::find(channels.begin(), channels.end(), projection.channel) != channels.end()) return;
    const YamlNode given = node["channel"];
    (given ? given : node["from"])
        .warning("NET-CHANNEL",
                 fmt::format("neuron '{}' never sends on channel {}: '{}' carries no spikes",
                             source.program->name, projection.channel, projection.name),
                 channels.empty() ? "it never spikes at all (it has no spk instruction)"
                                  : fmt::format("it sends on {}", fmt::join(channels, ", ")));
}

void read_channel(const Context& context, const YamlNode& node, bool has_source,
                  Projection& projection) {
    const bool valid = node["channel"] ? node.read("channel", projection.channel) : true;
    if (!valid || !has_source) return;
    if (!projection.from.is_input) return warn_of_silent_channel(context, node, projection);
    if (projection.channel == 0) return;
    node["channel"].error("NET-RULE", "the spikes of an input have no channel",
                          "leave 'channel' out; it tells the spikes of a program apart (spk a, n)");
    projection.channel = 0;
}

/// After the learning rule: one of `graded` takes payloads too.
void read_payload_bits(const Context& context, const YamlNode& node, Projection& projection) {
    std::uint32_t bits = 0;
    if (!node.read("payload_bits", bits)) return;
    projection.payload_bits = bits;
    if (context.network.takes_payloads(projection)) return;
    node["payload_bits"].error("NET-RULE", "its synapses take no payloads",
                               "say graded: true, or leave 'payload_bits' out");
}

/// All of the file that decides the synapses of the origins, with the identifiers of both ends.
Content content_of(const Context& context, const YamlNode& node, const NamedEnds& named) {
    Content content;
    add_content(context.yaml, node, content);
    const ProjectionEnds& ends = named.ends;
    for (const auto& ids : {ends.ids.source, ends.ids.target}) {
        if (!ids) continue;
        content.text += ids->content.text;
        content.files.insert(content.files.end(), ids->content.files.begin(),
                             ids->content.files.end());
    }
    for (const Origin& each : named.origins) {
        if (named.origins.size() > 1) content.text += fmt::format("origin of {}\n", each.size);
        add_part(each.part, content);
    }
    add_part(ends.target_part, content);
    if (named.origins.size() == 1) return content;
    ContentHash hash;  // each of many origins has it all
    hash.add(content.text);
    content.text = fmt::format("origins {}, of them ", hash.digest());
    return content;
}

/// The projections that an entry makes: one from each of its origins.
struct Entry {
    std::vector<Projection> projections;
    std::uint64_t synapses = 0;
    std::shared_ptr<TransposedRows> tied{};  ///< its rows, if it has the weights of another one
};

/// NAME.ORIGIN, or ORIGIN->TO; an origin that comes again has its number behind it.
std::vector<std::string> names_of_list(const YamlNode& node, const NamedEnds& named,
                                       const std::string& name) {
    std::vector<std::string> names;
    std::map<std::string, int> times;
    for (const Origin& origin : named.origins) {
        std::string& one = names.emplace_back();
        if (!node["name"]) {
            one = origin.name + "->" + node["to"].text();
        } else {
            one = named.origins.size() == 1 ? name : name + "." + origin.name;
        }
        ++times[one];
    }
    std::set<std::string> taken;
    for (const auto& [one, time] : times) taken.insert(one);
    std::map<std::string, int> numbers;
    for (std::string& one : names) {
        const std::string plain = one;
        int& number = numbers[plain];
        if (++number == 1) continue;
        while (!taken.insert(one = fmt::format("{}.{}", plain, number)).second) ++number;
    }
    return names;
}

/// Of `projection`, which has what all of them share.
void split(const Context& context, const YamlNode& node, const NamedEnds& named,
           const Projection& projection, Entry& entry) {
    const Content content = content_of(context, node, named);
    const bool has_names = node["from"].is_sequence() && named.target;
    const auto names =
        has_names ? names_of_list(node, named, projection.name) : std::vector<std::string>{};
    for (std::size_t k = 0; k < named.origins.size(); ++k) {
        Projection& one = entry.projections.emplace_back(projection);
        one.from = named.origins[k].from;
        if (has_names) one.name = names[k];
        put_into_wholes(named, k, one);
        one.content = content.text;
        if (named.origins.size() > 1) one.content += fmt::format("{}\n", k);
        one.content_files = content.files;
    }
}

/// Reports names that an earlier projection has, be it one of several origins.
void claim_names(const YamlNode& node, const Entry& entry, std::set<std::string>& names) {
    const YamlNode name = node["name"];
    if (!name) return;
    for (const Projection& one : entry.projections) {
        if (names.insert(one.name).second) continue;
        name.error("NET-DUPLICATE", fmt::format("there is already a projection '{}'", one.name));
    }
}

/// Rows, format and learning rule. Returns how many synapses there are.
std::uint64_t read_synapses(Context& context, const YamlNode& node, const NamedEnds& named,
                            Projection& projection) {
    const ProjectionRule* const rule = find_rule(node);
    const RuleRequest request{context, node, named.ends};
    const std::uint64_t synapses = rule != nullptr && rule->read_rows != nullptr
                                       ? rule->read_rows(request, projection)
                                       : read_rule_rows(rule, request, projection);
    read_format(node, projection);
    node.read("share", projection.share);
    read_projection_learning(context, node, projection);
    return synapses;
}

Entry read_projection(Context& context, const YamlNode& node, std::uint32_t number) {
    Entry entry;
    Projection projection;
    projection.where = node.where();
    const NamedEnds named = read_ends(context, node, number);
    const YamlNode from = node["from"];
    if (named.target) projection.to = *named.target;
    if (!named.origins.empty()) projection.from = named.origins.front().from;
    const YamlNode to = node["to"];
    if (from.is_scalar() && to.is_scalar()) projection.name = from.text() + "->" + to.text();
    if (node.read("name", projection.name)) {
        check_name(context, projection.name, node["name"].where());
    }
    if (from.is_sequence() && says_learned(node["weights"])) {
        node["weights"].error("NET-RULE", "weights that were learned belong to one origin",
                              "write a projection for each");
    }

    if (node["tied"]) {
        projection.rows = entry.tied = read_tied(context, node, named);
    } else {
        entry.synapses = read_synapses(context, node, named, projection);
    }
    node.read("graded", projection.graded);
    if (const YamlNode accumulator = node["accumulator"]) {
        read_accumulator(context, accumulator, named.target, projection);
    }
    read_payload_bits(context, node, projection);
    if (named.origins.empty()) read_channel(context, node, false, projection);
    for (const Origin& origin : named.origins) {
        projection.from = origin.from;
        read_channel(context, node, named.ends.sources != 0, projection);
    }
    node.finish();
    if (named.origins.empty()) {
        entry.projections.push_back(std::move(projection));
    } else {
        split(context, node, named, projection, entry);
    }
    return entry;
}

/// Appends them to the network.
void append(Context& context, Entry entry) {
    auto& projections = context.network.projections;
    const std::size_t first = projections.size();
    for (Projection& one : entry.projections) {
        if (!one.rows) continue;
        // `scale: auto` was noted for the first.
        const auto noted = context.auto_projections.find(first);
        if (projections.size() != first && noted != context.auto_projections.end()) {
            context.auto_projections[projections.size()] = noted->second;
        }
        projections.push_back(std::move(one));
    }
}

}  // namespace

void read_projections(Context& context, const YamlNode& root) {
    const YamlNode projections = root["projections"];
    if (!projections || !expect_sequence(projections, "projections")) return;
    std::set<std::string> names;
    std::uint64_t synapses = 0;
    std::uint32_t number = 0;
    std::vector<Tied> tied;
    for (const YamlNode& node : projections.items()) {
        if (!expect_map(node, "projection")) continue;
        Entry entry = read_projection(context, node, number++);
        claim_names(node, entry, names);
        if (!entry.projections.front().rows) continue;
        const std::uint64_t before = synapses;
        synapses += entry.synapses;
        if (synapses > kMaxSynapses && before <= kMaxSynapses) {
            node.error(
                "NET-SIZE",
                fmt::format("with projection '{}' the network has {} synapses, the limit is {}",
                            entry.projections.front().name, synapses, kMaxSynapses));
        }
        if (entry.tied) tied.push_back({node, context.network.projections.size(), entry.tied});
        append(context, std::move(entry));
    }
    tie_projections(context, tied);
}

}  // namespace seamount::compiler::frontend
