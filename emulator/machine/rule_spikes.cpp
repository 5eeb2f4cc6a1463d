#include "emulator/machine/rule_spikes.hpp"

#include <algorithm>

namespace seamount::emu {

RuleSpikes::RuleSpikes(const isa::Image& image) : entries_{image.learning.rule_spikes} {
    if (entries_.empty()) return;
    rules_.resize(image.learning.rules.size());
    for (const isa::RuleSpikesImage& entry : entries_) {
        add(entry.from, entry.rule, Act::kOn, image);
        add(entry.until, entry.rule, Act::kOff, image);
        add(entry.clear_tags, entry.rule, Act::kClearTags, image);
    }
    std::stable_sort(ranges_.begin(), ranges_.end(),
                     [](const Range& a, const Range& b) { return a.act < b.act; });
    restart({});
}

void RuleSpikes::add(std::uint32_t population, std::uint32_t rule, Act act,
                     const isa::Image& image) {
    if (population == isa::RuleSpikesImage::kNobody) return;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        for (const isa::NeuronGroup& group : image.cores[c].groups) {
            if (group.population != population) continue;
            ranges_.push_back({CoreSlot{c}, group.first, group.first + group.count, rule, act});
        }
    }
}

std::span<const LearnSignals::Rule> RuleSpikes::of_step(std::span<const CoreActivity> cores) {
    for (LearnSignals::Rule& rule : rules_) rule.clear_tags = false;
    for (const Range& range : ranges_) {
        const std::vector<EmittedSpike>& spikes = cores[range.core.index()].spikes;
        const bool any =
            std::any_of(spikes.begin(), spikes.end(), [&range](const EmittedSpike& spike) {
                return spike.compartment >= range.first && spike.compartment < range.end;
            });
        if (!any) continue;
        LearnSignals::Rule& rule = rules_[range.rule];
        switch (range.act) {
            case Act::kOn:
                rule.on = true;
                break;
            case Act::kOff:
                rule.on = false;
                break;
            case Act::kClearTags:
                rule.clear_tags = true;
                break;
        }
    }
    return rules_;
}

std::vector<std::uint8_t> RuleSpikes::state() const {
    std::vector<std::uint8_t> state;
    for (const isa::RuleSpikesImage& entry : entries_) {
        state.push_back(rules_[entry.rule].on ? 1 : 0);
    }
    return state;
}

void RuleSpikes::restart(std::span<const std::uint8_t> state) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        rules_[entries_[i].rule].on = (state.empty() ? entries_[i].start : state[i]) != 0;
    }
}

}  // namespace seamount::emu
