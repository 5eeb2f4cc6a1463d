#include "tools/explore/sweep/sweep_keys.hpp"

#include "tools/explore/sweep/parameter_reader.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

using yaml::Form;

namespace {

constexpr double kShortest = 0.001;  ///< seconds
constexpr double kLongest = 1e9;
constexpr double kMostMegabytes = 1e9;

Form named(std::string_view name, std::string_view meaning, std::vector<yaml::ValueType> values) {
    Form form{name, meaning};
    form.others = std::move(values);
    return form;
}

Form make_parameter_form() {
    Form form{"parameter", "The values that a parameter takes: one of the first three."};
    form.key("values", yaml::list({yaml::text()}, 1), "these");
    form.key(name_of(kScaleNames, Scale::kLinear),
             yaml::list({yaml::number(-kMaxEnd, kMaxEnd)}, 2, 2), "[lowest, highest]");
    form.key(name_of(kScaleNames, Scale::kLogarithmic),
             yaml::list({yaml::number(kLeastLog, kMaxEnd)}, 2, 2),
             "[lowest, highest], equal ratios apart");
    form.key("step", yaml::number(kLeastLog, kMaxEnd), "between two values of a range");
    form.key("points", yaml::integer(1, static_cast<std::int64_t>(kMaxLevels)),
             "values of a range");
    form.key("integer", yaml::boolean(), "whether a range has whole numbers only")
        .by_default("(if ends and step are whole)");
    form.key("when", yaml::text(), "a formula of other values: without it, it does not matter")
        .by_default("(always)");
    return form;
}

Form make_objective_form() {
    static const Form script = [] {
        Form form{"script", "A program that measures."};
        form.key("script", yaml::text(), "an executable file").must();
        return form;
    }();
    Form form{"objective", "What is measured, and which way is better: one of the two."};
    for (const Direction direction : values(kDirectionNames)) {
        form.key(name_of(kDirectionNames, direction), yaml::text(),
                 "a key of summary.json, or a formula of some")
            .or_else(yaml::map(script));
    }
    return form;
}

Form make_strategy_form() {
    const StrategySpec standard;
    Form form{"strategy", "How points are chosen."};
    form.key("name", yaml::choice(kStrategyNames), "which strategy").must();
    form.key("seed", yaml::count(), "of all but grid").by_default(std::to_string(standard.seed));
    form.key("points", yaml::integer(1, kMaxPoints), "of random, lhs and sobol");
    form.key("population", yaml::integer(4, 10'000), "of nsga2")
        .by_default(std::to_string(standard.population));
    form.key("generations", yaml::integer(1, 100'000), "of nsga2")
        .by_default(std::to_string(standard.generations));
    form.key("command", yaml::list({yaml::text()}, 1), "of ask_tell: the program and its words");
    return form;
}

Form make_screen_form(const Form& settings) {
    Form form{"screen", "A cheaper run first; those that are good there run in full."};
    form.key("set", yaml::map(settings), "what makes it cheaper").must();
    form.key("fronts", yaml::integer(1, 1000), "how many fronts run in full")
        .by_default(std::to_string(ScreenSpec{}.fronts));
    return form;
}

Form make_budget_form() {
    Form form{"budget", "When a sweep ends early."};
    form.key("points", yaml::integer(1, kMaxPoints), "after so many points");
    form.key("wall_s", yaml::number(kShortest, kLongest), "after so long").in("s");
    form.key("without_improvement", yaml::integer(1, kMaxPoints),
             "after so many points that improve nothing");
    form.key("failures", yaml::integer(1, kMaxPoints), "after so many failed points");
    return form;
}

Form make_limits_form() {
    Form form{"run_limits", "What one run may take."};
    form.key("time_s", yaml::number(kShortest, kLongest), "of processor time").in("s");
    form.key("memory_mb", yaml::number(1, kMostMegabytes), "of memory").in("MB");
    return form;
}

Form make_sweep_form() {
    static const Form vars = named("vars", "Variables by name: their defaults.", {yaml::text()});
    static const Form settings = named(
        "settings",
        "Values by path: chip.KEY, network.VARIABLE, network.PATH, compile.OPTION, run.OPTION.",
        {yaml::text()});
    static const Form parameter = make_parameter_form();
    static const Form parameters =
        named("parameters", "Parameters by path; a list is one of values.",
              {yaml::list({yaml::text()}, 1), yaml::map(parameter)});
    static const Form derived =
        named("derived", "Formulas of the values before them, by path.", {yaml::text()});
    static const Form objective = make_objective_form();
    static const Form objectives =
        named("objectives", "Objectives by name.", {yaml::map(objective)});
    static const Form strategy = make_strategy_form();
    static const Form screen = make_screen_form(settings);
    static const Form budget = make_budget_form();
    static const Form limits = make_limits_form();
    Form form{"sweep", "A sweep of designs."};
    form.key("sweep", yaml::text(), "its name, for reports").by_default("(that of the file)");
    form.key("vars", yaml::map(vars), "defaults of ${name}; --set name=value overrides");
    form.key("network", yaml::text(), "the network file").must();
    form.key("chip", yaml::text(), "the chip file, or one of the library").by_default("loihi1");
    form.key("set", yaml::map(settings), "what is the same for all points");
    form.key("parameters", yaml::map(parameters), "what varies").must();
    form.key("derived", yaml::map(derived), "what follows from that");
    form.key("constraints", yaml::list({yaml::text()}),
             "formulas; where one is 0, a point is left out");
    form.key("objectives", yaml::map(objectives), "what is measured").must();
    form.key("strategy", yaml::choice(kStrategyNames), "how points are chosen")
        .or_else(yaml::map(strategy))
        .by_default("grid");
    form.key("seeds", yaml::list({yaml::count()}, 1), "each point runs with each of them")
        .by_default("(that of the network)");
    form.key("repeats", yaml::integer(1, 10'000), "instead of seeds: 1 to this number");
    form.key("screen", yaml::map(screen), "a cheaper run first");
    form.key("budget", yaml::map(budget), "when it ends early");
    form.key("limits", yaml::map(limits), "what one run may take");
    return form;
}

}  // namespace

const Form& sweep_form() {
    static const Form form = make_sweep_form();
    return form;
}

}  // namespace seamount::explore
