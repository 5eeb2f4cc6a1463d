#include "isa/yaml/yaml_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace seamount::yaml {
namespace {

/// Keys of a section's entries that name a population or an input.
constexpr std::array<std::string_view, 5> kReferences{"from", "to", "population", "target", "of"};
constexpr const char* kName = "name";
constexpr const char* kWeights = "weights";
constexpr const char* kWhen = "when";  ///< of a probe: words, some of which are names
constexpr const char* kBias = "bias";
constexpr const char* kDataset = "dataset";
constexpr const char* kUntil = "until";  ///< of a dataset: names a population

Entry* find(Node& map, std::string_view key) {
    return map.kind == Kind::kMap ? map.map->find(std::string{key}) : nullptr;
}

std::unique_ptr<Node> empty_like(Kind kind, const Place& where) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->where = where;
    if (kind == Kind::kMap) node->map = std::make_unique<Map>();
    return node;
}

/// Null where something else stands: its reader says so.
Node* section_of(Node& root, std::string_view key, Kind kind, const Place& where) {
    const std::string name{key};
    if (Entry* const there = find(root, key); there != nullptr) {
        if (there->value->kind == kind) return there->value.get();
        if (there->value->kind != Kind::kNull) return nullptr;
        root.map->erase(name);
    }
    root.map->append({name, where, empty_like(kind, where)});
    return root.map->find(name)->value.get();
}

/// The node and all within are there for the use; what it gave of them stays known.
void mark(Node& node, const std::shared_ptr<const Use>& use) {
    if (node.use) {
        const bool is_value = node.use->is_value || use->is_value;
        node.use = std::make_shared<const Use>(
            Use{use->name, use->of, node.use->is_value ? node.use->where : use->where, is_value,
                node.use->given});
    } else {
        node.use = use;
    }
    for (const auto& item : node.items) mark(*item, use);
    if (!node.map) return;
    for (const Entry& entry : node.map->entries) mark(*entry.value, use);
}

std::size_t characters_of(const Node& node) {
    std::size_t characters = node.text.size();
    for (const auto& item : node.items) characters += characters_of(*item);
    if (!node.map) return characters;
    for (const Entry& entry : node.map->entries) {
        characters += entry.key.size() + characters_of(*entry.value);
    }
    return characters;
}

/// What of a value that goes into a text at `at` was given by the use.
void add_given(const Node& value, std::size_t at,
               std::vector<std::pair<std::size_t, std::size_t>>& given) {
    if (!value.use) return;
    if (value.use->is_value) given.emplace_back(at, at + value.text.size());
    for (const auto& [from, to] : value.use->given) given.emplace_back(at + from, at + to);
}

}  // namespace

const Node* value_of(const Node& map, std::string_view key) {
    if (map.kind != Kind::kMap) return nullptr;
    const auto found = map.map->index.find(std::string{key});
    return found == map.map->index.end() ? nullptr : map.map->entries[found->second].value.get();
}

void Budget::spend(const Node& added, const Place& where) {
    nodes_ += size_of(added);
    spend_text(characters_of(added), where);
}

void Budget::spend_text(std::size_t characters, const Place& where) {
    characters_ += characters;
    if (nodes_ <= kMaxNodes && characters_ <= kMaxFileBytes) return;
    throw InputError{
        Diagnostic{"NET-TEMPLATE", where.location(),
                   fmt::format("uses of templates add more than {} values, or {} bytes of text",
                               kMaxNodes, kMaxFileBytes),
                   "a population of many neurons is one entry, however large", Severity::kError}};
}

void Parameters::set(const std::string& name, std::unique_ptr<Node> value) {
    values_[name] = std::move(value);
}

void Parameters::replace(Node& node, const std::shared_ptr<const Use>& use) const {
    if (use) node.use = use;
    if (node.kind == Kind::kScalar) return replace_text(node, use);
    for (const auto& item : node.items) replace(*item, use);
    if (!node.map) return;
    for (const Entry& entry : node.map->entries) replace(*entry.value, use);
}

void Parameters::replace_text(Node& scalar, const std::shared_ptr<const Use>& use) const {
    std::string out;
    std::vector<std::pair<std::size_t, std::size_t>> given;
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
        if (alone) return take(scalar, *value->second, use);
        if (value->second->kind != Kind::kScalar) {
            return refuse(scalar,
                          fmt::format("parameter '{}' is a map or a list, here within text", name),
                          "such a value stands alone: \"${" + name + "}\"");
        }
        add_given(*value->second, out.size(), given);
        out += value->second->text;
        if (out.size() > kMaxVariableText) {
            return refuse(scalar,
                          fmt::format("text becomes longer than {} characters by its parameters",
                                      kMaxVariableText),
                          "");
        }
    }
    out.append(scalar.text, done);
    if (out == scalar.text) return;
    budget_.spend_text(out.size(), use ? use->where : scalar.where);
    scalar.plain = true;
    scalar.text = std::move(out);
    if (given.empty()) return;
    Use made = use ? *use : Use{{}, {}, scalar.where};
    made.given = std::move(given);
    scalar.use = std::make_shared<const Use>(std::move(made));
}

/// The node becomes the value, at the template's place.
void Parameters::take(Node& scalar, const Node& value,
                      const std::shared_ptr<const Use>& use) const {
    const Place where = scalar.where;
    budget_.spend(value, use ? use->where : where);
    scalar = std::move(*value.clone());
    if (use && value.use && value.use->is_value) {
        mark(scalar, std::make_shared<const Use>(Use{use->name, use->of, value.use->where, true}));
    } else if (use) {
        mark(scalar, use);
    }
    scalar.where = where;
    if (scalar.kind == Kind::kScalar && scalar.tag.empty()) scalar.plain = true;
}

void Parameters::refuse(Node& scalar, std::string message, const std::string& hint) const {
    scalar.bad = true;
    if (scalar.use) message += text_of_use(*scalar.use);
    diagnostics_.error("NET-TEMPLATE", scalar.where.location(), std::move(message), hint);
}

Instance::Instance(const Template& of, std::string name, std::shared_ptr<const Use> use,
                   Parameters parameters, Budget& budget, Diagnostics& diagnostics)
    : template_{of},
      name_{std::move(name)},
      use_{std::move(use)},
      parameters_{std::move(parameters)},
      budget_{budget},
      diagnostics_{diagnostics} {}

void Instance::add_to(Node& root) {
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

void Instance::add_entry(Map& there, Entry entry) {
    if (there.find(entry.key) == nullptr) return there.append(std::move(entry));
    diagnostics_.error("YML-DUPLICATE", entry.where.location(),
                       fmt::format("there is already a '{}'", entry.key),
                       "names of a template become USE.NAME");
}

/// An entry of a section for this use: parameters replaced, names completed.
std::unique_ptr<Node> Instance::made(const Node& entry, bool is_projection) {
    budget_.spend(entry, use_->where);
    auto node = entry.clone();
    parameters_.replace(*node, use_);
    for (const std::string_view key : kReferences) {
        if (Entry* const reference = find(*node, key)) complete(*reference->value);
    }
    Entry* const name = find(*node, kName);
    if (is_projection && name != nullptr) name->value->text = named(name->value->text);
    Entry* const weights = find(*node, kWeights);
    if (!is_projection && weights != nullptr) complete_projection(*weights->value);
    Entry* const when = find(*node, kWhen);
    if (when != nullptr) complete_words(*when->value);
    complete_until(*node);
    if (Entry* const bias = find(*node, kBias)) complete_until(*bias->value);
    return node;
}

/// A population or input that the template defines; what follows its name (".soma", a slice)
/// stays.
std::string Instance::completed(const std::string& name) const {
    const std::string local = name.substr(0, name.find_first_of(".[ "));
    return template_.names.contains(local) ? named(name) : name;
}

/// What the template's text or a default names; a name that the use gave whole is not the
/// template's.
std::string Instance::completed(const Node& in, std::size_t at, std::size_t end) const {
    const std::string name = in.text.substr(at, end - at);
    const std::size_t local = std::min(name.find_first_of(".[ "), name.size());
    return in.use->gave(at, at + local) ? name : completed(name);
}

/// A name, or a list of names.
void Instance::complete(Node& reference) const {
    for (const auto& item : reference.items) complete(*item);
    if (reference.kind != Kind::kScalar) return;
    reference.text = completed(reference, 0, reference.text.size());
}

/// Of an input with a dataset: what its samples wait for.
void Instance::complete_until(Node& input) const {
    Entry* const dataset = find(input, kDataset);
    if (dataset == nullptr) return;
    if (Entry* const until = find(*dataset->value, kUntil)) complete(*until->value);
}

void Instance::complete_words(Node& sentence) const {
    if (sentence.kind != Kind::kScalar) return;
    std::string out;
    for (std::size_t at = 0; at < sentence.text.size();) {
        const std::size_t end = std::min(sentence.text.find(' ', at), sentence.text.size() - 1);
        out += completed(sentence, at, end + 1);
        at = end + 1;
    }
    sentence.text = std::move(out);
}

/// Of a probe: a projection by its name, with one of its origins if it has several, or by its ends.
void Instance::complete_projection(Node& reference) const {
    if (reference.kind != Kind::kScalar) return;
    constexpr std::string_view kArrow = "->";
    const std::string& text = reference.text;
    const std::size_t arrow = text.find(kArrow);
    const std::size_t dot = std::min(text.find('.'), text.size());
    const bool is_own = !reference.use->gave(0, dot);
    const std::string name = text.substr(0, dot);
    if (is_own && template_.projections.contains(text)) {
        reference.text = named(text);
    } else if (is_own && template_.projections.contains(name)) {
        reference.text = named(name) + '.' + completed(reference, dot + 1, text.size());
    } else if (arrow != std::string::npos) {
        reference.text = completed(reference, 0, arrow) + std::string{kArrow} +
                         completed(reference, arrow + kArrow.size(), text.size());
    }
}

}  // namespace seamount::yaml
