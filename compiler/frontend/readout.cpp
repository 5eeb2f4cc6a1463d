#include "compiler/frontend/readout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/frontend/context/value_forms.hpp"
#include "compiler/frontend/inputs/cell_classes.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler::frontend {
namespace {

yaml::Form make_of_cells_form(std::string_view name, std::string_view meaning,
                              const yaml::ValueType& value) {
    yaml::Form form{name, meaning};
    add_given_values(form, {value});
    return form;
}

yaml::Form make_readout_form() {
    using isa::ReadoutImage;
    const yaml::ValueType a_class = yaml::integer(ReadoutImage::kNoClass, ReadoutImage::kMostClass);
    const yaml::ValueType a_weight =
        yaml::integer(-ReadoutImage::kMostWeight, ReadoutImage::kMostWeight);
    static const yaml::Form classes =
        make_of_cells_form("classes", "The class of each neuron of the readout.", a_class);
    static const yaml::Form weights =
        make_of_cells_form("votes", "How much each neuron of the readout counts.", a_weight);
    yaml::Form form{"readout", "How the run of a dataset is scored."};
    form.key("population", yaml::text(), "one neuron per class, unless there are classes").must();
    form.key("by", yaml::choice(isa::kReadoutNames), "what its neurons say").must();
    form.key("state", yaml::text(), "of max_state: the word that is compared");
    form.key("channel", yaml::integer(0, isa::kChannels - 1), "spikes of this channel only")
        .by_default("(all)");
    form.key("classes", yaml::list({a_class}, 1),
             "the class that each neuron speaks for; -1: it has no say")
        .or_else(yaml::map(classes))
        .by_default("(its number)");
    form.key("combine", yaml::choice(isa::kVoteNames),
             "the score of a class: the sum, mean or largest of what its neurons say")
        .by_default("sum");
    form.key("weights", yaml::list({a_weight}, 1), "what each neuron says counts so often")
        .or_else(yaml::map(weights))
        .by_default("(1)");
    form.key("reference_accuracy", yaml::number(0.0, 1.0), "printed beside the result");
    form.key("reference", yaml::text(), "where it comes from");
    return form;
}

void read_max_state(const YamlNode& readout, const Population* population,
                    isa::ReadoutImage& image) {
    const YamlNode state = readout.require("state");
    if (!state || population == nullptr || !population->program) return;
    const std::string name = state.text();
    if (const isa::WordDecl* word = population->program->find_state(name)) {
        image.state = static_cast<std::uint32_t>(word->index);
        return;
    }
    std::vector<std::string> known;
    for (const isa::WordDecl& each : population->program->states) known.push_back(each.name);
    state.error("NET-NAME",
                fmt::format("neuron '{}' has no state word '{}'", population->program->name, name),
                suggest(name, known));
}

/// A channel that the program never sends on leaves every sample without an answer.
void read_channel(const YamlNode& readout, const Population* population, isa::ReadoutImage& image) {
    const YamlNode channel = readout["channel"];
    std::uint32_t number = 0;
    if (!channel || !readout.read("channel", number)) return;
    image.channel = static_cast<std::uint8_t>(number);
    if (image.by == isa::ReadoutBy::kMaxState) {
        channel.error("NET-READOUT", "'channel' belongs to 'by: spike_count' and 'first_spike'");
    }
    if (population == nullptr || !population->program) return;
    const std::vector<std::uint32_t> sent = isa::spike_channels(population->program->words);
    if (std::find(sent.begin(), sent.end(), image.channel) != sent.end()) return;
    channel.warning("NET-CHANNEL",
                    fmt::format("neuron '{}' never sends on channel {}: no sample has an answer",
                                population->program->name, image.channel),
                    fmt::format("it sends on {}", fmt::join(sent, ", ")));
}

void check_labels(const Context& context, const YamlNode& readout, const Population& population) {
    const auto& labels = context.network.dataset.labels;
    if (labels.empty() || population.size == 0) return;
    if (!context.network.readout.classes.empty()) {
        warn_of_labels(readout["classes"], context.network.readout, labels);
        return;
    }
    const auto largest = std::max_element(labels.begin(), labels.end());
    if (static_cast<std::uint32_t>(*largest) < population.size) return;
    readout.error("NET-READOUT", fmt::format("label {} of sample {} has no neuron in population "
                                             "'{}' of {} neurons",
                                             *largest, largest - labels.begin(), population.name,
                                             population.size));
}

}  // namespace

const yaml::Form& readout_form() {
    static const yaml::Form form = make_readout_form();
    return form;
}

void read_readout(Context& context, const YamlNode& root) {
    const YamlNode readout = root["readout"];
    if (!readout || !expect_map(readout, "readout")) return;
    isa::ReadoutImage& image = context.network.readout;
    const YamlNode where = readout.require("population");
    const YamlNode by = readout.require("by");
    const auto index = where ? find_population(context, where) : std::nullopt;
    const Population* population = index ? &context.network.populations[*index] : nullptr;
    image.population = index.value_or(0);
    const auto choice = by ? by.choice("by", isa::kReadoutNames) : std::nullopt;
    if (choice) image.by = *choice;
    if (image.by == isa::ReadoutBy::kMaxState) {
        read_max_state(readout, population, image);
    } else if (const YamlNode state = readout["state"]; state && choice) {
        state.error("NET-READOUT", "'state' belongs to 'by: max_state'");
    }
    read_channel(readout, population, image);
    const std::uint32_t cells = population != nullptr ? population->size : 0;
    image.classes = read_classes(context, readout["classes"], cells);
    image.weights = read_votes(context, readout["weights"], cells);
    if (const YamlNode combine = readout["combine"]) {
        image.combine = combine.choice("combine", isa::kVoteNames).value_or(image.combine);
    }
    readout.read("reference_accuracy", image.reference_accuracy);
    readout.read("reference", image.reference);
    readout.finish();
    if (!root["inputs"] ||
        (context.network.dataset.samples == 0 && !context.diagnostics.has_errors())) {
        readout.error("NET-READOUT", "the network has no dataset to score");
    }
    if (population != nullptr) check_labels(context, readout, *population);
}

}  // namespace seamount::compiler::frontend
