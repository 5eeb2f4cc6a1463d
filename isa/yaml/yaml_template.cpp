#include "isa/yaml/yaml_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seamount::yaml {
namespace {

constexpr std::array<std::string_view, 3> kNamedSections{"populations", "inputs", "views"};
constexpr const char* kProjections = "projections";
constexpr std::array<std::string_view, 2> kListSections{kProjections, "probes"};
/// Keys of a section's entries that name a population or an input.
constexpr std::array<std::string_view, 5> kReferences{"from", "to", "population", "target", "of"};
constexpr const char* kName = "name";
constexpr const char* kWeights = "weights";
constexpr const char* kWhen = "when";  ///< of a probe: words, some of which are names
constexpr std::size_t kMostUses = 100'000;

Entry* find(Node& map, std::string_view key) {
    return map.kind == Kind::kMap ? map.map->find(std::string{key}) : nullptr;
}

const Node* value_of(const Node& map, std::string_view key) {
    if (map.kind != Kind::kMap) return nullptr;
    const auto found = map.map->index.find(std::string{key});
    return found == map.map->index.end() ? nullptr : map.map->entries[found->second].value.get();
}

std::string text_of(const Node& map, std::string_view key) {
    const Node* const node = value_of(map, key);
    return node != nullptr && node->kind == Kind::kScalar ? node->text : std::string{};
}

std::unique_ptr<Node> empty_like(Kind kind, const Place& where) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->where = where;
    if (kind == Kind::kMap) node->map = std::make_unique<Map>();
    return node;
}

/// A template and the names that it defines.
struct Template {
    const Node* node = nullptr;
    std::set<std::string> names;  ///< of populations and inputs
    std::set<std::string> projections;
};

using Values = std::map<std::string, std::unique_ptr<Node>>;

/// One use of a template: makes what it stands for.
class Instance {
public:
    Instance(const Template& of, std::string name, std::shared_ptr<const Use> use, Values values,
             Diagnostics& diagnostics)
        : template_{of},
          name_{std::move(name)},
          use_{std::move(use)},
          values_{std::move(values)},
          diagnostics_{diagnostics} {}

    void add_to(Node& root) {
        for (const std::string_view section : kNamedSections) {
            const Node* const entries = value_of(*template_.node, section);
            if (entries == nullptr || entries->kind != Kind::kMap) continue;
            Node* const there = section_of(root, section, Kind::kMap, entries->where);
            if (there == nullptr) continue;
            for (const Entry& entry : entries->map->entries) {
                add_entry(*there->map, {named(entry.key), entry.where, made(*entry.value, false)});
            }
        }
        for (const std::string_view section : kListSections) {
            const Node* const items = value_of(*template_.node, section);
            if (items == nullptr || items->kind != Kind::kSequence) continue;
            Node* const there = section_of(root, section, Kind::kSequence, items->where);
            if (there == nullptr) continue;
            for (const auto& item : items->items) {
                there->items.push_back(made(*item, section == kProjections));
            }
        }
    }

private:
    [[nodiscard]] std::string named(const std::string& local) const { return name_ + '.' + local; }

    /// Null where something else stands: its reader says so.
    static Node* section_of(Node& root, std::string_view key, Kind kind, const Place& where) {
        const std::string name{key};
        if (Entry* const there = find(root, key); there != nullptr) {
            if (there->value->kind == kind) return there->value.get();
            if (there->value->kind != Kind::kNull) return nullptr;
            root.map->erase(name);
        }
        root.map->append({name, where, empty_like(kind, where)});
        return root.map->find(name)->value.get();
    }

    void add_entry(Map& there, Entry entry) {
        if (there.find(entry.key) == nullptr) return there.append(std::move(entry));
        diagnostics_.error("YML-DUPLICATE", entry.where.location(),
                           fmt::format("there is already a '{}'", entry.key),
                           "names of a template become USE.NAME");
    }

    /// An entry of a section for this use: parameters replaced, names completed.
    std::unique_ptr<Node> made(const Node& entry, bool is_projection) {
        auto node = entry.clone();
        replace(*node);
        for (const std::string_view key : kReferences) {
            if (Entry* const reference = find(*node, key)) complete(*reference->value);
        }
        Entry* const name = find(*node, kName);
        if (is_projection && name != nullptr) name->value->text = named(name->value->text);
        Entry* const weights = find(*node, kWeights);
        if (!is_projection && weights != nullptr) complete_projection(*weights->value);
        Entry* const when = find(*node, kWhen);
        if (when != nullptr) complete_words(*when->value);
        return node;
    }

    /// A population or input that the template defines; what follows its name (".soma", a slice)
    /// stays.
    [[nodiscard]] std::string completed(const std::string& name) const {
        const std::string local = name.substr(0, name.find_first_of(".[ "));
        return template_.names.contains(local) ? named(name) : name;
    }
    void complete(Node& reference) const {
        const bool is_outer = reference.use->is_value;  // the use named it
        if (reference.kind == Kind::kScalar && !is_outer) {
            reference.text = completed(reference.text);
        }
    }
    void complete_words(Node& sentence) const {
        if (sentence.kind != Kind::kScalar || sentence.use->is_value) return;
        std::string out;
        for (std::size_t at = 0; at < sentence.text.size();) {
            const std::size_t end = std::min(sentence.text.find(' ', at), sentence.text.size() - 1);
            out += completed(sentence.text.substr(at, end + 1 - at));
            at = end + 1;
        }
        sentence.text = std::move(out);
    }
    /// Of a probe: a projection by its name, or by its ends.
    void complete_projection(Node& reference) const {
        if (reference.kind != Kind::kScalar) return;
        constexpr std::string_view kArrow = "->";
        const std::size_t arrow = reference.text.find(kArrow);
        if (template_.projections.contains(reference.text)) {
            reference.text = named(reference.text);
        } else if (arrow != std::string::npos) {
            reference.text = completed(reference.text.substr(0, arrow)) + std::string{kArrow} +
                             completed(reference.text.substr(arrow + kArrow.size()));
        }
    }

    void replace(Node& node) {
        node.use = use_;
        if (node.kind == Kind::kScalar) return replace_text(node);
        for (const auto& item : node.items) replace(*item);
        if (!node.map) return;
        for (const Entry& entry : node.map->entries) replace(*entry.value);
    }

    void replace_text(Node& scalar) {
        std::string out;
        std::size_t done = 0;
        for (std::size_t at = scalar.text.find("${"); at != std::string::npos;
             at = scalar.text.find("${", done)) {
            const std::size_t end = scalar.text.find('}', at);
            if (end == std::string::npos) break;  // substitute() says so
            const std::string name = scalar.text.substr(at + 2, end - at - 2);
            const auto value = values_.find(name);
            out.append(scalar.text, done, at - done);
            done = end + 1;
            if (value == values_.end()) {
                out.append(scalar.text, at, done - at);
                continue;
            }
            const bool alone = at == 0 && done == scalar.text.size();
            if (alone) return take(scalar, *value->second);
            if (value->second->kind != Kind::kScalar) return refuse_part(scalar, name);
            out += value->second->text;
        }
        out.append(scalar.text, done);
        if (out != scalar.text) scalar.plain = true;
        scalar.text = std::move(out);
    }

    /// The node becomes the value, at the template's place.
    void take(Node& scalar, const Node& value) const {
        const Place where = scalar.where;
        scalar = std::move(*value.clone());
        mark(scalar, value.use == nullptr ? use_
                                          : std::make_shared<const Use>(
                                                Use{use_->name, use_->of, value.where, true}));
        scalar.where = where;
        if (scalar.kind == Kind::kScalar && scalar.tag.empty()) scalar.plain = true;
    }
    static void mark(Node& node, const std::shared_ptr<const Use>& use) {
        node.use = use;
        for (const auto& item : node.items) mark(*item, use);
        if (!node.map) return;
        for (const Entry& entry : node.map->entries) mark(*entry.value, use);
    }

    void refuse_part(Node& scalar, const std::string& name) {
        scalar.bad = true;
        diagnostics_.error("NET-TEMPLATE", scalar.where.location(),
                           fmt::format("parameter '{}' is a map or a list, here within text{}",
                                       name, text_of_use(*use_)),
                           "such a value stands alone: \"${" + name + "}\"");
    }

    const Template& template_;
    std::string name_;
    std::shared_ptr<const Use> use_;
    Values values_;
    Diagnostics& diagnostics_;
};

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
        std::vector<std::string> all{"parameters"};
        for (const std::string_view key : kNamedSections) all.emplace_back(key);
        for (const std::string_view key : kListSections) all.emplace_back(key);
        return all;
    }

    void unknown(const Entry& entry, const std::string& message,
                 const std::vector<std::string>& known) {
        const std::string near = closest(entry.key, known);
        const std::string hint = !near.empty() ? fmt::format("did you mean '{}'?", near)
                                 : known.empty()
                                     ? "the file defines none"
                                     : fmt::format("known here: {}", fmt::join(known, ", "));
        diagnostics_.error("YML-UNKNOWN", entry.where.location(), message, hint);
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
        if (used_.size() > kMostUses) return;
        Instance{read, name, std::make_shared<const Use>(Use{name, of, item.where, false}),
                 values_of(read, item), diagnostics_}
            .add_to(root_);
    }

    /// The template's parameters with what the use says. A default may use those before it.
    Values values_of(const Template& read, const Node& item) {
        Values values;
        std::vector<std::string> known;
        const Node* const parameters = value_of(*read.node, "parameters");
        if (parameters != nullptr && parameters->kind == Kind::kMap) {
            for (const Entry& parameter : parameters->map->entries) {
                known.push_back(parameter.key);
                const Node* const given = value_of(item, parameter.key);
                auto value = (given != nullptr ? given : parameter.value.get())->clone();
                if (given == nullptr) {
                    replace_earlier(*value, values);
                } else {
                    value->use = std::make_shared<const Use>(Use{{}, {}, given->where, true});
                }
                values[parameter.key] = std::move(value);
            }
        }
        if (item.kind != Kind::kMap) return values;
        for (const Entry& entry : item.map->entries) {
            if (entry.key == kName || values.contains(entry.key)) continue;
            unknown(entry, fmt::format("the template has no parameter '{}'", entry.key), known);
        }
        return values;
    }

    static void replace_earlier(Node& value, const Values& values) {
        if (value.kind != Kind::kScalar) return;
        for (const auto& [name, earlier] : values) {
            const std::string mark = "${" + name + "}";
            if (value.text == mark) {
                value = std::move(*earlier->clone());
                return;
            }
            if (earlier->kind != Kind::kScalar) continue;
            for (std::size_t at = value.text.find(mark); at != std::string::npos;
                 at = value.text.find(mark, at + earlier->text.size())) {
                value.text.replace(at, mark.size(), earlier->text);
            }
        }
    }

    Node& root_;
    Diagnostics& diagnostics_;
    std::map<std::string, Template> templates_;
    std::set<std::string> used_;
};

}  // namespace

void expand_templates(Node& root, Diagnostics& diagnostics) {
    Expansion{root, diagnostics}.expand();
}

}  // namespace seamount::yaml
