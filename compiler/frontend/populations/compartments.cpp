#include "compiler/frontend/populations/compartments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace seamount::compiler::frontend {

namespace {

constexpr std::uint32_t kMaxChildren = 3;  ///< one accumulator each, beside that of the synapses

std::optional<std::uint32_t> place_of(const std::vector<CompartmentEntry>& entries,
                                      const std::string& name) {
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        if (entries[i].name == name) return i;
    }
    return std::nullopt;
}

bool read_names(const YamlNode& list, std::vector<CompartmentEntry>& entries) {
    bool good = true;
    for (const YamlNode& node : list.items()) {
        CompartmentEntry entry;
        entry.node = node;
        if (!expect_map(node, "compartment") || !node.require("name")) return false;
        good = node.read("name", entry.name) && good;
        if (place_of(entries, entry.name)) {
            node["name"].error("NET-DUPLICATE",
                               fmt::format("there is already a compartment '{}'", entry.name));
            good = false;
        }
        entries.push_back(std::move(entry));
    }
    if (entries.empty()) list.error("NET-COMPARTMENT", "there are no compartments");
    return good && !entries.empty();
}

bool read_parent(std::vector<CompartmentEntry>& entries, std::uint32_t i) {
    const YamlNode parent = entries[i].node["parent"];
    const bool last = i + 1 == entries.size();
    entries[i].parent = i;
    if (!parent) {
        if (last) return true;
        entries[i].node.error("NET-COMPARTMENT",
                              fmt::format("compartment '{}' has no parent", entries[i].name),
                              "only the last compartment, the root, has none");
        return false;
    }
    const auto place = place_of(entries, parent.text());
    if (!place || *place <= i) {
        parent.error("NET-COMPARTMENT",
                     fmt::format("compartment '{}' has parent '{}', which does not stand behind it",
                                 entries[i].name, parent.text()),
                     last ? "the last compartment is the root and has no parent"
                          : "compartments run in the order of the list: children before parents");
        return false;
    }
    entries[i].parent = *place;
    entries[i].child = entries[*place].children++;
    if (entries[*place].children <= kMaxChildren) return true;
    parent.error(
        "NET-COMPARTMENT",
        fmt::format("compartment '{}' has more than {} children", parent.text(), kMaxChildren),
        "put a compartment between them");
    return false;
}

}  // namespace

std::vector<CompartmentEntry> read_compartments(const YamlNode& list) {
    std::vector<CompartmentEntry> entries;
    if (!expect_sequence(list, "compartments") || !read_names(list, entries)) return {};
    bool good = true;
    for (std::uint32_t i = 0; i < entries.size(); ++i) good = read_parent(entries, i) && good;
    for (CompartmentEntry& entry : entries) {
        const YamlNode join = entry.node["join"];
        if (!join) continue;
        entry.join = join.choice("join", kJoinNames).value_or(entry.join);
        if (entry.children == 0 && good) {
            join.error("NET-COMPARTMENT",
                       fmt::format("compartment '{}' has nothing to join", entry.name),
                       "no compartment names it as its parent");
        }
    }
    return good ? entries : std::vector<CompartmentEntry>{};
}

void bind_compartment(const CompartmentEntry& entry, bool is_root, Population& population) {
    if (!population.program) return;
    const auto bind = [&](const char* arg, std::uint32_t value, const char* without) {
        if (population.args.count(arg) != 0) {
            entry.node.error("NET-COMPARTMENT",
                             fmt::format("argument '{}' follows from the tree", arg),
                             "leave it out of params");
        }
        if (population.program->find_arg(arg) != nullptr) {
            population.args[arg].list = {value};
            return;
        }
        entry.node.error("NET-COMPARTMENT",
                         fmt::format("neuron '{}' of compartment '{}' has no argument '{}'",
                                     population.program->name, entry.name, arg),
                         fmt::format("{}; dendrite and dendritic_soma have it", without));
    };
    if (!is_root) bind("child", entry.child, "it pushes to no parent");
    if (entry.children == 0) return;
    constexpr const char* kJoinsNothing = "it joins nothing to its own current";
    bind("join", static_cast<std::uint32_t>(entry.join), kJoinsNothing);
    bind("children", entry.children, kJoinsNothing);
}

}  // namespace seamount::compiler::frontend
