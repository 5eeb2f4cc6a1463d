#include "emulator/learning/core_learning.hpp"

#include <algorithm>
#include <map>

#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

template <class T>
void append_range(const std::vector<T>& from, std::size_t first, std::size_t count,
                  std::vector<T>& to) {
    if (from.empty()) return;
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

CoreLearning::CoreLearning(const isa::LearningImage& learning, const isa::CoreImage& core,
                           std::span<const std::uint32_t> headers, std::span<std::uint32_t> words,
                           std::uint64_t seed) {
    std::map<std::uint32_t, PlasticProjection::Params> parts;
    std::size_t first = 0;
    for (std::size_t b = 0; b < core.plastic.blocks.size(); ++b) {
        const isa::PlasticBlock& block = core.plastic.blocks[b];
        const std::uint32_t header = core.synapses[block.header];
        const std::uint32_t count = isa::BlockHeader::count(header);
        const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(header)];
        const std::uint32_t entry = format.plastic - 1U;
        PlasticProjection::Params& part = parts[entry];
        part.rule = &learning.rules[learning.projections[entry].rule];
        part.format = format;
        part.projection = learning.projections[entry].projection;
        part.seed = seed;
        part.neurons = &core.neurons;
        part.tied = std::any_of(learning.ties.begin(), learning.ties.end(),
                                [entry](const auto& tie) { return tie.tied == entry; });
        places_.push_back({headers[b], entry, static_cast<std::uint32_t>(part.blocks.size()),
                           static_cast<std::uint32_t>(first)});
        part.blocks.push_back(
            {headers[b] + 1, static_cast<std::uint32_t>(part.ids.size()), count, block.source});
        append_range(core.plastic.ids, first, count, part.ids);
        append_range(core.plastic.tags, first, count, part.tags);
        append_range(core.plastic.second_tags, first, count, part.second_tags);
        first += count;
    }
    std::map<std::uint32_t, std::uint32_t> index;
    projections_.reserve(parts.size());
    for (auto& [entry, part] : parts) {
        index[entry] = static_cast<std::uint32_t>(projections_.size());
        projections_.emplace_back(std::move(part), words);
        rules_.push_back(learning.projections[entry].rule);
    }
    for (Place& place : places_) place.projection = index[place.projection];
    std::sort(places_.begin(), places_.end(),
              [](const Place& a, const Place& b) { return a.header < b.header; });
}

void CoreLearning::end_step(std::uint64_t step, const LearnSignals& signals,
                            LearningActivity& activity) {
    for (const Arrival& arrival : arrivals_) {
        const auto place = std::lower_bound(
            places_.begin(), places_.end(), arrival.header,
            [](const Place& p, std::uint32_t header) { return p.header < header; });
        SM_ASSERT(place != places_.end() && place->header == arrival.header, "no plastic block");
        projections_[place->projection].pre_spike(place->block, arrival.payload, step);
    }
    arrivals_.clear();
    for (std::size_t p = 0; p < projections_.size(); ++p) {
        PlasticProjection& projection = projections_[p];
        const LearnSignals::Rule rule =
            signals.rules.empty() ? LearnSignals::Rule{} : signals.rules[rules_[p]];
        projection.end_step(step, signals.rewards, signals.enabled && rule.on, activity);
        if (!rule.clear_tags || !projection.has_tags()) continue;
        activity.synapse_updates += projection.synapses();
        activity.synapse_writes += projection.clear_tags();
    }
}

void CoreLearning::reset() {
    arrivals_.clear();
    for (PlasticProjection& projection : projections_) projection.reset();
}

void CoreLearning::store(isa::PlasticMemory& memory) const {
    memory.tags.assign(memory.ids.size(), 0);
    memory.second_tags.assign(memory.ids.size(), 0);
    for (const Place& place : places_) {
        const PlasticProjection& projection = projections_[place.projection];
        const std::uint32_t count = projection.blocks()[place.block].count;
        projection.copy_tags(place.block, std::span{memory.tags}.subspan(place.first, count),
                             std::span{memory.second_tags}.subspan(place.first, count));
    }
    const auto zero = [](std::int16_t tag) { return tag == 0; };
    for (std::vector<std::int16_t>* tags : {&memory.tags, &memory.second_tags}) {
        if (std::all_of(tags->begin(), tags->end(), zero)) tags->clear();
    }
}

std::uint32_t CoreLearning::longest_delay() const noexcept {
    std::uint32_t longest = 0;
    for (const PlasticProjection& projection : projections_) {
        if (projection.rule().moves_delay) {
            longest = std::max<std::uint32_t>(longest, projection.rule().max_delay);
        }
    }
    return longest;
}

}  // namespace seamount::emu
