#include "tools/inspect/image_sheet.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "isa/base/text.hpp"
#include "isa/image/weights.hpp"
#include "isa/microcode/program.hpp"
#include "tools/base/console.hpp"
#include "tools/base/table.hpp"
#include "tools/session/image_stats.hpp"

namespace seamount::tools {
namespace {

template <class T>
std::string number(T value) {
    return std::to_string(value);
}

std::string place(const SourceLocation& where) {
    return where.line == 0 ? where.file : fmt::format("{}:{}", where.file, where.line);
}

std::string populations(const isa::Image& image) {
    Table table{{"population", "neurons", "first", "shape", "program", "cores", "place"}};
    for (std::uint32_t p = 0; p < image.populations.size(); ++p) {
        const isa::PopulationImage& population = image.populations[p];
        std::set<CoreId> cores;
        for (const isa::CoreImage& core : image.cores) {
            for (const isa::NeuronGroup& group : core.groups) {
                if (group.population == p) cores.insert(core.core);
            }
        }
        const isa::ProgramImage* program = isa::program_of(image, p);
        table.add({population.name, number(population.count),
                   number(population.first_neuron.value()),
                   fmt::format("{}", fmt::join(population.shape, "x")),
                   program == nullptr ? "" : program->name, number(cores.size()),
                   place(population.where)});
    }
    return table.text();
}

/// Their names, and by what they combine if it is not a sum.
std::string accumulators(const isa::ProgramImage& program) {
    std::string text;
    for (std::size_t k = 0; k < program.accumulators.size(); ++k) {
        const isa::Accumulate rule = program.combine[k];
        text += fmt::format("{}{}", k == 0 ? "" : " ", program.accumulators[k]);
        if (rule == isa::Accumulate::kSum) continue;
        text += fmt::format(" ({})", name_of(isa::kAccumulateNames, rule));
    }
    return text;
}

std::string programs(const isa::Image& image) {
    Table table{{"program", "words", "cycles", "parameters", "state", "accumulators"}};
    for (const isa::ProgramImage& program : image.programs) {
        table.add({program.name, number(program.words.size()),
                   number(isa::worst_case_cycles(program.words)),
                   fmt::format("{}", fmt::join(program.params, " ")),
                   fmt::format("{}", fmt::join(program.states, " ")), accumulators(program)});
    }
    return table.text();
}

std::string inputs(const isa::Image& image) {
    Table table{{"input", "kind", "sources", "packets if all spike", "data", "place"}};
    for (const isa::InputImage& input : image.inputs) {
        const std::size_t values =
            input.spike_steps.size() + input.rates.size() + input.samples.size();
        table.add({input.name, std::string{name_of(isa::kInputKindNames, input.kind)},
                   number(input.size), number(input.outputs.size()),
                   fmt::format("{} values", grouped(values)), place(input.where)});
    }
    return table.empty() ? "" : table.text();
}

std::string projections(const isa::Image& image) {
    Table table{{"projection", "from", "to", "synapses", "place"}};
    for (const isa::ProjectionImage& projection : image.projections) {
        table.add({projection.name, projection.from, image.populations.at(projection.to).name,
                   number(projection.synapses), place(projection.where)});
    }
    return table.empty() ? "" : table.text();
}

std::string learning_rules(const isa::Image& image) {
    Table table{{"learning rule", "mode", "rounding", "epoch", "words", "projections", "synapses"}};
    const isa::LearningImage& learning = image.learning;
    for (std::uint32_t r = 0; r < learning.rules.size(); ++r) {
        const isa::LearningRuleImage& rule = learning.rules[r];
        std::uint64_t projections = 0;
        std::uint64_t synapses = 0;
        for (const isa::PlasticImage& plastic : learning.projections) {
            if (plastic.rule != r) continue;
            ++projections;
            synapses += image.projections.at(plastic.projection).synapses;
        }
        table.add({rule.name, std::string{isa::name_of(rule.mode)},
                   std::string{isa::name_of(rule.rounding)}, number(rule.epoch),
                   number(rule.words.size()), number(projections), number(synapses)});
    }
    return table.empty() ? "" : table.text();
}

/// Which spikes switch rules and clear tags.
std::string rule_spikes(const isa::Image& image) {
    const auto name = [&image](std::uint32_t population) {
        return population == isa::RuleSpikesImage::kNobody ? std::string{"-"}
                                                           : image.populations[population].name;
    };
    Table table{{"learning rule", "from", "until", "clear tags", "at step 0"}};
    for (const isa::RuleSpikesImage& spikes : image.learning.rule_spikes) {
        table.add({image.learning.rules[spikes.rule].name, name(spikes.from), name(spikes.until),
                   name(spikes.clear_tags), spikes.start != 0 ? "on" : "off"});
    }
    return table.empty() ? "" : table.text();
}

/// Which projections have the weights of which others.
std::string ties(const isa::Image& image) {
    const auto name = [&image](std::uint32_t entry) {
        return image.projections[image.learning.projections[entry].projection].name;
    };
    Table table{{"tied projection", "has the weights of"}};
    for (const isa::TieImage& tie : image.learning.ties) {
        table.add({name(tie.tied), name(tie.learner)});
    }
    return table.empty() ? "" : table.text();
}

std::string probes(const isa::Image& image) {
    Table table{{"probe", "variable", "neurons", "every", "place"}};
    for (const isa::ProbeImage& probe : image.probes) {
        const isa::PopulationImage& population = image.populations.at(probe.population);
        table.add({population.name, probe.variable,
                   number(probe.neurons.empty() ? population.count : probe.neurons.size()),
                   counted(probe.every, "step"), place(probe.where)});
    }
    return table.empty() ? "" : table.text();
}

/// The state words that a new sample leaves as they are: "theta of cells, a trace of out".
std::string kept_words(const isa::Image& image) {
    std::string text;
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            const std::uint32_t kept = image.dataset.kept[group.population];
            const std::vector<std::string>& names = image.programs[group.program].states;
            std::vector<std::string> words;
            for (std::size_t w = 0; w < names.size(); ++w) {
                if (((kept >> w) & 1U) != 0) words.push_back(names[w]);
            }
            const std::string part = fmt::format("{} of {}", fmt::join(words, " "),
                                                 image.populations[group.population].name);
            if (words.empty() || text.find(part) != std::string::npos) continue;
            text += fmt::format("{}{}", text.empty() ? "" : ", ", part);
        }
    }
    return text;
}

/// ", channel 1, mean of each of 10 classes".
std::string ballot_words(const isa::ReadoutImage& readout) {
    std::string text;
    if (readout.channel != isa::ReadoutImage::kAllChannels) {
        text += fmt::format(", channel {}", readout.channel);
    }
    if (readout.classes.empty()) return text;
    const std::set<std::int32_t> known{readout.classes.begin(), readout.classes.end()};
    const std::size_t classes = known.size() - known.count(isa::ReadoutImage::kNoClass);
    return text + fmt::format(", {} of each of {} {}{}", name_of(isa::kVoteNames, readout.combine),
                              classes, classes == 1 ? "class" : "classes",
                              readout.weights.empty() ? "" : ", weighted");
}

std::string dataset(const isa::Image& image) {
    if (image.dataset.samples == 0) return {};
    const std::string until =
        !image.dataset.ends_early() ? std::string{}
        : image.dataset.until_members.empty()
            ? ", until a spike of " + image.populations[image.dataset.until].name
            : fmt::format(", until a spike of {} neurons of {}", image.dataset.until_members.size(),
                          image.populations[image.dataset.until].name);
    std::string text = fmt::format(
        "dataset: {} of {} ({} blank){}, {}, state {} between samples\n",
        counted(image.dataset.samples, "sample"), counted(image.dataset.steps_per_sample, "step"),
        image.dataset.blank, until, counted(image.dataset.labels.size(), "label"),
        !image.dataset.reset         ? "kept"
        : image.dataset.kept.empty() ? "reset"
                                     : "reset but for " + kept_words(image));
    static constexpr std::array kReadouts{"", "spike count", "first spike", "highest state"};
    if (image.readout.by != isa::ReadoutBy::kNone) {
        text += fmt::format(
            "readout: {} of {}{}\n", kReadouts.at(static_cast<std::size_t>(image.readout.by)),
            image.populations.at(image.readout.population).name, ballot_words(image.readout));
    }
    return text;
}

std::uint64_t stored_synapses(const isa::CoreImage& core) {
    std::uint64_t synapses = 0;
    for (const auto& [format, stored] : session::stored_by_format({&core, 1}))
        synapses += stored.synapses;
    return synapses;
}

std::string formats(const isa::Image& image) {
    Table table{{"synapse format", "weight bits", "exponent", "delay bits", "index bits", "sign",
                 "accumulator", "graded", "exponent on", "blocks", "stored"}};
    std::size_t index = 0;
    for (const auto& [format, stored] : session::stored_by_format(image.cores)) {
        table.add(
            {number(index++), number(format.weight_bits), number(format.weight_exponent),
             number(format.delay_bits),
             (format.flags & isa::SynapseFormat::kDense) != 0 ? "dense" : number(format.index_bits),
             std::string{
                 name_of(isa::kSignModeNames, static_cast<isa::SignMode>(format.sign_mode))},
             number(format.accumulator),
             (format.flags & isa::SynapseFormat::kGraded) != 0 ? "yes" : "no",
             (format.flags & isa::SynapseFormat::kOnSum) != 0 ? "sum" : "synapse",
             number(stored.blocks), number(stored.synapses)});
    }
    return table.empty() ? "" : table.text();
}

std::string cores(const isa::Image& image) {
    Table table{{"core", "compartments", "groups", "input axons", "output axons", "rows",
                 "synapses", "formats", "microcode", "bytes"}};
    for (const isa::CoreImage& core : image.cores) {
        table.add({number(core.core.value()), number(core.neurons.size()),
                   number(core.groups.size()), number(core.input_axons.size()),
                   number(core.outputs.size()), number(core.rows.size()),
                   number(stored_synapses(core)), number(core.formats.size()),
                   number(session::microcode_words(core, image)),
                   number(session::core_bytes(core, image))});
    }
    return table.text();
}

}  // namespace

std::string image_sheet(const isa::Image& image, const isa::ChipSpec& chip, std::uint64_t bytes) {
    const session::ImageStats stats = session::measure(image);
    std::string text = fmt::format(
        "{} on {} (prices {}): {}, {}, {}; {} bytes in the cores, {} in the file; seed {}\n",
        image.network, chip.name, chip.priced() ? chip.prices_name : isa::kNoPrices,
        counted(stats.neurons, "neuron"), counted(stats.synapses, "synapse"),
        counted(stats.cores, "core"), grouped(stats.footprint_bytes), grouped(bytes), image.seed);
    return text + dataset(image) + populations(image) + programs(image) + inputs(image) +
           projections(image) + learning_rules(image) + rule_spikes(image) + ties(image) +
           probes(image) + formats(image) + cores(image);
}

}  // namespace seamount::tools
