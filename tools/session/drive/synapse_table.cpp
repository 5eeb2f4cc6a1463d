#include "tools/session/drive/synapse_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "isa/image/synapse_block.hpp"
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

/// Walks the fan-out of one source through the rows of the cores.
class StaticWalk {
public:
    StaticWalk(const isa::Image& image, std::uint32_t to) : image_{image}, to_{to} {
        for (const isa::CoreImage& core : image.cores) {
            if (slots_.size() <= core.core.index()) slots_.resize(core.core.index() + 1);
            slots_[core.core.index()] = &core;
        }
    }

    void source(std::uint32_t index, std::span<const isa::OutputAxon> outputs) {
        for (const isa::OutputAxon& output : outputs) {
            const isa::CoreImage& core = *slots_[CoreId{output.core}.index()];
            const isa::InputAxon& axon = core.input_axons[output.axon];
            const std::uint32_t* block =
                core.synapses.data() + core.rows[axon.first_row + output.atom];
            for (bool last = false; !last;) {
                const std::uint32_t header = *block;
                const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(header)];
                if (format.plastic == 0) add(index, core, axon.base, format, block);
                last = isa::BlockHeader::last(header);
                block += isa::block_words(format, isa::BlockHeader::count(header));
            }
        }
    }
    [[nodiscard]] std::vector<Row> take() { return std::move(rows_); }

private:
    void add(std::uint32_t source, const isa::CoreImage& core, std::uint32_t base,
             const isa::SynapseFormat& format, const std::uint32_t* block) {
        const isa::PopulationImage& to = image_.populations[to_];
        isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& stored) {
            const std::uint32_t target =
                core.neurons[base + stored.target].value() - to.first_neuron.value();
            if (target >= to.count) return;  // below the first one wraps around
            emu::PlasticSynapse synapse;
            synapse.source = source;
            synapse.weight = stored.weight;
            synapse.delay = static_cast<std::int32_t>(stored.delay);
            rows_.push_back({source, target, synapse});
        });
    }

    const isa::Image& image_;
    std::uint32_t to_;
    std::vector<const isa::CoreImage*> slots_;
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
            walk.source(
                i, std::span{input.outputs}.subspan(
                       input.output_first[i], input.output_first[i + 1] - input.output_first[i]));
        }
    }
    for (const isa::PopulationImage& from : image.populations) {
        if (from.name != wanted.from) continue;
        for (const isa::CoreImage& core : image.cores) {
            for (std::uint32_t c = 0; c < core.neurons.size(); ++c) {
                const std::uint32_t index = core.neurons[c].value() - from.first_neuron.value();
                if (index >= from.count) continue;
                walk.source(index, std::span{core.outputs}.subspan(
                                       core.output_first[c],
                                       core.output_first[c + 1] - core.output_first[c]));
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
