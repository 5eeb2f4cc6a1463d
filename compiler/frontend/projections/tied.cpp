#include "compiler/frontend/projections/tied.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/projections/projections.hpp"
#include "isa/learning/microcode.hpp"

namespace seamount::compiler::frontend {
namespace {

constexpr std::array<std::string_view, 9> kOwnKeys{
    "from", "to", "name", "tied", "delay", "graded", "payload_bits", "channel", "accumulator"};

void refuse_other_keys(const YamlNode& node) {
    for (const std::string& key : node.keys()) {
        if (!projection_form().knows(key)) continue;
        (void)node[key];
        if (std::find(kOwnKeys.begin(), kOwnKeys.end(), key) != kOwnKeys.end()) continue;
        node.error_at(key, "NET-RULE", fmt::format("'{}' has no meaning beside 'tied'", key),
                      "connections, weights and their format are those of the projection that it "
                      "is tied to");
    }
}

std::uint32_t read_delay(Context& context, const YamlNode& node) {
    const YamlNode delay = node["delay"];
    if (!delay) return 0;
    if (delay.is_map()) {
        delay.error("NET-RULE", "the synapses of a tied projection have one delay", "delay: 2");
        return 0;
    }
    take_steps(context, delay, "delay");
    const auto steps = delay.integer("delay", 0, isa::kMaxDelay);
    return steps ? static_cast<std::uint32_t>(*steps) : 0;
}

/// Gives the projections of a network the weights of others.
class Tier {
public:
    Tier(Context& context, const std::vector<Tied>& all) : context_{context}, all_{all} {}

    void tie(const Tied& tied) {
        const YamlNode node = tied.node["tied"];
        const std::string name = node.text();
        if (!node.is_scalar()) return;
        const auto found = find(name);
        if (!found) return report_missing(node, name);
        Projection& one = projection(tied.projection);
        const Projection& learner = projection(*found);
        if (!can_be_tied(node, *found, one)) return;
        tied.rows->turn(learner.rows, network().source_size(learner.from), size_of(learner.to));
        one.tied = static_cast<std::uint32_t>(*found);
        one.learning_rule = rule(one);
        one.learned = learner.learned;
        one.exponent = learner.exponent;
        one.bits = learner.bits;
        one.sign_mode = learner.sign_mode;
        one.rounding = learner.rounding;
        one.content = learner.content.empty() ? "" : one.content + "tied to " + learner.content;
        one.content_files.insert(one.content_files.end(), learner.content_files.begin(),
                                 learner.content_files.end());
    }

private:
    [[nodiscard]] Network& network() const { return context_.network; }
    [[nodiscard]] Projection& projection(std::size_t index) const {
        return network().projections[index];
    }
    [[nodiscard]] std::uint32_t size_of(std::uint32_t population) const {
        return network().populations[population].size;
    }
    [[nodiscard]] bool is_tied(std::size_t index) const {
        return std::any_of(all_.begin(), all_.end(),
                           [index](const Tied& tied) { return tied.projection == index; });
    }
    [[nodiscard]] bool learns(std::size_t index) const {
        return projection(index).learning_rule && !is_tied(index);
    }

    /// The first projection of this name that learns; without one the first of this name.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
        std::optional<std::size_t> first;
        for (std::size_t p = 0; p < network().projections.size(); ++p) {
            if (projection(p).name != name) continue;
            if (learns(p)) return p;
            if (!first) first = p;
        }
        return first;
    }

    void report_missing(const YamlNode& node, const std::string& name) const {
        if (context_.diagnostics.has_errors()) return;  // it may be one of those left out
        std::vector<std::string> known;
        for (std::size_t p = 0; p < network().projections.size(); ++p) {
            if (learns(p)) known.push_back(projection(p).name);
        }
        node.error("NET-NAME", fmt::format("there is no projection '{}' that learns", name),
                   suggest(name, known));
    }

    [[nodiscard]] bool can_be_tied(const YamlNode& node, std::size_t index,
                                   const Projection& one) const {
        const Projection& learner = projection(index);
        const auto refuse = [&](const char* code, const std::string& why, const std::string& hint) {
            node.error(code, why, hint);
            return false;
        };
        if (is_tied(index)) {
            return refuse("NET-LEARNING",
                          fmt::format("projection '{}' is tied itself", learner.name),
                          "name the one that learns");
        }
        if (!learner.learning_rule) {
            if (context_.diagnostics.has_errors()) return false;  // its rule may be one of them
            return refuse("NET-LEARNING",
                          fmt::format("projection '{}' does not learn", learner.name),
                          "give that one a rule by which it learns, 'learning: RULE'");
        }
        const bool turned =
            learner.from == SourceRef{false, one.to} && one.from == SourceRef{false, learner.to};
        const std::string& from = network().source_name(learner.from);
        const std::string& to = network().populations[learner.to].name;
        if (!turned) {
            return refuse(
                "NET-LEARNING",
                fmt::format("projection '{}' goes from '{}' to '{}', the one that is tied to it "
                            "from '{}' to '{}', must go the other way",
                            learner.name, from, to, network().source_name(one.from),
                            network().populations[one.to].name),
                learner.from.is_input
                    ? "nothing goes to an input: tie it to one between populations"
                    : fmt::format("from: {}, to: {}", to, from));
        }
        if (context_.auto_projections.contains(index)) {
            return refuse("NET-SCALE",
                          fmt::format("the weights of '{}' have scale: auto, which is chosen for "
                                      "population '{}' alone",
                                      learner.name, to),
                          fmt::format("give a number as 'scale' of '{}'", learner.name));
        }
        return true;
    }

    /// That of all tied projections: it has no products.
    [[nodiscard]] std::uint32_t rule(const Projection& first) {
        if (!rule_) {
            std::vector<isa::LearningRuleImage>& rules = network().learning.rules;
            rule_ = static_cast<std::uint32_t>(rules.size());
            isa::LearningRuleImage& rule = rules.emplace_back();
            rule.name = "(tied)";
            rule.rounding = isa::LearnRounding::kFloor;
            rule.words = isa::encode({});
            rule.where = first.where;
        }
        return *rule_;
    }

    Context& context_;
    const std::vector<Tied>& all_;
    std::optional<std::uint32_t> rule_;
};

}  // namespace

std::shared_ptr<TransposedRows> read_tied(Context& context, const YamlNode& node,
                                          const NamedEnds& named) {
    refuse_other_keys(node);
    const std::uint32_t delay = read_delay(context, node);
    if (named.origins.empty() || !named.target) return nullptr;  // reported
    const bool whole = node["from"].is_scalar() && !named.ends.source_part &&
                       !named.ends.target_part && !named.origins.front().from.is_input;
    if (!whole) {
        node["tied"].error("NET-RULE", "a tied projection is between two whole populations",
                           "its synapses are all those of the other projection, turned around");
        return nullptr;
    }
    return std::make_shared<TransposedRows>(delay);
}

void tie_projections(Context& context, const std::vector<Tied>& all) {
    Tier tier{context, all};
    for (const Tied& tied : all) tier.tie(tied);
}

}  // namespace seamount::compiler::frontend
