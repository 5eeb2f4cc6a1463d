#include "isa/chip/chip_override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/chip/barrier.hpp"
#include "isa/chip/event.hpp"

namespace seamount::isa {
namespace {

using yaml::empty_map;
using yaml::Entry;
using yaml::Kind;
using yaml::Node;

constexpr const char* kSource = "command_line";  ///< name under sources:

/// The path of a price that was named by its block: "mesh.hop_ew_ns", "barrier.base_ns".
std::string canonical(const std::string& path) {
    constexpr std::string_view kMesh = "mesh.";
    if (path.starts_with(fmt::format("{}.", name_of(Event::kBarrier)))) return "prices." + path;
    if (!path.starts_with(kMesh)) return path;
    const std::string key = path.substr(kMesh.size());
    const bool is_price =
        std::any_of(kEventTable.begin(), kEventTable.end(), [&key](const EventInfo& row) {
            return row.in_mesh && key.starts_with(fmt::format("{}_", row.name));
        });
    return is_price ? "prices." + key : path;
}

/// Is it `{value: ..., source: ..., grade: ...}`, or a value without them?
bool is_number(const Node& node) {
    return node.kind != Kind::kMap || node.map->find("value") != nullptr;
}

bool contains(std::span<const std::string_view> keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Whether a barrier of some model has the key.
bool is_barrier_key(std::string_view key) {
    const auto kinds = values(kBarrierNames);
    return std::any_of(kinds.begin(), kinds.end(), [key](BarrierModel::Kind kind) {
        return contains(barrier_keys(kind), key);
    });
}

/// Puts paths over one chip.
class Override {
public:
    Override(Node& chip, Diagnostics& diagnostics) : chip_{chip}, diagnostics_{diagnostics} {
        if (Entry* const profiles = chip.map->find("profiles")) {
            prices_ = profiles->value->map->entries.front().value.get();
        }
    }

    void put(const std::string& given, const std::string& text) {
        const std::vector<std::string> keys = yaml::keys_of(canonical(given));
        Node* const map = parent_of(keys);
        if (map == nullptr) return unknown(given);
        if (auto value = yaml::node_of(text, diagnostics_)) replace(*map, keys, std::move(value));
    }

private:
    static bool may_be_absent(const std::string& section) {
        return section == "faults" || section == "synapses";
    }

    [[nodiscard]] Node* section(const std::string& name) const {
        if (name == "prices") return prices_;
        if (name == "profiles" || name == "sources") return nullptr;
        // A complete chip leaves these out where there is nothing to say.
        if (may_be_absent(name) && chip_.map->find(name) == nullptr)
            yaml::put(chip_, name, empty_map());
        Entry* const entry = chip_.map->find(name);
        return entry == nullptr ? nullptr : entry->value.get();
    }

    /// The map that holds the last of `keys`, or null if the chip has no such number.
    [[nodiscard]] Node* parent_of(const std::vector<std::string>& keys) const {
        Node* node = section(keys.front());
        for (std::size_t i = 1; i < keys.size(); ++i) {
            if (node == nullptr || is_number(*node)) return nullptr;
            Entry* const entry = node->map->find(keys[i]);
            if (i + 1 < keys.size()) {
                node = entry == nullptr ? nullptr : entry->value.get();
            } else if (entry == nullptr && may_be_absent(keys.front())) {
                return node;  // for the reader to judge
            } else if (node != barrier()) {
                if (entry == nullptr) return follows_another(keys) ? node : nullptr;
                return is_number(*entry->value) ? node : nullptr;
            } else if (entry == nullptr && !is_barrier_key(keys[i])) {
                return nullptr;  // a key of another model is for the reader to judge
            }
        }
        return node;
    }

    /// Prices that follow others until they are given.
    static bool follows_another(const std::vector<std::string>& keys) {
        return keys.size() == 2 && keys[0] == "prices" &&
               std::any_of(kEventTable.begin(), kEventTable.end(), [&keys](const EventInfo& row) {
                   return row.follows && (keys[1] == fmt::format("{}_ns", row.name) ||
                                          keys[1] == fmt::format("{}_pj", row.name));
               });
    }

    void replace(Node& map, const std::vector<std::string>& keys, std::unique_ptr<Node> value) {
        cite_command_line();
        if (keys.size() > 2 && keys[0] == "prices" && keys[1] == "barrier") {
            if (keys.back() == "model") switch_model(value->text);
            yaml::put(map, keys.back(), std::move(value));
            yaml::put(*barrier(), "source", yaml::scalar_of(kSource));
            yaml::put(*barrier(), "grade", yaml::scalar_of("assumed"));
            return;
        }
        auto cited = empty_map();
        yaml::put(*cited, "value", std::move(value));
        yaml::put(*cited, "source", yaml::scalar_of(kSource));
        yaml::put(*cited, "grade", yaml::scalar_of("assumed"));
        yaml::put(map, keys.back(), std::move(cited));
    }

    void cite_command_line() {
        if (chip_.map->find("sources") == nullptr) yaml::put(chip_, "sources", empty_map());
        yaml::put(*chip_.map->find("sources")->value, kSource,
                  yaml::scalar_of("the command line (--set)"));
    }

    [[nodiscard]] Node* barrier() const {
        Entry* const entry = prices_ == nullptr ? nullptr : prices_->map->find("barrier");
        return entry == nullptr ? nullptr : entry->value.get();
    }

    /// Keys that the new model does not have go; a model that is unknown is for the reader.
    void switch_model(const std::string& model) {
        const auto chosen = parse(kBarrierNames, model);
        if (!chosen) return;
        for (const BarrierModel::Kind kind : values(kBarrierNames)) {
            for (const std::string_view key : barrier_keys(kind)) {
                const std::string name{key};
                if (contains(barrier_keys(*chosen), key)) continue;
                if (barrier()->map->find(name) != nullptr) barrier()->map->erase(name);
            }
        }
    }

    void unknown(const std::string& path) {
        std::vector<std::string> known;
        for (const Entry& e : chip_.map->entries) {
            const Node* const node = section(e.key);
            if (node != nullptr) list(*node, e.key, known);
        }
        diagnostics_.error(
            "CLI-SET-PATH", yaml::command_line().location(),
            fmt::format("the chip has no '{}'", path),
            did_you_mean(canonical(path), known,
                         "'seamount inspect CHIP' lists all paths of the chip; those of a "
                         "network begin with populations, projections, inputs, probes, "
                         "readout or learning; variables have no dot"));
    }

    static void list(const Node& map, const std::string& path, std::vector<std::string>& known) {
        if (map.kind != Kind::kMap) return;
        for (const Entry& e : map.map->entries) {
            if (e.key == "source" || e.key == "grade") continue;
            const std::string name = path + '.' + e.key;
            if (is_number(*e.value)) {
                known.push_back(name);
            } else {
                list(*e.value, name, known);
            }
        }
    }

    Node& chip_;
    Diagnostics& diagnostics_;
    Node* prices_ = nullptr;  ///< of the profile in force
};

}  // namespace

void override_chip(Node& chip, const PathValues& values, Diagnostics& diagnostics) {
    Override override{chip, diagnostics};
    // A barrier's model first: it decides which of the other keys there are.
    for (const bool models : {true, false}) {
        for (const auto& [path, text] : values) {
            if (path.ends_with("barrier.model") == models) override.put(path, text);
        }
    }
}

}  // namespace seamount::isa
