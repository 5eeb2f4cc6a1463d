#include "tools/explore/sweep/configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <system_error>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "isa/image/image.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/version.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 256;  ///< chips, and networks, of recent points

Json json_of(const yaml::Node& node) {
    switch (node.kind) {
        case yaml::Kind::kNull:
            return nullptr;
        case yaml::Kind::kScalar:
            return node.text;
        case yaml::Kind::kSequence: {
            Json items = Json::array();
            for (const auto& item : node.items) items.push_back(json_of(*item));
            return items;
        }
        case yaml::Kind::kMap:
            break;
    }
    Json map = Json::object();
    for (const yaml::Entry& entry : node.map->entries) map[entry.key] = json_of(*entry.value);
    return map;
}

void collect_scalars(const yaml::Node& node, std::vector<std::string>& texts) {
    if (node.kind == yaml::Kind::kScalar && !node.text.empty()) texts.push_back(node.text);
    for (const auto& item : node.items) collect_scalars(*item, texts);
    if (!node.map) return;
    for (const yaml::Entry& entry : node.map->entries) collect_scalars(*entry.value, texts);
}

bool has_key(const yaml::Node& node, std::string_view key) {
    const auto has = [key](const auto& item) { return has_key(*item, key); };
    if (std::any_of(node.items.begin(), node.items.end(), has)) return true;
    if (!node.map) return false;
    const auto& entries = node.map->entries;
    return std::any_of(entries.begin(), entries.end(), [key](const yaml::Entry& entry) {
        return entry.key == key || has_key(*entry.value, key);
    });
}

/// Of `vars:`, for the chip and the network alike; everything else is a path.
bool is_variable(const std::string& assignment) {
    return assignment.find('.') > assignment.find('=');
}

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

/// True of the options of `seamount run`; the others are assignments to the chip or the network.
bool is_option(const std::string& path) {
    const std::optional<Root> root = root_of(path);
    return root == Root::kCompile || root == Root::kRun;
}

/// `run.seed` -> `--seed`, `compile.mapping_seed` -> `--mapping-seed`.
std::string option_of(const std::string& path) {
    std::string option = "--" + without_root(path);
    std::replace(option.begin(), option.end(), '_', '-');
    return option;
}

}  // namespace

std::uint64_t core_memory_bits(const isa::CoreLimits& limits) {
    std::uint64_t bits = 0;
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        bits += row.memory_bits * (limits.*row.amount);
    }
    return bits;
}

std::vector<std::string> assignments_of(const Assignment& point) {
    std::vector<std::string> assignments;
    for (const auto& [path, value] : point) {
        if (is_option(path)) continue;
        assignments.push_back(without_root(path) + '=' + to_string(value));
    }
    return assignments;
}

Configurator::Configurator(const Sweep& sweep)
    : sweep_{sweep}, neurons_{tools::find_config_dir() / "neurons"} {}

std::string Configurator::file_hash(const fs::path& path) {
    const auto [entry, added] = hashes_.try_emplace(path.string());
    if (added) entry->second = content_hash_of_file(path);
    return entry->second;
}

std::shared_ptr<const ResolvedChip> Configurator::chip(
    const std::vector<std::string>& assignments) {
    const std::string name = fmt::format("{}", fmt::join(assignments, "\n"));
    if (const auto found = chips_.find(name); found != chips_.end()) return found->second;
    // The chip file is parsed once for all points that differ in paths alone.
    std::vector<std::string> variables;
    std::vector<std::string> paths;
    for (const std::string& assignment : assignments) {
        (is_variable(assignment) ? variables : paths).push_back(assignment);
    }
    const std::string family = fmt::format("{}", fmt::join(variables, "\n"));
    auto base = families_.find(family);
    if (base == families_.end()) {
        if (families_.size() >= kMostKept) families_.clear();
        isa::ChipSpec chip =
            session::load_chip(sweep_.chip, session::settings_of(variables), &chip_files_);
        base = families_.emplace(family, std::move(chip)).first;
    }
    const isa::ChipSpec spec = base->second.with(session::settings_of(paths));
    if (chips_.size() >= kMostKept) chips_.clear();
    return chips_[name] = std::make_shared<const ResolvedChip>(
               ResolvedChip{spec.resolved, spec.cores(), core_memory_bits(spec.limits)});
}

std::shared_ptr<const ResolvedNetwork> Configurator::network(
    const std::vector<std::string>& assignments) {
    std::vector<std::string> own;
    for (const std::string& assignment : assignments) {
        if (is_variable(assignment) || Settings::leads_into_network(assignment)) {
            own.push_back(assignment);
        }
    }
    const std::string name = fmt::format("{}", fmt::join(own, "\n"));
    if (const auto found = networks_.find(name); found != networks_.end()) return found->second;
    Diagnostics found;
    const auto tree = yaml::network_tree(sweep_.network_file(), session::settings_of(own), found);
    found.throw_if_errors();
    ResolvedNetwork network{seamount::json_text(json_of(*tree)), {}, has_key(*tree, "dataset")};
    std::vector<std::string> texts;
    collect_scalars(*tree, texts);
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    for (const std::string& text : texts) {
        // More than what is read may be hashed, never less: whatever names a file counts.
        for (const fs::path& path :
             {sweep_.network_file().parent_path() / text, neurons_ / (text + ".asm")}) {
            if (is_file(path)) network.files += text + ' ' + file_hash(path) + '\n';
        }
    }
    if (networks_.size() >= kMostKept) networks_.clear();
    return networks_[name] = std::make_shared<const ResolvedNetwork>(std::move(network));
}

Configuration Configurator::configure(const Assignment& point, std::optional<std::uint64_t> seed) {
    const std::vector<std::string> assignments = assignments_of(point);
    Configuration result;
    result.chip = chip(assignments);
    result.network = network(assignments);
    result.arguments = {"run", sweep_.network.string()};
    if (!sweep_.chip.empty()) {
        result.arguments.insert(result.arguments.end(), {"--chip", sweep_.chip});
    }
    for (const std::string& assignment : assignments) {
        result.arguments.insert(result.arguments.end(), {"--set", assignment});
    }
    std::string options;
    const auto add = [&](const std::string& option, const std::string& value) {
        result.arguments.insert(result.arguments.end(), {option, value});
        options += option + ' ' + value + '\n';
        // --input NAME=FILE: what is in the file counts, not its name alone.
        const std::string file = value.substr(value.find('=') + 1);
        if (is_file(file)) options += file_hash(file) + '\n';
    };
    for (const auto& [path, value] : point) {
        if (is_option(path)) add(option_of(path), to_string(value));
    }
    if (seed) add("--seed", std::to_string(*seed));
    result.key = content_hash(fmt::format("{} {}\n{}\n{}\n{}\n{}", tools::version(),
                                          isa::kImageVersion, result.chip->text,
                                          result.network->text, result.network->files, options));
    return result;
}

std::vector<fs::path> Configurator::files() const {
    std::vector<fs::path> files = chip_files_;
    for (const auto& [path, hash] : hashes_) files.emplace_back(path);
    return files;
}

std::string Configurator::inputs_hash() {
    const std::vector<std::string> assignments = assignments_of(sweep_.space.fixed);
    const auto resolved = network(assignments);
    std::string scripts;
    for (const Objective& objective : sweep_.objectives) {
        if (const Script* script = objective.script()) {
            scripts += objective.name + ' ' + file_hash(script->file) + '\n';
        }
    }
    return content_hash(fmt::format("{} {}\n{}\n{}\n{}{}", tools::version(), isa::kImageVersion,
                                    chip(assignments)->text, resolved->text, resolved->files,
                                    scripts));
}

}  // namespace seamount::explore
