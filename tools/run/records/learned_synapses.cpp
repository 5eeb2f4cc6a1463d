#include "tools/run/records/learned_synapses.hpp"

#include <algorithm>

#include "tools/base/table.hpp"

namespace seamount::tools {

std::vector<NamedSynapse> learned_synapses(const isa::Image& image, const emu::Machine& machine,
                                           std::uint32_t entry) {
    const std::uint32_t projection = image.learning.projections[entry].projection;
    const isa::PopulationImage& to = image.populations[image.projections[projection].to];
    std::vector<NamedSynapse> synapses;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
        if (learning == nullptr) continue;
        for (const emu::PlasticProjection& part : learning->projections()) {
            if (part.projection() != projection) continue;
            part.for_each([&](const emu::PlasticSynapse& s) {
                synapses.push_back({s.id, s.source,
                                    image.cores[c].neurons[s.target] - to.first_neuron, s.weight,
                                    s.delay, s.tag, s.second_tag});
            });
        }
    }
    std::sort(synapses.begin(), synapses.end(),
              [](const NamedSynapse& a, const NamedSynapse& b) { return a.id < b.id; });
    return synapses;
}

std::vector<std::string> learning_fields(const isa::Image& image) {
    std::vector<std::string> fields;
    for (const isa::PlasticImage& plastic : image.learning.projections) {
        fields.push_back(csv_field(image.projections[plastic.projection].name));
    }
    return fields;
}

}  // namespace seamount::tools
