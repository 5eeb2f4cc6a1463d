#include "tools/export/graph/graph.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"
#include "isa/image/weights.hpp"
#include "tools/session/drive/fan_out.hpp"

namespace seamount::exporter {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// Where a neuron sits.
struct Place {
    const isa::CoreImage* core = nullptr;
    std::uint32_t compartment = 0;
};

std::vector<Place> places_of(const isa::Image& image) {
    std::vector<Place> places(image.neuron_count());
    for (const isa::CoreImage& core : image.cores) {
        for (std::uint32_t c = 0; c < core.neurons.size(); ++c) {
            places[core.neurons[c].index()] = {&core, c};
        }
    }
    return places;
}

}  // namespace

Graph::Graph(const isa::Image& image) : image_{image} {
    for (const isa::InputImage& input : image.inputs) {
        groups_.push_back({input.name, true, input.size});
    }
    const std::vector<Place> places = places_of(image);
    for (const isa::PopulationImage& population : image.populations) {
        groups_.push_back({population.name, false, population.count});
        for (std::uint32_t i = 0; i < population.count; ++i) {
            const Place& place = places[population.first_neuron.index() + i];
            groups_.back().cores.push_back(place.core == nullptr ? kNone
                                                                 : place.core->core.value());
        }
    }
    std::vector<bool> learns(image.projections.size());
    for (const isa::PlasticImage& plastic : image.learning.projections) {
        learns[plastic.projection] = true;
        learning_.push_back(static_cast<std::uint32_t>(projections_.size()));
        projections_.push_back(image.projections[plastic.projection].name);
    }
    joined_.assign(groups_.size(), std::vector<std::uint32_t>(image.populations.size(), kNone));
    for (std::size_t p = 0; p < image.projections.size(); ++p) {
        if (learns[p]) continue;
        const isa::ProjectionImage& projection = image.projections[p];
        const auto from = std::ranges::find(groups_, projection.from, &GraphGroup::name);
        SM_ASSERT(from != groups_.end(), "a projection comes from an input or a population");
        std::uint32_t& place =
            joined_[static_cast<std::size_t>(from - groups_.begin())][projection.to];
        if (place != kNone) {
            projections_[place] += "+" + projection.name;
            continue;
        }
        place = static_cast<std::uint32_t>(projections_.size());
        projections_.push_back(projection.name);
    }
}

std::uint32_t Graph::projection_of(std::uint32_t from, std::uint32_t to) const {
    const std::uint32_t place = joined_[from][to];
    SM_ASSERT(place != kNone, "a synapse is of a projection");
    return place;
}

void Graph::for_each_edge(const std::function<void(const GraphEdge&)>& visit) const {
    const session::FanOutWalk walk{image_};
    const auto inputs = static_cast<std::uint32_t>(image_.inputs.size());
    std::vector<std::uint32_t> population_of(image_.neuron_count());
    for (std::uint32_t p = 0; p < image_.populations.size(); ++p) {
        const isa::PopulationImage& population = image_.populations[p];
        std::fill_n(
            population_of.begin() + static_cast<std::ptrdiff_t>(population.first_neuron.index()),
            population.count, p);
    }
    const auto follow = [&](std::uint32_t group, std::uint32_t source,
                            std::span<const isa::OutputAxon> outputs) {
        walk.follow(outputs, [&](const session::FoundSynapse& found) {
            const std::uint32_t to = population_of[found.target.index()];
            GraphEdge edge;
            edge.projection = found.format.plastic != 0 ? learning_[found.format.plastic - 1U]
                                                        : projection_of(group, to);
            edge.source_group = group;
            edge.source = source;
            edge.target_group = inputs + to;
            edge.target = found.target - image_.populations[to].first_neuron;
            edge.mantissa = found.stored.weight;
            edge.exponent = found.format.weight_exponent;
            edge.weight = isa::effective_weight(edge.mantissa, edge.exponent);
            edge.delay = found.stored.delay;
            visit(edge);
        });
    };
    for (std::uint32_t i = 0; i < inputs; ++i) {
        const isa::InputImage& input = image_.inputs[i];
        if (input.output_first.empty()) continue;
        for (std::uint32_t s = 0; s < input.size; ++s) {
            follow(i, s, session::outputs_of(input.outputs, input.output_first, s));
        }
    }
    const std::vector<Place> places = places_of(image_);
    for (std::uint32_t p = 0; p < image_.populations.size(); ++p) {
        const isa::PopulationImage& population = image_.populations[p];
        for (std::uint32_t n = 0; n < population.count; ++n) {
            const Place& place = places[population.first_neuron.index() + n];
            if (place.core == nullptr) continue;
            follow(inputs + p, n,
                   session::outputs_of(place.core->outputs, place.core->output_first,
                                       place.compartment));
        }
    }
}

}  // namespace seamount::exporter
