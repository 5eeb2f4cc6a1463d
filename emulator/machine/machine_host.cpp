// What a host does between two steps.
#include <set>

#include "emulator/machine/machine_impl.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

void Machine::inject(std::uint32_t input, std::span<const std::uint32_t> sources,
                     std::span<const std::int32_t> payloads) {
    SM_ASSERT(input < impl_->inputs.size(), "no such input");
    SM_ASSERT(payloads.empty() || payloads.size() == sources.size(), "one payload per spike");
    const isa::InputImage& image = impl_->image.inputs[input];
    SM_ASSERT(image.kind != isa::InputKind::kWrite && image.kind != isa::InputKind::kReward,
              "an input without spikes");
    for (std::size_t i = 0; i < sources.size(); ++i) {
        SM_ASSERT(sources[i] < image.size, "no such source");
        impl_->given_spikes.push_back({input, sources[i], payloads.empty() ? 1 : payloads[i]});
    }
}

void Machine::write_state(NeuronId neuron, std::uint32_t state, std::int32_t value) {
    const Impl::Place& place = impl_->place_of(neuron);
    impl_->cores[place.core.index()].write_state(place.compartment, state, value);
    impl_->given_writes.push_back({neuron.value(), state, value});
}

void Machine::reward(std::uint32_t channel, std::int32_t value) {
    SM_ASSERT(channel < isa::kRewards, "no such channel");
    impl_->rewards.give(channel, value);
}

void Machine::set_learning(std::optional<bool> on) {
    impl_->learning_set = on;
    if (learns()) ++impl_->given_messages;
}

void Machine::clear_tags(std::uint32_t entry) {
    impl_->for_parts_of(entry, [this](PlasticProjection& part) {
        if (!part.has_tags()) return;
        (void)part.clear_tags();
        impl_->given_messages += part.synapses();
    });
}

void Machine::clear_traces(std::uint32_t entry) {
    // A source has traces in each core that it reaches: the host tells it once.
    std::set<std::uint32_t> sources;
    impl_->for_parts_of(entry, [&](PlasticProjection& part) {
        if (part.tied()) return;
        part.clear_traces();
        for (const PlasticProjection::Block& block : part.blocks()) {
            if (block.count != 0) sources.insert(block.source);
        }
        impl_->given_messages += part.targets();
    });
    impl_->given_messages += sources.size();
}

bool Machine::learns() const noexcept {
    return impl_->learns && impl_->learning_allowed;
}

}  // namespace seamount::emu
