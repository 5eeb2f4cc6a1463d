#include "tools/session/drive/synapse_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "tools/session/drive/fan_out.hpp"
#include "tools/session/drive/names.hpp"

namespace seamount::session {
namespace {

struct Row {
    std::uint32_t order = 0;  ///< id, or source
    std::uint32_t target = 0;
    emu::PlasticSynapse synapse;
};

std::vector<Row> learned_rows(const isa::Image& image, const emu::Machine& machine,
                              std::uint32_t projection) {
    const isa::PopulationImage& to = image.populations[image.projections[projection].to];
    std::vector<Row> rows;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
        if (learning == nullptr) continue;
        for (const emu::PlasticProjection& part : learning->projections()) {
            if (part.projection() != projection) continue;
            part.for_each([&](const emu::PlasticSynapse& s) {
                const NeuronId neuron = image.cores[c].neurons[s.target];
                rows.push_back({s.id, neuron - to.first_neuron, s});
            });
        }
    }
    return rows;
}

/// The synapses that do not learn, from one source at a time to a population.
class StaticWalk {
public:
    StaticWalk(const isa::Image& image, std::uint32_t to)
        : walk_{image}, to_{image.populations[to]} {}

    void source(std::uint32_t index, std::span<const isa::OutputAxon> outputs) {
        walk_.follow(outputs, [&](const FoundSynapse& found) {
            const std::uint32_t target = found.target.value() - to_.first_neuron.value();
            // below the first one wraps around
            if (found.format.plastic != 0 || target >= to_.count) return;
            emu::PlasticSynapse synapse;
            synapse.source = index;
            synapse.weight = found.stored.weight;
            synapse.delay = static_cast<std::int32_t>(found.stored.delay);
            rows_.push_back({index, target, synapse});
        });
    }
    [[nodiscard]] std::vector<Row> take() { return std::move(rows_); }

private:
    FanOutWalk walk_;
    const isa::PopulationImage& to_;
    std::vector<Row> rows_;
};

std::vector<Row> static_rows(const isa::Image& image, std::uint32_t projection) {
    const isa::ProjectionImage& wanted = image.projections[projection];
    for (std::uint32_t p = 0; p < image.projections.size(); ++p) {
        const isa::ProjectionImage& other = image.projections[p];
        if (p == projection || other.from != wanted.from || other.to != wanted.to) continue;
        const auto& plastic = image.learning.projections;
        if (std::any_of(plastic.begin(), plastic.end(),
                        [p](const isa::PlasticImage& entry) { return entry.projection == p; })) {
            continue;
        }
        bad_value(image,
                  fmt::format("projections '{}' and '{}' join the same populations and do not "
                              "learn: their synapses are stored as one",
                              wanted.name, other.name));
    }
    StaticWalk walk{image, wanted.to};
    for (const isa::InputImage& input : image.inputs) {
        if (input.name != wanted.from) continue;
        for (std::uint32_t i = 0; i < input.size; ++i) {
            walk.source(i, outputs_of(input.outputs, input.output_first, i));
        }
    }
    for (const isa::PopulationImage& from : image.populations) {
        if (from.name != wanted.from) continue;
        for (const isa::CoreImage& core : image.cores) {
            for (std::uint32_t c = 0; c < core.neurons.size(); ++c) {
                const std::uint32_t index = core.neurons[c].value() - from.first_neuron.value();
                if (index >= from.count) continue;
                walk.source(index, outputs_of(core.outputs, core.output_first, c));
            }
        }
    }
    return walk.take();
}

}  // namespace

SynapseTable synapses_of(const isa::Image& image, const emu::Machine& machine,
                         std::uint32_t projection) {
    const auto& entries = image.learning.projections;
    const bool learns = std::any_of(
        entries.begin(), entries.end(),
        [projection](const isa::PlasticImage& entry) { return entry.projection == projection; });
    std::vector<Row> rows =
        learns ? learned_rows(image, machine, projection) : static_rows(image, projection);
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return std::tuple{a.order, a.target, a.synapse.delay, a.synapse.weight} <
               std::tuple{b.order, b.target, b.synapse.delay, b.synapse.weight};
    });
    SynapseTable table;
    for (const Row& row : rows) {
        table.source.push_back(row.synapse.source);
        table.target.push_back(row.target);
        table.weight.push_back(row.synapse.weight);
        table.delay.push_back(row.synapse.delay);
        if (!learns) continue;
        table.tag.push_back(row.synapse.tag);
        table.second_tag.push_back(row.synapse.second_tag);
    }
    return table;
}

}  // namespace seamount::session
