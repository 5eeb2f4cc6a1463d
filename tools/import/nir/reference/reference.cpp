#include "tools/import/nir/reference/reference.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace seamount::importer::nir {

Reference::Reference(const Model& model, bool aligned) : model_{model}, aligned_{aligned} {
    std::size_t slots = 2;
    fans_.resize(model.links.size());
    for (std::size_t l = 0; l < model.links.size(); ++l) {
        const Link& link = model.links[l];
        std::vector<Synapse> entries = entries_of(link.map);
        std::stable_sort(entries.begin(), entries.end(),
                         [](const Synapse& a, const Synapse& b) { return a.source < b.source; });
        Fan& fan = fans_[l];
        fan.begin.assign(link.map.inputs + 1, 0);
        for (const Synapse& one : entries) {
            ++fan.begin[one.source + 1];
            fan.target.push_back(one.target);
            fan.delay.push_back(one.delay + link.delay);
            fan.weight.push_back(one.weight);
            slots = std::max<std::size_t>(slots, one.delay + link.delay + 2);
        }
        for (std::size_t i = 1; i < fan.begin.size(); ++i) fan.begin[i] += fan.begin[i - 1];
        synapses_ += entries.size();
    }
    for (const Population& population : model.populations) {
        State state;
        state.u.resize(population.size());
        state.v = population.v_start;
        state.peak = state.v;
        state.arriving.assign(slots, std::vector<double>(population.size()));
        state_.push_back(std::move(state));
    }
}

void Reference::send(std::size_t link, std::uint32_t source, double value, std::uint64_t step) {
    const Fan& fan = fans_[link];
    auto& arriving = state_[model_.links[link].to].arriving;
    for (std::size_t i = fan.begin[source]; i < fan.begin[source + 1]; ++i) {
        arriving[(step + fan.delay[i]) % arriving.size()][fan.target[i]] += value * fan.weight[i];
    }
}

void Reference::update(std::size_t index) {
    const Population& population = model_.populations[index];
    State& state = state_[index];
    state.spikes.clear();
    if (aligned_ && step_ < population.level) return;
    std::vector<double>& input = state.arriving[step_ % state.arriving.size()];
    for (std::uint32_t i = 0; i < population.size(); ++i) {
        state.u[i] = (1 - population.u_decay[i]) * state.u[i] + input[i] + population.steady_u[i];
        state.v[i] = (1 - population.v_decay[i]) * state.v[i] + state.u[i] + population.bias[i];
        state.peak[i] = state.v[i];
        input[i] = 0;
        if (population.output != Output::kSpikes || state.v[i] <= population.threshold[i]) continue;
        state.v[i] = population.subtracts ? state.v[i] - population.threshold[i] : 0;
        state.spikes.push_back(i);
    }
}

void Reference::step(const std::vector<std::vector<std::uint32_t>>& inputs) {
    for (std::size_t l = 0; l < model_.links.size(); ++l) {
        if (!model_.links[l].from_input) continue;
        for (const std::uint32_t place : inputs[model_.links[l].from]) send(l, place, 1, step_);
    }
    for (std::size_t p = 0; p < state_.size(); ++p) update(p);
    for (std::size_t l = 0; l < model_.links.size(); ++l) {
        const Link& link = model_.links[l];
        if (link.from_input) continue;
        const State& source = state_[link.from];
        if (model_.populations[link.from].output == Output::kSpikes) {
            for (const std::uint32_t spike : source.spikes) send(l, spike, 1, step_ + 1);
        } else if (!aligned_ || step_ >= model_.populations[link.from].level) {
            for (std::uint32_t i = 0; i < source.v.size(); ++i) send(l, i, source.v[i], step_ + 1);
        }
    }
    ++step_;
}

std::vector<Activity> activity_on(const Model& model, bool aligned, const SpikeTrain& spikes) {
    Reference run{model, aligned};
    std::vector<Activity> result(model.populations.size());
    for (std::size_t p = 0; p < result.size(); ++p) {
        result[p].rates.resize(model.populations[p].size());
    }
    const double part = 1.0 / std::max<double>(1.0, static_cast<double>(spikes.size()));
    for (const auto& inputs : spikes) {
        run.step(inputs);
        for (std::size_t p = 0; p < result.size(); ++p) {
            for (const double v : run.peak(p)) result[p].v = std::max(result[p].v, std::abs(v));
            for (const double u : run.u(p)) result[p].u = std::max(result[p].u, std::abs(u));
            for (const std::uint32_t i : run.spikes(p)) result[p].rates[i] += part;
        }
    }
    return result;
}

std::vector<Activity> activity_on_noise(const Model& model, bool aligned) {
    constexpr std::uint64_t kSteps = 100;
    constexpr std::uint64_t kLeast = 10;
    constexpr std::uint64_t kWork = 2'000'000'000;  ///< synaptic events
    constexpr std::uint64_t kRate = 3;              ///< in ten steps
    const std::uint64_t synapses = Reference{model, aligned}.synapses();
    SpikeTrain train(std::clamp(kWork / (synapses + 1), kLeast, kSteps));
    std::mt19937_64 random{1};
    for (auto& spikes : train) {
        spikes.resize(model.inputs.size());
        for (std::size_t input = 0; input < model.inputs.size(); ++input) {
            for (std::uint32_t i = 0; i < elements(model.inputs[input].shape); ++i) {
                if (random() % 10 < kRate) spikes[input].push_back(i);
            }
        }
    }
    return activity_on(model, aligned, train);
}

}  // namespace seamount::importer::nir
