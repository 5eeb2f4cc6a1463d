#include "emulator/machine/machine_impl.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "isa/base/assert.hpp"

namespace seamount::emu {

Machine::Impl::Impl(const isa::Image& from, const Params& params)
    : image{from},
      seed{params.seed},
      philox{params.seed},
      random{params.random != nullptr ? *params.random : philox},
      parallel{params.threads},
      division{from.cores.size(), params.ranks, params.first_cores, params.packets},
      packets{params.packets && division.leads()},
      clock{from, params.sample_ends},
      rewards{from},
      rule_spikes{from},
      // If the schedule never switches learning on, not even traces have to be kept.
      learning_allowed{params.learning &&
                       (from.learning.enabled || !from.learning.switches.empty())},
      learning_enabled{from.learning.enabled} {
    programs.reserve(image.programs.size());
    for (const isa::ProgramImage& program : image.programs) {
        programs.emplace_back(program.words, program.combine);
    }
    build_cores(params);
    build_routes();
    for (std::uint32_t i = 0; i < image.inputs.size(); ++i) {
        inputs.emplace_back(image.inputs[i], i, image.dataset, params.seed);
    }
    if (!division.alone() && params.packets) tell_costs();
    rows = SpikeRows{fan_outs, IdSpan<CoreSlot, Neurocore>{cores}, parallel.threads(), packets};
    const KernelVariant variant = default_kernels();
    for (std::uint32_t t = 0; t < parallel.threads(); ++t) {
        engines.emplace_back(variant);
        inboxes.emplace_back(cores.size());
    }
    host_inboxes.emplace_back(cores.size());
    if (learns && !image.learning.ties.empty()) tie_weights();
    activity.cores.resize(cores.size());
    chunk_packets.resize(parallel.threads() + 1);
}

void Machine::Impl::build_cores(const Params& params) {
    // What rank 0 reads of other ranks' cores needs no synapses, and the rest not even neurons.
    static const isa::CoreImage kElsewhere;
    places.resize(image.neuron_count());
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const isa::CoreImage& core = image.cores[c];
        for (std::uint32_t i = 0; i < core.neurons.size(); ++i) {
            places[core.neurons[i]] = {CoreSlot{c}, i};
        }
    }
    watched = watched_of(params.watched);
    cores.reserve(image.cores.size());
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const CoreSlot slot{c};
        const bool own = division.owns(slot);
        const bool is_read = own || (division.leads() && watched.any_in(slot));
        cores.emplace_back(
            is_read ? image.cores[c] : kElsewhere, programs,
            Neurocore::Learning{&image.learning, params.seed, learning_allowed && own,
                                params.access_words, image.dataset.kept, own});
        learns = learns || cores.back().learning() != nullptr;
    }
}

void Machine::Impl::build_routes() {
    const CoreSlots slots{image};
    const IdSpan<CoreSlot, const Neurocore> targets{cores};
    const KeptRoutes keep{division.alone() ? nullptr : &division, division.alone() || packets};
    fan_outs.reserve(cores.size());
    for (const isa::CoreImage& core : image.cores) {
        fan_outs.emplace_back(core.output_first, core.outputs, targets, slots, keep);
    }
    input_fan_outs.reserve(image.inputs.size());
    for (const isa::InputImage& input : image.inputs) {
        input_fan_outs.emplace_back(input.output_first, input.outputs, targets, slots, keep);
    }
}

void Machine::Impl::open_step() {
    begin_step();
    here = clock.at(now);
    present_sample();  // (0) reset and host writes
    host_spikes();     // (1) host spikes act in this very step
    open = true;
}

const StepActivity& Machine::Impl::step() {
    if (!open) open_step();
    open = false;
    update();                     // (2) all compartments
    end_sample();                 //     whose spikes may end the sample
    route();                      // (3) spikes to packets, and to their targets,
    integrate(inboxes, now + 1);  //     where they act in the next step or later
    learn();                      // (4) synapses, at the ends of their epochs
    if (!division.alone()) tell_counts();
    finish_step();
    ++now;
    return activity;
}

void Machine::Impl::begin_step() {
    for (CoreActivity& core : activity.cores) {
        std::vector<EmittedSpike> spikes = std::move(core.spikes);
        spikes.clear();
        core = {};
        core.spikes = std::move(spikes);
    }
    activity.step = now;
    activity.host_writes = 0;
    host_packets.clear();
}

void Machine::Impl::present_sample() {
    activity.sample_start = here.active && here.start;
    const bool reset = activity.sample_start && here.sample != 0 && image.dataset.reset;
    if (reset) for_own([&](std::size_t c, std::size_t) { cores[c].next_sample(); });
    for (const HostInput& input : inputs) {
        input_writes.clear();
        input.writes(now, here, reset, input_writes);
        for (const HostInput::Write& write : input_writes) {
            const isa::InputImage::WriteTarget& target = input.image().writes[write.place];
            const Place& place = place_of(target.neuron);
            if (!division.owns(place.core)) continue;
            cores[place.core.index()].write_state(place.compartment, target.state, write.value);
        }
        activity.host_writes += input_writes.size();
    }
    for (const HostWrite& write : given_writes) {
        const Place& place = place_of(NeuronId{write.neuron});
        cores[place.core.index()].write_state(place.compartment, write.state, write.value);
    }
    activity.host_writes += given_writes.size();
    given_writes.clear();
    activity.host_writes += std::exchange(given_messages, 0U);
}

void Machine::Impl::host_spikes() {
    host_inboxes.front().clear();
    activity.host.clear();
    std::uint32_t spike = 0;
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
        host_sources.clear();
        inputs[i].spikes(now, here, host_sources);
        const std::span<const std::int32_t> payloads = inputs[i].payloads(now, here, host_payloads);
        for (std::size_t k = 0; k < host_sources.size(); ++k) {
            const std::int32_t payload = payloads.empty() ? 1 : payloads[k];
            activity.host.push_back({i, host_sources[k], payload});
            input_fan_outs[i].route_host(host_sources[k], spike++, payload, host_packets,
                                         host_inboxes.front());
        }
    }
    for (const HostSpike& given : given_spikes) {
        activity.host.push_back({given.input, given.source, given.payload});
        input_fan_outs[given.input].route_host(given.source, spike++, given.payload, host_packets,
                                               host_inboxes.front());
    }
    given_spikes.clear();
    activity.host_spikes = spike;
    activity.host_packets = host_packets.size();
    if (!host_packets.empty()) integrate(host_inboxes, now);
}

void Machine::Impl::update() {
    if (given_updates.empty()) {
        for_own([&](std::size_t c, std::size_t worker) {
            cores[c].update(now, random, engines[worker], activity.cores[c]);
        });
        if (!division.alone()) division.exchange_spikes(activity.cores);
        return;
    }
    for (std::size_t c = 0; c < cores.size(); ++c) {
        const auto given = given_updates.find(c);
        if (given == given_updates.end()) {
            cores[c].update(now, random, engines.front(), activity.cores[c]);
        } else {
            take_update(c, given->second);
        }
    }
    given_updates.clear();
}

/// The sample is over with its last step, or with one that leaves out all that would follow.
void Machine::Impl::end_sample() {
    left_out = clock.pass(now, here, activity.cores);
    activity.sample_end =
        here.active && (here.end || (left_out != 0 && clock.at(now + 1).local == 0));
}

void Machine::Impl::route() {
    const std::uint64_t sent = rows.usable() ? rows.find(activity, parallel) : count_in_chunks();
    activity.packet_count = sent + host_packets.size();
    if (packets) {
        activity.packets.resize(activity.packet_count);
        std::copy(host_packets.begin(), host_packets.end(),
                  activity.packets.end() - static_cast<std::ptrdiff_t>(host_packets.size()));
    }
    if (rows.usable()) {
        for (Inboxes& boxes : inboxes) boxes.clear();
        rows.route(activity, now + 1, activity.packets, inboxes, parallel);
    } else {
        route_in_chunks();
    }
}

/// Chunks of neighbouring source cores are routed side by side, each into inboxes of its own and
/// into its own stretch of the packet list: the list has one order, whatever the threads do.
/// Returns how many packets there are.
std::uint64_t Machine::Impl::count_in_chunks() {
    const std::size_t chunks = inboxes.size();
    parallel.for_each(chunks, [&](std::size_t chunk, std::size_t) {
        std::size_t count = 0;
        for (std::size_t c = first_core_of(chunk); c < first_core_of(chunk + 1); ++c) {
            count += fan_outs[c].packets(activity.cores[c].spikes);
        }
        chunk_packets[chunk + 1] = count;
    });
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        chunk_packets[chunk + 1] += chunk_packets[chunk];
    }
    return chunk_packets[chunks];
}

void Machine::Impl::route_in_chunks() {
    parallel.for_each(inboxes.size(), [&](std::size_t chunk, std::size_t) {
        inboxes[chunk].clear();
        auto out = packets ? std::span{activity.packets}.subspan(chunk_packets[chunk])
                           : std::span<SpikePacket>{};
        for (std::size_t c = first_core_of(chunk); c < first_core_of(chunk + 1); ++c) {
            const std::size_t routed =
                fan_outs[c].route(activity.cores[c].spikes, CoreSlot{static_cast<std::uint32_t>(c)},
                                  out, inboxes[chunk]);
            if (packets) out = out.subspan(routed);
        }
    });
}

void Machine::Impl::integrate(std::span<const Inboxes> from, std::uint64_t slot) {
    for_own([&](std::size_t c, std::size_t) {
        CoreActivity& core = activity.cores[c];
        for (const Inboxes& chunk : from) {
            const std::span<const AxonArrival> arrivals =
                chunk.of(CoreSlot{static_cast<std::uint32_t>(c)});
            if (arrivals.empty()) continue;
            core.packets_in += arrivals.size();
            cores[c].integrate(arrivals, slot, core);
        }
        cores[c].settle(slot);
    });
}

void Machine::Impl::learn() {
    const std::vector<std::uint64_t>& switches = image.learning.switches;
    for (; next_switch < switches.size() && switches[next_switch] == now; ++next_switch) {
        learning_enabled = !learning_enabled;
    }
    const std::uint64_t last = activity.sample_end ? here.step + left_out : here.step;
    activity.rewards = rewards.of_step({now, here.step, last}, activity.cores);
    activity.host_rewards = rewards.from_host();
    const auto rules = rule_spikes.of_step(activity.cores);
    if (!learns || !learning_allowed) return;
    const LearnSignals signals{activity.rewards, learning_set.value_or(learning_enabled), rules};
    for_own([&](std::size_t c, std::size_t) { cores[c].learn(now, signals, activity.cores[c]); });
    if (tied) copy_tied();
}

void Machine::Impl::tie_weights() {
    std::vector<CoreLearning*> learning;
    for (Neurocore& core : cores) learning.push_back(core.learning());
    tied.emplace(image, learning);
    tied_writes.resize(cores.size());
}

/// The host gives tied synapses the weights of those that learn: a message for each that changes.
void Machine::Impl::copy_tied() {
    const bool learned =
        std::any_of(activity.cores.begin(), activity.cores.end(),
                    [](const CoreActivity& core) { return core.learning.synapse_writes != 0; });
    if (!learned) return;
    parallel.for_each(cores.size(),
                      [&](std::size_t c, std::size_t) { tied_writes[c] = tied->copy(c, now); });
    for (const std::uint64_t writes : tied_writes) given_messages += writes;
}

void Machine::Impl::finish_step() {
    activity.spikes = 0;
    activity.synaptic_events = 0;
    for (const CoreActivity& core : activity.cores) {
        activity.spikes += core.spikes.size();
        activity.synaptic_events += core.synaptic_events;
    }
}

const Machine::Impl::Place& Machine::Impl::place_of(NeuronId neuron) const {
    SM_ASSERT(neuron.index() < places.size(), "no such neuron");
    return places[neuron];
}

Machine::Machine(const isa::Image& image, const Params& params)
    : impl_{std::make_unique<Impl>(image, Impl::agreed(params))} {}
Machine::~Machine() = default;

const StepActivity& Machine::step() {
    return impl_->step();
}

Parallel& Machine::threads() noexcept {
    return impl_->parallel;
}

std::uint64_t Machine::steps_done() const noexcept {
    return impl_->now;
}

SamplePosition Machine::position() const {
    return impl_->open ? impl_->here : impl_->clock.at(impl_->now);
}

const CoreLearning* Machine::learning(CoreSlot core) const {
    return impl_->cores[core.index()].learning();
}

std::int32_t Machine::state(NeuronId neuron, std::uint32_t state) const {
    const Impl::Place& place = impl_->place_of(neuron);
    return impl_->cores[place.core.index()].state(place.compartment, state);
}

std::int32_t Machine::due(NeuronId neuron, std::uint32_t accumulator) const {
    const Impl::Place& place = impl_->place_of(neuron);
    return impl_->cores[place.core.index()].accumulator(place.compartment, accumulator, impl_->now);
}

std::int32_t Machine::trace(NeuronId neuron, std::uint32_t index) const {
    const Impl::Place& place = impl_->place_of(neuron);
    return impl_->cores[place.core.index()].trace(place.compartment, index);
}

std::int32_t Machine::parameter(NeuronId neuron, std::uint32_t index) const {
    const Impl::Place& place = impl_->place_of(neuron);
    return impl_->cores[place.core.index()].parameter(place.compartment, index);
}

NeuronId Machine::neuron(CoreSlot core, std::uint32_t compartment) const {
    return impl_->image.cores[core.index()].neurons[compartment];
}

}  // namespace seamount::emu
