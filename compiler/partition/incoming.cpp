#include "compiler/partition/incoming.hpp"

#include <algorithm>
#include <map>

#include "compiler/lower/synapse_cost.hpp"
#include "isa/assert.hpp"

namespace seamount::compiler {

Incoming::Incoming(const Lowered& lowered) {
    // Formats and slots: every (origin, format) pair gets `origin size` consecutive slots.
    std::map<isa::SynapseFormat, std::uint16_t> formats;
    for (const LoweredProjection& p : lowered.projections) formats.emplace(p.format, 0);
    SM_ASSERT(formats.size() <= 0xFFFF, "too many synapse formats");
    for (auto& [format, id] : formats) {
        id = static_cast<std::uint16_t>(step_bits_.size());
        auto& steps = step_bits_.emplace_back();
        for (std::uint32_t k = 0; k < kBlock; ++k) {
            steps[k] = static_cast<std::uint32_t>(synapse_bits(format, k + 1, kBlock) -
                                                  synapse_bits(format, k, kBlock));
        }
    }
    std::vector<std::uint32_t> first_source;  // inputs, then populations
    for (const Input& input : lowered.network.inputs) {
        first_source.push_back(sources_);
        sources_ += input.image.size;
    }
    for (const LoweredPopulation& population : lowered.populations) {
        first_source.push_back(sources_);
        sources_ += population.size;
    }
    const std::size_t inputs = lowered.network.inputs.size();
    std::map<std::pair<std::size_t, std::uint16_t>, std::uint32_t> first_slot;
    std::vector<std::uint32_t> slot_of_projection;
    for (const LoweredProjection& p : lowered.projections) {
        const std::size_t origin = p.from.is_input ? p.from.index : inputs + p.from.index;
        const std::uint16_t format = formats.at(p.format);
        const auto [place, is_new] = first_slot.try_emplace({origin, format}, slots());
        if (is_new) {
            const std::size_t size = p.synapses.first.size() - 1;
            for (std::size_t i = 0; i < size; ++i) {
                source_.push_back(first_source[origin] + static_cast<std::uint32_t>(i));
            }
            format_.insert(format_.end(), size, format);
        }
        slot_of_projection.push_back(place->second);
    }

    // Counting sort by target.
    first_.assign(std::size_t{lowered.neuron_count()} + 1, 0);
    for (const LoweredProjection& p : lowered.projections) {
        const std::uint32_t base = lowered.populations[p.to].first_neuron;
        for (const std::uint32_t target : p.synapses.target) ++first_[base + target + 1];
    }
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    slots_.resize(first_.back());
    std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t n = 0; n < lowered.projections.size(); ++n) {
        const LoweredProjection& p = lowered.projections[n];
        const std::uint32_t base = lowered.populations[p.to].first_neuron;
        for (std::size_t s = 0; s + 1 < p.synapses.first.size(); ++s) {
            const auto slot = slot_of_projection[n] + static_cast<std::uint32_t>(s);
            for (std::uint64_t e = p.synapses.first[s]; e < p.synapses.first[s + 1]; ++e) {
                slots_[next[base + p.synapses.target[e]]++] = slot;
            }
        }
    }
}

}  // namespace seamount::compiler
