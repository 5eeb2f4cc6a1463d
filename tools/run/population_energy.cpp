#include "tools/run/population_energy.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "emulator/timing/core_events.hpp"
#include "tools/session/results.hpp"

namespace seamount::tools {
namespace {

PopulationPart part_of(isa::Event event) {
    using isa::Event;
    switch (event) {
        case Event::kUpdateActive:
        case Event::kUpdateInactive:
        case Event::kInstruction:
            return PopulationPart::kUpdates;
        case Event::kSpikeOut:
        case Event::kAxonOut:
            return PopulationPart::kSpikes;
        case Event::kSynapseUpdate:
        case Event::kTraceUpdate:
            return PopulationPart::kLearning;
        default:
            return PopulationPart::kSynapses;
    }
}

bool is_priced(const isa::ChipSpec& chip, isa::Event event) {
    return chip.price(event).energy.count() != 0.0;
}

/// What events cost.
PopulationEnergy priced(const emu::EventCounts& counts, const isa::ChipSpec& chip) {
    const emu::EnergyReport report = emu::price(counts, {}, chip, {});
    PopulationEnergy energy{};
    for (const isa::EventInfo& row : isa::kEventTable) {
        energy[static_cast<std::size_t>(part_of(row.event))] +=
            session::joules(report.of(row.event));
    }
    return energy;
}

}  // namespace

double sum_of(const PopulationEnergy& energy) {
    return std::accumulate(energy.begin(), energy.end(), 0.0);
}

bool holds_several_populations(const isa::CoreImage& core) {
    return std::ranges::any_of(core.groups, [&core](const isa::NeuronGroup& group) {
        return group.population != core.groups.front().population;
    });
}

PopulationEnergies::PopulationEnergies(const isa::Image& image, const isa::ChipSpec& chip)
    : image_{image},
      chip_{chip},
      timing_{chip},
      prices_spikes_{is_priced(chip, isa::Event::kSpikeOut)},
      prices_axons_{is_priced(chip, isa::Event::kAxonOut)},
      prices_fetches_{is_priced(chip, isa::Event::kSynapseFetch) ||
                      chip.price(isa::Event::kSynapseDense).energy.count() !=
                          chip.price(isa::Event::kSynapse).energy.count()},
      population_of_(image.neuron_count()),
      cores_(image.cores.size()),
      spikes_(image.populations.size()) {
    for (std::uint32_t p = 0; p < image.populations.size(); ++p) {
        const isa::PopulationImage& population = image.populations[p];
        const auto first = population_of_.begin() + population.first_neuron.value();
        std::fill(first, first + population.count, p);
    }
    for (const isa::CoreImage& core : image.cores) {
        const bool one = !core.groups.empty() && !holds_several_populations(core);
        only_.push_back(one ? core.groups.front().population : kSeveral);
    }
}

std::size_t PopulationEnergies::sender(const std::vector<emu::CoreActivity>& cores,
                                       std::size_t core, std::uint32_t spike) const {
    if (only_[core] != kSeveral) return only_[core];
    const std::uint32_t compartment = cores[core].spikes[spike].compartment;
    return population_of_[image_.cores[core].neurons[compartment].index()];
}

void PopulationEnergies::count_spikes(const std::vector<emu::CoreActivity>& cores,
                                      std::size_t core) {
    using isa::Event;
    const auto spikes = static_cast<std::uint32_t>(cores[core].spikes.size());
    if (only_[core] != kSeveral) return spikes_[only_[core]].count(Event::kSpikeOut, spikes);
    for (std::uint32_t spike = 0; spike < spikes; ++spike) {
        spikes_[sender(cores, core, spike)].count(Event::kSpikeOut);
    }
}

/// Packets of one core follow one another: where it holds one population none is looked at.
void PopulationEnergies::count_axons(const emu::StepActivity& activity) {
    for (auto first = activity.packets.begin(); first != activity.packets.end();) {
        const CoreSlot source = first->source_core;
        const auto last = std::partition_point(
            first, activity.packets.end(),
            [source](const emu::SpikePacket& packet) { return packet.source_core == source; });
        const auto count = static_cast<std::uint64_t>(last - first);
        if (source != emu::SpikePacket::kFromHost && only_[source.index()] != kSeveral) {
            spikes_[only_[source.index()]].count(isa::Event::kAxonOut, count);
        } else if (source != emu::SpikePacket::kFromHost) {
            std::for_each(first, last, [&](const emu::SpikePacket& packet) {
                const std::size_t from = sender(activity.cores, source.index(), packet.spike);
                spikes_[from].count(isa::Event::kAxonOut);
            });
        }
        first = last;
    }
}

void PopulationEnergies::count_fetches(const emu::StepActivity& activity) {
    for (const emu::SpikePacket& packet : activity.packets) {
        emu::EventCounts& target = cores_[packet.target_core.index()];
        target.count(isa::Event::kSynapseFetch, timing_.fetches(packet));
        target.move(isa::Event::kSynapse, isa::Event::kSynapseDense, packet.dense);
    }
}

void PopulationEnergies::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    using isa::Event;
    if (!report.timed()) return;
    ++steps_;
    const std::vector<emu::CoreActivity>& cores = report.activity.cores;
    for (std::size_t c = 0; c < cores.size(); ++c) {
        emu::add_events(cores[c], cores_[c]);
        cores_[c].count(Event::kAxonIn, cores[c].packets_in);
        if (prices_spikes_) count_spikes(cores, c);
    }
    if (prices_axons_) count_axons(report.activity);
    if (prices_fetches_) count_fetches(report.activity);
}

std::vector<PopulationEnergy> PopulationEnergies::energies() const {
    std::vector<PopulationEnergy> energies;
    for (const emu::EventCounts& counts : spikes_) energies.push_back(priced(counts, chip_));
    for (std::size_t c = 0; c < cores_.size(); ++c) {
        PopulationEnergy shared = priced(cores_[c], chip_);
        shared[static_cast<std::size_t>(PopulationPart::kSpikes)] = 0.0;  // counted by population
        std::map<std::uint32_t, double> neurons;
        for (const NeuronId neuron : image_.cores[c].neurons) {
            ++neurons[population_of_[neuron.index()]];
        }
        const auto all = static_cast<double>(image_.cores[c].neurons.size());
        for (const auto& [population, count] : neurons) {
            for (std::size_t part = 0; part < shared.size(); ++part) {
                energies[population][part] += shared[part] * count / all;
            }
        }
    }
    return energies;
}

}  // namespace seamount::tools
