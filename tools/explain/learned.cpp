#include "tools/explain/learned.hpp"

#include <algorithm>

namespace seamount::explain {
namespace {

WeightHistories wanted(const Explanation& explanation) {
    WeightHistories all;
    for (const Effect& effect : explanation.effects) {
        for (const Cause& cause : effect.causes) {
            const Event& event = cause.event;
            if (event.id == FanInSynapse::kStatic) continue;
            WeightHistory& history = all[{event.entry, event.id}];
            history.source = event.origin;
            history.target = effect.question.neuron;
        }
    }
    return all;
}

class Watch {
public:
    Watch(const Recording& recording, WeightHistories& histories)
        : recording_{recording},
          histories_{histories},
          machine_{recording.image(),
                   {.seed = recording.setting().seed, .learning = recording.setting().learning}} {}

    void run() {
        const auto start = learned_of(recording_.image(), machine_);
        for (auto& [key, history] : histories_) {
            history.start = history.now = start[key.first][key.second].weight;
        }
        while (machine_.steps_done() < recording_.end()) step();
    }

private:
    void step() {
        const emu::StepActivity& activity = machine_.step();
        for (const emu::HostEmission& spike : activity.host) {
            spiked_[{spike.input, spike.source}] = activity.step;
        }
        bool changed = false;
        for (std::uint32_t c = 0; c < activity.cores.size(); ++c) {
            for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
                const NeuronId neuron = machine_.neuron(CoreSlot{c}, spike.compartment);
                spiked_[{Origin::kNeuron, neuron.value()}] = activity.step;
            }
            changed = changed || activity.cores[c].learning.synapse_writes != 0;
        }
        if (changed) compare(activity);
    }

    void compare(const emu::StepActivity& activity) {
        const auto now = learned_of(recording_.image(), machine_);
        for (auto& [key, history] : histories_) {
            const std::int32_t weight = now[key.first][key.second].weight;
            if (weight == history.now) continue;
            if (history.last.size() == kKeptChanges) history.last.erase(history.last.begin());
            history.last.push_back({activity.step, history.now, weight, last_of(history.source),
                                    last_of({Origin::kNeuron, history.target.value()}),
                                    activity.rewards[0]});
            history.now = weight;
            ++history.changes;
        }
    }

    [[nodiscard]] std::optional<std::uint64_t> last_of(const Origin& origin) const {
        const auto found = spiked_.find(origin);
        if (found == spiked_.end()) return std::nullopt;
        return found->second;
    }

    const Recording& recording_;
    WeightHistories& histories_;
    emu::Machine machine_;
    std::map<Origin, std::uint64_t> spiked_;
};

}  // namespace

WeightHistories weight_histories(const Recording& recording, const Explanation& explanation) {
    WeightHistories histories = wanted(explanation);
    if (!histories.empty()) Watch{recording, histories}.run();
    return histories;
}

}  // namespace seamount::explain
