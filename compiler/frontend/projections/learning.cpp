#include "compiler/frontend/projections/learning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "compiler/frontend/context/units.hpp"
#include "isa/learning/rule_parser.hpp"
#include "isa/learning/trace_table.hpp"

namespace seamount::compiler::frontend {

namespace {

using isa::LearningRuleImage;
using isa::LearnMode;
using isa::LearnTarget;

/// tau that lava gives to y traces that neurons write.
constexpr double kLavaWrittenTau = 65535.0;

void read_mode(const YamlNode& node, LearningRuleImage& rule) {
    const YamlNode mode = node["mode"];
    if (!mode) return;
    if (const auto choice = mode.choice("mode", isa::kLearnModeNames)) rule.mode = *choice;
}

void read_rounding(const YamlNode& node, LearningRuleImage& rule) {
    const YamlNode rounding = node["rounding"];
    if (!rounding) return;
    if (rounding.is_number()) {
        const auto value = rounding.number("rounding", 0.0, 1.0);
        if (!value) return;
        rule.rounding = isa::LearnRounding::kConstant;
        rule.threshold =
            static_cast<std::uint32_t>(std::min(*value * 0x1p32, static_cast<double>(0xFFFFFFFFU)));
        return;
    }
    std::vector<std::string> names;
    for (const isa::LearnRounding choice : kNamedRoundings)
        names.emplace_back(isa::name_of(choice));
    if (const auto choice = rounding.choice("rounding", names))
        rule.rounding = kNamedRoundings[*choice];
}

void read_trace(Context& context, const YamlNode& node, isa::LearnVariable variable,
                LearningRuleImage& rule, isa::TraceImage& trace) {
    const std::string name{isa::name_of(variable)};
    const bool from_program = rule.post_from_program && variable >= isa::LearnVariable::kY1;
    double impulse = 0.0;
    double tau = 0.0;
    if (const YamlNode entry = node[name]) {
        if (!expect_map(entry, name)) return;
        take_time_constant(context, entry["tau"], "tau");
        entry.read("impulse", impulse);
        entry.read("tau", tau);
        entry.finish();
        const bool overwritten =
            rule.graded != isa::GradedTrace::kImpulse && variable == isa::LearnVariable::kX1;
        if (from_program) {
            entry.error("NET-LEARNING",
                        fmt::format("'{}' is set by the neuron program (post: program) and has no "
                                    "impulse or tau",
                                    name));
        } else if (overwritten && impulse != 0.0) {
            entry.error("NET-LEARNING",
                        "x1 gets its impulses from payloads (graded), its own must be 0");
        }
    }
    if (from_program) tau = kLavaWrittenTau;
    isa::set_impulse(impulse, trace);
    isa::fill_decay(tau, rule.mode, rule.epoch, trace);
}

/// `delay: tag`, or `delay: {max: 20}`: d is the delay of the synapse, up to 20 steps.
void read_delay(Context& context, const YamlNode& node, LearningRuleImage& rule) {
    const YamlNode delay = node["delay"];
    if (!delay) return;
    if (!delay.is_map()) {
        (void)delay.choice("delay", {"tag"});
        return;
    }
    const YamlNode max = delay.require("max");
    delay.finish();
    if (!max) return;
    take_steps(context, max, "max");
    const auto steps = max.integer("max", 1, isa::kMaxDelay);
    if (!steps) return;
    rule.moves_delay = true;
    rule.max_delay = static_cast<std::uint8_t>(*steps);
}

/// `normalise: 1000`, or `{sum: 1000, every: 20}`.
void read_normalise(const YamlNode& node, LearningRuleImage& rule) {
    const YamlNode normalise = node["normalise"];
    if (!normalise) return;
    if (normalise.is_map()) {
        if (normalise.require("sum")) normalise.read("sum", rule.normal_sum);
        normalise.read("every", rule.normal_every);
        normalise.finish();
    } else {
        node.read("normalise", rule.normal_sum);
    }
    if (rule.mode != LearnMode::kExact) {
        normalise.error(
            "NET-LEARNING",
            fmt::format("mode {} repeats a tool that does not normalise", name_of(rule.mode)),
            "mode: exact");
    }
}

void read_products(Context& context, const YamlNode& node, LearningRuleImage& rule) {
    std::vector<isa::LearnProduct> all;
    bool good = true;
    for (int t = 0; t < isa::kLearnTargets; ++t) {
        const auto target = static_cast<LearnTarget>(t);
        const YamlNode entry = node[std::string{isa::name_of(target)}];
        if (!entry) continue;
        const std::string text = entry.text();
        good = good && entry.is_scalar();
        if (!entry.is_scalar()) continue;
        rule.text[static_cast<std::size_t>(t)] = text;
        isa::RuleProblem problem;
        const bool wide = rule.mode == LearnMode::kExact || rule.mode == LearnMode::kBrian2Loihi;
        const auto products = isa::parse_learning_rule(
            text, target, wide ? isa::kWideLimits : isa::kChipLimits, problem);
        if (!products) {
            context.diagnostics.error(problem.code, entry.where_in(problem.column), problem.message,
                                      problem.hint);
            good = false;
            continue;
        }
        all.insert(all.end(), products->begin(), products->end());
        if (rule.mode == LearnMode::kBrian2Loihi && target != LearnTarget::kWeight) {
            entry.error("NET-LEARNING", "brian2loihi learns weights only",
                        "use another mode, or leave dd and dt out");
        }
    }
    if (good && all.empty()) {
        node.error("NET-LEARNING", "the rule has none of dw, dd and dt", "dw: 2^-2*x1*y0");
    }
    if (all.size() > isa::kMaxProducts) {
        node.error("RULE-WIDTH", fmt::format("dw, dd and dt have {} products, at most {}",
                                             all.size(), isa::kMaxProducts));
    }
    rule.words = isa::encode(all);
}

/// A population that a key of `node` names, or nobody.
void read_spikes_of(const Context& context, const YamlNode& node, const char* key,
                    std::uint32_t& population) {
    const YamlNode entry = node[key];
    if (!entry) return;
    if (const auto found = find_population(context, entry)) population = *found;
}

/// Which spikes act on the rule that was read of `node`.
void read_rule_spikes(Context& context, const YamlNode& node, const LearningRuleImage& rule) {
    constexpr std::uint32_t kNobody = isa::RuleSpikesImage::kNobody;
    isa::LearningImage& learning = context.network.learning;
    isa::RuleSpikesImage spikes{.rule = static_cast<std::uint32_t>(learning.rules.size())};
    if (const YamlNode enabled = node["enabled"]; enabled && expect_map(enabled, "enabled")) {
        read_spikes_of(context, enabled, "from", spikes.from);
        read_spikes_of(context, enabled, "until", spikes.until);
        bool start = !enabled["from"];
        enabled.read("start", start);
        spikes.start = start ? 1 : 0;
        enabled.finish();
        if (!enabled["from"] && !enabled["until"]) {
            enabled.error("NET-LEARNING", "no spike switches the rule: neither 'from' nor 'until'",
                          "learning as a whole is switched by 'learning: enabled'");
        }
    }
    read_spikes_of(context, node, "clear_tags", spikes.clear_tags);
    if (node["clear_tags"] && !rule.words.empty() && !has_tags(rule)) {
        node["clear_tags"].error("NET-LEARNING",
                                 fmt::format("rule '{}' has no tags to clear", rule.name),
                                 "tags are t, which 'dt' changes, and d where it is no delay");
    }
    if (spikes.from != kNobody || spikes.until != kNobody || spikes.clear_tags != kNobody) {
        learning.rule_spikes.push_back(spikes);
    }
}

LearningRuleImage read_rule_entry(Context& context, const std::string& name, const YamlNode& node) {
    LearningRuleImage rule;
    rule.name = name;
    rule.where = node.where();
    if (!expect_map(node, name)) return rule;
    read_mode(node, rule);
    read_rounding(node, rule);
    std::uint32_t epoch = 1;
    take_steps(context, node["epoch"], "epoch");
    node.read("epoch", epoch);
    rule.epoch = static_cast<std::uint8_t>(epoch);
    if (rule.mode == LearnMode::kBrian2Loihi && epoch != 1) {
        node["epoch"].error(
            "NET-LEARNING",
            fmt::format("the epoch is {}, brian2loihi has only epochs of 1 step", epoch));
    }
    rule.own_seed = node.read("seed", rule.seed);
    if (const YamlNode post = node["post"]) {
        rule.post_from_program = post.choice("post", kPostTracesNames) == PostTraces::kProgram;
    }
    if (const YamlNode graded = node["graded"]) {
        const auto choice = graded.choice("graded", isa::kGradedTraceNames);
        if (choice) rule.graded = *choice;
    }
    for (std::size_t i = 0; i < rule.traces.size(); ++i) {
        read_trace(context, node, isa::trace_variable(i), rule, rule.traces[i]);
    }
    read_delay(context, node, rule);
    read_products(context, node, rule);
    read_normalise(node, rule);
    read_rule_spikes(context, node, rule);
    node.finish();
    return rule;
}

/// true, false, or a list of [step, on].
void read_enabled(const YamlNode& node, isa::LearningImage& learning) {
    if (node.is_scalar()) {
        learning.enabled = node.boolean("enabled").value_or(true);
        return;
    }
    if (!expect_sequence(node, "enabled")) return;
    bool now = true;
    std::int64_t last = -1;
    for (const YamlNode& item : node.items()) {
        if (!expect_sequence(item, "enabled")) continue;
        const std::vector<YamlNode> pair = item.items();
        if (pair.size() != 2) {
            item.error("NET-LEARNING", "an entry of 'enabled' is not [step, true or false]");
            continue;
        }
        const auto step = pair[0].integer("step", 0, std::numeric_limits<std::int64_t>::max());
        const auto on = pair[1].boolean("enabled");
        if (!step || !on) continue;
        if (*step <= last) {
            item.error("NET-LEARNING",
                       fmt::format("step {} does not come after step {}", *step, last));
            continue;
        }
        last = *step;
        if (*on == now) continue;
        now = *on;
        if (*step == 0) {
            learning.enabled = now;
        } else {
            learning.switches.push_back(static_cast<std::uint64_t>(*step));
        }
    }
}

void read_rewards(Context& context, const YamlNode& node) {
    if (!expect_map(node, "rewards")) return;
    for (std::uint32_t channel = 0; channel < static_cast<std::uint32_t>(isa::kRewards);
         ++channel) {
        const YamlNode entry = node[fmt::format("r{}", channel)];
        if (!entry) continue;
        const auto population = find_population(context, entry);
        if (population) context.network.learning.rewards.push_back({channel, *population});
    }
    node.finish();
}

}  // namespace

void read_learning(Context& context, const YamlNode& root) {
    const YamlNode node = root["learning"];
    if (!node || !expect_map(node, "learning")) return;
    isa::LearningImage& learning = context.network.learning;
    if (const YamlNode enabled = node["enabled"]) read_enabled(enabled, learning);
    if (const YamlNode rules = node["rules"]; rules && expect_map(rules, "rules")) {
        for (const auto& [name, entry] : rules.entries()) {
            check_name(context, name, rules.where_key(name));
            learning.rules.push_back(read_rule_entry(context, name, entry));
        }
    }
    if (const YamlNode rewards = node["rewards"]) read_rewards(context, rewards);
    node.finish();
}

void read_projection_learning(const Context& context, const YamlNode& projection,
                              Projection& read) {
    const YamlNode node = projection["learning"];
    if (!node) return;
    const std::string name = node.text();
    if (!node.is_scalar()) return;
    const auto& rules = context.network.learning.rules;
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&name](const auto& rule) { return rule.name == name; });
    if (found == rules.end()) {
        std::vector<std::string> names;
        for (const auto& rule : rules) names.push_back(rule.name);
        node.error(
            "NET-NAME", fmt::format("there is no learning rule '{}'", name),
            names.empty() ? "rules stand in 'learning: rules:' of the file" : suggest(name, names));
        return;
    }
    read.learning_rule = static_cast<std::uint32_t>(found - rules.begin());
}

}  // namespace seamount::compiler::frontend
