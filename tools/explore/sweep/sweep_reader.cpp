#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "tools/explore/sweep/parameter_reader.hpp"
#include "tools/explore/sweep/sweep.hpp"
#include "tools/explore/sweep/sweep_keys.hpp"
#include "tools/import/import_options.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

/// Reads a sweep file; problems go to its diagnostics.
class SweepReader {
public:
    SweepReader(const YamlFile& file, fs::path path) : file_{file}, root_{file.root()} {
        sweep_.file = std::move(path);
    }

    Sweep read() {
        sweep_.name = sweep_.file.stem().string();
        root_.bind(sweep_form());
        root_.read("sweep", sweep_.name);
        if (const YamlNode network = root_.require("network")) read_network(network);
        if (const YamlNode chip = root_["chip"]) read_chip(chip);
        sweep_.space = read_space(root_);
        import_network();
        if (const YamlNode objectives = root_.require("objectives")) read_objectives(objectives);
        if (const YamlNode strategy = root_["strategy"]) read_strategy(strategy);
        check_design();
        read_seeds();
        if (const YamlNode screen = root_["screen"]) read_screen(screen);
        if (const YamlNode budget = root_["budget"]) read_budget(budget);
        if (const YamlNode limits = root_["limits"]) read_limits(limits);
        root_.finish({"vars"});
        return std::move(sweep_);
    }

private:
    void read_network(const YamlNode& network) {
        const std::string text = network.text();
        if (text.empty() && !network.is_scalar()) return;
        if (text.empty()) return network.error("EXP-FILE", "the name of the network is empty");
        sweep_.network = fs::absolute(file_.resolve(text)).lexically_normal();
        std::error_code ignored;
        if (!fs::is_regular_file(sweep_.network, ignored)) {
            network.error("EXP-FILE", fmt::format("no such network file: {}", text),
                          "the path is relative to the sweep's folder");
        }
    }

    /// Options of the importers are those of `seamount run` that every point has.
    void import_network() {
        std::error_code ignored;
        if (!fs::is_regular_file(sweep_.network, ignored) ||
            !session::is_foreign_network(sweep_.network)) {
            return;
        }
        std::vector<std::pair<std::string, std::string>> given;
        for (const auto& [path, value] : sweep_.space.fixed) {
            if (root_of(path) != Root::kRun) continue;
            std::string name = without_root(path);
            std::replace(name.begin(), name.end(), '_', '-');
            if (importer::find_import_option(name)) given.emplace_back(name, to_string(value));
        }
        sweep_.imported = std::make_shared<const session::ImportedNetwork>(
            sweep_.network, importer::read_import_options(given));
    }

    void read_chip(const YamlNode& chip) {
        sweep_.chip = chip.text();
        if (sweep_.chip.empty()) {
            if (chip.is_scalar()) chip.error("EXP-FILE", "the name of the chip is empty");
            return;
        }
        const fs::path beside = file_.resolve(sweep_.chip);
        std::error_code ignored;
        if (fs::is_regular_file(beside, ignored))
            sweep_.chip = fs::absolute(beside).lexically_normal().string();
    }

    void read_objectives(const YamlNode& objectives) {
        for (const auto& [name, node] : objectives.entries()) {
            Objective objective;
            objective.name = name;
            objective.where = objectives.where_key(name);
            if (name.empty()) node.error("EXP-OBJECTIVE", "an objective needs a name");
            YamlNode measure;
            std::size_t given = 0;
            for (const Direction direction : values(kDirectionNames)) {
                const YamlNode there = node[std::string{name_of(kDirectionNames, direction)}];
                if (!there) continue;
                ++given;
                measure = there;
                objective.direction = direction;
            }
            if (given != 1) {
                node.error("EXP-OBJECTIVE",
                           fmt::format("'{}' needs one of 'minimize' and 'maximize'", name),
                           "{minimize: modelled_time_s}");
                continue;
            }
            read_measure(measure, objective);
            node.finish();
            sweep_.objectives.push_back(std::move(objective));
        }
        if (objectives.entries().empty()) {
            objectives.error("EXP-OBJECTIVE", "a sweep needs at least one objective");
        }
    }

    void read_measure(const YamlNode& node, Objective& objective) {
        if (node.is_map()) {
            const YamlNode script = node.require("script");
            if (!script) return;
            const fs::path file = file_.resolve(script.text());
            objective.source = Script{file};
            if (access(file.c_str(), X_OK) != 0) {
                script.error(
                    "EXP-SCRIPT", fmt::format("'{}' cannot be executed", script.text()),
                    "an executable file (chmod +x, first line #!/usr/bin/env python3 or such), its "
                    "path relative to the sweep's folder");
            }
            return node.finish();
        }
        const std::string text = node.text();
        if (!node.is_scalar()) return;
        try {
            objective.source.emplace<Formula>(text);
        } catch (const FormulaError& error) {
            node.error("EXP-FORMULA", fmt::format("'{}' is not a formula: {}", text, error.what()));
        }
    }

    void read_strategy(const YamlNode& node) {
        StrategySpec& spec = sweep_.strategy;
        spec.where = node.where();
        const YamlNode name = node.is_map() ? node.require("name") : node;
        if (!name) return;
        const auto kind = name.choice("strategy", kStrategyNames);
        if (!kind) return;
        spec.kind = *kind;
        if (!node.is_map()) {
            if (takes(*kind, kTakesPoints)) {
                node.error("YML-MISSING", fmt::format("{} needs 'points'", spec.name()),
                           fmt::format("{{name: {}, points: 100}}", spec.name()));
            }
            if (takes(*kind, kTakesCommand)) {
                node.error("YML-MISSING", fmt::format("{} needs 'command'", spec.name()),
                           fmt::format("{{name: {}, command: [python3, search.py]}}", spec.name()));
            }
            return;
        }
        if (takes(*kind, kTakesSeed)) {
            node.read("seed", spec.seed);
        }
        if (takes(*kind, kTakesPoints) && node.require("points")) {
            node.read("points", spec.points);
        }
        if (takes(*kind, kTakesPopulation)) {
            node.read("population", spec.population);
            node.read("generations", spec.generations);
        }
        if (takes(*kind, kTakesCommand)) read_command(node.require("command"));
        node.finish();
    }

    void read_command(const YamlNode& command) {
        if (!command) return;
        if (!command.is_sequence() || command.items().empty()) {
            return command.error("YML-TYPE", "'command' must be a list of words",
                                 "[python3, search.py]");
        }
        for (const YamlNode& word : command.items()) {
            const std::string text = word.text();
            const fs::path beside = file_.resolve(text);
            std::error_code ignored;
            const bool is_file = fs::is_regular_file(beside, ignored);
            sweep_.strategy.command.push_back(is_file ? fs::absolute(beside).string() : text);
        }
    }

    void check_design() {
        if (!takes(sweep_.strategy.kind, kTakesLevels)) return;
        for (const Parameter& parameter : sweep_.space.parameters) {
            const Domain& domain = parameter.domain;
            if (!domain.is_interval() || !domain.was_read()) continue;
            root_["parameters"][parameter.path].error(
                "EXP-RANGE",
                fmt::format("'{}' is a range without steps, of which a grid cannot take all values",
                            parameter.path),
                "add step or points, or use another strategy");
        }
        const double size = sweep_.space.grid_size();
        if (size > static_cast<double>(kMaxPoints)) {
            root_["parameters"].error(
                "EXP-RANGE", fmt::format("the grid has {} points, at most {}", size, kMaxPoints),
                "fewer values, or another strategy");
        }
    }

    void read_seeds() {
        const YamlNode seeds = root_["seeds"];
        const YamlNode repeats = root_["repeats"];
        if (seeds && repeats) {
            seeds.error("EXP-RANGE", "both 'seeds' and 'repeats' say how often a point runs",
                        "keep one of them");
        }
        if (repeats) {
            const auto count = repeats.integer("repeats", 1, 10'000);
            for (std::int64_t seed = 1; seed <= count.value_or(0); ++seed) {
                sweep_.seeds.push_back(static_cast<std::uint64_t>(seed));
            }
        }
        if (!seeds) return;
        std::set<std::int64_t> seen;
        for (const YamlNode& node : seeds.items()) {
            const auto seed = node.integer("seeds", 0, std::numeric_limits<std::int64_t>::max());
            if (!seed) continue;
            if (!seen.insert(*seed).second) {
                node.error("EXP-RANGE", fmt::format("the seed {} is listed twice", *seed));
            }
            sweep_.seeds.push_back(static_cast<std::uint64_t>(*seed));
        }
        if (!seeds.is_sequence() || seeds.items().empty()) {
            seeds.error("EXP-RANGE", "'seeds' must be a list of at least one seed");
        }
    }

    void read_screen(const YamlNode& node) {
        ScreenSpec screen;
        if (const YamlNode set = node.require("set"))
            screen.set = read_assignment(set, screen.places);
        node.read("fronts", screen.fronts);
        node.finish();
        sweep_.screen = std::move(screen);
    }

    void read_budget(const YamlNode& node) {
        node.read("points", sweep_.budget.points);
        node.read("wall_s", sweep_.budget.wall_s);
        node.read("without_improvement", sweep_.budget.without_improvement);
        node.read("failures", sweep_.budget.failures);
        node.finish();
    }

    void read_limits(const YamlNode& node) {
        node.read("time_s", sweep_.limits.time_s);
        node.read("memory_mb", sweep_.limits.memory_mb);
        node.finish();
    }

    const YamlFile& file_;
    const YamlNode& root_;
    Sweep sweep_;
};

std::string text_of(const Domain& domain) {
    if (domain.is_interval()) {
        return fmt::format("{}..{}{}{}", domain.low, domain.high,
                           domain.scale == Scale::kLogarithmic ? " log" : "",
                           domain.integer ? " integer" : "");
    }
    std::string text;
    for (const Value& level : domain.levels) text += to_string(level) + ' ';
    return text;
}

}  // namespace

std::string Objective::source_text() const {
    const Formula* const text = formula();
    return text != nullptr ? text->text() : script()->file.filename().string();
}

std::vector<std::string> Sweep::scripts() const {
    std::vector<std::string> files;
    for (const Objective& objective : objectives) {
        const Script* const script = objective.script();
        if (script != nullptr) files.push_back(fs::absolute(script->file).string());
    }
    return files;
}

std::string Sweep::definition() const {
    std::string text = fmt::format("{}\n{}\n{}\n", name, to_string(space.fixed), strategy.name());
    text += fmt::format("{} {} {} {} {}\n", strategy.seed, strategy.points, strategy.population,
                        strategy.generations, fmt::join(strategy.command, " "));
    for (const Parameter& p : space.parameters) {
        text += fmt::format("{}: {} when {}\n", p.path, text_of(p.domain),
                            p.when ? p.when->text() : "");
    }
    for (const Derived& d : space.derived) text += d.path + " = " + d.formula.text() + '\n';
    for (const Constraint& c : space.constraints) text += c.formula.text() + '\n';
    for (const Objective& o : objectives) {
        const std::string_view direction = name_of(kDirectionNames, o.direction);
        text += fmt::format("{} {} {}\n", o.name, direction.substr(0, 3), o.source_text());
    }
    text += fmt::format("seeds {}\n", fmt::join(seeds, " "));
    if (screen) text += fmt::format("screen {} {}\n", to_string(screen->set), screen->fronts);
    return text;
}

Sweep load_sweep(const fs::path& path, const Settings& settings, Diagnostics& found) {
    const YamlFile file = YamlFile::load(path, settings, found);
    return SweepReader{file, path}.read();
}

Sweep load_sweep(const fs::path& path, const Settings& settings) {
    Diagnostics found;
    Sweep sweep = load_sweep(path, settings, found);
    found.throw_if_errors();
    return sweep;
}

}  // namespace seamount::explore
