#include "isa/image/image_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>

#include "isa/chip/chip_spec.hpp"
#include "isa/microcode/expression.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::isa {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void check_program(std::size_t index, const ProgramImage& program, Faults& faults) {
    const std::string who = fmt::format("program {} '{}'", index, program.name);
    const std::string microcode = check_microcode(program.words);
    if (!microcode.empty()) faults.add(fmt::format("{}: {}", who, microcode));
    if (!program.lines.empty() && program.lines.size() != program.words.size()) {
        faults.add(fmt::format("{}: {} source lines for {} words", who, program.lines.size(),
                               program.words.size()));
    }
    if (program.params.size() > static_cast<std::size_t>(kParameters) ||
        program.states.size() > static_cast<std::size_t>(kStateWords) ||
        program.accumulators.size() > static_cast<std::size_t>(kAccumulators)) {
        faults.add(
            fmt::format("{}: names {} parameters, {} state words and {} accumulators, at "
                        "most {}, {} and {}",
                        who, program.params.size(), program.states.size(),
                        program.accumulators.size(), kParameters, kStateWords, kAccumulators));
    }
    for (const Accumulate rule : program.combine) {
        if (rule > Accumulate::kOr) {
            faults.add(fmt::format("{}: an accumulator combines by rule {}, the highest is {}", who,
                                   static_cast<int>(rule), static_cast<int>(Accumulate::kOr)));
        }
    }
    for (const ProgramImage::View& view : program.views) {
        if (faults.full()) return;
        try {
            const Expression value = Expression::parse(view.expression, {program.file, 0, 0});
            for (const std::string& name : value.names()) {
                if (contains(program.states, name) || contains(program.params, name)) continue;
                faults.add(
                    fmt::format("{}: view '{}' uses '{}', which is no state word or "
                                "parameter",
                                who, view.name, name));
            }
        } catch (const InputError& e) {
            faults.add(fmt::format("{}: view '{}' cannot be parsed: {}", who, view.name,
                                   e.diagnostics().front().message));
        }
    }
}

void check_populations(CheckContext& context) {
    for (std::size_t p = 0; p < context.image.populations.size(); ++p) {
        const PopulationImage& population = context.image.populations[p];
        if (population.first_neuron.value() != context.neurons) {
            context.faults.add(fmt::format("population {} '{}' starts at neuron {}, must be {}", p,
                                           population.name, population.first_neuron,
                                           context.neurons));
        }
        if (!population.shape.empty() && product(population.shape) != population.count) {
            context.faults.add(
                fmt::format("population {} '{}' has {} neurons, its shape another "
                            "number",
                            p, population.name, population.count));
        }
        context.neurons += population.count;
    }
    if (context.neurons > std::numeric_limits<std::uint32_t>::max()) {
        context.faults.add(fmt::format("{} neurons, at most 2^32 - 1", context.neurons));
    }
}

/// Every neuron must live in exactly one compartment.
void check_placement(CheckContext& context) {
    std::uint64_t placed = 0;
    for (const CoreImage& core : context.image.cores) placed += core.neurons.size();
    if (placed != context.neurons) {
        context.faults.add(fmt::format("{} neurons in {} compartments: each must have one",
                                       context.neurons, placed));
        return;  // and the map below would not be justified by the image's size
    }
    IdVector<NeuronId, bool> seen(static_cast<std::size_t>(placed));
    for (const CoreImage& core : context.image.cores) {
        for (const NeuronId neuron : core.neurons) {
            if (neuron.index() >= seen.size()) continue;  // reported by its group
            if (seen[neuron]) {
                context.faults.add(fmt::format(
                    "core {}: neuron {} lives in another compartment too", core.core, neuron));
                return;
            }
            seen[neuron] = true;
        }
    }
}

/// Builds the table of cores by number, which must ascend and exist on the chip.
void check_core_numbers(CheckContext& context) {
    std::uint32_t on_chip = 65536;
    if (!context.image.chip.empty()) {
        try {
            on_chip = ChipSpec::parse_resolved(context.image.chip, "chip of the image").cores();
        } catch (const InputError& e) {
            context.faults.add(
                fmt::format("chip description: {}", e.diagnostics().front().message));
        }
    }
    std::int64_t before = -1;
    for (const CoreImage& core : context.image.cores) {
        const std::int64_t number = core.core.value();
        if (number <= before || number >= on_chip) {
            context.faults.add(fmt::format("core {} after core {}: numbers must ascend below {}",
                                           core.core, before, on_chip));
            continue;
        }
        before = number;
        context.core_by_id.resize(core.core.index() + 1, nullptr);
        context.core_by_id[core.core] = &core;
    }
}

void check_dataset(const DatasetImage& dataset, std::size_t populations, Faults& faults) {
    if (dataset.samples != 0 && dataset.blank >= dataset.steps_per_sample) {
        faults.add(fmt::format("dataset: {} steps per sample with {} blank ones leave none",
                               dataset.steps_per_sample, dataset.blank));
    }
    if (!dataset.kept.empty() && dataset.kept.size() != populations) {
        faults.add(fmt::format("dataset: says of {} populations what a reset keeps, there are {}",
                               dataset.kept.size(), populations));
    }
    if (!dataset.labels.empty() && dataset.labels.size() != dataset.samples) {
        faults.add(fmt::format("dataset: {} labels for {} samples", dataset.labels.size(),
                               dataset.samples));
    }
}

/// Strictly ascending numbers below `end`.
bool are_some_of(const std::vector<std::uint32_t>& numbers, std::size_t end) {
    return (numbers.empty() || numbers.back() < end) &&
           std::is_sorted(numbers.begin(), numbers.end(), std::less_equal<>{});
}

/// Whose spikes end samples, and the rewards that follow them.
void check_early_end(const Image& image, Faults& faults) {
    const DatasetImage& dataset = image.dataset;
    if (!dataset.ends_early()) {
        if (dataset.until_members.empty() && dataset.until_rewards.empty()) return;
        faults.add("dataset: no population ends its samples, some of its neurons do");
        return;
    }
    if (dataset.samples == 0 || dataset.until >= image.populations.size()) {
        faults.add(fmt::format("dataset: population {} of {} ends one of {} samples", dataset.until,
                               image.populations.size(), dataset.samples));
        return;
    }
    const std::uint32_t neurons = image.populations[dataset.until].count;
    if (!are_some_of(dataset.until_members, neurons)) {
        faults.add(
            fmt::format("dataset: neurons that end samples, out of order or beyond {}", neurons));
    }
    const auto gives_none = [&image](std::uint32_t input) {
        return image.inputs[input].kind != InputKind::kReward;
    };
    if (!are_some_of(dataset.until_rewards, image.inputs.size()) ||
        std::any_of(dataset.until_rewards.begin(), dataset.until_rewards.end(), gives_none)) {
        faults.add("dataset: inputs that follow its samples, out of order or without rewards");
    }
}

/// `values`: one for each of `cells`, or none.
void check_of_cells(const char* what, const std::vector<std::int32_t>& values, std::uint32_t cells,
                    std::int32_t least, std::int32_t most, Faults& faults) {
    if (values.empty()) return;
    if (values.size() != cells) {
        faults.add(fmt::format("readout: {} {} for {} neurons", values.size(), what, cells));
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (*low >= least && *high <= most) return;
    faults.add(fmt::format("readout: {} in [{}, {}], must be in [{}, {}]", what, *low, *high, least,
                           most));
}

void check_votes(const Image& image, Faults& faults) {
    const ReadoutImage& readout = image.readout;
    if (readout.combine > Vote::kMax) {
        faults.add(fmt::format("readout: classes combine by rule {}, the highest is {}",
                               static_cast<int>(readout.combine), static_cast<int>(Vote::kMax)));
    }
    if (readout.channel >= kChannels && readout.channel != ReadoutImage::kAllChannels) {
        faults.add(fmt::format("readout: channel {} of {}", readout.channel, kChannels));
    }
    const bool is_read = readout.by != ReadoutBy::kNone;
    if (is_read && readout.population >= image.populations.size()) return;
    const std::uint32_t cells = is_read ? image.populations[readout.population].count : 0;
    check_of_cells("classes", readout.classes, cells, ReadoutImage::kNoClass,
                   ReadoutImage::kMostClass, faults);
    check_of_cells("weights", readout.weights, cells, -ReadoutImage::kMostWeight,
                   ReadoutImage::kMostWeight, faults);
}

void check_readout(const Image& image, Faults& faults) {
    const ReadoutImage& readout = image.readout;
    if (static_cast<std::size_t>(readout.by) >= enumerators<ReadoutBy>()) {
        faults.add(fmt::format("readout: kind {} is unknown", static_cast<int>(readout.by)));
    }
    if (readout.by != ReadoutBy::kNone && readout.population >= image.populations.size()) {
        faults.add(fmt::format("readout: population {} of {}", readout.population,
                               image.populations.size()));
    }
    if (readout.state >= static_cast<std::uint32_t>(kStateWords)) {
        faults.add(fmt::format("readout: state word {} of {}", readout.state, kStateWords));
    }
    check_votes(image, faults);
    const double accuracy = readout.reference_accuracy;
    if (!(accuracy == -1.0 || (accuracy >= 0.0 && accuracy <= 1.0))) {
        faults.add(
            fmt::format("readout: reference accuracy {}, must be in [0, 1] or -1", accuracy));
    }
}

/// `who` names the probe in sentences.
void check_window(const std::string& who, const ProbeWindow& window, CheckContext& context) {
    const auto fault = [&](const std::string& text) {
        context.faults.add(fmt::format("{}: {}", who, text));
    };
    if (window.first >= window.end) fault("records no step");
    const bool is_input = window.when == ProbeWindow::When::kInput;
    if (window.when > ProbeWindow::When::kInput) return fault("an unknown trigger");
    if (window.when == ProbeWindow::When::kAlways) return;
    const std::size_t count =
        is_input ? context.image.inputs.size() : context.image.populations.size();
    if (window.index >= count) return fault("a trigger that is not there");
    const std::uint32_t size = is_input ? context.image.inputs[window.index].size
                                        : context.image.populations[window.index].count;
    if (!std::is_sorted(window.members.begin(), window.members.end()) ||
        (!window.members.empty() && window.members.back() >= size)) {
        fault(fmt::format("members of a trigger of {}, out of order or range", size));
    }
}

void check_probe(std::size_t index, const ProbeImage& probe, CheckContext& context) {
    const auto fault = [&](const std::string& text) {
        return context.faults.add(fmt::format("probe {}: {}", index, text));
    };
    if (probe.every == 0) fault("records every 0 steps");
    check_window(fmt::format("probe {}", index), probe.window, context);
    if (probe.population >= context.image.populations.size()) {
        fault(
            fmt::format("population {} of {}", probe.population, context.image.populations.size()));
        return;
    }
    const PopulationImage& population = context.image.populations[probe.population];
    for (const std::uint32_t neuron : probe.neurons) {
        if (neuron < population.count) continue;
        if (!fault(fmt::format("neuron {} of {} in population '{}'", neuron, population.count,
                               population.name))) {
            return;
        }
    }
    const ProgramImage* const program = context.program_of[probe.population];
    if (program == nullptr || contains(program->states, probe.variable)) return;
    if (contains(program->accumulators, probe.variable) || is_trace_name(probe.variable)) return;
    const auto& views = program->views;
    if (std::none_of(views.begin(), views.end(),
                     [&](const auto& view) { return view.name == probe.variable; })) {
        fault(fmt::format("'{}' is no word of population '{}'", probe.variable, population.name));
    }
}

void check_projection(std::size_t index, const ProjectionImage& projection, const Image& image,
                      Faults& faults) {
    if (projection.to < image.populations.size()) return;
    faults.add(fmt::format("projection {} '{}' ends at population {} of {}", index, projection.name,
                           projection.to, image.populations.size()));
}

}  // namespace

std::vector<std::string> check_image(const Image& image) {
    Faults faults;
    CheckContext context{image, faults, 0, {}, {}};
    context.program_of.resize(image.populations.size(), nullptr);
    for (std::size_t i = 0; i < image.programs.size(); ++i) {
        check_program(i, image.programs[i], faults);
    }
    check_populations(context);
    check_core_numbers(context);
    for (const CoreImage& core : image.cores) {
        if (!faults.full()) check_core(core, context);
    }
    check_placement(context);
    check_learning_image(context);
    for (const CoreImage& core : image.cores) {
        // Sound rows first: the walk over them is bounded only then.
        if (context.faults.empty()) check_plastic_memory(core, context);
    }
    for (std::size_t i = 0; i < image.inputs.size() && !faults.full(); ++i) {
        check_input(i, image.inputs[i], context);
    }
    check_dataset(image.dataset, image.populations.size(), faults);
    check_early_end(image, faults);
    check_readout(image, faults);
    for (std::size_t i = 0; i < image.probes.size() && !faults.full(); ++i) {
        check_probe(i, image.probes[i], context);
    }
    for (std::size_t i = 0; i < image.core_probes.size() && !faults.full(); ++i) {
        const std::string who = fmt::format("core probe {}", i);
        if (image.core_probes[i].every == 0) faults.add(who + ": records every 0 steps");
        check_window(who, image.core_probes[i].window, context);
    }
    for (std::size_t i = 0; i < image.weight_windows.size() && !faults.full(); ++i) {
        check_window(fmt::format("weight probe {}", i), image.weight_windows[i], context);
    }
    for (std::size_t i = 0; i < image.projections.size() && !faults.full(); ++i) {
        check_projection(i, image.projections[i], image, faults);
    }
    if (faults.empty()) check_ties(context);
    return faults.take();
}

}  // namespace seamount::isa
