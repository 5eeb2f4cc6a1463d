#include "tools/run/about.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "emulator/trace/probes.hpp"
#include "isa/base/json.hpp"
#include "isa/chip/core_limits.hpp"
#include "isa/chip/event.hpp"
#include "tools/session/image_stats.hpp"

namespace seamount::tools {
namespace {

/// Programs that have a threshold call it so (configs/neurons), in units of their voltage.
constexpr std::string_view kThreshold = "threshold";

/// Least and largest of some values.
struct Span {
    std::int32_t least = 0;
    std::int32_t most = 0;

    void add(std::int32_t value) {
        least = std::min(least, value);
        most = std::max(most, value);
    }
};

std::optional<std::size_t> place_of(const std::vector<std::string>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
}

/// The threshold of a group's compartment, if its program has one.
std::optional<std::int32_t> threshold_of(const isa::NeuronGroup& group,
                                         const isa::ProgramImage& program, std::uint32_t index) {
    if (const auto word = place_of(program.params, kThreshold)) return group.params[*word];
    const auto word = place_of(program.states, kThreshold);
    if (!word || *word >= group.state.size() || group.state[*word].empty()) return std::nullopt;
    const std::vector<std::int32_t>& values = group.state[*word];
    return values.size() == 1 ? values.front() : values[index];
}

/// What the cores hold of one population.
struct Parts {
    std::string program;
    std::map<std::string, Span> params;
    std::optional<Span> threshold;
    std::map<std::uint32_t, std::int32_t> probed;  ///< thresholds, by neuron within it
};

std::vector<Parts> parts_of(const isa::Image& image) {
    std::vector<Parts> all(image.populations.size());
    std::vector<std::set<std::uint32_t>> probed(image.populations.size());
    std::vector<bool> whole(image.populations.size());
    for (const isa::ProbeImage& probe : image.probes) {
        probed[probe.population].insert(probe.neurons.begin(), probe.neurons.end());
        if (probe.neurons.empty()) whole[probe.population] = true;
    }
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            Parts& parts = all[group.population];
            const isa::ProgramImage& program = image.programs[group.program];
            parts.program = program.name;
            for (std::size_t i = 0; i < program.params.size(); ++i) {
                const std::int32_t value = group.params[i];
                parts.params.try_emplace(program.params[i], Span{value, value})
                    .first->second.add(value);
            }
            for (std::uint32_t i = 0; i < group.count; ++i) {
                const auto value = threshold_of(group, program, i);
                if (!value) break;
                if (!parts.threshold) parts.threshold = Span{*value, *value};
                parts.threshold->add(*value);
                const std::uint32_t neuron = core.neurons[group.first + i] -
                                             image.populations[group.population].first_neuron;
                if (probed[group.population].contains(neuron)) parts.probed[neuron] = *value;
            }
        }
    }
    return all;
}

Json populations_json(const isa::Image& image) {
    Json populations = Json::array();
    const std::vector<Parts> all = parts_of(image);
    for (std::size_t p = 0; p < all.size(); ++p) {
        const isa::PopulationImage& population = image.populations[p];
        Json json{{"name", population.name},
                  {"size", population.count},
                  {"shape", population.shape},
                  {"program", all[p].program},
                  {"parameters", Json::object()}};
        for (const auto& [name, span] : all[p].params) {
            json["parameters"][name] = {span.least, span.most};
        }
        if (all[p].threshold) json["threshold"] = {all[p].threshold->least, all[p].threshold->most};
        for (const auto& [neuron, value] : all[p].probed) {
            json["thresholds"][std::to_string(neuron)] = value;
        }
        populations.push_back(std::move(json));
    }
    return populations;
}

Json inputs_json(const isa::Image& image) {
    Json inputs = Json::array();
    for (const isa::InputImage& input : image.inputs) {
        inputs.push_back({{"name", input.name},
                          {"size", input.size},
                          {"shape", input.shape},
                          {"kind", seamount::name_of(isa::kInputKindNames, input.kind)}});
    }
    return inputs;
}

Json projections_json(const isa::Image& image) {
    Json projections = Json::array();
    for (const isa::ProjectionImage& projection : image.projections) {
        projections.push_back({{"name", projection.name},
                               {"from", projection.from},
                               {"to", image.populations[projection.to].name},
                               {"synapses", projection.synapses}});
    }
    return projections;
}

Json cores_json(const RunOutcome& outcome) {
    const isa::Image& image = outcome.loaded.image;
    const isa::ChipSpec& chip = outcome.loaded.chip;
    Json cores = Json::array();
    for (std::size_t c = 0; c < image.cores.size(); ++c) {
        const isa::CoreImage& core = image.cores[c];
        Json json{{"core", core.core.value()},
                  {"x", chip.column_of(chip.tile_of(core.core))},
                  {"y", chip.row_of(chip.tile_of(core.core))},
                  {"neurons", Json::object()},
                  {"fills", Json::object()}};
        for (const isa::NeuronGroup& group : core.groups) {
            Json& count = json["neurons"][image.populations[group.population].name];
            count = (count.is_null() ? 0U : count.get<std::uint32_t>()) + group.count;
        }
        const isa::CoreAmounts need = outcome.amounts != nullptr
                                          ? outcome.amounts->at(c)
                                          : session::core_amounts(core, image);
        for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
            const std::uint64_t most = chip.limits.*row.amount;
            if (most != 0) json["fills"][std::string{row.key}] = {need.*row.amount, most};
        }
        cores.push_back(std::move(json));
    }
    return cores;
}

Json prices_json(const isa::ChipSpec& chip) {
    Json prices = Json::array();
    for (const isa::EventInfo& event : isa::kEventTable) {
        const isa::EventPrice& price = chip.price(event.event);
        Json json{{"event", event.name},
                  {"time_ns", static_cast<double>(price.time.count()) / 1000.0},
                  {"energy_pj", price.energy.count()}};
        for (const char* const unit : {"_ns", "_pj"}) {
            const auto found = chip.provenance.find(fmt::format("prices.{}{}", event.name, unit));
            if (found == chip.provenance.end()) continue;
            json[std::string{"source"} + unit] = found->second.source;
            json[std::string{"grade"} + unit] = isa::name_of(found->second.grade);
        }
        prices.push_back(std::move(json));
    }
    return prices;
}

Json warnings_json(const RunOutcome& outcome) {
    Json warnings = Json::array();
    for (const Diagnostic& found : losses_of(outcome)) {
        warnings.push_back({{"code", found.code}, {"text", found.message}, {"hint", found.hint}});
    }
    return warnings;
}

}  // namespace

std::string about_json(const RunOutcome& outcome) {
    const isa::Image& image = outcome.loaded.image;
    const isa::ChipSpec& chip = outcome.loaded.chip;
    Json json{{"about", "seamount run"},
              {"version", 1},
              {"network", image.network},
              {"file", outcome.loaded.file.string()},
              {"tiles", {{"columns", chip.width}, {"rows", chip.height}}},
              {"cores_of_chip", chip.cores()},
              {"populations", populations_json(image)},
              {"inputs", inputs_json(image)},
              {"projections", projections_json(image)},
              {"cores", cores_json(outcome)},
              {"warnings", warnings_json(outcome)}};
    if (!outcome.loaded.request.empty()) {
        json["request"] = parse_json_or_throw(outcome.loaded.request);
        json["folder"] = std::filesystem::current_path().string();
        json["first_step"] = outcome.result.plan.first_step;
        json["host"] = outcome.host;
    }
    if (chip.priced()) json["prices"] = prices_json(chip);
    if (image.readout.by != isa::ReadoutBy::kNone) {
        json["readout"] = {{"by", seamount::name_of(isa::kReadoutNames, image.readout.by)},
                           {"population", image.populations[image.readout.population].name}};
        if (!image.readout.classes.empty()) {
            json["readout"]["classes"] = image.readout.classes;
            json["readout"]["combine"] = seamount::name_of(isa::kVoteNames, image.readout.combine);
        }
    }
    if (image.dataset.samples != 0) {
        json["steps_per_sample"] = image.dataset.steps_per_sample;
        if (image.dataset.ends_early()) {
            json["until"] = image.populations[image.dataset.until].name;
        }
    }
    return json_text(json, 1) + "\n";
}

}  // namespace seamount::tools
