#include "tools/explain/answer/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/explain/run_folder.hpp"
#include "tools/session/drive/names.hpp"

namespace seamount::explain {
namespace {

constexpr std::string_view kAllSamples = "all";
constexpr const char* kSpikeForm = "name it as POPULATION[INDEX]@STEP, such as out[3]@120";

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

struct SpikeName {
    NeuronId neuron;
    std::uint64_t step = 0;
};

/// Spikes of inputs have no cause in the network.
void reject_input(const std::string& text, const std::string& name, const isa::Image& image) {
    const auto is_named = [&name](const auto& one) { return one.name == name; };
    if (std::ranges::any_of(image.populations, is_named) ||
        std::ranges::none_of(image.inputs, is_named)) {
        return;
    }
    std::vector<std::string> reached;
    for (const isa::ProjectionImage& projection : image.projections) {
        if (projection.from != name) continue;
        const std::string& to = image.populations[projection.to].name;
        if (std::ranges::find(reached, to) == reached.end()) reached.push_back(to);
    }
    bad_input("EXPL-SPIKE", "--spike",
              fmt::format("'{}' is a spike of an input: it comes from outside, nothing in the "
                          "network causes it",
                          text),
              reached.empty() ? "ask for a spike of a population"
                              : fmt::format("ask for a spike of a population that it reaches ({}), "
                                            "such as {}[0]@STEP",
                                            fmt::join(reached, ", "), reached.front()));
}

SpikeName read_spike(const std::string& text, const isa::Image& image) {
    const std::size_t open = text.find('[');
    const std::size_t close = text.find("]@");
    std::optional<std::uint64_t> index;
    std::optional<std::uint64_t> step;
    if (open != std::string::npos && close != std::string::npos && open < close) {
        index = number(std::string_view{text}.substr(open + 1, close - open - 1));
        step = number(std::string_view{text}.substr(close + 2));
    }
    if (!index || !step) {
        bad_input("EXPL-SPIKE", "--spike", fmt::format("'{}' is no spike", text), kSpikeForm);
    }
    reject_input(text, text.substr(0, open), image);
    const std::uint32_t population = session::find_population(image, text.substr(0, open));
    const isa::PopulationImage& in = image.populations[population];
    if (*index >= in.count) {
        bad_input("EXPL-SPIKE", "--spike",
                  fmt::format("index {} of population '{}', must be in [0, {}]", *index, in.name,
                              in.count - 1),
                  kSpikeForm);
    }
    return {in.first_neuron + static_cast<std::uint32_t>(*index), *step};
}

struct Samples {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    bool several = false;
};

Samples read_samples(const std::string& text, const isa::Image& image) {
    const std::uint32_t count = image.dataset.samples;
    if (count == 0 || image.readout.by == isa::ReadoutBy::kNone) {
        bad_input("EXPL-SAMPLE", "--decision",
                  fmt::format("network '{}' has no {}", image.network,
                              count == 0 ? "dataset" : "readout"),
                  "explain a spike: --spike POPULATION[INDEX]@STEP");
    }
    if (text == kAllSamples) return {0, count - 1, true};
    const std::size_t dots = text.find("..");
    const auto first = number(std::string_view{text}.substr(0, dots));
    const auto last =
        dots == std::string::npos ? first : number(std::string_view{text}.substr(dots + 2));
    if (!first || !last || *first > *last || *last >= count) {
        bad_input("EXPL-SAMPLE", "--decision",
                  fmt::format("'{}' is not in [0, {}]", text, count - 1),
                  "give a sample, FIRST..LAST, or all");
    }
    return {static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last),
            dots != std::string::npos};
}

/// When a neuron that is silent throughout a recording spikes before and after it, as a hint.
std::string beyond(const Recording& silent, NeuronId neuron) {
    constexpr std::uint64_t kMostSteps = 1000;
    const isa::DatasetImage& dataset = silent.image().dataset;
    const Recording::Place& place = silent.place_of(neuron);
    const Setting& setting = silent.setting();
    emu::Machine machine{silent.image(), {.seed = setting.seed, .learning = setting.learning}};
    std::optional<std::uint64_t> before;
    std::optional<std::uint64_t> after;
    while (!after && machine.steps_done() < silent.end() + kMostSteps &&
           (dataset.samples == 0 || machine.position().active)) {
        const std::uint64_t step = machine.steps_done();
        const auto& spikes = machine.step().cores[place.core].spikes;
        const bool spiked = std::ranges::any_of(spikes, [&place](const emu::EmittedSpike& spike) {
            return spike.compartment == place.compartment;
        });
        if (spiked) (step < silent.first() ? before : after) = step;
    }
    if (before && after) return fmt::format("it spiked in step {}, next in {}", *before, *after);
    if (before) return fmt::format("it last spiked in step {}", *before);
    if (after) return fmt::format("it first spikes in step {}", *after);
    return fmt::format("it spikes in none of steps 0 to {}", machine.steps_done() - 1);
}

/// The spikes nearest to a step in which there is none, as a hint.
std::string nearest(const Recording& recording, const SpikeName& name) {
    const auto spikes = recording.spikes_of({Origin::kNeuron, name.neuron.value()});
    if (spikes.empty()) return beyond(recording, name.neuron);
    constexpr std::size_t kMostNamed = 5;
    const bool all = spikes.size() <= kMostNamed;
    std::vector<std::uint64_t> steps;
    for (const Emission& spike : spikes.last(all ? spikes.size() : kMostNamed)) {
        if (steps.empty() || steps.back() != spike.step) steps.push_back(spike.step);
    }
    return fmt::format("it {} in {} {}", all ? "spiked" : "last spiked",
                       steps.size() == 1 ? "step" : "steps", fmt::join(steps, ", "));
}

/// Where the window of a spike begins: with its sample, or some steps before. Where samples end
/// early, only playing them says when they began.
std::uint64_t window_of(const isa::Image& image, const Setting& setting, std::uint64_t step,
                        std::uint64_t window) {
    emu::SamplePosition at = emu::position_of(image.dataset, step);
    std::uint64_t begin = step - at.local;
    if (image.dataset.ends_early() && image.dataset.reset) {
        emu::Machine machine{image, {.seed = setting.seed, .learning = setting.learning}};
        for (;; (void)machine.step()) {
            at = machine.position();
            if (at.start) begin = machine.steps_done();
            if (machine.steps_done() == step) break;
        }
    }
    if (at.active && image.dataset.reset) return begin;
    return step < window ? 0 : step - window;
}

void explain_spike(const Request& request, const FolderRun* folder, Answer& answer) {
    const isa::Image& image = answer.loaded.image;
    const SpikeName name = read_spike(request.spike, image);
    const std::uint64_t first = window_of(image, answer.setting, name.step, request.window);
    const Recording recording{image, answer.setting, first, name.step + 1};
    if (folder != nullptr) folder->compare(recording);
    const auto spikes = recording.spikes_of({Origin::kNeuron, name.neuron.value()});
    if (spikes.empty() || spikes.back().step != name.step) {
        bad_input("EXPL-SPIKE", "--spike",
                  fmt::format("{} did not spike in step {}",
                              name_of(image, {Origin::kNeuron, name.neuron.value()}), name.step),
                  nearest(recording, name));
    }
    Account account;
    account.spike = Question{Question::Kind::kSpike, name.neuron, name.step, 0, false};
    account.first = recording.first();
    account.end = recording.end();
    Replays replays{recording};
    account.explanation = explain(replays, {{*account.spike, 1.0}}, request.limits);
    Ablation again{image, answer.setting};
    measure_inputs(*account.spike, recording, again, request.limits, account.explanation);
    if (request.verify) {
        account.proof = prove(*account.spike, account.explanation, replays, again, request.proof);
    }
    account.learned = weight_histories(recording, account.explanation);
    answer.accounts.push_back(std::move(account));
}

void explain_sample(const Request& request, const Recording& recording, Ablation& again,
                    bool several, Answer& answer) {
    std::optional<Decision> decision = decision_of(recording, again);
    ++answer.samples;
    const bool wrong = several && decision && decision->label && !decision->correct();
    if (!decision || wrong) {
        ++answer.skipped;
        if (several) return;
        bad_input(
            "EXPL-SAMPLE", "--decision",
            fmt::format("sample {} has no answer: the readout stayed silent, or has one class",
                        request.decision),
            "explain another sample");
    }
    Account account;
    account.first = recording.first();
    account.end = recording.end();
    Replays replays{recording};
    account.explanation = explain(replays, decision->roots, request.limits);
    measure_inputs(*decision, recording, again, request.limits, account.explanation);
    if (request.verify) {
        account.proof = prove(*decision, account.explanation, replays, again, request.proof);
    }
    if (several) {
        account.explanation = {};
    } else {
        account.learned = weight_histories(recording, account.explanation);
    }
    account.decision = std::move(decision);
    answer.accounts.push_back(std::move(account));
}

void explain_decisions(const Request& request, const FolderRun* folder, session::Listener& listener,
                       Answer& answer) {
    const isa::Image& image = answer.loaded.image;
    const Samples samples = read_samples(request.decision, image);
    const session::Phase phase{listener, fmt::format("explaining {}", request.decision)};
    emu::Machine machine{image, {.seed = answer.setting.seed, .learning = answer.setting.learning}};
    Ablation again{image, answer.setting};
    while (machine.position().step < begin_of(image.dataset, samples.first)) (void)machine.step();
    for (std::uint32_t sample = samples.first; sample <= samples.last; ++sample) {
        listener.phase_says(fmt::format("sample {}", sample));
        const Recording recording{image, answer.setting, machine, Recording::ToSampleEnd{}};
        if (folder != nullptr) folder->compare(recording);
        explain_sample(request, recording, again, samples.several, answer);
    }
    if (!samples.several || !request.verify) return;
    std::vector<Proof> proofs;
    for (const Account& account : answer.accounts) proofs.push_back(*account.proof);
    answer.ratio = ratio_of(proofs);
}

}  // namespace

Answer answer(const Request& request, session::Listener& listener) {
    if (request.spike.empty() == request.decision.empty()) {
        bad_input("EXPL-SPIKE", "seamount explain", "nothing, or two things, are to be explained",
                  "give either --spike POPULATION[INDEX]@STEP or --decision SAMPLE");
    }
    std::optional<FolderRun> folder;
    std::error_code ignored;
    if (std::filesystem::is_directory(request.run.file, ignored)) {
        folder.emplace(request.run.file);
    }
    const session::RunRequest& run = folder ? folder->request() : request.run;
    Answer result{folder ? folder->open(listener) : session::open(run, listener), {}, {}, 0, 0, {}};
    result.setting = {run.run.seed.value_or(result.loaded.image.seed), run.run.learning};
    const FolderRun* const records = folder ? &*folder : nullptr;
    if (!request.spike.empty()) {
        explain_spike(request, records, result);
    } else {
        explain_decisions(request, records, listener, result);
    }
    return result;
}

}  // namespace seamount::explain
