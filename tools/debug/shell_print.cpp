// What is printed: words, synapses, axons, what is due, and why.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "isa/base/text.hpp"
#include "tools/debug/shell.hpp"
#include "tools/debug/synapses.hpp"
#include "tools/explain/answer/wording.hpp"
#include "tools/explain/causes.hpp"
#include "tools/explain/recording.hpp"
#include "tools/explain/replays.hpp"

namespace seamount::debug {
namespace {

constexpr std::size_t kMostLines = 64;    ///< of a list that is printed
constexpr std::uint64_t kWhySteps = 200;  ///< that are looked back
constexpr std::size_t kWhyEffects = 4;
constexpr std::size_t kWhyCauses = 8;

std::string more(std::size_t count, const std::string& noun) {
    return count <= kMostLines
               ? std::string{}
               : fmt::format("... and {}\n", counted(count - kMostLines, noun + " more"));
}

const std::string& name_of(const isa::Image& image, const Selection& selection) {
    return selection.is_input ? image.inputs[selection.index].name
                              : image.populations[selection.index].name;
}

/// Refuses a neuron that did not spike in the last step.
void need_spike(const Debugger& debugger, NeuronId neuron, const SourceLocation& where) {
    const bool spiked = std::ranges::any_of(debugger.last(), [&](const SeenSpike& spike) {
        return spike.input == SeenSpike::kNeuron && spike.index == neuron.value();
    });
    if (spiked && debugger.step() != 0) return;
    const std::string name = debug::name_of(debugger.image(), neuron);
    refuse("DBG-STATE", where,
           fmt::format("{} did not spike in step {}, the one before", name,
                       debugger.step() - (debugger.step() == 0 ? 0U : 1U)),
           fmt::format("break spike {}", name));
}

/// The latest checkpoint, kWhySteps or more before `step` if there is one, from which the run came
/// to `step` without changes.
const Checkpoint& start_of_why(const Debugger& debugger, std::uint64_t step,
                               const SourceLocation& where) {
    const auto& checkpoints = debugger.checkpoints();
    const Checkpoint& change = checkpoints.last_change(debugger.step());
    if (change.pinned && change.machine.step > step) {
        refuse("DBG-STATE", where,
               fmt::format("something was changed after step {}, or within it", step),
               "'back', then 'step' again without the change");
    }
    if (checkpoints.first_step() > step) {
        refuse("DBG-STATE", where,
               fmt::format("what leads to step {} was dropped: checkpoints have taken all memory "
                           "that they may",
                           step));
    }
    const std::uint64_t earliest =
        std::max(step > kWhySteps ? step - kWhySteps : 0, checkpoints.first_step());
    const Checkpoint& near = checkpoints.before(earliest);
    return near.machine.step < change.machine.step ? change : near;
}

std::vector<std::string> why_lines(const isa::Image& image, const explain::Effect& effect) {
    std::vector<std::string> lines{fmt::format("{}\n", explain::headline(image, effect))};
    for (std::size_t i = 0; i < std::min(effect.causes.size(), kWhyCauses); ++i) {
        const explain::Cause& cause = effect.causes[i];
        lines.push_back(fmt::format(
            "  {:>10}  {:<40} {}\n", explain::signed_number(cause.contribution),
            explain::event_words(image, cause.event), explain::without_words(effect, cause)));
    }
    for (std::size_t e = 0; e < explain::kEntries; ++e) {
        if (effect.entries[e] == 0) continue;
        lines.push_back(fmt::format("  {:>10}  {}\n", explain::signed_number(effect.entries[e]),
                                    explain::entry_words(static_cast<explain::Entry>(e))));
    }
    return lines;
}

}  // namespace

Shell::Action Shell::parse_print(Reader& reader) {
    const isa::Image& image = debugger_.image();
    reader.skip_blanks();
    const std::size_t begin = reader.position();
    const SourceLocation here = reader.where();
    auto first = read_selection(image, reader);
    if (first && reader.take("->")) {
        Selection to = need_selection(image, reader, true);
        reader.end();
        return [this, from = *std::move(first), to = std::move(to)] { print_synapses(from, to); };
    }
    if (first && reader.take(".")) {
        const bool axons = reader.take("axons");
        if (axons || reader.take("queue")) {
            reader.end();
            return [this, of = *std::move(first), axons] {
                axons ? print_axons(of) : print_queue(of);
            };
        }
    } else if (first && reader.at_end()) {
        if (first->is_input) {
            reader.expected("'.axons', '.queue' or '->' behind a host input");
        }
        return [this, of = *std::move(first)] { print_neurons(of); };
    }
    reader.back_to(begin);
    Formula formula = Formula::parse(image, reader.rest(), here);
    return [this, formula = std::move(formula)] { print_formula(formula); };
}

void Shell::print_formula(const Formula& formula) {
    if (formula.count() == 1) {
        print_(fmt::format("{} = {}\n", formula.text(), debugger_.value(formula, 0)));
        return;
    }
    print_(fmt::format("{} =\n", formula.text()));
    for (std::size_t i = 0; i < std::min(formula.count(), kMostLines); ++i) {
        const auto neuron = formula.neuron(debugger_.image(), i);
        const std::string name = neuron ? debug::name_of(debugger_.image(), *neuron) : "";
        print_(fmt::format("  {:<16} {}\n", name, debugger_.value(formula, i)));
    }
    print_(more(formula.count(), "value"));
}

void Shell::print_neurons(const Selection& selection) {
    const isa::Image& image = debugger_.image();
    for (std::size_t i = 0; i < std::min(selection.members.size(), kMostLines); ++i) {
        const NeuronId neuron = neuron_of(image, selection, i);
        std::string line = debug::name_of(image, neuron) + ":";
        for (const std::string& name : word_names(debugger_.program_of(neuron))) {
            const Word word = *find_word(debugger_.program_of(neuron), name);
            if (word.kind == WordKind::kView) continue;
            line += fmt::format(" {} {}", name, debugger_.read(neuron, word));
        }
        print_(line + '\n');
    }
    print_(more(selection.members.size(), "neuron"));
}

void Shell::print_axons(const Selection& selection) {
    const isa::Image& image = debugger_.image();
    std::size_t shown = 0;
    for (std::size_t i = 0; i < selection.members.size(); ++i) {
        const std::vector<isa::OutputAxon> axons = axons_of(debugger_, selection, i);
        const std::string name =
            fmt::format("{}[{}]", name_of(image, selection), selection.members[i]);
        if (axons.empty()) print_(fmt::format("{} has no axons\n", name));
        for (std::size_t k = 0; k < axons.size(); ++k) {
            if (shown++ >= kMostLines) continue;
            const isa::OutputAxon& axon = axons[k];
            print_(fmt::format("{}.axons[{}]: core {} axon {} atom {} channel {} payload_bits {}\n",
                               name, k, CoreId{axon.core}, axon.axon, axon.atom, axon.channel,
                               axon.payload_bits));
        }
    }
    print_(more(shown, "axon"));
}

/// What accumulators will be given, or what the host will send.
void Shell::print_queue(const Selection& selection) {
    debugger_.need_boundary(selection.where);
    const isa::Image& image = debugger_.image();
    const emu::MachineState state = debugger_.machine().save();
    std::size_t shown = 0;
    const auto line = [&](const std::string& text) {
        if (shown++ < kMostLines) print_(text);
    };
    for (std::size_t i = 0; i < selection.members.size(); ++i) {
        const std::string name =
            fmt::format("{}[{}]", name_of(image, selection), selection.members[i]);
        if (selection.is_input) {
            for (const emu::HostSpike& spike : state.host_spikes) {
                if (spike.input != selection.index || spike.source != selection.members[i])
                    continue;
                line(fmt::format("{} spikes in step {} with payload {}\n", name, state.step,
                                 spike.payload));
            }
            continue;
        }
        const NeuronId neuron = neuron_of(image, selection, i);
        const auto first =
            std::ranges::lower_bound(state.sums, neuron.value(), {}, &emu::PendingSum::neuron);
        for (auto sum = first; sum != state.sums.end() && sum->neuron == neuron.value(); ++sum) {
            const auto& accumulators = debugger_.program_of(neuron).accumulators;
            const std::string accumulator = sum->accumulator < accumulators.size()
                                                ? accumulators[sum->accumulator]
                                                : fmt::format("a{}", sum->accumulator);
            line(fmt::format("{}.{}@{}: {} in step {}\n", name, accumulator, sum->delay, sum->value,
                             state.step + sum->delay));
        }
    }
    if (shown == 0) {
        print_(fmt::format("nothing is due for {}{}\n", selection.text,
                           selection.is_input ? " beside what the input itself does" : ""));
    }
    print_(more(shown, "entry"));
}

void Shell::print_synapses(const Selection& from, const Selection& to) {
    const isa::Image& image = debugger_.image();
    const std::vector<FoundSynapse> found = find_synapses(debugger_, from, to);
    for (std::size_t i = 0; i < std::min(found.size(), kMostLines); ++i) {
        const FoundSynapse& synapse = found[i];
        const auto& accumulators =
            debugger_.program_of(image.populations[to.index].first_neuron + synapse.target)
                .accumulators;
        print_(fmt::format("{}[{}] -> {}[{}]: weight {} delay {} exponent {} into {}{}\n",
                           name_of(image, from), synapse.source, name_of(image, to), synapse.target,
                           synapse.weight, synapse.delay, synapse.exponent,
                           synapse.accumulator < accumulators.size()
                               ? accumulators[synapse.accumulator]
                               : fmt::format("a{}", synapse.accumulator),
                           synapse.id == FoundSynapse::kStatic ? "" : ", learns"));
    }
    if (found.empty()) print_(fmt::format("no synapses from {} to {}\n", from.text, to.text));
    print_(more(found.size(), "synapse"));
}

/// The run is played again from a checkpoint that it follows from without changes.
void Shell::print_why(NeuronId neuron, const SourceLocation& where) {
    debugger_.need_boundary(where);
    need_spike(debugger_, neuron, where);
    const std::uint64_t step = debugger_.step() - 1;
    const Checkpoint& start = start_of_why(debugger_, step, where);
    emu::Machine::Params params;
    params.seed = debugger_.setting().seed;
    params.learning = debugger_.setting().learning;
    emu::Machine machine{*start.image, params};
    machine.load(start.machine);
    const explain::Recording recording{
        *start.image, {debugger_.setting().seed, debugger_.setting().learning}, machine, step + 1};
    explain::Replays replays{recording};
    const explain::Explanation explanation = explain::explain(
        replays, {{{explain::Question::Kind::kSpike, neuron, step, 0, false}, 1.0}});
    for (std::size_t i = 0; i < std::min(explanation.effects.size(), kWhyEffects); ++i) {
        for (const std::string& line : why_lines(debugger_.image(), explanation.effects[i])) {
            print_(line);
        }
    }
    if (explanation.effects.size() > kWhyEffects) {
        print_(fmt::format("... and {} that led there; 'seamount explain' has all of it\n",
                           counted(explanation.effects.size() - kWhyEffects, "spike")));
    }
}

}  // namespace seamount::debug
