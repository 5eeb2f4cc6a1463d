#include "isa/yaml/yaml_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "isa/yaml/yaml_instance.hpp"

namespace seamount::yaml {
namespace {

constexpr const char* kName = "name";
constexpr const char* kParameters = "parameters";

std::string text_of(const Node& map, std::string_view key) {
    const Node* const node = value_of(map, key);
    return node != nullptr && node->kind == Kind::kScalar ? node->text : std::string{};
}

/// Reads `templates:` and `use:`.
class Expansion {
public:
    Expansion(Node& root, Diagnostics& diagnostics) : root_{root}, diagnostics_{diagnostics} {}

    void expand() {
        const std::unique_ptr<Node> templates = take("templates");
        const std::unique_ptr<Node> uses = take("use");
        if (templates && is_map(*templates, "templates")) {
            for (const Entry& entry : templates->map->entries) read_template(entry);
        }
        if (!uses || !is_map(*uses, "use")) return;
        for (const Entry& entry : uses->map->entries) read_uses(entry);
    }

private:
    std::unique_ptr<Node> take(const char* key) {
        Entry* const entry = root_.map->find(key);
        if (entry == nullptr) return {};
        std::unique_ptr<Node> node = std::move(entry->value);
        root_.map->erase(key);
        return node;
    }

    bool is_map(const Node& node, const std::string& what) {
        if (node.kind == Kind::kMap) return true;
        diagnostics_.error("YML-TYPE", node.where.location(),
                           fmt::format("'{}' must be a map", what));
        return false;
    }

    static std::vector<std::string> sections() {
        std::vector<std::string> all{kParameters};
        for (const std::string_view key : kNamedSections) all.emplace_back(key);
        for (const std::string_view key : kListSections) all.emplace_back(key);
        return all;
    }

    void unknown(const Entry& entry, const std::string& message,
                 const std::vector<std::string>& known) {
        const std::string all = known.empty()
                                    ? "the file defines none"
                                    : fmt::format("known here: {}", fmt::join(known, ", "));
        diagnostics_.error("YML-UNKNOWN", entry.where.location(), message,
                           did_you_mean(entry.key, known, all));
    }

    void read_template(const Entry& entry) {
        Template read;
        read.node = entry.value.get();
        if (!is_map(*entry.value, entry.key)) return;
        const std::vector<std::string> known = sections();
        for (const Entry& section : entry.value->map->entries) {
            if (std::find(known.begin(), known.end(), section.key) == known.end()) {
                unknown(section, fmt::format("unknown key '{}'", section.key), known);
                continue;
            }
            const bool is_list = std::find(kListSections.begin(), kListSections.end(),
                                           section.key) != kListSections.end();
            if (!is_list) {
                (void)is_map(*section.value, section.key);
            } else if (section.value->kind != Kind::kSequence) {
                diagnostics_.error("YML-TYPE", section.value->where.location(),
                                   fmt::format("'{}' must be a list", section.key));
            }
        }
        for (const std::string_view section : kNamedSections) {
            const Node* const names = value_of(*read.node, section);
            if (names == nullptr || names->kind != Kind::kMap) continue;
            for (const Entry& one : names->map->entries) read.names.insert(one.key);
        }
        if (const Node* const list = value_of(*read.node, kProjections)) {
            for (const auto& item : list->items) {
                if (std::string name = text_of(*item, kName); !name.empty()) {
                    read.projections.insert(std::move(name));
                }
            }
        }
        templates_.emplace(entry.key, std::move(read));
    }

    void read_uses(const Entry& entry) {
        const auto found = templates_.find(entry.key);
        if (found == templates_.end()) {
            std::vector<std::string> known;
            for (const auto& [name, read] : templates_) known.push_back(name);
            return unknown(entry, fmt::format("there is no template '{}'", entry.key), known);
        }
        if (entry.value->kind != Kind::kSequence) {
            diagnostics_.error("YML-TYPE", entry.value->where.location(),
                               fmt::format("'{}' must be a list of uses", entry.key),
                               fmt::format("use: {{{}: [{{name: a}}, {{name: b}}]}}", entry.key));
            return;
        }
        for (const auto& item : entry.value->items) read_use(entry.key, found->second, *item);
    }

    /// A name, or a map of it and parameters.
    void read_use(const std::string& of, const Template& read, const Node& item) {
        const std::string name = item.kind == Kind::kScalar ? item.text : text_of(item, kName);
        if (name.empty() || name.find_first_of(".[]${}") != std::string::npos) {
            diagnostics_.error(
                "NET-TEMPLATE", item.where.location(),
                name.empty() ? "a use needs a name" : fmt::format("'{}' cannot name a use", name),
                fmt::format("{}: [{{name: a}}, ...]: its populations become a.NAME", of));
            return;
        }
        if (!used_.insert(name).second) {
            diagnostics_.error("YML-DUPLICATE", item.where.location(),
                               fmt::format("there is already a use '{}'", name));
            return;
        }
        Instance{read,
                 name,
                 std::make_shared<const Use>(Use{name, of, item.where, false}),
                 parameters_of(read, item),
                 budget_,
                 diagnostics_}
            .add_to(root_);
    }

    /// The template's parameters with what the use says. A default may use those before it; one
    /// that is called `name` is the name of the use.
    Parameters parameters_of(const Template& read, const Node& item) {
        Parameters parameters{budget_, diagnostics_};
        std::vector<std::string> known;
        const Node* const declared = value_of(*read.node, kParameters);
        if (declared != nullptr && declared->kind == Kind::kMap) {
            for (const Entry& parameter : declared->map->entries) {
                known.push_back(parameter.key);
                const bool is_name = parameter.key == kName && item.kind == Kind::kScalar;
                const Node* const given = is_name ? &item : value_of(item, parameter.key);
                auto value = (given != nullptr ? given : parameter.value.get())->clone();
                if (given == nullptr) {
                    parameters.replace(*value, nullptr);
                } else {
                    value->use = std::make_shared<const Use>(Use{{}, {}, given->where, true});
                }
                parameters.set(parameter.key, std::move(value));
            }
        }
        if (item.kind != Kind::kMap) return parameters;
        for (const Entry& entry : item.map->entries) {
            if (entry.key == kName || parameters.contains(entry.key)) continue;
            unknown(entry, fmt::format("the template has no parameter '{}'", entry.key), known);
        }
        return parameters;
    }

    Node& root_;
    Diagnostics& diagnostics_;
    Budget budget_;
    std::map<std::string, Template> templates_;
    std::set<std::string> used_;
};

}  // namespace

void expand_templates(Node& root, Diagnostics& diagnostics) {
    Expansion{root, diagnostics}.expand();
}

}  // namespace seamount::yaml
