#include "tools/explain/answer/wording.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "isa/base/text.hpp"

namespace seamount::explain {
namespace {

std::string plain(std::int64_t value) {
    return (value < 0 ? "-" : "") + grouped(static_cast<std::uint64_t>(std::abs(value)));
}

std::string neuron_words(const isa::Image& image, const Question& question) {
    return name_of(image, {Origin::kNeuron, question.neuron.value()});
}

/// Name of a state word of the neuron's program.
std::string word_name(const isa::Image& image, const Question& question) {
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
                if (core.neurons[i] != question.neuron) continue;
                const isa::ProgramImage& program = image.programs[group.program];
                if (question.ordinal < program.states.size()) {
                    return program.states[question.ordinal];
                }
            }
        }
    }
    return fmt::format("s{}", question.ordinal);
}

}  // namespace

std::string signed_number(std::int64_t value) {
    return (value >= 0 ? "+" : "") + plain(value);
}

std::string entry_words(Entry entry) {
    switch (entry) {
        case Entry::kConstant:
            return "bias, parameters, what the host wrote";
        case Entry::kBefore:
            return "what the state held before the window";
        case Entry::kNoise:
            return "noise";
        case Entry::kRounding:
            return "rounding";
        case Entry::kClipped:
            return "clipped";
        case Entry::kMixed:
            return "of several events together";
    }
    return {};
}

namespace {

/// A score; a mean is kept in 2^-16.
std::string score_words(const isa::Image& image, std::int64_t score) {
    if (image.readout.combine != isa::Vote::kMean) return plain(score);
    return fmt::format("{:.3f}", static_cast<double>(score) / 65536.0);
}

}  // namespace

std::string title_of(const isa::Image& image, const Account& account) {
    if (!account.decision) {
        return fmt::format("why {} spiked in step {} (steps {} to {} of {} were looked at)",
                           neuron_words(image, *account.spike), account.spike->step, account.first,
                           account.end - 1, image.network);
    }
    const Decision& decision = *account.decision;
    const std::string label =
        decision.label ? fmt::format(", label {}", *decision.label) : std::string{};
    return fmt::format("why sample {} of {} is {} rather than {}{}: {} against {}, steps {} to {}",
                       decision.sample, image.network, decision.winner, decision.runner_up, label,
                       score_words(image, decision.scores[decision.winner]),
                       score_words(image, decision.scores[decision.runner_up]), account.first,
                       account.end - 1);
}

std::string headline(const isa::Image& image, const Effect& effect) {
    const std::string who = neuron_words(image, effect.question);
    const std::uint64_t step = effect.question.step;
    switch (effect.question.kind) {
        case Question::Kind::kWord:
            return fmt::format("{} of {} is {} after step {}", word_name(image, effect.question),
                               who, plain(effect.value), step);
        case Question::Kind::kPush:
            return fmt::format("{} pushed {} to another compartment in step {}", who,
                               plain(effect.value), step);
        case Question::Kind::kSpike:
            break;
    }
    if (!effect.threshold) {
        return fmt::format("{} sent {} in step {}", who, plain(effect.value), step);
    }
    return fmt::format("{} spiked in step {}: {} against threshold {}", who, step,
                       plain(effect.value), plain(*effect.threshold));
}

std::string event_words(const isa::Image& image, const Event& event) {
    const std::string from = name_of(image, event.origin);
    if (event.is_push) return fmt::format("{} pushed in step {}", from, event.step);
    std::string text = fmt::format("{} in step {}, weight {}", from, event.step, event.weight);
    if (event.exponent != 0) text += fmt::format(" x 2^{}", event.exponent);
    if (event.graded) text += fmt::format(" x payload {}", event.payload);
    if (event.delay != 0) text += fmt::format(", delay {}", event.delay);
    if (event.id != FanInSynapse::kStatic) text += ", learned";
    return text;
}

std::string without_words(const Effect& effect, const Cause& cause) {
    if (!cause.without) return {};
    const Without& without = *cause.without;
    if (effect.question.kind == Question::Kind::kSpike && !without.happens && without.earlier) {
        return fmt::format("without it spike in step {} already", *without.earlier);
    }
    std::string text = "without it ";
    text += without.value ? plain(*without.value) : std::string{"never compared"};
    if (effect.question.kind != Question::Kind::kSpike || without.happens) return text;
    if (!without.next) return text + ": no spike";
    return text + fmt::format(": spike in step {} only", *without.next);
}

std::string history_words(const isa::Image& image, const WeightHistory& history) {
    std::string text =
        fmt::format("{} to {}: {} at the start, {} now, {}", name_of(image, history.source),
                    name_of(image, {Origin::kNeuron, history.target.value()}), history.start,
                    history.now, counted(history.changes, "change"));
    const WeightChange& last = history.last.back();
    text += fmt::format("; last in step {} from {} to {}", last.step, last.before, last.after);
    if (last.pre) text += fmt::format(", source spiked in step {}", *last.pre);
    if (last.post) text += fmt::format(", target in step {}", *last.post);
    return text;
}

std::string measured_words(const Explanation& explanation, const InputPart& part) {
    const bool decides = explanation.effects.size() > 1 && explanation.effects[1].is_root;
    const auto lost = static_cast<std::int64_t>(*part.measured);
    if (lost == 0) return "; without it nothing changes";
    if (!decides) return "; without it the spike is gone";
    return fmt::format("; without it the difference is {} {}",
                       grouped(static_cast<std::uint64_t>(std::abs(lost))),
                       lost > 0 ? "smaller" : "larger");
}

double whole_score(const Explanation& explanation) {
    double sum = 0.0;
    for (const InputPart& part : explanation.inputs) sum += std::abs(part.score);
    return sum > 0.0 ? sum : 1.0;
}

}  // namespace seamount::explain
