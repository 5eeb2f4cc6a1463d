#include "tools/explain/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "emulator/core/program/lockstep_program.hpp"
#include "isa/base/assert.hpp"

namespace seamount::explain {
namespace {

std::uint32_t state_words(const isa::Image& image, const isa::NeuronGroup& group) {
    const emu::LockstepProgram program{image.programs[group.program].words};
    return std::max(program.state_words(), static_cast<std::uint32_t>(group.state.size()));
}

}  // namespace

std::string name_of(const isa::Image& image, const Origin& origin) {
    if (origin.is_input())
        return fmt::format("{}[{}]", image.inputs[origin.input].name, origin.index);
    for (const isa::PopulationImage& population : image.populations) {
        const std::uint32_t index = origin.index - population.first_neuron.value();
        if (index < population.count) return fmt::format("{}[{}]", population.name, index);
    }
    return fmt::format("neuron {}", origin.index);
}

std::vector<std::vector<emu::SynapseState>> learned_of(const isa::Image& image,
                                                       const emu::Machine& machine) {
    const std::vector<isa::PlasticImage>& entries = image.learning.projections;
    std::vector<std::vector<emu::SynapseState>> all(entries.size());
    for (std::size_t e = 0; e < entries.size(); ++e) {
        all[e].resize(image.projections[entries[e].projection].synapses);
    }
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
        if (learning == nullptr) continue;
        for (const emu::PlasticProjection& part : learning->projections()) {
            const auto found =
                std::ranges::find(entries, part.projection(), &isa::PlasticImage::projection);
            auto& synapses = all[static_cast<std::size_t>(found - entries.begin())];
            part.for_each([&synapses](const emu::PlasticSynapse& s) {
                synapses[s.id] = {
                    static_cast<std::int16_t>(s.weight), static_cast<std::int16_t>(s.delay),
                    static_cast<std::int16_t>(s.tag), static_cast<std::int16_t>(s.second_tag)};
            });
        }
    }
    return all;
}

Recording::Recording(const isa::Image& image, const Setting& setting, std::uint64_t first,
                     std::uint64_t end)
    : image_{&image}, setting_{setting}, first_{first}, end_{end} {
    emu::Machine machine{image, {.seed = setting.seed, .learning = setting.learning}};
    while (machine.steps_done() < first) (void)machine.step();
    play(machine);
}

Recording::Recording(const isa::Image& image, const Setting& setting, emu::Machine& machine,
                     std::uint64_t end)
    : image_{&image}, setting_{setting}, first_{machine.steps_done()}, end_{end} {
    play(machine);
}

Recording::Recording(const isa::Image& image, const Setting& setting, emu::Machine& machine,
                     ToSampleEnd /*end*/)
    : image_{&image}, setting_{setting}, first_{machine.steps_done()}, end_{first_} {
    SM_ASSERT(machine.position().active, "a machine behind its dataset is in no sample");
    begin(machine);
    while (!play_step(machine)) {
    }
    end_ = machine.steps_done();
}

void Recording::begin(const emu::Machine& machine) {
    index();
    start_ = machine.save();
    learned_.push_back(std::make_shared<const Learned>(learned_of(*image_, machine)));
}

void Recording::play(emu::Machine& machine) {
    begin(machine);
    while (machine.steps_done() < end_) (void)play_step(machine);
}

bool Recording::play_step(emu::Machine& machine) {
    const std::uint64_t step = machine.steps_done();
    positions_.push_back(machine.position());
    const emu::StepActivity& activity = machine.step();
    const bool changed = note(machine, activity);
    learned_.push_back(changed ? std::make_shared<const Learned>(learned_of(*image_, machine))
                               : learned_.back());
    if (machine.position().step != positions_.back().step + 1) sample_ends_.push_back(step);
    return activity.sample_end;
}

const emu::SamplePosition& Recording::position(std::uint64_t step) const {
    SM_ASSERT(step >= first_ && step - first_ < positions_.size(), "a step outside the window");
    return positions_[static_cast<std::size_t>(step - first_)];
}

bool Recording::resets(std::uint64_t step) const {
    const emu::SamplePosition& at = position(step);
    return at.active && at.start && at.sample != 0 && image_->dataset.reset;
}

/// Takes in the spikes of a step; true if synapses changed in it.
bool Recording::note(const emu::Machine& machine, const emu::StepActivity& activity) {
    const auto add = [this, &activity](const Origin& origin, std::int32_t payload,
                                       std::uint8_t channel) {
        std::vector<Emission>& list = spikes_[origin];
        const bool again = !list.empty() && list.back().step == activity.step;
        list.push_back({activity.step, payload, channel, again ? list.back().ordinal + 1 : 0});
    };
    for (const emu::HostEmission& spike : activity.host) {
        add({spike.input, spike.source}, spike.payload, 0);
    }
    bool learned = false;
    for (std::uint32_t c = 0; c < activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
            add({Origin::kNeuron, machine.neuron(CoreSlot{c}, spike.compartment).value()},
                spike.payload, spike.channel);
        }
        learned = learned || activity.cores[c].learning.synapse_writes != 0;
    }
    return learned;
}

void Recording::index() {
    places_.resize(image_->neuron_count());
    std::vector<std::uint32_t> words(image_->neuron_count());
    for (std::uint32_t c = 0; c < image_->cores.size(); ++c) {
        const isa::CoreImage& core = image_->cores[c];
        for (std::uint32_t g = 0; g < core.groups.size(); ++g) {
            const isa::NeuronGroup& group = core.groups[g];
            const std::uint32_t count = state_words(*image_, group);
            for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
                places_[core.neurons[i]] = {c, i, g};
                words[core.neurons[i].index()] = count;
            }
        }
    }
    word_first_.push_back(0);
    for (const std::uint32_t count : words) word_first_.push_back(word_first_.back() + count);
}

std::span<const std::int32_t> Recording::words_of(NeuronId neuron) const {
    const std::size_t first = word_first_[neuron.index()];
    return std::span{start_.words}.subspan(first, word_first_[neuron.index() + 1] - first);
}

std::span<const emu::PendingSum> Recording::sums_of(NeuronId neuron) const {
    const auto& all = start_.sums;
    return {std::ranges::lower_bound(all, neuron.value(), {}, &emu::PendingSum::neuron),
            std::ranges::upper_bound(all, neuron.value(), {}, &emu::PendingSum::neuron)};
}

std::span<const Emission> Recording::spikes_of(const Origin& origin) const {
    const auto found = spikes_.find(origin);
    return found == spikes_.end() ? std::span<const Emission>{} : std::span{found->second};
}

const emu::SynapseState& Recording::learned(std::uint32_t entry, std::uint32_t id,
                                            std::uint64_t step) const {
    SM_ASSERT(step >= first_ && step < end_, "a step outside the window");
    return (*learned_[static_cast<std::size_t>(step - first_)])[entry][id];
}

}  // namespace seamount::explain
