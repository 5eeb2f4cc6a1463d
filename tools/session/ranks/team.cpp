#include "tools/session/ranks/team.hpp"

#include <malloc.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "emulator/machine/ranks/division.hpp"
#include "emulator/machine/ranks/image_parts.hpp"
#include "isa/base/bytes.hpp"
#include "tools/base/clock.hpp"
#include "tools/session/ranks/rank_orders.hpp"

namespace seamount::session {

Team::Team(emu::Ranks& ranks, Loaded& loaded)
    : ranks_{ranks}, first_cores_{emu::first_cores(loaded.image, ranks.size())} {
    hand_out(loaded.image);
}

/// First what is no core, then core by core: so never more than one of them is there twice.
void Team::hand_out(isa::Image& image) {
    (void)ranks_.share(emu::bytes_of_frame(image));
    isa::ByteWriter number;
    number.put(static_cast<std::uint64_t>(image.cores.size()));
    (void)ranks_.share(number.take());
    std::vector<std::uint32_t> owner_of;  // by core of the chip
    std::uint32_t owner = 0;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        while (first_cores_[owner + 1] <= c) ++owner;
        owner_of.resize(image.cores[c].core.index() + 1, ranks_.size());
        owner_of.back() = owner;
    }
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        for (std::uint32_t rank = 1; rank < ranks_.size(); ++rank) {
            ranks_.send(rank, std::make_shared<const emu::Ranks::Bytes>(emu::bytes_of_cores(
                                  {emu::part_of(image.cores[c], [&](CoreId core) {
                                      return owner_of[core.index()] == rank;
                                  })})));
        }
        ranks_.flush();
        if (owner_of[image.cores[c].core.index()] != 0) emu::drop_synapse_memory(image.cores[c]);
    }
    // What was handed out goes back to the system, or the machine would come on top of it.
    malloc_trim(0);
}

void Team::begin(const RunPlan& plan, TeamWishes wishes) {
    wishes_ = std::move(wishes);
    std::sort(wishes_.watched.begin(), wishes_.watched.end());
    const auto end = std::unique(wishes_.watched.begin(), wishes_.watched.end());
    wishes_.watched.erase(end, wishes_.watched.end());
    (void)ranks_.share(
        to_bytes(RankOrders{plan.steps, plan.dataset_end, plan.threads, wishes_.store_learned}));
}

void Team::join(emu::Machine::Params& params) const {
    params.ranks = &ranks_;
    params.first_cores = first_cores_;
    params.watched = wishes_.watched;
}

std::uint64_t Team::end() {
    std::uint64_t most = tools::peak_rss_bytes();
    const auto all = ranks_.collect({});
    for (std::uint32_t rank = 1; rank < all.size(); ++rank) {
        most = std::max(most, isa::ByteReader{all[rank]}.get<std::uint64_t>());
    }
    return most;
}

std::vector<NeuronId> watched_by_readout(const isa::Image& image) {
    std::vector<NeuronId> neurons;
    if (image.readout.by != isa::ReadoutBy::kMaxState) return neurons;
    const isa::PopulationImage& population = image.populations[image.readout.population];
    for (std::uint32_t i = 0; i < population.count; ++i) {
        neurons.push_back(population.first_neuron + i);
    }
    return neurons;
}

std::vector<NeuronId> watched_by_probes(const isa::Image& image) {
    std::vector<NeuronId> neurons;
    for (const isa::ProbeImage& probe : image.probes) {
        const isa::PopulationImage& population = image.populations[probe.population];
        for (const std::uint32_t i : probe.neurons) neurons.push_back(population.first_neuron + i);
        if (!probe.neurons.empty()) continue;
        for (std::uint32_t i = 0; i < population.count; ++i) {
            neurons.push_back(population.first_neuron + i);
        }
    }
    return neurons;
}

std::vector<NeuronId> all_neurons(const isa::Image& image) {
    std::vector<NeuronId> neurons;
    for (const NeuronId neuron : IdRange<NeuronId>{image.neuron_count()}) neurons.push_back(neuron);
    return neurons;
}

}  // namespace seamount::session
