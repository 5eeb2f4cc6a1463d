// What the ranks of a machine tell each other.
#include <utility>

#include "emulator/machine/machine_impl.hpp"
#include "emulator/machine/ranks/image_parts.hpp"
#include "emulator/machine/ranks/step_words.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/bytes.hpp"

namespace seamount::emu {
namespace {

/// Numbers of Machine::Params.
struct ParamWords {
    std::uint64_t seed = 1;
    std::uint32_t access_words = 0;
    std::uint32_t flags = 0;  ///< kLearning, kPackets
    std::uint64_t first_cores = 0;
    std::uint64_t watched = 0;

    static constexpr std::uint32_t kLearning = 1;
    static constexpr std::uint32_t kPackets = 2;
};

std::vector<std::byte> words_of(const Machine::Params& params) {
    isa::ByteWriter words;
    words.put(ParamWords{params.seed, params.access_words,
                         (params.learning ? ParamWords::kLearning : 0U) |
                             (params.packets ? ParamWords::kPackets : 0U),
                         params.first_cores.size(), params.watched.size()});
    words.put_all(params.first_cores);
    words.put_all(params.watched);
    return words.take();
}

/// What a row costs that a packet reaches on another rank.
struct CostWords {
    std::uint32_t synapses = 0;
    std::uint32_t dense = 0;
    std::uint32_t words = 0;
};

/// Of the machine, behind the counts of the cores.
struct StepWords {
    std::uint64_t packets = 0;
    std::uint64_t host_packets = 0;
};

}  // namespace

Machine::Params Machine::Impl::agreed(const Params& params) {
    if (params.ranks == nullptr || params.ranks->size() == 1) return params;
    SM_ASSERT(params.random == nullptr && params.sample_ends == nullptr,
              "ranks have no random numbers or ends of samples of their own");
    const Ranks::Bytes bytes =
        params.ranks->share(params.ranks->rank() == 0 ? words_of(params) : Ranks::Bytes{});
    isa::ByteReader reader{bytes};
    const auto words = reader.get<ParamWords>();
    Params agreed = params;
    agreed.seed = words.seed;
    agreed.access_words = words.access_words;
    agreed.learning = (words.flags & ParamWords::kLearning) != 0;
    agreed.packets = (words.flags & ParamWords::kPackets) != 0;
    agreed.first_cores = reader.get_all<std::uint32_t>(words.first_cores);
    agreed.watched = reader.get_all<NeuronId>(words.watched);
    return agreed;
}

Watched Machine::Impl::watched_of(const std::vector<NeuronId>& neurons) const {
    std::vector<Watched::Place> all;
    for (const NeuronId neuron : neurons) {
        const Place& place = place_of(neuron);
        all.push_back({place.core, place.compartment});
    }
    return Watched{std::move(all)};
}

void Machine::Impl::tell_costs() {
    isa::ByteWriter mine;
    const auto for_all = [this](const auto& visit) {
        for (FanOut& fan_out : fan_outs) fan_out.fill(visit);
        for (FanOut& fan_out : input_fan_outs) fan_out.fill(visit);
    };
    if (!division.leads()) {
        for_all([&mine](const Route& route) {
            mine.put(CostWords{route.synapses, route.dense, route.words});
        });
    }
    const std::vector<Ranks::Bytes> all = division.ranks().collect(mine.take());
    if (!division.leads()) return;
    std::vector<isa::ByteReader> readers(all.begin(), all.end());
    for_all([&](Route& route) {
        if (division.owns(route.core)) return;
        const auto cost = readers[division.owner(route.core)].get<CostWords>();
        route.synapses = cost.synapses;
        route.dense = cost.dense;
        route.words = cost.words;
    });
}

void Machine::Impl::tell_counts() {
    const std::span<CoreActivity> all{activity.cores};
    isa::ByteWriter mine;
    if (!division.leads()) {
        write_counts(all.subspan(division.first(), division.end() - division.first()), mine);
        mine.put(StepWords{activity.packet_count, activity.host_packets});
        watched.write(division, cores, now + 1, mine);
    }
    const std::vector<Ranks::Bytes> told = division.ranks().collect(mine.take());
    for (std::uint32_t rank = 1; rank < told.size(); ++rank) {
        isa::ByteReader from{told[rank]};
        read_counts(from, all.subspan(division.first_of(rank),
                                      division.first_of(rank + 1) - division.first_of(rank)));
        const auto step = from.get<StepWords>();
        watched.read(division, rank, now + 1, from, cores);
        if (packets) continue;  // then rank 0 has them all
        activity.packet_count += step.packets;
        activity.host_packets += step.host_packets;
    }
}

void Machine::store_learned(isa::Image& image) const {
    SM_ASSERT(image.cores.size() == impl_->cores.size(), "not a copy of the machine's image");
    const Division& division = impl_->division;
    for (std::size_t c = division.first(); c < division.end(); ++c) {
        impl_->cores[c].store_learned(image.cores[c]);
    }
    if (division.alone()) return;
    std::vector<isa::CoreImage> mine;
    for (std::size_t c = division.first(); c < division.end() && !division.leads(); ++c) {
        mine.push_back(synapse_memory_of(image.cores[c]));
    }
    const std::vector<Ranks::Bytes> all = division.ranks().collect(bytes_of_cores(std::move(mine)));
    for (std::uint32_t rank = 1; rank < all.size(); ++rank) {
        std::size_t c = division.first_of(rank);
        for (isa::CoreImage& memory : cores_of_bytes(all[rank])) {
            put_synapse_memory(std::move(memory), image.cores[c++]);
        }
    }
}

}  // namespace seamount::emu
