#include "tools/explain/causes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <tuple>

namespace seamount::explain {
namespace {

/// Later first; within a step of a core what could be pushed to first.
struct Later {
    const Recording* recording;
    [[nodiscard]] auto key(const Question& q) const {
        return std::tuple{~q.step, ~recording->place_of(q.neuron).compartment, q};
    }
    bool operator()(const Question& a, const Question& b) const { return key(a) < key(b); }
};

/// One effect of an event: effect `parent`, of which it is event `event`.
struct Parent {
    std::size_t parent = 0;
    std::size_t event = 0;
    double score = 0.0;
};

/// More effects of a spike than this are not executed again for when it would have come.
constexpr std::size_t kMostParents = 64;

class Search {
public:
    Search(Replays& replays, const Limits& limits)
        : replays_{replays}, limits_{limits}, open_{Later{&replays.recording()}} {}

    Explanation run(const std::vector<Root>& roots) {
        for (const Root& root : roots) {
            look_into(root.question, root.weight, {});
            Effect& effect = result_.effects.back();
            effect.is_root = true;
            for (const Cause& cause : effect.causes) scale_ += std::abs(cause.score);
        }
        while (!open_.empty()) {
            const Question question = open_.begin()->first;
            const std::vector<Parent> parents = std::move(open_.begin()->second);
            open_.erase(open_.begin());
            double score = 0.0;
            for (const Parent& parent : parents) score += parent.score;
            if (std::abs(score) < limits_.prune * scale_ ||
                result_.effects.size() >= limits_.most_effects) {
                ++result_.pruned;
                continue;
            }
            look_into(question, score, parents);
        }
        for (auto& [key, part] : inputs_) {
            part.score = part.tree;
            result_.inputs.push_back(part);
        }
        std::ranges::stable_sort(result_.inputs, [](const InputPart& a, const InputPart& b) {
            return a.score > b.score;
        });
        return std::move(result_);
    }

private:
    /// What is needed of an effect to execute its neuron again.
    struct Context {
        Quantity quantity;
        std::vector<std::size_t> events;  ///< of the causes
        std::vector<Parent> parents;
        std::map<std::uint64_t, double> moved;  ///< see loss_if_at()
    };

    /// Adds the effect, and hands its causes on.
    void look_into(Question question, double score, const std::vector<Parent>& parents) {
        NeuronReplay& neuron = replays_.of(question.neuron);
        Quantity quantity = neuron.quantity(question);
        if (question.of_payload && !quantity.shares.carries()) {
            question.of_payload = false;
            quantity = neuron.quantity(question);
        }
        Effect effect;
        effect.question = question;
        effect.value = quantity.value;
        effect.threshold = quantity.threshold;
        effect.score = score;
        effect.is_re_executed = quantity.shares.of(Entry::kMixed) != 0;
        const std::vector<std::int64_t> whole = quantity.shares.whole(quantity.value);
        std::copy_n(whole.begin(), kEntries, effect.entries.begin());
        Context context{std::move(quantity), {}, parents, {}};
        const std::vector<Event>& events = neuron.events();
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (events[i].arrival > question.step) continue;
            const std::int64_t part = kEntries + i < whole.size() ? whole[kEntries + i] : 0;
            if (part == 0 && !effect.is_re_executed) continue;
            effect.causes.push_back({events[i], part, {}, 0.0});
            context.events.push_back(i);
        }
        sort_causes(effect, context);
        execute_without(neuron, context, effect);
        const std::size_t place = result_.effects.size();
        result_.effects.push_back(std::move(effect));
        contexts_.push_back(std::move(context));
        share_score(place);
        hand_on(place);
    }

    static void sort_causes(Effect& effect, Context& context) {
        std::vector<std::size_t> order(effect.causes.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, std::greater{}, [&effect](std::size_t i) {
            return std::abs(effect.causes[i].contribution);
        });
        std::vector<Cause> causes;
        std::vector<std::size_t> events;
        for (const std::size_t i : order) {
            causes.push_back(effect.causes[i]);
            events.push_back(context.events[i]);
        }
        effect.causes = std::move(causes);
        context.events = std::move(events);
    }

    /// Executes the neuron without each of the first causes. If its program is not linear, these
    /// are the contributions.
    void execute_without(const NeuronReplay& neuron, Context& context, Effect& effect) const {
        const std::size_t count = std::min(effect.causes.size(), limits_.most_re_executions);
        for (std::size_t i = 0; i < count; ++i) {
            effect.causes[i].without =
                neuron.without(context.events[i], effect.question, context.quantity);
        }
        if (!effect.is_re_executed) return;
        std::int64_t alone = 0;
        for (Cause& cause : effect.causes) {
            cause.contribution =
                cause.without ? effect.value - cause.without->value.value_or(0) : 0;
            alone += cause.contribution;
        }
        effect.entries = {};
        effect.entries[static_cast<std::size_t>(Entry::kMixed)] = effect.value - alone;
        sort_causes(effect, context);
        while (!effect.causes.empty() && effect.causes.back().contribution == 0) {
            effect.causes.pop_back();
            context.events.pop_back();
        }
    }

    /// What contributions are parts of.
    [[nodiscard]] static double whole_of(const Effect& effect) {
        double whole = std::max(1.0, std::abs(static_cast<double>(effect.value)));
        if (effect.causes.empty()) return whole;
        return std::max(whole, std::abs(static_cast<double>(effect.causes.front().contribution)));
    }

    [[nodiscard]] static bool crosses(const Effect& effect) {
        return effect.question.kind == Question::Kind::kSpike && effect.threshold.has_value();
    }

    void share_score(std::size_t place) {
        const std::size_t count = result_.effects[place].causes.size();
        const double whole = whole_of(result_.effects[place]);
        for (std::size_t i = 0; i < count; ++i) {
            const Effect& effect = result_.effects[place];
            const Cause& cause = effect.causes[i];
            const auto contribution = static_cast<double>(cause.contribution);
            double score = effect.score * contribution;
            if (effect.question.kind != Question::Kind::kWord) score /= whole;
            if (crosses(effect)) {
                const double lost = cause.without ? loss(place, *cause.without) : 0.0;
                score = (score + lost) / 2;
            }
            result_.effects[place].causes[i].score = score;
        }
    }

    /// What of an effect's score is lost if it is a spike and this becomes of it.
    [[nodiscard]] double loss(std::size_t place, const Without& without) {
        if (without.happens) return 0.0;
        if (without.earlier) return loss_if_at(place, *without.earlier);
        if (without.next) return loss_if_at(place, *without.next);
        return result_.effects[place].score;
    }

    /// The same if the spike comes in another step: what it acts on is executed again with that.
    [[nodiscard]] double loss_if_at(std::size_t place, std::uint64_t step) {
        const auto known = contexts_[place].moved.find(step);
        if (known != contexts_[place].moved.end()) return known->second;
        const std::int64_t steps = static_cast<std::int64_t>(step) -
                                   static_cast<std::int64_t>(result_.effects[place].question.step);
        double lost = 0.0;
        const std::vector<Parent> parents = contexts_[place].parents;
        for (std::size_t i = 0; i < std::min(parents.size(), kMostParents); ++i) {
            const Parent& parent = parents[i];
            const Effect& effect = result_.effects[parent.parent];
            const Without moved =
                replays_.of(effect.question.neuron)
                    .moved(parent.event, steps, effect.question, contexts_[parent.parent].quantity);
            lost += loss_of_parent(parent.parent, moved);
        }
        if (parents.empty()) {  // a root: the later, the more of it is lost
            const auto left = static_cast<double>(replays_.recording().end() - step);
            lost = result_.effects[place].score * static_cast<double>(std::abs(steps)) /
                   (left + static_cast<double>(std::abs(steps)));
        }
        contexts_[place].moved[step] = lost;
        return lost;
    }

    [[nodiscard]] double loss_of_parent(std::size_t place, const Without& moved) {
        const Effect& effect = result_.effects[place];
        double part = 0.0;
        if (moved.value && !moved.earlier) {
            part = effect.score * static_cast<double>(effect.value - *moved.value);
        }
        if (effect.question.kind == Question::Kind::kWord) return part;
        part /= whole_of(effect);
        return crosses(effect) ? (part + loss(place, moved)) / 2 : part;
    }

    void hand_on(std::size_t place) {
        const Effect& effect = result_.effects[place];
        for (std::size_t i = 0; i < effect.causes.size(); ++i) {
            const Cause& cause = effect.causes[i];
            const Event& event = cause.event;
            if (event.origin.is_input()) {
                InputPart& part = inputs_[{event.origin, event.step, event.ordinal}];
                part.origin = event.origin;
                part.spike = {event.step, event.payload, 0, event.ordinal};
                part.tree += cause.score;
                continue;
            }
            Question question;
            question.kind = event.is_push ? Question::Kind::kPush : Question::Kind::kSpike;
            question.neuron = NeuronId{event.origin.index};
            question.step = event.step;
            question.ordinal = event.ordinal;
            question.of_payload = event.graded;
            open_[question].push_back({place, contexts_[place].events[i], cause.score});
        }
    }

    Replays& replays_;
    const Limits& limits_;
    Explanation result_;
    std::vector<Context> contexts_;  ///< by effect
    double scale_ = 0.0;
    std::map<Question, std::vector<Parent>, Later> open_;
    std::map<std::tuple<Origin, std::uint64_t, std::uint32_t>, InputPart> inputs_;
};

}  // namespace

Explanation explain(Replays& replays, const std::vector<Root>& roots, const Limits& limits) {
    return Search{replays, limits}.run(roots);
}

}  // namespace seamount::explain
