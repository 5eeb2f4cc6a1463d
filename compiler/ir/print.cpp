#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/ir/lowered.hpp"
#include "isa/image/weights.hpp"

namespace seamount::compiler {
namespace {

/// Appends formatted lines to a text.
class Listing {
public:
    template <class... Args>
    void line(fmt::format_string<Args...> text, Args&&... args) {
        text_ += fmt::format(text, std::forward<Args>(args)...);
        text_ += '\n';
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

template <class T>
std::string show(const Values<T>& values) {
    if (!values.given()) return "-";
    if (values.uniform()) return fmt::format("{}", values.list.front());
    const auto [low, high] = std::minmax_element(values.list.begin(), values.list.end());
    return fmt::format("{}..{} per neuron", *low, *high);
}

std::string_view name_of_sign(std::uint8_t mode) {
    if (mode == 0) return "auto";
    const bool known =
        isa::kSignModeNames.index_of(isa::SignMode{mode}) < isa::kSignModeNames.size();
    return known ? name_of(isa::kSignModeNames, isa::SignMode{mode}) : "?";
}

std::string show(const isa::SynapseFormat& format) {
    return fmt::format("exponent {} bits {} delay {} index {} {} a{}{}{}", format.weight_exponent,
                       format.weight_bits, format.delay_bits, format.index_bits,
                       name_of_sign(format.sign_mode), format.accumulator,
                       (format.flags & isa::SynapseFormat::kGraded) != 0 ? " graded" : "",
                       format.rule() == isa::Accumulate::kSum
                           ? std::string{}
                           : fmt::format(" {}", name_of(isa::kAccumulateNames, format.rule())));
}

}  // namespace

std::string print(const Network& network) {
    Listing out;
    out.line("network '{}' seed {}: {} neurons", network.name, network.seed,
             network.neuron_count());
    for (const Population& p : network.populations) {
        out.line("population '{}' neurons {}..{} program '{}' pinned {}", p.name, p.first_neuron,
                 p.first_neuron + (p.size - 1), p.program->name, show(p.pinned));
        for (const auto& [arg, values] : p.args) out.line("    {} = {}", arg, show(values));
        for (const auto& [word, values] : p.initial) {
            out.line("    initial {} = {}", word, show(values));
        }
    }
    for (const Input& input : network.inputs) {
        out.line("input '{}' size {} kind {}", input.image.name, input.image.size,
                 static_cast<int>(input.image.kind));
    }
    for (const Projection& p : network.projections) {
        out.line("projection '{}' {} -> {} exponent {} bits {} {} {} a{}{}{}", p.name,
                 network.source_name(p.from), network.populations[p.to].name, p.exponent, p.bits,
                 name_of_sign(p.sign_mode.value_or(0)),
                 p.rounding ? name_of(kWeightRoundingNames, *p.rounding) : "", p.accumulator,
                 !p.graded        ? ""
                 : p.payload_bits ? fmt::format(" graded, {} bits", *p.payload_bits)
                                  : " graded",
                 p.tied ? fmt::format(" tied to '{}'", network.projections[*p.tied].name) : "");
    }
    for (const isa::ProbeImage& probe : network.probes) {
        const Population& population = network.populations[probe.population];
        out.line("probe '{}' of '{}' {} neurons every {}", probe.variable, population.name,
                 probe.neurons.empty() ? population.size : probe.neurons.size(), probe.every);
    }
    return out.take();
}

std::string print(const Lowered& lowered) {
    Listing out;
    out.line("lowered '{}': {} neurons, {} synapses", lowered.network.name, lowered.neuron_count(),
             lowered.synapse_count());
    for (std::size_t i = 0; i < lowered.programs.size(); ++i) {
        out.line("program {} '{}' {} words", i, lowered.programs[i]->name,
                 lowered.programs[i]->words.size());
    }
    for (const LoweredPopulation& p : lowered.populations) {
        const isa::Program& program = *lowered.programs[p.program];
        out.line("population '{}' neurons {}..{} program {} profiles {}", p.name, p.first_neuron,
                 p.first_neuron + (p.size - 1), p.program, p.profiles.size());
        for (std::size_t i = 0; i < program.params.size(); ++i) {
            const auto [low, high] =
                std::minmax_element(p.profiles.begin(), p.profiles.end(),
                                    [i](const auto& a, const auto& b) { return a[i] < b[i]; });
            out.line("    p{} {} = {}..{}", i, program.params[i].name, (*low)[i], (*high)[i]);
        }
        for (std::size_t i = 0; i < p.state.size(); ++i) {
            out.line("    s{} {} = {}", i, program.states[i].name, show(p.state[i]));
        }
    }
    for (std::size_t i = 0; i < lowered.projections.size(); ++i) {
        const LoweredProjection& p = lowered.projections[i];
        const QuantisationLoss& loss = lowered.losses[i];
        out.line("projection '{}' {} -> {}: {} synapses, {}", p.name,
                 lowered.network.source_name(p.from), lowered.populations[p.to].name,
                 p.synapses.target.size(), show(p.format));
        out.line("    clipped {} truncated {} largest error {:.6g} mean {:.6g}", loss.clipped,
                 loss.truncated, loss.max_error, loss.mean_error);
    }
    return out.take();
}

std::string print(const Mapping& mapping, const Lowered& lowered) {
    Listing out;
    out.line("mapping of '{}': {} neurons on {} shards", lowered.network.name,
             mapping.shard_of.size(), mapping.shards);
    IdVector<ShardId, std::vector<std::uint32_t>> counts(
        mapping.shards, std::vector<std::uint32_t>(lowered.populations.size()));
    for (std::size_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        for (std::uint32_t i = 0; i < population.size; ++i) {
            ++counts[mapping.shard_of[population.first_neuron + i]][p];
        }
    }
    for (const ShardId shard : mapping.shard_ids()) {
        const CoreId core = mapping.core_of[shard];
        std::string content;
        for (std::size_t p = 0; p < lowered.populations.size(); ++p) {
            if (counts[shard][p] == 0) continue;
            content += fmt::format(" '{}' x {}", lowered.populations[p].name, counts[shard][p]);
        }
        out.line("shard {} core {}:{}", shard,
                 core == Mapping::kUnplaced ? "-" : fmt::format("{}", core), content);
    }
    return out.take();
}

std::string print(const isa::Image& image) {
    Listing out;
    out.line("image '{}' seed {}: {} neurons on {} cores", image.network, image.seed,
             image.neuron_count(), image.cores.size());
    for (const isa::CoreImage& core : image.cores) {
        out.line("core {}: {} compartments, {} input axons, {} fan-out entries, {} synapse words",
                 core.core, core.neurons.size(), core.input_axons.size(), core.outputs.size(),
                 core.synapses.size());
        for (const isa::NeuronGroup& group : core.groups) {
            out.line("    compartments {}..{} '{}' program '{}' params {}", group.first,
                     group.first + group.count - 1, image.populations[group.population].name,
                     image.programs[group.program].name, fmt::join(group.params, " "));
        }
        for (std::size_t f = 0; f < core.formats.size(); ++f) {
            out.line("    format {}: {}", f, show(core.formats[f]));
        }
    }
    for (const isa::InputImage& input : image.inputs) {
        out.line("input '{}': {} sources, {} fan-out entries", input.name, input.size,
                 input.outputs.size());
    }
    return out.take();
}

}  // namespace seamount::compiler
