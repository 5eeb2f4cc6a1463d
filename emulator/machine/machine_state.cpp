// The state of a machine, by the numbers of the network, and back.
#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "emulator/machine/machine_impl.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

/// Every core tells of its own blocks and compartments: sources come once for each core.
void sort_once(std::vector<TraceState>& states) {
    const auto by_key = [](const TraceState& a, const TraceState& b) { return a.key < b.key; };
    const auto same = [](const TraceState& a, const TraceState& b) { return a.key == b.key; };
    std::sort(states.begin(), states.end(), by_key);
    states.erase(std::unique(states.begin(), states.end(), same), states.end());
}

/// Neurons live in one core each; their histories move with them.
void sort_with_history(ProjectionState& state) {
    const std::size_t size = state.post.empty() ? 0 : state.post_history.size() / state.post.size();
    std::vector<std::uint32_t> order(state.post.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&state](std::uint32_t a, std::uint32_t b) {
        return state.post[a].key < state.post[b].key;
    });
    ProjectionState sorted;
    for (const std::uint32_t i : order) {
        sorted.post.push_back(state.post[i]);
        const auto from = state.post_history.begin() + static_cast<std::ptrdiff_t>(i * size);
        sorted.post_history.insert(sorted.post_history.end(), from,
                                   from + static_cast<std::ptrdiff_t>(size));
    }
    state.post = std::move(sorted.post);
    state.post_history = std::move(sorted.post_history);
}

bool traces_fit(const std::vector<TraceState>& states, std::uint32_t epoch) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        const TraceState& state = states[i];
        if (i != 0 && state.key <= states[i - 1].key) return false;
        if (state.time > epoch || state.live > 1) return false;
        for (const std::int16_t value : state.value) {
            if (std::abs(int{value}) > isa::kMaxTrace) return false;
        }
    }
    return true;
}

/// What is wrong with the state of a projection that learns, or nothing.
std::string misfit_of(const ProjectionState& state, const isa::LearningRuleImage& rule,
                      std::uint64_t synapses) {
    if (state.synapses.size() != synapses) return "the number of synapses";
    for (const SynapseState& synapse : state.synapses) {
        if (synapse.weight < -256 || synapse.weight > 255) return "a weight out of range";
        if (rule.moves_delay && (synapse.delay < 0 || synapse.delay > rule.max_delay)) {
            return "a delay out of range";
        }
    }
    if (!traces_fit(state.pre, rule.epoch) || !traces_fit(state.post, rule.epoch)) {
        return "a trace out of range";
    }
    const bool sampled = rule.post_from_program && rule.mode != isa::LearnMode::kLavaCompat;
    const std::size_t history = sampled ? std::size_t{rule.epoch} * 3 : 0;
    if (state.post_history.size() != state.post.size() * history) return "the history of traces";
    for (const std::int16_t value : state.post_history) {
        if (std::abs(int{value}) > isa::kMaxTrace) return "a trace out of range";
    }
    if (!std::is_sorted(state.late_post.begin(), state.late_post.end())) return "the late spikes";
    return {};
}

}  // namespace

std::size_t Machine::Impl::entry_of(const PlasticProjection& projection) const {
    const std::vector<isa::PlasticImage>& entries = image.learning.projections;
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.projection == projection.projection();
    });
    SM_ASSERT(found != entries.end(), "a projection that learns is listed");
    return static_cast<std::size_t>(found - entries.begin());
}

void Machine::Impl::save(MachineState& state) const {
    for (const NeuronId neuron : places.ids()) {
        const Neurocore& core = cores[places[neuron].core.index()];
        const std::uint32_t at = places[neuron].compartment;
        for (std::uint32_t w = 0; w < core.state_words(at); ++w) {
            state.words.push_back(core.state(at, w));
        }
        for (std::uint32_t w = 0; w < core.trace_registers(at); ++w) {
            state.traces.push_back(core.trace(at, w));
        }
    }
    save_sums(state);
    for (const isa::PlasticImage& entry : image.learning.projections) {
        state.learned.emplace_back().synapses.resize(image.projections[entry.projection].synapses);
    }
    for (const Neurocore& core : cores) {
        if (core.learning() == nullptr) continue;
        for (const PlasticProjection& projection : core.learning()->projections()) {
            projection.save(state.learned[entry_of(projection)]);
        }
    }
    for (ProjectionState& learned : state.learned) {
        sort_once(learned.pre);
        sort_with_history(learned);
        std::sort(learned.late_post.begin(), learned.late_post.end());
    }
}

void Machine::Impl::save_sums(MachineState& state) const {
    for (const NeuronId neuron : places.ids()) {
        const Neurocore& core = cores[places[neuron].core.index()];
        for (std::uint16_t k = 0; k < isa::kAccumulators; ++k) {
            for (std::uint16_t delay = 0; delay < core.slots(); ++delay) {
                const std::int64_t value =
                    core.exact_sum(places[neuron].compartment, k, now + delay);
                if (value != 0) state.sums.push_back({neuron.value(), k, delay, value});
            }
        }
    }
}

std::string Machine::Impl::misfit_of_sums(const MachineState& state) const {
    for (const PendingSum& sum : state.sums) {
        if (sum.neuron >= places.size() || sum.accumulator >= isa::kAccumulators) {
            return "an accumulator that is not there";
        }
        if (sum.delay >= cores[places[NeuronId{sum.neuron}].core.index()].slots()) {
            return "an accumulator beyond the longest delay";
        }
    }
    return {};
}

std::string Machine::Impl::misfit(const MachineState& state) const {
    std::size_t words = 0;
    std::size_t traces = 0;
    for (const NeuronId neuron : places.ids()) {
        const Neurocore& core = cores[places[neuron].core.index()];
        words += core.state_words(places[neuron].compartment);
        traces += core.trace_registers(places[neuron].compartment);
    }
    if (state.skipped != 0 && !image.dataset.ends_early()) return "steps that were skipped";
    if (state.words.size() != words) return "the number of state words";
    if (state.traces.size() != traces) return "the number of trace registers";
    const std::vector<std::uint8_t>& on = state.rules_on;
    if (on.size() != image.learning.rule_spikes.size() ||
        std::any_of(on.begin(), on.end(), [](std::uint8_t flag) { return flag > 1; })) {
        return "which rules spikes have switched on";
    }
    if (state.learned.size() != image.learning.projections.size()) {
        return "the number of projections that learn";
    }
    for (std::size_t e = 0; e < state.learned.size(); ++e) {
        const isa::PlasticImage& entry = image.learning.projections[e];
        const std::string wrong = misfit_of(state.learned[e], image.learning.rules[entry.rule],
                                            image.projections[entry.projection].synapses);
        if (!wrong.empty()) return wrong;
    }
    for (const HostSpike& spike : state.host_spikes) {
        if (spike.input >= image.inputs.size() || spike.source >= image.inputs[spike.input].size) {
            return "a spike of the host";
        }
    }
    for (const HostWrite& write : state.host_writes) {
        if (write.neuron >= places.size()) return "a write of the host";
    }
    return misfit_of_sums(state);
}

void Machine::Impl::restart() {
    open = false;
    given_updates.clear();
    for (Neurocore& core : cores) core.reset();
    now = 0;
    clock.restart(0);
    next_switch = 0;
    learning_enabled = image.learning.enabled;
    learning_set.reset();
    given_spikes.clear();
    given_writes.clear();
    given_messages = 0;
    rewards.restart({}, 0);
    rule_spikes.restart({});
}

void Machine::Impl::load(const MachineState& state) {
    restart();
    now = state.step;
    clock.restart(state.skipped);
    const std::vector<std::uint64_t>& switches = image.learning.switches;
    for (; next_switch < switches.size() && switches[next_switch] < now; ++next_switch) {
        learning_enabled = !learning_enabled;
    }
    learning_set = state.learning;
    std::size_t word = 0;
    std::size_t trace = 0;
    for (const NeuronId neuron : places.ids()) {
        Neurocore& core = cores[places[neuron].core.index()];
        const std::uint32_t at = places[neuron].compartment;
        for (std::uint32_t w = 0; w < core.state_words(at); ++w) {
            core.write_state(at, w, state.words[word++]);
        }
        for (std::uint32_t w = 0; w < core.trace_registers(at); ++w) {
            core.write_trace(at, w, state.traces[trace++]);
        }
    }
    for (const PendingSum& sum : state.sums) {
        const Place& place = places[NeuronId{sum.neuron}];
        // An accumulator that nothing names in this mapping is one that no program reads.
        (void)cores[place.core.index()].add_to_accumulator(place.compartment, sum.accumulator,
                                                           now + sum.delay, sum.value);
    }
    for (Neurocore& core : cores) {
        if (core.learning() == nullptr) continue;
        for (PlasticProjection& projection : core.learning()->projections()) {
            projection.load(state.learned[entry_of(projection)]);
        }
    }
    given_spikes = state.host_spikes;
    given_writes = state.host_writes;
    rewards.restart(state.rewards, state.reward_messages);
    given_messages = state.learning_messages;
    rule_spikes.restart(state.rules_on);
}

MachineState Machine::save() const {
    SM_ASSERT(!impl_->open, "a step is open");
    MachineState state;
    state.step = impl_->now;
    state.skipped = impl_->clock.skipped();
    state.seed = impl_->seed;
    impl_->save(state);
    state.learning = impl_->learning_set;
    state.host_spikes = impl_->given_spikes;
    state.host_writes = impl_->given_writes;
    state.rewards = impl_->rewards.given();
    state.reward_messages = impl_->rewards.given_count();
    state.learning_messages = impl_->given_messages;
    state.rules_on = impl_->rule_spikes.state();
    return state;
}

void Machine::load(const MachineState& state) {
    const std::string wrong = impl_->misfit(state);
    if (!wrong.empty()) throw std::invalid_argument{wrong};
    impl_->load(state);
}

void Machine::restart() {
    impl_->restart();
}

}  // namespace seamount::emu
