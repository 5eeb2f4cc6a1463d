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

class Search {
public:
    Search(Replays& replays, const Limits& limits)
        : replays_{replays}, limits_{limits}, open_{Later{&replays.recording()}} {}

    Explanation run(const std::vector<Root>& roots) {
        for (const Root& root : roots) {
            Effect effect = look_into(root.question, root.weight);
            effect.is_root = true;
            for (const Cause& cause : effect.causes) scale_ += std::abs(cause.score);
            hand_on(effect);
            result_.effects.push_back(std::move(effect));
        }
        while (!open_.empty()) {
            const auto [question, score] = *open_.begin();
            open_.erase(open_.begin());
            if (std::abs(score) < limits_.prune * scale_ ||
                result_.effects.size() >= limits_.most_effects) {
                ++result_.pruned;
                continue;
            }
            Effect effect = look_into(question, score);
            hand_on(effect);
            result_.effects.push_back(std::move(effect));
        }
        for (auto& [key, part] : inputs_) result_.inputs.push_back(part);
        std::ranges::stable_sort(result_.inputs, [](const InputPart& a, const InputPart& b) {
            return a.score > b.score;
        });
        return std::move(result_);
    }

private:
    Effect look_into(Question question, double score) {
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
        const std::vector<Event>& events = neuron.events();
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (events[i].arrival > question.step) continue;
            const std::int64_t part = kEntries + i < whole.size() ? whole[kEntries + i] : 0;
            if (part == 0 && !effect.is_re_executed) continue;
            effect.causes.push_back({events[i], part, {}, 0.0});
            places_.push_back(i);
        }
        execute_without(neuron, quantity, effect);
        share_score(effect);
        return effect;
    }

    /// Sorts the causes and executes the neuron without each of the first ones.
    void execute_without(const NeuronReplay& neuron, const Quantity& quantity, Effect& effect) {
        std::vector<std::size_t> order(effect.causes.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto magnitude = [&effect](std::size_t i) {
            return std::abs(effect.causes[i].contribution);
        };
        std::ranges::stable_sort(order, std::greater{}, magnitude);
        std::vector<Cause> sorted;
        std::int64_t alone = 0;
        for (const std::size_t i : order) {
            Cause& cause = effect.causes[i];
            if (sorted.size() < limits_.most_re_executions) {
                cause.without = neuron.without(places_[i], effect.question, quantity);
                if (effect.is_re_executed) {
                    cause.contribution = quantity.value - cause.without->value.value_or(0);
                }
            } else if (effect.is_re_executed) {
                cause.contribution = 0;
            }
            alone += cause.contribution;
            sorted.push_back(std::move(cause));
        }
        places_.clear();
        if (effect.is_re_executed) {
            std::erase_if(sorted, [](const Cause& cause) { return cause.contribution == 0; });
            std::ranges::stable_sort(sorted, std::greater{}, [](const Cause& cause) {
                return std::abs(cause.contribution);
            });
            effect.entries = {};
            effect.entries[static_cast<std::size_t>(Entry::kMixed)] = quantity.value - alone;
        }
        effect.causes = std::move(sorted);
    }

    void share_score(Effect& effect) const {
        const bool is_word = effect.question.kind == Question::Kind::kWord;
        const bool crosses = effect.question.kind == Question::Kind::kSpike && effect.threshold;
        double whole = std::max(1.0, std::abs(static_cast<double>(effect.value)));
        if (!effect.causes.empty()) {
            whole =
                std::max(whole, std::abs(static_cast<double>(effect.causes.front().contribution)));
        }
        for (Cause& cause : effect.causes) {
            const auto contribution = static_cast<double>(cause.contribution);
            if (is_word) {
                cause.score = effect.score * contribution;
            } else if (crosses) {
                cause.score = effect.score * (contribution / whole + decisive(effect, cause)) / 2;
            } else {
                cause.score = effect.score * contribution / whole;
            }
        }
    }

    /// 1: no spike without the event; 0: the same one; between: one that comes later. Below 0: the
    /// event only delayed it.
    [[nodiscard]] double decisive(const Effect& effect, const Cause& cause) const {
        if (!cause.without || cause.without->happens) return 0.0;
        const auto part = [this](std::uint64_t from, std::uint64_t to) {
            return static_cast<double>(to - from) /
                   static_cast<double>(replays_.recording().end() - from);
        };
        if (cause.without->earlier) {
            return -part(*cause.without->earlier, effect.question.step);
        }
        if (!cause.without->next) return 1.0;
        return part(effect.question.step, *cause.without->next);
    }

    void hand_on(const Effect& effect) {
        for (const Cause& cause : effect.causes) {
            const Event& event = cause.event;
            if (event.origin.is_input()) {
                InputPart& part = inputs_[{event.origin, event.step, event.ordinal}];
                part.origin = event.origin;
                part.spike = {event.step, event.payload, 0, event.ordinal};
                part.score += cause.score;
                continue;
            }
            Question question;
            question.kind = event.is_push ? Question::Kind::kPush : Question::Kind::kSpike;
            question.neuron = NeuronId{event.origin.index};
            question.step = event.step;
            question.ordinal = event.ordinal;
            question.of_payload = event.graded;
            open_[question] += cause.score;
        }
    }

    Replays& replays_;
    const Limits& limits_;
    Explanation result_;
    double scale_ = 0.0;
    std::map<Question, double, Later> open_;
    std::map<std::tuple<Origin, std::uint64_t, std::uint32_t>, InputPart> inputs_;
    std::vector<std::size_t> places_;  ///< of the causes of the effect at hand among its events
};

}  // namespace

Explanation explain(Replays& replays, const std::vector<Root>& roots, const Limits& limits) {
    return Search{replays, limits}.run(roots);
}

}  // namespace seamount::explain
