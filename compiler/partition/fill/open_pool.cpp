#include "compiler/partition/fill/open_pool.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/base/dice.hpp"
#include "compiler/ir/fanout.hpp"
#include "compiler/ir/tile_padding.hpp"
#include "isa/image/pool_cost.hpp"

namespace seamount::compiler {
namespace {

/// Of a set of channels, in any order.
std::uint64_t hash_of(std::span<const std::uint32_t> channels) {
    std::uint64_t hash = 0;
    for (const std::uint32_t channel : channels) hash ^= scramble(channel + 1);
    return hash;
}

}  // namespace

OpenPool::OpenPool(const Lowered& lowered) : lowered_{lowered} {
    read(lowered);
    sort_by_target(lowered);
    synapses_of_slot_.resize(projection_of_slot_.size());
    synapses_of_axon_.resize(origin_of_axon_.size());
    neurons_of_format_.resize(formats_for_.size());
}

void OpenPool::read(const Lowered& lowered) {
    populations_.resize(lowered.populations.size());
    std::map<std::tuple<bool, std::uint32_t, std::uint8_t>, std::uint32_t> origins;
    std::map<std::pair<isa::SynapseFormat, bool>, std::uint32_t> formats;
    std::map<std::uint32_t, std::uint32_t> first_axon;  // of origins with rows of their own
    for (std::uint32_t n = 0; n < lowered.projections.size(); ++n) {
        const LoweredProjection& p = lowered.projections[n];
        PopulationInfo& target = populations_[p.to];
        const bool shares = shares_rows(lowered, p.from);
        const auto format =
            formats.try_emplace({p.format, shares}, static_cast<std::uint32_t>(formats.size()));
        if (format.second) formats_for_.push_back(shares ? 2 : 1);
        target.formats.push_back(format.first->second);
        if (is_kernel(p)) {
            target.kernels.push_back(n);
            target.map = p.convolution->out;
            if (!p.from.is_input) populations_[p.from.index].map = p.convolution->in;
            continue;
        }
        const auto [at, is_new] = origins.try_emplace({p.from.is_input, p.from.index, p.channel},
                                                      static_cast<std::uint32_t>(origins.size()));
        const std::uint32_t sources = lowered.network.source_size(p.from);
        if (is_new) origins_.push_back({sources, 0, 0});
        if (p.full_rows) {
            target.complete.push_back({n, at->second});
            continue;
        }
        const auto [axon, new_axons] =
            first_axon.try_emplace(at->second, static_cast<std::uint32_t>(origin_of_axon_.size()));
        if (new_axons) {
            origin_of_axon_.insert(origin_of_axon_.end(), sources, at->second);
        }
        for (std::uint32_t s = 0; s < sources; ++s) {
            projection_of_slot_.push_back(n);
            axon_of_slot_.push_back(axon->second + s);
        }
    }
    for (std::uint32_t p = 0; p < populations_.size(); ++p) {
        PopulationInfo& population = populations_[p];
        std::sort(population.formats.begin(), population.formats.end());
        population.formats.erase(std::unique(population.formats.begin(), population.formats.end()),
                                 population.formats.end());
        population.need = map_need(lowered, p);
        if (population.need.map && population.kernels.empty()) population.map = population.need.map;
        if (!population.map) continue;
        population.first_place = static_cast<std::uint32_t>(channels_.size());
        channels_.resize(channels_.size() + population.map->places());
    }
}

/// Counting sort of the synapses of projections that are neither kernels nor complete.
void OpenPool::sort_by_target(const Lowered& lowered) {
    first_.assign(std::size_t{lowered.neuron_count()} + 1, 0);
    const auto for_each = [&](auto&& visit) {
        std::uint32_t slot = 0;
        for (const LoweredProjection& p : lowered.projections) {
            if (is_kernel(p) || p.full_rows) continue;
            const std::uint32_t base = lowered.populations[p.to].first_neuron.value();
            for (std::size_t s = 0; s + 1 < p.synapses.first.size(); ++s, ++slot) {
                for (auto e = p.synapses.first[s]; e < p.synapses.first[s + 1]; ++e) {
                    visit(base + p.synapses.target[e], slot);
                }
            }
        }
    };
    for_each([this](std::uint32_t target, std::uint32_t) { ++first_[target + 1]; });
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    slot_.resize(first_.back());
    std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
    for_each([&](std::uint32_t target, std::uint32_t slot) { slot_[next[target]++] = slot; });
}

void OpenPool::set_origin(Origin& origin, std::uint32_t complete, std::uint32_t reaching) {
    const auto axons = [&origin] {
        return origin.complete != 0 ? origin.sources : origin.reaching;
    };
    amounts_.input_axons -= axons();
    origin.complete = complete;
    origin.reaching = reaching;
    amounts_.input_axons += axons();
}

/// All that follows from a neuron for itself.
void OpenPool::count(Neuron neuron, bool more) {
    PopulationInfo& population = populations_[neuron.population];
    const std::uint32_t before = population.neurons;
    const std::uint32_t after = more ? before + 1 : before - 1;
    population.neurons = after;
    for (const Kind& kind : population.complete) {
        const LoweredProjection& p = lowered_.projections[kind.projection];
        Origin& origin = origins_[kind.origin];
        amounts_.synapse_words -= origin.sources * isa::pool::list_row_words(before, p.pool_bits);
        amounts_.synapse_words += origin.sources * isa::pool::list_row_words(after, p.pool_bits);
        set_origin(origin, more ? origin.complete + 1 : origin.complete - 1, origin.reaching);
    }
    for (const std::uint32_t format : population.formats) {
        std::uint32_t& neurons = neurons_of_format_[format];
        if (more ? neurons++ == 0 : --neurons == 0) {
            if (more) {
                amounts_.formats += formats_for_[format];
            } else {
                amounts_.formats -= formats_for_[format];
            }
        }
    }
    if (before == 0 || after == 0) {
        for (const std::uint32_t kernel : population.kernels) {
            const std::uint64_t axons = kernel_axons(lowered_.projections[kernel]);
            amounts_.input_axons =
                more ? amounts_.input_axons + axons : amounts_.input_axons - axons;
        }
    }
    amounts_.axon_map = more ? amounts_.axon_map + population.need.per_neuron
                             : amounts_.axon_map - population.need.per_neuron;
    const std::uint32_t id =
        lowered_.populations[neuron.population].first_neuron.value() + neuron.index;
    for (std::uint64_t e = first_[id]; e < first_[id + 1]; ++e) {
        const std::uint32_t slot = slot_[e];
        std::uint32_t& synapses = synapses_of_slot_[slot];
        const std::uint32_t bits = lowered_.projections[projection_of_slot_[slot]].pool_bits;
        amounts_.synapse_words -= isa::pool::list_row_words(synapses, bits);
        synapses = more ? synapses + 1 : synapses - 1;
        amounts_.synapse_words += isa::pool::list_row_words(synapses, bits);
        std::uint32_t& of_axon = synapses_of_axon_[axon_of_slot_[slot]];
        Origin& origin = origins_[origin_of_axon_[axon_of_slot_[slot]]];
        if (more && of_axon++ == 0) set_origin(origin, origin.complete, origin.reaching + 1);
        if (!more && --of_axon == 0) set_origin(origin, origin.complete, origin.reaching - 1);
    }
}

std::uint64_t OpenPool::words_of(PopulationInfo& population, std::vector<std::uint32_t> channels,
                                 std::uint64_t hash) {
    const auto [at, is_new] = population.words_of.try_emplace(hash, 0);
    if (is_new) {
        std::sort(channels.begin(), channels.end());
        for (const std::uint32_t kernel : population.kernels) {
            at->second += kernel_words(lowered_.projections[kernel], channels);
        }
    }
    return at->second;
}

/// A place of a map gets or loses channels.
void OpenPool::change_place(PopulationInfo& population, std::uint32_t place, bool more,
                            std::span<const std::uint32_t> channels) {
    std::vector<std::uint32_t>& held = channels_[population.first_place + place];
    const auto leave_or_enter = [&](bool enters) {
        if (held.empty()) return;
        amounts_.axon_map = enters ? amounts_.axon_map + population.need.per_place
                                   : amounts_.axon_map - population.need.per_place;
        if (population.kernels.empty()) return;
        const std::uint64_t hash = hash_of(held);
        const std::uint64_t words = words_of(population, held, hash);
        std::uint32_t& places = population.places_with[hash];
        if (enters && places++ == 0) amounts_.synapse_words += words;
        if (!enters && --places == 0) {
            amounts_.synapse_words -= words;
            population.places_with.erase(hash);
        }
    };
    leave_or_enter(false);
    for (const std::uint32_t channel : channels) {
        if (more) {
            held.push_back(channel);
        } else {
            const auto at = std::find(held.begin(), held.end(), channel);
            *at = held.back();
            held.pop_back();
        }
    }
    leave_or_enter(true);
}

void OpenPool::change(std::span<const Neuron> neurons, bool more) {
    std::vector<std::uint32_t> channels;
    for (std::size_t i = 0; i < neurons.size();) {
        PopulationInfo& population = populations_[neurons[i].population];
        count(neurons[i], more);
        if (!population.map) {
            ++i;
            continue;
        }
        // Neighbours at the same place at once.
        const std::uint32_t place = population.map->place(neurons[i].index);
        channels = {population.map->channel(neurons[i].index)};
        std::size_t next = i + 1;
        while (next < neurons.size() && neurons[next].population == neurons[i].population &&
               population.map->place(neurons[next].index) == place) {
            count(neurons[next], more);
            channels.push_back(population.map->channel(neurons[next].index));
            ++next;
        }
        change_place(population, place, more, channels);
        i = next;
    }
}

void OpenPool::add(std::span<const Neuron> neurons) {
    change(neurons, true);
}

void OpenPool::remove(std::span<const Neuron> neurons) {
    change(neurons, false);
}

}  // namespace seamount::compiler
