#include "compiler/ir/fanout.hpp"

#include <algorithm>
#include <bit>

namespace seamount::compiler {

Fanout::Fanout(const Lowered& lowered, std::span<const std::uint32_t> core_of_neuron,
               std::uint32_t cores)
    : core_of_neuron_{core_of_neuron} {
    for (const LoweredProjection& projection : lowered.projections) {
        formats_.push_back(projection.format);
    }
    std::sort(formats_.begin(), formats_.end());
    formats_.erase(std::unique(formats_.begin(), formats_.end()), formats_.end());
    format_count_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(formats_.size()));

    const auto& inputs = lowered.network.inputs;
    inputs_ = static_cast<std::uint32_t>(inputs.size());
    for (std::uint32_t i = 0; i < inputs_; ++i) {
        origins_.push_back({{true, i}, inputs[i].image.size, 0, {}});
    }
    for (std::uint32_t i = 0; i < lowered.populations.size(); ++i) {
        const LoweredPopulation& population = lowered.populations[i];
        origins_.push_back({{false, i}, population.size, population.first_neuron, {}});
    }
    for (const LoweredProjection& projection : lowered.projections) {
        const auto format = std::lower_bound(formats_.begin(), formats_.end(), projection.format) -
                            formats_.begin();
        Origin& origin = origins_[projection.from.is_input ? projection.from.index
                                                           : inputs_ + projection.from.index];
        origin.outgoing.push_back({&projection, lowered.populations[projection.to].first_neuron,
                                   static_cast<std::uint32_t>(format)});
    }
    const std::size_t slots = std::size_t{cores} * format_count_;
    count_.resize(slots);
    used_.resize((slots + 63) / 64);
}

bool Fanout::collect(const Origin& origin, std::uint32_t index) {
    groups_.clear();
    std::size_t low = used_.size();
    std::size_t high = 0;
    for (const Outgoing& out : origin.outgoing) {
        const SynapseTable& table = out.projection->synapses;
        const std::uint64_t end = table.first[index + 1];
        for (std::uint64_t e = table.first[index]; e < end; ++e) {
            const std::uint32_t core = core_of_neuron_[out.first_target + table.target[e]];
            const std::size_t slot = std::size_t{core} * format_count_ + out.format;
            ++count_[slot];
            const std::size_t word = slot / 64;
            used_[word] |= std::uint64_t{1} << (slot % 64);
            low = std::min(low, word);
            high = std::max(high, word + 1);
        }
    }
    for (std::size_t word = low; word < high; ++word) {
        for (std::uint64_t bits = used_[word]; bits != 0; bits &= bits - 1) {
            const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            groups_.push_back({static_cast<std::uint32_t>(slot / format_count_),
                               static_cast<std::uint32_t>(slot % format_count_), count_[slot]});
            count_[slot] = 0;
        }
        used_[word] = 0;
    }
    return !groups_.empty();
}

}  // namespace seamount::compiler
