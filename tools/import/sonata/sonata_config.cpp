#include "tools/import/sonata/sonata_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

#include "isa/base/json.hpp"

namespace seamount::importer::sonata {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpikes = "spikes";  ///< the one type of input that is read
constexpr std::array<std::string_view, 3> kModules{"h5", "sonata", ""};  ///< all the same file

/// A text or number as it stands; nothing for anything else.
std::optional<std::string> scalar(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return value.dump();
    return std::nullopt;
}

/// Line and column of a byte.
SourceLocation position(const fs::path& file, const std::string& text, std::size_t byte) {
    const auto end =
        text.begin() + static_cast<std::ptrdiff_t>(std::min(byte == 0 ? 0 : byte - 1, text.size()));
    const auto line = std::count(text.begin(), end, '\n');
    const std::size_t start = text.rfind('\n', static_cast<std::size_t>(end - text.begin()));
    const auto column = static_cast<std::size_t>(end - text.begin()) -
                        (start == std::string::npos ? 0 : std::min(start + 1, byte));
    return {file.string(), static_cast<std::uint32_t>(line + 1),
            static_cast<std::uint32_t>(column + 1)};
}

/// Throws InputError: CLI-FILE, IMP-JSON (no JSON, no object, a repeated key, deeper than 64).
Json load_json(const fs::path& file) {
    constexpr int kDeepest = 64;
    std::error_code ignored;
    std::ifstream stream{file, std::ios::binary};
    if (!fs::is_regular_file(file, ignored) || !stream) {
        bad_input("CLI-FILE", file.string(), "no such file");
    }
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    std::vector<std::set<std::string>> keys;
    std::string repeated;
    bool too_deep = false;
    const auto watch = [&](int depth, Json::parse_event_t event, const Json& parsed) {
        if (depth > kDeepest) too_deep = true;
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.empty() &&
            !keys.back().insert(parsed.get<std::string>()).second) {
            repeated = parsed.get<std::string>();
        }
        return !too_deep;
    };
    Json root;
    try {
        root = Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        throw InputError{Diagnostic{
            "IMP-JSON", position(file, text, error.byte), "this is no JSON from here on", {}}};
    } catch (const Json::exception&) {
        throw InputError{Diagnostic{"IMP-JSON", {file.string(), 0, 0}, "this is no JSON", {}}};
    }
    if (!repeated.empty()) {
        bad_input("IMP-JSON", file.string(), fmt::format("the key '{}' is given twice", repeated));
    }
    if (too_deep || !root.is_object()) {
        bad_input("IMP-JSON", file.string(),
                  too_deep ? "nested too deeply" : "must be an object, {...}");
    }
    return root;
}

/// One JSON file with its manifest.
class ConfigFile {
public:
    ConfigFile(fs::path file, Config& config, Diagnostics& found)
        : file_{std::move(file)}, root_(load_json(file_)), config_{config}, found_{found} {
        config_.files_read.push_back(file_);
        variables_["$configdir"] = fs::absolute(file_).parent_path().string();
        variables_["$workingdir"] = ".";
        if (const Json* manifest = object(root_, "manifest", "")) {
            for (const auto& [name, value] : manifest->items()) {
                if (value.is_string()) variables_[name] = value.get<std::string>();
            }
        }
    }

    [[nodiscard]] const Json& root() const noexcept { return root_; }
    [[nodiscard]] SourceLocation where(const std::string& path) const { return at(file_, path); }
    void error(const std::string& path, const char* code, std::string message,
               std::string hint = {}) const {
        found_.error(code, where(path), std::move(message), std::move(hint));
    }

    /// The object at a key, or null; what is no object is an error.
    [[nodiscard]] const Json* object(const Json& parent, const std::string& key,
                                     const std::string& path) const {
        const auto child = parent.find(key);
        if (child == parent.end() || child->is_null()) return nullptr;
        if (child->is_object()) return &*child;
        error(path + "/" + key, "IMP-VALUE", "must be an object, {...}");
        return nullptr;
    }

    /// A text with its variables replaced, or nothing.
    [[nodiscard]] std::optional<std::string> text(const Json& parent, const std::string& key,
                                                  const std::string& path) const {
        const auto child = parent.find(key);
        if (child == parent.end() || child->is_null()) return std::nullopt;
        if (!child->is_string()) {
            error(path + "/" + key, "IMP-VALUE", "must be a text");
            return std::nullopt;
        }
        return expanded(child->get<std::string>(), path + "/" + key);
    }

    [[nodiscard]] std::optional<double> positive(const Json& parent, const std::string& key,
                                                 const std::string& path) const {
        const auto child = parent.find(key);
        if (child == parent.end() || child->is_null()) return std::nullopt;
        if (child->is_number() && child->get<double>() > 0) return child->get<double>();
        error(path + "/" + key, "IMP-VALUE",
              fmt::format("'{}' is {}, must be a number above 0", key, child->dump()));
        return std::nullopt;
    }

    /// The file or folder that a key names. Circuits are moved with the paths of their old place:
    /// what is not there is looked for without the first folders of its path.
    [[nodiscard]] std::optional<fs::path> path_of(const Json& parent, const std::string& key,
                                                  const std::string& path, bool required) const {
        const std::optional<std::string> name = text(parent, key, path);
        if (!name) {
            if (required && !parent.contains(key)) {
                error(path, "IMP-KEY", fmt::format("'{}' is missing", key));
            }
            return std::nullopt;
        }
        const fs::path folder = fs::absolute(file_).parent_path();
        const fs::path wanted = fs::path{*name}.lexically_normal();
        std::error_code ignored;
        if (fs::exists(folder / wanted, ignored)) return (folder / wanted).lexically_normal();
        for (auto first = wanted.begin(); first != wanted.end(); ++first) {
            fs::path rest;
            for (auto part = first; part != wanted.end(); ++part) {
                if (!part->has_root_directory()) rest /= *part;
            }
            if (rest.empty() || !fs::exists(folder / rest, ignored)) continue;
            config_.moved.push_back(fmt::format("{} for {}", rest.string(), wanted.string()));
            return (folder / rest).lexically_normal();
        }
        error(path + "/" + key, "CLI-FILE", fmt::format("no such file: {}", *name),
              "relative paths begin at the folder of the JSON file");
        return std::nullopt;
    }

private:
    [[nodiscard]] std::optional<std::string> expanded(std::string text,
                                                      const std::string& path) const {
        constexpr int kMostRounds = 64;
        for (int round = 0; round < kMostRounds; ++round) {
            const std::size_t dollar = text.find('$');
            if (dollar == std::string::npos) return text;
            if (!replace_one(text, dollar)) {
                error(path, "IMP-VALUE", fmt::format("'{}' has a variable that is not known", text),
                      "variables stand in 'manifest'");
                return std::nullopt;
            }
        }
        error(path, "IMP-VALUE", "variables of 'manifest' contain each other");
        return std::nullopt;
    }

    /// Replaces the variable at `dollar`, the longest name that fits.
    [[nodiscard]] bool replace_one(std::string& text, std::size_t dollar) const {
        if (text.compare(dollar, 2, "${") == 0) {
            const std::size_t end = text.find('}', dollar);
            if (end == std::string::npos) return false;
            const auto found = variables_.find("$" + text.substr(dollar + 2, end - dollar - 2));
            if (found == variables_.end()) return false;
            text.replace(dollar, end + 1 - dollar, found->second);
            return true;
        }
        const std::string* best = nullptr;
        const std::string* value = nullptr;
        for (const auto& [name, replacement] : variables_) {
            const bool fits = name.size() > 1 && text.compare(dollar, name.size(), name) == 0;
            if (!fits || (best != nullptr && best->size() >= name.size())) continue;
            best = &name;
            value = &replacement;
        }
        if (best == nullptr) return false;
        text.replace(dollar, best->size(), *value);
        return true;
    }

    fs::path file_;
    Json root_;
    Config& config_;
    Diagnostics& found_;
    std::map<std::string, std::string> variables_;
};

NodeSet node_set(const Json& value) {
    NodeSet set;
    if (value.is_string()) set.sets.push_back(value.get<std::string>());
    if (value.is_array()) {
        for (const Json& item : value) {
            if (item.is_string()) set.sets.push_back(item.get<std::string>());
        }
    }
    if (!value.is_object()) return set;
    for (const auto& [key, wanted] : value.items()) {
        std::vector<std::string>& texts = set.rules[key];
        if (const auto text = scalar(wanted)) texts.push_back(*text);
        if (!wanted.is_array()) continue;
        for (const Json& item : wanted) {
            if (const auto text = scalar(item)) texts.push_back(*text);
        }
    }
    return set;
}

void read_tables(const ConfigFile& file, const Json& networks, const char* kind,
                 std::vector<TableFiles>& tables) {
    const std::string path = fmt::format("/networks/{}", kind);
    const auto list = networks.find(kind);
    if (list == networks.end()) return;
    if (!list->is_array()) return file.error(path, "IMP-VALUE", "must be a list, [...]");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Json& entry = (*list)[i];
        const std::string here = fmt::format("{}/{}", path, i);
        if (!entry.is_object()) {
            file.error(here, "IMP-VALUE", "must be an object, {...}");
            continue;
        }
        const auto enabled = entry.find("enabled");
        if (enabled != entry.end() && enabled->is_boolean() && !enabled->get<bool>()) continue;
        const auto data = file.path_of(entry, fmt::format("{}_file", kind), here, true);
        const std::string types_key =
            fmt::format("{}_types_file", std::string{kind}.substr(0, std::string{kind}.size() - 1));
        const auto types = file.path_of(entry, types_key, here, false);
        if (data) tables.push_back({*data, types.value_or(fs::path{}), file.where(here)});
    }
}

void read_circuit(const ConfigFile& file, Config& config) {
    if (const Json* components = file.object(file.root(), "components", "")) {
        const auto folder = [&](const char* key) {
            return file.path_of(*components, key, "/components", false).value_or(fs::path{});
        };
        config.neuron_models = folder("point_neuron_models_dir");
        config.synapse_models = folder("synaptic_models_dir");
    }
    const Json* networks = file.object(file.root(), "networks", "");
    if (networks == nullptr) return;
    read_tables(file, *networks, "nodes", config.nodes);
    read_tables(file, *networks, "edges", config.edges);
}

void read_input(const ConfigFile& file, const std::string& name, const Json& input,
                Config& config) {
    const std::string here = "/inputs/" + name;
    if (!input.is_object()) return file.error(here, "IMP-VALUE", "must be an object, {...}");
    const auto enabled = input.find("enabled");
    if (enabled != input.end() && enabled->is_boolean() && !enabled->get<bool>()) return;
    const std::string type = file.text(input, "input_type", here).value_or("");
    const std::string module = file.text(input, "module", here).value_or("");
    const bool is_read = std::find(kModules.begin(), kModules.end(), module) != kModules.end();
    if (type != kSpikes || !is_read) {
        return file.error(here, "IMP-TYPE",
                          fmt::format("an input of type '{}', module '{}'", type, module),
                          "what can be imported are spikes of module h5; currents become 'bias' of "
                          "an input with a target in the network file");
    }
    const auto data = file.path_of(input, "input_file", here, true);
    const auto set = input.find("node_set");
    if (data) {
        config.inputs.push_back(
            {name, *data, set == input.end() ? NodeSet{} : node_set(*set), file.where(here)});
    }
}

void read_simulation(const ConfigFile& file, Config& config) {
    if (const Json* run = file.object(file.root(), "run", "")) {
        config.dt_ms = file.positive(*run, "dt", "/run");
        config.stop_ms = file.positive(*run, "tstop", "/run");
    }
    if (const auto sets = file.path_of(file.root(), "node_sets_file", "", false)) {
        const Json root = load_json(*sets);
        config.files_read.push_back(*sets);
        for (const auto& [name, value] : root.items()) config.node_sets[name] = node_set(value);
    }
    if (const Json* inputs = file.object(file.root(), "inputs", "")) {
        for (const auto& [name, input] : inputs->items()) read_input(file, name, input, config);
    }
    if (const Json* reports = file.object(file.root(), "reports", "");
        reports != nullptr && !reports->empty()) {
        config.notes.push_back("reports are left out: add 'probes:' to the network file");
    }
}

}  // namespace

SourceLocation at(const fs::path& file, const std::string& path) {
    return {path.empty() ? file.string() : file.string() + ":" + path, 0, 0};
}

Config read_config(const fs::path& file, Diagnostics& found) {
    Config config;
    config.file = file;
    const ConfigFile main{file, config, found};
    read_circuit(main, config);
    read_simulation(main, config);
    if (const auto circuit = main.path_of(main.root(), "network", "", false)) {
        read_circuit(ConfigFile{*circuit, config, found}, config);
    }
    if (const auto simulation = main.path_of(main.root(), "simulation", "", false)) {
        read_simulation(ConfigFile{*simulation, config, found}, config);
    }
    if (!config.moved.empty()) {
        config.notes.push_back(
            fmt::format("{} paths begin with folders that are not there, without "
                        "which their files were found: {}, ...",
                        config.moved.size(), config.moved.front()));
    }
    if (config.nodes.empty() && !found.has_errors()) {
        main.error("/networks/nodes", "IMP-KEY", "no nodes",
                   "a SONATA circuit lists them in 'networks: {nodes: [...]}'");
    }
    return config;
}

std::map<std::string, std::string> read_model(const fs::path& file) {
    std::map<std::string, std::string> values;
    const Json root = load_json(file);
    for (const auto& [key, value] : root.items()) {
        if (const auto text = scalar(value)) values[key] = *text;
    }
    return values;
}

}  // namespace seamount::importer::sonata
