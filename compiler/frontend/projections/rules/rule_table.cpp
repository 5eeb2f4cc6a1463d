#include "compiler/frontend/projections/rules/rule_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/frontend/projections/rules/all_to_all.hpp"
#include "compiler/frontend/projections/rules/convolution.hpp"
#include "compiler/frontend/projections/rules/distance.hpp"
#include "compiler/frontend/projections/rules/fixed_fan_out.hpp"
#include "compiler/frontend/projections/rules/fixed_probability.hpp"
#include "compiler/frontend/projections/rules/list.hpp"
#include "compiler/frontend/projections/rules/one_to_one.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::array kRules{
    kAllToAllRule, kOneToOneRule, kFixedProbabilityRule, kFixedFanOutRule,
    kListRule,     kDistanceRule, kConv2dRule,           kSumPoolRule,
};

/// What other tools have as a layer, and how it is had here.
struct OtherLayer {
    std::string_view name;
    const char* way;
};
constexpr std::array kOtherLayers{
    OtherLayer{"max_pool",
               "the largest rate is no sum. The largest of the spikes of a step is: sum_pool with "
               "weights above vth onto neurons that keep nothing (decay_u and decay_v 4096); that "
               "of payloads is an accumulator that keeps the largest (.acc NAME max). Else "
               "train with sum_pool"},
    OtherLayer{"avg_pool", "sum_pool with weights of 1 / (height * width) of the kernel"},
    OtherLayer{"concat", "'from: [a, b]' of any rule takes populations behind each other"},
    OtherLayer{"skip",
               "one_to_one from the earlier population, with a delay of one step for each "
               "population that it skips"},
};

consteval bool names_are_distinct() {
    for (std::size_t i = 0; i < kRules.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            if (std::string_view{kRules[other].name} == kRules[i].name) return false;
        }
    }
    return true;
}
static_assert(names_are_distinct(), "a rule has a name of its own");

bool chooses_targets(const ProjectionRule& rule) {
    SM_ASSERT((rule.read_targets == nullptr) != (rule.read_rows == nullptr),
              "a rule has exactly one reader");
    return rule.read_targets != nullptr;
}

bool has_key(const ProjectionRule& rule, const std::string& key) {
    return rule.keys().find(key) != nullptr;
}

std::vector<std::string> keys_of_rules(bool choosing_targets) {
    std::vector<std::string> keys;
    for (const ProjectionRule& rule : kRules) {
        if (chooses_targets(rule) != choosing_targets) continue;
        for (const yaml::Key& key : rule.keys().keys) {
            if (std::find(keys.begin(), keys.end(), key.name) == keys.end()) {
                keys.push_back(key.name);
            }
        }
    }
    return keys;
}

std::vector<std::string> names_of_rules() {
    std::vector<std::string> names;
    for (const ProjectionRule& rule : kRules) names.emplace_back(rule.name);
    return names;
}

}  // namespace

Ends RuleRequest::read_self() const {
    Ends both{ends.sources, ends.targets, true};
    projection.read("self", both.self);
    if (const YamlNode self = projection["self"]; self && !ends.recurrent) {
        self.error("NET-RULE",
                   fmt::format("'self' has no meaning between two different {}",
                               ends.source_part || ends.target_part ? "parts" : "populations"));
        both.self = true;
    }
    return both;
}

RowRandom RuleRequest::random() const {
    return {context.network.seed, ends.number, Stream::kTargets};
}

std::span<const ProjectionRule> projection_rules() {
    return kRules;
}

const ProjectionRule* find_rule(const YamlNode& projection) {
    static const std::vector<std::string> names = names_of_rules();
    const YamlNode node = projection.require("rule");
    if (node.is_scalar()) {
        const std::string name = node.text();
        const auto other =
            std::find_if(kOtherLayers.begin(), kOtherLayers.end(),
                         [&name](const OtherLayer& layer) { return layer.name == name; });
        if (other != kOtherLayers.end()) {
            node.error("NET-RULE", fmt::format("there is no rule {}", name), other->way);
            return nullptr;
        }
    }
    const auto choice = node ? node.choice("rule", names) : std::nullopt;
    return choice ? &kRules.at(*choice) : nullptr;
}

const std::vector<std::string>& target_keys() {
    static const std::vector<std::string> keys = keys_of_rules(true);
    return keys;
}

const std::vector<std::string>& row_keys() {
    static const std::vector<std::string> keys = keys_of_rules(false);
    return keys;
}

std::string owners_of(const std::string& key) {
    std::vector<std::string> owners;
    for (const ProjectionRule& rule : kRules) {
        if (has_key(rule, key)) owners.emplace_back(rule.name);
    }
    std::string text;
    for (std::size_t i = 0; i < owners.size(); ++i) {
        if (i != 0) text += i + 1 == owners.size() ? " and " : ", ";
        text += owners[i];
    }
    return text;
}

RuleSpec read_targets(const ProjectionRule* rule, const RuleRequest& request) {
    for (const std::string& key : target_keys()) {
        const YamlNode node = request.projection[key];
        if (!node || rule == nullptr || has_key(*rule, key)) continue;
        node.error("NET-RULE", fmt::format("'{}' has no meaning with rule {}", key, rule->name),
                   fmt::format("it belongs to {}", owners_of(key)));
    }
    if (rule == nullptr) return {};
    RuleSpec spec = rule->read_targets(request);
    spec.rule = rule;
    return spec;
}

}  // namespace seamount::compiler::frontend
