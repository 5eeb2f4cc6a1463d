#include "tools/explore/sweep/configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <system_error>

#include "compiler/frontend/network_keys.hpp"
#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"
#include "isa/image/image.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "tools/base/config_library.hpp"
#include "tools/session/settings.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

/// Values of options that have none on a command line.
enum class Flag : std::uint8_t { kOff, kOn };
constexpr auto kFlagNames = name_table<Flag>({{Flag::kOff, "false"}, {Flag::kOn, "true"}});

constexpr const char* kSeedOption = "--seed";
constexpr std::string_view kParent = "..";
const std::string kLibrary = "library:";  ///< begins the name of a file that comes with Seamount
constexpr std::size_t kMostKept = 256;    ///< chips, and networks, of recent points

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

std::vector<std::string> words_of(const Sweep& sweep, const Assignment& point,
                                  std::optional<std::uint64_t> seed) {
    std::vector<std::string> words{"run", sweep.network.string()};
    const auto add = [&words](const std::string& option, const std::string& value) {
        words.insert(words.end(), {option, value});
    };
    if (!sweep.chip.empty()) add("--chip", sweep.chip);
    for (const std::string& assignment : assignments_of(point)) add("--set", assignment);
    for (const auto& [path, value] : point) {
        if (!is_option(path)) continue;
        const std::string text = to_string(value);
        const std::string option = option_of(path);
        if (seed && option == kSeedOption) continue;
        const std::optional<Flag> flag = parse(kFlagNames, text);
        if (!flag) {
            add(option, text);
        } else if (*flag == Flag::kOn) {
            words.push_back(option);
        }
    }
    if (seed) add(kSeedOption, std::to_string(*seed));
    return words;
}

Configurator::Configurator(const Sweep& sweep, const RunOptions& options, std::string build)
    : sweep_{sweep},
      options_{options},
      build_{std::move(build)},
      library_{fs::absolute(tools::find_config_dir()).lexically_normal()},
      neurons_{library_ / "neurons"} {}

std::string Configurator::name_of(const fs::path& file) const {
    const fs::path path = fs::absolute(file).lexically_normal();
    const fs::path in_library = path.lexically_relative(library_);
    if (!in_library.empty() && *in_library.begin() != kParent) {
        return kLibrary + in_library.string();
    }
    const fs::path beside = path.lexically_relative(sweep_.network.parent_path());
    return beside.empty() ? path.string() : beside.string();
}

fs::path Configurator::file_of(const std::string& name) const {
    if (name.starts_with(kLibrary)) return library_ / name.substr(kLibrary.size());
    return (sweep_.network.parent_path() / name).lexically_normal();
}

bool Configurator::all_steady(const std::vector<fs::path>& paths) {
    bool steady = true;
    for (const fs::path& path : paths) steady = files_.is_steady(path) && steady;
    return steady;
}

isa::ChipFamily Configurator::chip_family(const std::vector<std::string>& variables) {
    for (;;) {
        std::vector<fs::path> read;
        try {
            isa::ChipFamily chip{
                session::load_chip(sweep_.chip, session::settings_of(variables), &read)};
            // Which files there are is known when they were read: the first time that is too early.
            if (all_steady(read)) return chip;
            chip_files_.insert(chip_files_.end(), read.begin(), read.end());
        } catch (const InputChanged&) {
            throw;
        } catch (const InputError&) {
            if (all_steady(chip_files_)) throw;
        }
    }
}

std::unique_ptr<yaml::Node> Configurator::network_tree(
    const std::vector<std::string>& assignments) {
    (void)files_.hash(sweep_.network);
    for (;;) {
        std::vector<fs::path> read;
        // The network itself goes by the name that the sweep gives it; an imported one stands in
        // another file.
        const auto is_steady = [&] {
            if (!read.empty()) read.front() = sweep_.network;
            return files_.is_steady(sweep_.network) && all_steady(read);
        };
        try {
            Diagnostics found;
            auto tree = yaml::network_tree(sweep_.network_file(), session::settings_of(assignments),
                                           compiler::network_form(), found, read);
            found.throw_if_errors();
            if (is_steady()) return tree;
        } catch (const InputChanged&) {
            throw;
        } catch (const InputError&) {
            if (is_steady()) throw;
        }
    }
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
        base = families_.emplace(family, chip_family(variables)).first;
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
    const auto tree = network_tree(own);
    ResolvedNetwork network{seamount::json_text(json_of(*tree)), {}, has_key(*tree, "dataset")};
    std::vector<std::string> texts;
    collect_scalars(*tree, texts);
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    for (const std::string& text : texts) {
        // More than what is read may be hashed, never less: whatever names a file counts.
        for (const fs::path& path :
             {sweep_.network_file().parent_path() / text, neurons_ / (text + ".asm")}) {
            if (is_file(path)) network.files += text + ' ' + files_.hash(path) + '\n';
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
    result.arguments = words_of(sweep_, point, seed);
    RunOptions::Reading reading = options_.read(result.arguments);
    if (reading.wrong) {
        bad_input("EXP-VALUE", sweep_.file.string(),
                  fmt::format("the point {}: {}", to_string(point), *reading.wrong));
    }
    result.request = std::move(reading.request);
    std::string options;
    for (const auto& [path, value] : point) {
        if (is_option(path)) options += path + ' ' + to_string(value) + '\n';
    }
    if (seed) options += fmt::format("{} {}\n", kSeedOption, *seed);
    // --input NAME=FILE: what is in the file counts, not its name alone.
    for (const std::string& input : result.request.inputs) {
        options += files_.hash(input.substr(input.find('=') + 1)) + '\n';
    }
    result.key = content_hash(fmt::format("{} {}\n{}\n{}\n{}\n{}", build_, isa::kImageVersion,
                                          result.chip->text, result.network->text,
                                          result.network->files, options));
    return result;
}

std::string Configurator::inputs_hash() {
    const std::vector<std::string> assignments = assignments_of(sweep_.space.fixed);
    const auto resolved = network(assignments);
    std::string scripts;
    for (const Objective& objective : sweep_.objectives) {
        if (const Script* script = objective.script()) {
            for (const fs::path& file : script_files(script->file)) {
                scripts += objective.name + ' ' + files_.hash(file) + '\n';
            }
        }
    }
    return content_hash(fmt::format("{} {}\n{}\n{}\n{}{}", build_, isa::kImageVersion,
                                    chip(assignments)->text, resolved->text, resolved->files,
                                    scripts));
}

}  // namespace seamount::explore
