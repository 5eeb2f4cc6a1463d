#include "tests/unit/compiler/networks.hpp"

#include "isa/image/synapse_block.hpp"

#include <algorithm>

#include "isa/assembly/assembler.hpp"

namespace seamount::compiler {

std::shared_ptr<const isa::Program> test_program() {
    static const auto program =
        std::make_shared<const isa::Program>(isa::assemble(".arg decay 0..4096 = 0\n"
                                                           ".arg vth 0..131071\n"
                                                           ".arg bias -4096..4095 = 0\n"
                                                           ".acc input\n"
                                                           ".param keep = 4096 - decay\n"
                                                           ".state v\n"
                                                           ".state bias = bias << 2\n"
                                                           ".state threshold = vth << 6\n"
                                                           "        rdc    r0, input, 6\n"
                                                           "        mulz   r1, v, keep, 12\n"
                                                           "        add    r1, r1, r0\n"
                                                           "        add    v, r1, bias\n"
                                                           "        cmp.gt v, threshold\n"
                                                           "        spk?f  #1\n"
                                                           "        end\n",
                                                           "test.asm"));
    return program;
}

Population& add_population(Network& network, const std::string& name, std::uint32_t size) {
    Population population;
    population.name = name;
    population.where = {"net.yaml", static_cast<std::uint32_t>(network.populations.size()) + 3, 3};
    population.size = size;
    population.shape = {size};
    population.first_neuron = NeuronId{network.neuron_count()};
    population.program = test_program();
    population.args["vth"] = {{100}};
    network.populations.push_back(std::move(population));
    return network.populations.back();
}

void add_input(Network& network, const std::string& name, std::uint32_t size) {
    Input input;
    input.image.name = name;
    input.image.size = size;
    input.image.shape = {size};
    input.image.spike_steps = {0};
    input.image.spike_sources = {0};
    network.inputs.push_back(std::move(input));
}

Projection& add_projection(Network& network, SourceRef from, std::uint32_t to,
                           std::vector<std::vector<RawSynapse>> rows) {
    Projection projection;
    projection.name = network.source_name(from) + "->" + network.populations[to].name;
    projection.where = {"net.yaml", static_cast<std::uint32_t>(network.projections.size()) + 20, 5};
    projection.from = from;
    projection.to = to;
    rows.resize(network.source_size(from));
    projection.rows = std::make_shared<ListedRows>(std::move(rows));
    network.projections.push_back(std::move(projection));
    return network.projections.back();
}

Network random_network(std::uint32_t seed, const RandomShape& shape) {
    Dice dice{seed};
    Network network;
    network.name = "random";
    network.file = "net.yaml";
    network.seed = seed;
    for (std::uint32_t p = 0; p < shape.populations; ++p) {
        const auto size = static_cast<std::uint32_t>(dice.roll(1, shape.neurons));
        Population& population = add_population(network, "p" + std::to_string(p), size);
        const auto per_neuron = [&](int low, int high) {
            Values<std::int64_t> values;
            for (std::uint32_t i = 0; i < size; ++i) values.list.push_back(dice.roll(low, high));
            return values;
        };
        if (dice.roll(0, 1) == 1) population.args["bias"] = per_neuron(-4096, 4095);
        if (dice.roll(0, 1) == 1) population.args["decay"] = per_neuron(0, 3);
        if (dice.roll(0, 1) == 1) population.args["vth"] = per_neuron(5, 6);
    }
    add_input(network, "in0", static_cast<std::uint32_t>(dice.roll(1, 20)));
    add_input(network, "in1", 3);
    const std::uint32_t projections = shape.populations * 2;
    for (std::uint32_t p = 0; p < projections; ++p) {
        const bool input = dice.roll(0, 2) == 0;
        const SourceRef from{input, static_cast<std::uint32_t>(dice.roll(
                                        0, input ? 1 : static_cast<int>(shape.populations) - 1))};
        const auto to =
            static_cast<std::uint32_t>(dice.roll(0, static_cast<int>(shape.populations) - 1));
        const int targets = static_cast<int>(network.populations[to].size);
        const int low = dice.roll(0, 1) == 0 ? -300 : 0;
        const int delay = dice.roll(0, 1) == 0 ? 0 : dice.roll(1, 62);
        std::vector<std::vector<RawSynapse>> rows(network.source_size(from));
        for (auto& row : rows) {
            const int count = dice.roll(0, shape.fan_out);
            for (int i = 0; i < count; ++i) {
                row.push_back({static_cast<std::uint32_t>(dice.roll(0, targets - 1)),
                               dice.roll(low * 4, 1200) / 4.0,
                               static_cast<std::uint32_t>(dice.roll(0, delay))});
            }
        }
        Projection& projection = add_projection(network, from, to, std::move(rows));
        if (!shape.formats) continue;
        projection.exponent = dice.roll(-8, 7);
        projection.bits = std::vector<std::uint32_t>{
            1, 2, 3, 4, 5, 6, 8}[static_cast<std::size_t>(dice.roll(0, 6))];
        projection.rounding =
            dice.roll(0, 1) == 0 ? WeightRounding::kTruncate : WeightRounding::kNearest;
        projection.graded = dice.roll(0, 3) == 0;
    }
    return network;
}

isa::ChipSpec small_chip() {
    isa::ChipSpec chip;
    chip.name = "small";
    chip.width = 4;
    chip.height = 2;
    chip.cores_per_tile = 2;
    static_cast<isa::CoreAmounts&>(chip.limits) = {};
    chip.limits.max_delay = 0;
    return chip;
}

std::vector<Connection> connections_of(const Lowered& lowered) {
    std::vector<Connection> found;
    for (const LoweredProjection& p : lowered.projections) {
        const SynapseTable& table = p.synapses;
        for (std::uint32_t s = 0; s + 1 < table.first.size(); ++s) {
            const std::uint32_t source =
                p.from.is_input ? (p.from.index << 16 | s)
                                : (lowered.populations[p.from.index].first_neuron + s).value();
            for (std::uint64_t e = table.first[s]; e < table.first[s + 1]; ++e) {
                found.push_back({p.from.is_input, source,
                                 lowered.populations[p.to].first_neuron + table.target[e],
                                 table.weight[e], table.delay.empty() ? 0U : table.delay[e],
                                 p.format});
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

namespace {

void follow(const isa::Image& image, const isa::OutputAxon& out, bool from_input,
            std::uint32_t source, std::vector<Connection>& found) {
    const auto core = std::find_if(image.cores.begin(), image.cores.end(),
                                   [&](const isa::CoreImage& c) { return c.core == out.core; });
    const isa::InputAxon& axon = core->input_axons.at(out.axon);
    bool graded = false;
    isa::for_each_visit(*core, axon, [&](std::uint32_t first, std::uint32_t base, bool padding) {
        std::size_t at = core->rows.at(first + out.atom);
        for (bool last = padding; !last;) {
            const std::uint32_t header = core->synapses.at(at);
            last = isa::BlockHeader::last(header);
            const isa::SynapseFormat& format = core->formats.at(isa::BlockHeader::format(header));
            graded = graded || (format.flags & isa::SynapseFormat::kGraded) != 0;
            isa::for_each_synapse(
                format, core->synapses.data() + at, [&](const isa::StoredSynapse& synapse) {
                    found.push_back({from_input, source, core->neurons.at(base + synapse.target),
                                     synapse.weight, synapse.delay, format});
                });
            at += isa::block_words(format, isa::BlockHeader::count(header));
        }
    });
    if (graded != out.graded()) found.clear();  // seen by callers
}

}  // namespace

std::vector<Connection> connections_of(const isa::Image& image) {
    std::vector<Connection> found;
    for (const isa::CoreImage& core : image.cores) {
        for (std::size_t c = 0; c < core.neurons.size(); ++c) {
            for (std::uint32_t o = core.output_first.at(c); o < core.output_first.at(c + 1); ++o) {
                follow(image, core.outputs.at(o), false, core.neurons[c].value(), found);
            }
        }
    }
    for (std::uint32_t i = 0; i < image.inputs.size(); ++i) {
        const isa::InputImage& input = image.inputs[i];
        for (std::uint32_t s = 0; s < input.size; ++s) {
            for (std::uint32_t o = input.output_first.at(s); o < input.output_first.at(s + 1);
                 ++o) {
                follow(image, input.outputs.at(o), true, i << 16 | s, found);
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string find_text(const Diagnostics& diagnostics, const std::string& code) {
    for (const Diagnostic& d : diagnostics.all()) {
        if (d.code == code) return to_string(d);
    }
    return {};
}

}  // namespace seamount::compiler
