#include <algorithm>

#include "tests/unit/verify/corruption_parts.hpp"

namespace seamount::test {

using isa::BlockHeader;
using isa::CoreImage;

RowAt any_row(Victim& v, Draw& draw) {
    std::vector<CoreImage*> with_rows;
    for (CoreImage& core : v.image.cores) {
        if (!core.rows.empty()) with_rows.push_back(&core);
    }
    RowAt at;
    at.core = draw.of(with_rows);
    do {
        at.header = draw.of(at.core->rows);
    } while (at.count() == 0);
    return at;
}

CoreImage& core_with_outputs(Victim& v, Draw& draw) {
    std::vector<CoreImage*> list;
    for (CoreImage& core : v.image.cores) {
        if (core.outputs.size() > 1) list.push_back(&core);
    }
    return *draw.of(list);
}

bool has_outputs(const Victim& v) {
    return std::any_of(v.image.cores.begin(), v.image.cores.end(),
                       [](const CoreImage& core) { return core.outputs.size() > 1; });
}

void add_neurons(std::vector<Corruption>& list) {
    list.push_back({"duplicated compartment", "VFY-NEURON", [](Victim& v, Draw& draw) {
                        auto& neurons = draw.of(v.image.cores).neurons;
                        const std::size_t a = draw.below(neurons.size());
                        const std::size_t b = draw.below(neurons.size());
                        neurons[a] = neurons[b];
                        return a != b;
                    }});
    list.push_back({"swapped compartments", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& core = draw.of(v.image.cores);
                        const isa::NeuronGroup& group = draw.of(core.groups);
                        const std::size_t a = group.first + draw.below(group.count);
                        const std::size_t b = group.first + draw.below(group.count);
                        std::swap(core.neurons[a], core.neurons[b]);
                        return a != b;
                    }});
    list.push_back({"wrong parameter", "VFY-PARAMETER", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        group.params[draw.below(group.params.size())] ^= 1 << draw.below(12);
                        return true;
                    }});
    list.push_back({"wrong initial state", "VFY-STATE", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        if (group.state.empty()) return false;
                        draw.of(draw.of(group.state)) ^= 1 << draw.below(20);
                        return true;
                    }});
    list.push_back({"state of one neuron only", "VFY-STATE", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        if (group.state.empty() || group.count < 2) return false;
                        auto& words = draw.of(group.state);
                        if (words.size() == 1) words.resize(group.count, words.front());
                        words[draw.below(words.size())] += 1;
                        return true;
                    }});
    list.push_back({"wrong microcode word", "VFY-PROGRAM", [](Victim& v, Draw& draw) {
                        auto& words = draw.of(v.image.programs).words;
                        const std::size_t at = draw.below(words.size() - 1);
                        const std::uint32_t old = words[at];
                        words[at] = words[draw.below(words.size() - 1)];
                        return words[at] != old;
                    }});
    list.push_back(
        {"another rule of a program's accumulator", "VFY-PROGRAM", [](Victim& v, Draw& draw) {
             auto& rules = draw.of(v.image.programs).combine;
             rules[draw.below(rules.size())] = isa::Accumulate::kOr;
             return true;
         }});
    list.push_back({"shorter microcode", "VFY-PROGRAM", [](Victim& v, Draw& draw) {
                        auto& program = draw.of(v.image.programs);
                        const auto at =
                            static_cast<std::ptrdiff_t>(draw.below(program.words.size() - 1));
                        program.words.erase(program.words.begin() + at);
                        program.lines.clear();
                        return true;
                    }});
}

void add_limits(std::vector<Corruption>& list) {
    const auto lower = [&list](const char* name, void (*edit)(isa::CoreLimits&, const CoreImage&)) {
        list.push_back({name, "VFY-LIMIT", [edit](Victim& v, Draw& draw) {
                            edit(v.chip.limits, *any_row(v, draw).core);
                            return true;
                        }});
    };
    lower("too many compartments", [](isa::CoreLimits& l, const CoreImage& core) {
        l.compartments = static_cast<std::uint32_t>(core.neurons.size()) - 1;
        if (l.compartments == 0) l.synapse_bits = 1;
    });
    lower("too many input axons", [](isa::CoreLimits& l, const CoreImage& core) {
        l.input_axons =
            std::max<std::uint32_t>(static_cast<std::uint32_t>(core.input_axons.size()) - 1, 1);
        if (core.input_axons.size() == 1) l.synapse_bits = 1;
    });
    lower("too much synapse memory", [](isa::CoreLimits& l, const CoreImage& core) {
        l.synapse_bits = std::uint64_t{core.synapses.size() - core.rows.size()};
    });
    lower("too much microcode",
          [](isa::CoreLimits& l, const CoreImage&) { l.microcode_words = 1; });
    list.push_back({"too many output axons", "VFY-LIMIT", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        v.chip.limits.output_axons = static_cast<std::uint32_t>(
                            core_with_outputs(v, draw).outputs.size() - 1);
                        return true;
                    }});
    list.push_back({"dead core in use", "VFY-CHIP", [](Victim& v, Draw& draw) {
                        v.chip.faults.dead_cores = {draw.of(v.image.cores).core};
                        return true;
                    }});
    list.push_back({"dead synapse memory in use", "VFY-LIMIT", [](Victim& v, Draw& draw) {
                        const CoreImage& core = *any_row(v, draw).core;
                        const std::uint64_t words = v.chip.limits.synapse_bits / 64;
                        v.chip.faults.dead_synapse_words = {{core.core, words}};
                        return true;
                    }});
    list.push_back({"core that the chip does not have", "VFY-CHIP", [](Victim& v, Draw&) {
                        v.image.cores.back().core = CoreId{v.chip.cores()};
                        return true;
                    }});
    list.push_back({"another chip", "VFY-CHIP", [](Victim& v, Draw&) {
                        v.chip.resolved += "# another\n";
                        return true;
                    }});
}

void add_tables(std::vector<Corruption>& list) {
    list.push_back({"another seed", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        v.image.seed ^= std::uint64_t{1} << draw.below(60);
                        return true;
                    }});
    list.push_back({"renamed population", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        draw.of(v.image.populations).name += "x";
                        return true;
                    }});
    list.push_back({"projection onto another population", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        draw.of(v.image.projections).name += "x";
                        return true;
                    }});
    list.push_back({"other input", "VFY-INPUT", [](Victim& v, Draw& draw) {
                        if (v.image.inputs.empty()) return false;
                        isa::InputImage& input = draw.of(v.image.inputs);
                        if (!input.spike_steps.empty()) {
                            draw.of(input.spike_steps) += 1;
                        } else if (!input.rates.empty()) {
                            draw.of(input.rates) ^= 1U << draw.below(20);
                        } else if (!input.samples.empty()) {
                            draw.of(input.samples) ^= 1;
                        } else {
                            return false;
                        }
                        return true;
                    }});
    list.push_back({"other label", "VFY-INPUT", [](Victim& v, Draw& draw) {
                        if (v.image.dataset.labels.empty()) return false;
                        draw.of(v.image.dataset.labels) += 1;
                        return true;
                    }});
    list.push_back({"state kept between samples", "VFY-INPUT", [](Victim& v, Draw& draw) {
                        isa::DatasetImage& dataset = v.image.dataset;
                        if (dataset.samples == 0) return false;
                        dataset.kept.assign(v.image.populations.size(), 0);
                        draw.of(dataset.kept) |= 1U;
                        return true;
                    }});
    list.push_back({"other readout", "VFY-PROBE", [](Victim& v, Draw&) {
                        v.image.readout.state += 1;
                        return true;
                    }});
    list.push_back({"a neuron of another class", "VFY-PROBE", [](Victim& v, Draw& draw) {
                        const isa::Image& image = v.image;
                        auto& classes = v.image.readout.classes;
                        const std::uint32_t population = image.readout.population;
                        if (image.readout.by == isa::ReadoutBy::kNone) return false;
                        classes.assign(image.populations[population].count, 0);
                        draw.of(classes) = 1;
                        return true;
                    }});
}

const std::vector<Corruption>& corruptions() {
    static const std::vector<Corruption> list = [] {
        std::vector<Corruption> all;
        add_synapses(all);
        add_formats(all);
        add_axons(all);
        add_neurons(all);
        add_limits(all);
        add_tables(all);
        return all;
    }();
    return list;
}

}  // namespace seamount::test
