#include "tools/import/nir/graph/read_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tools/import/nir/graph/read_node.hpp"

namespace seamount::importer::nir {
namespace {

constexpr const char* kGraphType = "NIRGraph";
constexpr std::size_t kMaxGroups = 65536;  ///< below the root
constexpr int kMaxDepth = 32;              ///< of graphs inside graphs, and of names with "/"

/// What an edge of a graph can name: a node, or a graph with the ends of its own edges.
struct Named {
    std::string name;
    std::vector<std::size_t> inlets;   ///< nodes that take what is sent to it
    std::vector<std::size_t> outlets;  ///< nodes that send for it
    bool is_graph = false;
};

class GraphReader {
public:
    GraphReader(const Hdf5File& file, const NirOptions& options, Graph& graph, Diagnostics& found)
        : file_{file},
          options_{options},
          graph_{graph},
          found_{found},
          was_renamed_(options.rename.size()) {}

    void read();

private:
    /// A graph's own members; its Inputs and Outputs are `result`'s inlets and outlets.
    void read_graph(const std::string& object, const std::string& prefix, int depth, Named& result);
    /// The members of `group` as nodes; those without a type are beginnings of names with "/".
    void read_members(const std::string& group, const std::string& name_before,
                      const std::string& prefix, int depth, std::vector<Named>& members);
    void read_node(const std::string& object, const std::string& local, const std::string& prefix,
                   int depth, std::vector<Named>& members);
    void read_edges(const std::string& object, const std::string& prefix,
                    const std::vector<Named>& members);
    void connect(const std::string& edges, const std::string& from, const std::string& to,
                 const Named& source, const Named& target);
    [[nodiscard]] const Named* find(const std::string& edges, const std::string& prefix,
                                    const std::string& from, const std::string& to, bool is_target,
                                    const std::vector<Named>& members);
    [[nodiscard]] std::string text(const std::string& dataset);
    void read_metadata(const std::string& object);
    void check_ends(bool allow_open);
    void check_renames();
    /// What an edge in the graph of `prefix` means by `name`.
    [[nodiscard]] const std::string& renamed(const std::string& prefix, const std::string& name);
    void wrap_single();

    const Hdf5File& file_;
    const NirOptions& options_;
    Graph& graph_;
    Diagnostics& found_;
    std::size_t groups_ = 0;             ///< that were looked at
    std::vector<std::uint64_t> open_{};  ///< addresses of those that are being read
    std::vector<bool> was_renamed_;      ///< by place in NirOptions::rename
};

std::string types_hint() {
    return fmt::format("types are {} and {}", fmt::join(kKindNames.names(), ", "), kGraphType);
}

/// The one text of a dataset; empty, with a finding, if there is none.
std::string GraphReader::text(const std::string& dataset) {
    try {
        const std::vector<std::string> all = file_.texts(dataset);
        if (all.size() == 1) return all.front();
        found_.error("IMP-VALUE", file_.at(dataset),
                     fmt::format("has {} texts, must have one", all.size()));
    } catch (const InputError& error) {
        found_.add(error);
    }
    return {};
}

void GraphReader::read() {
    if (file_.has("/version")) {
        graph_.version = text("/version");
    } else {
        found_.error("IMP-KEY", file_.at("/version"), "no such dataset");
    }
    if (!file_.has("/node/type")) {
        found_.error("IMP-TYPE", file_.at("/node"), "the node has no type", types_hint());
        return;
    }
    const std::string type = text("/node/type");
    if (found_.has_errors()) return;
    if (type == kGraphType) {
        Named all;
        read_graph("/node", "", 0, all);
    } else {
        std::vector<Named> members;
        read_node("/node", "node", "", 0, members);
        wrap_single();
    }
    check_renames();
    if (!found_.has_errors()) check_ends(options_.allow_open);
}

void GraphReader::wrap_single() {
    if (graph_.nodes.size() != 1 || found_.has_errors()) return;
    graph_.notes.emplace_back("the file is a single node: it gets an input and an output");
    for (const auto& [kind, name] :
         {std::pair{Kind::kInput, "input"}, std::pair{Kind::kOutput, "output"}}) {
        Node end;
        end.kind = kind;
        end.name = name;
        end.object = "/node";
        graph_.nodes.push_back(std::move(end));
    }
    graph_.edges = {{1, 0}, {0, 2}};
}

void GraphReader::read_graph(const std::string& object, const std::string& prefix, int depth,
                             Named& result) {
    if (depth > kMaxDepth) {
        found_.error("IMP-VALUE", file_.at(object), "graphs are nested too deeply");
        return;
    }
    if (file_.kind(object + "/nodes") != Hdf5File::Kind::kGroup) {
        found_.error("IMP-KEY", file_.at(object + "/nodes"), "no such group");
        return;
    }
    read_metadata(object);
    for (const std::string& member : file_.members(object)) {
        static const std::set<std::string> known{"type", "nodes", "edges", "metadata"};
        if (known.count(member) != 0) continue;
        graph_.notes.push_back(fmt::format("{}/{} is not used", object, member));
    }
    std::vector<Named> members;
    read_members(object + "/nodes", "", prefix, depth, members);
    for (const Named& member : members) {
        if (member.is_graph || member.inlets.empty()) continue;
        Node& node = graph_.nodes[member.inlets.front()];
        node.is_port = depth > 0;
        if (node.kind == Kind::kInput) result.inlets.push_back(member.inlets.front());
        if (node.kind == Kind::kOutput) result.outlets.push_back(member.inlets.front());
        node.is_port = depth > 0 && (node.kind == Kind::kInput || node.kind == Kind::kOutput);
    }
    read_edges(object, prefix, members);
}

void GraphReader::read_metadata(const std::string& object) {
    const std::string dt = object + "/metadata/dt";
    if (file_.kind(object + "/metadata") != Hdf5File::Kind::kGroup) return;
    if (file_.kind(dt) != Hdf5File::Kind::kDataset) return;
    try {
        const NumberArray array = file_.numbers(dt);
        if (array.values.size() == 1 && std::isfinite(array.values[0]) && array.values[0] > 0) {
            graph_.dt_hint = array.values.front();
        }
    } catch (const InputError&) {
        return;  // metadata may hold anything
    }
}

void GraphReader::read_members(const std::string& group, const std::string& name_before,
                               const std::string& prefix, int depth, std::vector<Named>& members) {
    if (std::count(name_before.begin(), name_before.end(), '/') > kMaxDepth) {
        found_.error("IMP-VALUE", file_.at(group), "a name with too many parts");
        return;
    }
    const std::optional<std::uint64_t> address = file_.address(group);
    if (!address || std::find(open_.begin(), open_.end(), *address) != open_.end()) {
        found_.error("IMP-VALUE", file_.at(group), "the group contains itself");
        return;
    }
    open_.push_back(*address);
    for (const std::string& member : file_.members(group)) {
        if (++groups_ > kMaxGroups) return;
        if (groups_ == kMaxGroups) {
            found_.error("IMP-VALUE", file_.at(group),
                         fmt::format("more than {} groups", kMaxGroups));
            return;
        }
        const std::string object = group + "/" + member;
        const std::string local = name_before + member;
        if (file_.kind(object) != Hdf5File::Kind::kGroup) {
            found_.error("IMP-TYPE", file_.at(object), "a dataset where a node should be",
                         "a node is a group with a dataset 'type'");
        } else if (file_.has(object + "/type") &&
                   file_.kind(object + "/type") == Hdf5File::Kind::kDataset) {
            read_node(object, local, prefix, depth, members);
        } else {
            const std::vector<std::string> inner = file_.members(object);
            const bool has_groups =
                std::any_of(inner.begin(), inner.end(), [&](const std::string& one) {
                    return file_.kind(object + "/" + one) == Hdf5File::Kind::kGroup;
                });
            if (has_groups) {
                read_members(object, local + "/", prefix, depth, members);
            } else {
                found_.error("IMP-TYPE", file_.at(object), "the node has no type", types_hint());
            }
        }
    }
    open_.pop_back();
}

void GraphReader::read_node(const std::string& object, const std::string& local,
                            const std::string& prefix, int depth, std::vector<Named>& members) {
    const std::size_t before = found_.all().size();
    const std::string type = text(object + "/type");
    if (found_.all().size() != before) return;
    if (type == kGraphType) {
        Named inner{local, {}, {}, true};
        read_graph(object, prefix + local + ".", depth + 1, inner);
        members.push_back(std::move(inner));
        return;
    }
    const std::optional<Kind> kind = parse(kKindNames, type);
    if (!kind) {
        std::vector<std::string> known{kKindNames.names().begin(), kKindNames.names().end()};
        const std::string near = closest(type, known);
        found_.error("IMP-TYPE", file_.at(object + "/type"),
                     fmt::format("unknown type '{}'{}", type,
                                 near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)),
                     types_hint());
        // Its edges are not to be reported as well.
        members.push_back({local, {}, {}, true});
        return;
    }
    Node node;
    node.kind = *kind;
    node.name = prefix + local;
    node.object = object;
    (void)read_fields(file_, node, found_, graph_.notes);
    const std::size_t place = graph_.nodes.size();
    graph_.nodes.push_back(std::move(node));
    members.push_back({local, {place}, {place}, false});
}

const Named* GraphReader::find(const std::string& edges, const std::string& prefix,
                               const std::string& from, const std::string& to, bool is_target,
                               const std::vector<Named>& members) {
    const std::string& name = is_target ? to : from;
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Named& member) { return member.name == name; });
    if (found != members.end()) return &*found;
    std::vector<std::string> known;
    for (const Named& member : members) known.push_back(member.name);
    const std::string near = closest(name, known);
    found_.error(
        "IMP-VALUE", file_.at(edges),
        fmt::format(
            "{}edge {} -> {} names no node '{}'; nodes are {}{}",
            prefix.empty() ? "" : fmt::format("graph '{}': ", prefix.substr(0, prefix.size() - 1)),
            from, to, name, fmt::join(known, ", "),
            near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)),
        near.empty() ? std::string{}
                     : fmt::format("--rename {}{}={} repairs it", prefix, name, near));
    return nullptr;
}

void GraphReader::connect(const std::string& edges, const std::string& from, const std::string& to,
                          const Named& source, const Named& target) {
    const auto require_one = [&](const Named& graph, const std::vector<std::size_t>& ends,
                                 const char* kind) {
        if (ends.size() == 1) return true;
        if (graph.is_graph && !found_.has_errors()) {
            found_.error("IMP-VALUE", file_.at(edges),
                         fmt::format("edge {} -> {}: the graph '{}' has {} {}s, and an edge does "
                                     "not say which",
                                     from, to, graph.name, ends.size(), kind),
                         "a graph inside another needs one Input and one Output");
        }
        return false;
    };
    const bool has_source = require_one(source, source.outlets, "Output");
    const bool has_target = require_one(target, target.inlets, "Input");
    if (has_source && has_target)
        graph_.edges.emplace_back(source.outlets.front(), target.inlets.front());
}

const std::string& GraphReader::renamed(const std::string& prefix, const std::string& name) {
    const auto path_of = [](std::string text) {
        std::replace(text.begin(), text.end(), '.', '/');
        return text;
    };
    for (std::size_t i = 0; i < options_.rename.size(); ++i) {
        const auto& [from, to] = options_.rename[i];
        if (path_of(from) != path_of(prefix + name)) continue;
        if (!was_renamed_[i]) {
            graph_.notes.push_back(fmt::format("edges name {}{}: taken for {}{} (--rename)", prefix,
                                               name, prefix, to));
        }
        was_renamed_[i] = true;
        return to;
    }
    return name;
}

void GraphReader::check_renames() {
    for (std::size_t i = 0; i < was_renamed_.size(); ++i) {
        if (was_renamed_[i]) continue;
        const auto& [from, to] = options_.rename[i];
        found_.error("IMP-OPTION", {"--rename", 0, 0},
                     fmt::format("'{}={}': no edge names {}", from, to, from),
                     "GRAPH/NAME=NODE: GRAPH is where the edge is, without it the outermost");
    }
}

void GraphReader::read_edges(const std::string& object, const std::string& prefix,
                             const std::vector<Named>& members) {
    const std::string edges = object + "/edges";
    std::vector<std::string> ends;
    try {
        const Shape shape = file_.shape(edges);
        if (elements(shape) == 0) return;  // written as numbers, whatever they would be
        if (shape.size() != 2 || shape[1] != 2) {
            found_.error("IMP-VALUE", file_.at(edges),
                         fmt::format("has shape {}, must be (edges, 2)", shape_text(shape)));
            return;
        }
        ends = file_.texts(edges);
    } catch (const InputError& error) {
        found_.add(error);
        return;
    }
    for (std::string& end : ends) end = renamed(prefix, end);
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
        const Named* source = find(edges, prefix, ends[i], ends[i + 1], false, members);
        const Named* target = find(edges, prefix, ends[i], ends[i + 1], true, members);
        if (source == nullptr || target == nullptr) continue;
        if (!seen.emplace(ends[i], ends[i + 1]).second) {
            graph_.notes.push_back(
                fmt::format("edge {}{} -> {}{} stands twice: both count, their weights add up "
                            "(lava's converter drops one)",
                            prefix, ends[i], prefix, ends[i + 1]));
        }
        connect(edges, ends[i], ends[i + 1], *source, *target);
    }
}

void GraphReader::check_ends(bool allow_open) {
    bool has_input = false;
    bool has_output = false;
    std::vector<bool> is_source(graph_.nodes.size());
    std::vector<bool> is_target(graph_.nodes.size());
    for (const auto& [from, to] : graph_.edges) {
        is_source[from] = true;
        is_target[to] = true;
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
        const Node& node = graph_.nodes[i];
        if (node.is_port) continue;
        const bool sends = is_source[i];
        const bool takes = is_target[i];
        has_input = has_input || (node.kind == Kind::kInput && sends);
        has_output = has_output || (node.kind == Kind::kOutput && takes);
        if (node.kind == Kind::kInput && takes) {
            found_.error("IMP-VALUE", file_.at(node.object),
                         fmt::format("an edge leads to the Input '{}'", node.name));
        }
        if (node.kind == Kind::kOutput && sends) {
            found_.error("IMP-VALUE", file_.at(node.object),
                         fmt::format("an edge leaves the Output '{}'", node.name));
        }
    }
    if (allow_open) return;
    if (!has_input) {
        found_.error("IMP-VALUE", file_.at("/node"), "no Input leads anywhere: nothing to drive",
                     "--allow-open imports it anyway");
    }
    if (!has_output) {
        found_.error("IMP-VALUE", file_.at("/node"), "no edge leads to an Output: nothing to read",
                     "--allow-open imports it anyway");
    }
}

}  // namespace

Graph read_graph(const Hdf5File& file, const NirOptions& options, Diagnostics& found) {
    Graph graph;
    GraphReader{file, options, graph, found}.read();
    return graph;
}

}  // namespace seamount::importer::nir
