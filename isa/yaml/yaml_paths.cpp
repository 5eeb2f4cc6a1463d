#include "isa/yaml/yaml_paths.hpp"

#include "isa/yaml/form.hpp"
#include "isa/yaml/yaml_include.hpp"
#include "isa/yaml/yaml_template.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace seamount::yaml {
namespace {

/// Text of a scalar in a map, or empty.
std::string text_of(const Node& map, const std::string& key) {
    const Entry* const entry = map.map->find(key);
    return entry == nullptr || entry->value->kind != Kind::kScalar ? std::string{}
                                                                   : entry->value->text;
}

/// What an item of a list is called: its name, or its ends, or its number.
std::string name_of(const Node& item, std::size_t number) {
    if (item.kind == Kind::kMap) {
        if (std::string name = text_of(item, "name"); !name.empty()) return name;
        const std::string from = text_of(item, "from");
        const std::string to = text_of(item, "to");
        if (!from.empty() && !to.empty()) return from + "->" + to;
    }
    return std::to_string(number);
}

/// The place of a key below a node, or null.
std::unique_ptr<Node>* below(Node& node, const std::string& key) {
    if (node.kind == Kind::kMap) {
        Entry* const entry = node.map->find(key);
        return entry == nullptr ? nullptr : &entry->value;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (name_of(*node.items[i], i) == key) return &node.items[i];
    }
    std::size_t number = 0;
    const char* const end = key.data() + key.size();
    const auto [stop, error] = std::from_chars(key.data(), end, number);
    const bool is_number = error == std::errc{} && stop == end;
    return is_number && number < node.items.size() ? &node.items[number] : nullptr;
}

void list_paths(const Node& node, const std::string& path, std::vector<std::string>& known) {
    const std::string prefix = path.empty() ? path : path + '.';
    if (!path.empty()) known.push_back(path);
    if (node.kind == Kind::kMap) {
        for (const Entry& e : node.map->entries) list_paths(*e.value, prefix + e.key, known);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (node.items[i]->kind != Kind::kMap) continue;  // numbers of a list of numbers
        list_paths(*node.items[i], prefix + name_of(*node.items[i], i), known);
    }
}

}  // namespace

const Place& command_line() {
    static const Place kPlace{std::make_shared<const std::string>("--set"), 0, 0};
    return kPlace;
}

std::vector<std::string> keys_of(const std::string& path) {
    std::vector<std::string> keys;
    std::size_t first = 0;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', first)) {
        keys.push_back(path.substr(first, dot - first));
        first = dot + 1;
    }
    keys.push_back(path.substr(first));
    return keys;
}

std::unique_ptr<Node> node_of(const std::string& text, Diagnostics& diagnostics) {
    if (text.empty() || (text.front() != '[' && text.front() != '{')) return scalar_of(text);
    try {
        const auto root = parse("value: " + text, "--set", diagnostics);
        return std::move(root->map->find("value")->value);
    } catch (const InputError& error) {
        diagnostics.add(error);
        return {};
    }
}

std::unique_ptr<Node> scalar_of(std::string text) {
    auto node = std::make_unique<Node>();
    node->kind = Kind::kScalar;
    node->where = command_line();
    node->text = std::move(text);
    return node;
}

std::unique_ptr<Node> empty_map() {
    auto node = std::make_unique<Node>();
    node->kind = Kind::kMap;
    node->where = command_line();
    node->map = std::make_unique<Map>();
    return node;
}

void put(Node& map, const std::string& key, std::unique_ptr<Node> value) {
    if (Entry* const entry = map.map->find(key)) {
        entry->where = command_line();
        entry->value = std::move(value);
    } else {
        map.map->append({key, command_line(), std::move(value)});
    }
}

void put_paths(Node& root, const PathValues& values, const std::string& what,
               Diagnostics& diagnostics) {
    for (const auto& [path, text] : values) {
        std::vector<std::string> keys = keys_of(path);
        const std::string last = std::move(keys.back());
        keys.pop_back();
        Node* node = &root;
        for (const std::string& key : keys) {
            std::unique_ptr<Node>* const next = node == nullptr ? nullptr : below(*node, key);
            node = next == nullptr ? nullptr : next->get();
        }
        const bool is_map = node != nullptr && node->kind == Kind::kMap;
        std::unique_ptr<Node>* const item =
            node == nullptr || is_map ? nullptr : below(*node, last);
        if (!is_map && item == nullptr) {
            std::vector<std::string> known;
            list_paths(root, {}, known);
            diagnostics.error("CLI-SET-PATH", command_line().location(),
                              fmt::format("{} has no '{}'", what, path),
                              did_you_mean(path, known,
                                           "keys by name, items of a list by name or number from "
                                           "0: projections.fc1.delay"));
            continue;
        }
        auto value = node_of(text, diagnostics);
        if (!value) continue;
        if (is_map) {
            put(*node, last, std::move(value));
        } else {
            *item = std::move(value);
        }
    }
}

namespace {

/// `--set seed=5`: the one value of a network that stands at its top and is worth overriding,
/// unless the file has a variable of that name.
void put_seed(Node& root, const Settings& settings) {
    static const std::string kSeed = "seed";
    const Entry* const vars = root.map->find("vars");
    const bool is_variable = vars != nullptr && vars->value->kind == Kind::kMap &&
                             vars->value->map->find(kSeed) != nullptr;
    if (is_variable) return;
    if (const std::string* const seed = settings.find(kSeed)) put(root, kSeed, scalar_of(*seed));
}

}  // namespace

std::unique_ptr<Node> network_tree(const std::filesystem::path& path, const Settings& settings,
                                   const Form& form, Diagnostics& diagnostics,
                                   std::vector<std::filesystem::path>& files) {
    auto root = parse_with_includes(path, diagnostics, files);
    put_paths(*root, settings.take_paths(Settings::Into::kNetwork), "the network", diagnostics);
    put_seed(*root, settings);
    expand_templates(*root, diagnostics);
    substitute(*root, settings, diagnostics);
    for (const char* const key : {"network", "seed", "dt"}) {
        if (const std::string* const value = settings.take_root_key(key)) {
            put(*root, key, scalar_of(*value));
        }
    }
    bind(*root, form);
    return root;
}

}  // namespace seamount::yaml
