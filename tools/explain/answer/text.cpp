// An answer for people.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "isa/base/text.hpp"
#include "tools/explain/answer/answer.hpp"
#include "tools/explain/answer/wording.hpp"

namespace seamount::explain {
namespace {

std::string lines_of_entries(const Effect& effect) {
    std::string text;
    for (std::size_t e = 0; e < kEntries; ++e) {
        if (effect.entries[e] == 0) continue;
        text += fmt::format("    {:>13}  {}\n", signed_number(effect.entries[e]),
                            entry_words(static_cast<Entry>(e)));
    }
    return text;
}

std::string lines_of(const isa::Image& image, const Effect& effect, std::size_t lines) {
    std::string text = fmt::format("  {}\n", headline(image, effect));
    if (effect.is_re_executed) {
        text +=
            "    the program is not linear here: each contribution is the difference to an "
            "execution without that event\n";
    }
    std::int64_t rest = 0;
    for (std::size_t i = 0; i < effect.causes.size(); ++i) {
        const Cause& cause = effect.causes[i];
        if (i >= lines) {
            rest += cause.contribution;
            continue;
        }
        text += fmt::format("    {:>13}  {:<44} {}\n", signed_number(cause.contribution),
                            event_words(image, cause.event), without_words(effect, cause));
    }
    if (effect.causes.size() > lines) {
        text += fmt::format("    {:>13}  {} more events\n", signed_number(rest),
                            grouped(effect.causes.size() - lines));
    }
    return text + lines_of_entries(effect) +
           fmt::format("    {:>13}  in all\n", signed_number(effect.value));
}

/// The effects that matter most, roots first.
std::string lines_of(const isa::Image& image, const Explanation& explanation, std::size_t lines) {
    std::vector<const Effect*> order;
    for (const Effect& effect : explanation.effects) order.push_back(&effect);
    std::ranges::stable_sort(order, [](const Effect* a, const Effect* b) {
        if (a->is_root != b->is_root) return a->is_root;
        return !a->is_root && std::abs(a->score) > std::abs(b->score);
    });
    std::string text;
    std::size_t shown = 0;
    for (const Effect* const effect : order) {
        if (!effect->is_root && shown++ == std::max<std::size_t>(lines / 4, 1)) break;
        text += lines_of(image, *effect, lines);
    }
    if (order.size() > 1 + shown) {
        text += fmt::format("  {} spikes and words in the tree; --json has them all\n",
                            grouped(order.size()));
    }
    if (explanation.pruned != 0) {
        text += fmt::format("  {} small ones were not looked into (--prune)\n",
                            grouped(explanation.pruned));
    }
    return text;
}

std::string lines_of_inputs(const isa::Image& image, const Explanation& explanation,
                            std::size_t lines) {
    if (explanation.inputs.empty()) return "  no input spike has a part in it\n";
    const double whole = whole_score(explanation);
    std::string text =
        fmt::format("  back to the inputs: {} spikes\n", grouped(explanation.inputs.size()));
    for (std::size_t i = 0; i < std::min(lines, explanation.inputs.size()); ++i) {
        const InputPart& part = explanation.inputs[i];
        text += fmt::format("    {:>+12.1f} %  {} in step {}", 100.0 * part.score / whole,
                            name_of(image, part.origin), part.spike.step);
        if (part.measured) text += measured_words(explanation, part);
        text += '\n';
    }
    return text;
}

std::string lines_of(const isa::Image& image, const WeightHistories& learned, std::size_t lines) {
    std::string text;
    std::size_t shown = 0;
    for (const auto& [key, history] : learned) {
        if (history.changes == 0) continue;
        if (text.empty()) text = "  learned weights\n";
        if (shown++ == lines) {
            text += "    and more; --json has them all\n";
            break;
        }
        text += fmt::format("    {}\n", history_words(image, history));
    }
    return text;
}

std::string lines_of(const Proof& proof) {
    std::string text = fmt::format(
        "  without the {} input spikes of the highest scores (of {}) {}; without as "
        "many random ones it changes in {} of {} draws\n",
        proof.removed, proof.input_spikes, proof.top_changes ? "it changes" : "it stays the same",
        proof.changed, proof.draws);
    if (proof.input_correlation) {
        text += fmt::format("  rank correlation of scores with single removals: inputs {:.2f}",
                            *proof.input_correlation);
        if (proof.hidden_correlation) {
            text += fmt::format(", neurons that act on it {:.2f}", *proof.hidden_correlation);
        }
        text += '\n';
    }
    return text;
}

/// Means over several decisions.
std::string lines_of_many(const Answer& answer) {
    std::string text = fmt::format("{} of {} samples of {} explained\n", answer.accounts.size(),
                                   answer.samples, answer.loaded.image.network);
    if (!answer.ratio) return text + "  --verify tests the explanations\n";
    const Ratio& ratio = *answer.ratio;
    text += fmt::format(
        "  removing the input spikes of the highest scores changes {:.1f} % of the answers, random "
        "ones {:.1f} %: {:.2f} times as often, 95 % interval {:.2f} to {:.2f}\n",
        100.0 * ratio.top, 100.0 * ratio.random, ratio.ratio, ratio.low, ratio.high);
    for (const auto& [name, part] :
         {std::pair{"input spikes", &Proof::input_correlation},
          std::pair{"input spikes by the tree alone", &Proof::tree_correlation},
          std::pair{"neurons that act on it", &Proof::hidden_correlation}}) {
        double sum = 0.0;
        std::size_t count = 0;
        for (const Account& account : answer.accounts) {
            const std::optional<double>& value = (*account.proof).*part;
            if (!value) continue;
            sum += *value;
            ++count;
        }
        if (count == 0) continue;
        text += fmt::format(
            "  rank correlation of scores with single removals, {}: {:.3f} (mean "
            "of {})\n",
            name, sum / static_cast<double>(count), count);
    }
    return text;
}

}  // namespace

std::string text_of(const Answer& answer, std::size_t lines) {
    const isa::Image& image = answer.loaded.image;
    if (answer.samples > 1 || (answer.samples == 1 && answer.accounts.empty())) {
        return lines_of_many(answer);
    }
    std::string text;
    for (const Account& account : answer.accounts) {
        text += title_of(image, account) + '\n';
        text += lines_of(image, account.explanation, lines);
        text += lines_of_inputs(image, account.explanation, lines);
        text += lines_of(image, account.learned, lines);
        if (account.proof) text += lines_of(*account.proof);
    }
    return text;
}

}  // namespace seamount::explain
