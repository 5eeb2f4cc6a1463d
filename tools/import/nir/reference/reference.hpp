#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tools/import/nir/fold/model.hpp"

namespace seamount::importer::nir {

/// Runs a model step by step in double precision, with the discretisation of its decays: what the
/// integers of the chip are compared with. A population of level k begins its first step in step k,
/// as what reaches it lags by that much.
class Reference {
public:
    /// The model must outlive this. `aligned`: its links have the delays of `align`.
    Reference(const Model& model, bool aligned);

    /// One step; `inputs` has for each input the places that spike, repeated ones count again.
    void step(const std::vector<std::vector<std::uint32_t>>& inputs);

    [[nodiscard]] const std::vector<double>& v(std::size_t population) const {
        return state_[population].v;
    }
    /// As it was compared with the threshold: before a spike reset it.
    [[nodiscard]] const std::vector<double>& peak(std::size_t population) const {
        return state_[population].peak;
    }
    [[nodiscard]] const std::vector<double>& u(std::size_t population) const {
        return state_[population].u;
    }
    /// Neurons that spiked in this step.
    [[nodiscard]] std::span<const std::uint32_t> spikes(std::size_t population) const {
        return state_[population].spikes;
    }
    /// Synapses in all.
    [[nodiscard]] std::uint64_t synapses() const { return synapses_; }

private:
    struct State {
        std::vector<double> u;
        std::vector<double> v;
        std::vector<double> peak;
        std::vector<std::uint32_t> spikes;
        std::vector<std::vector<double>> arriving;  ///< by step, modulo their number
    };
    /// The synapses of a link by source.
    struct Fan {
        std::vector<std::size_t> begin;
        std::vector<std::uint32_t> target;
        std::vector<std::uint32_t> delay;  ///< with the link's
        std::vector<double> weight;
    };

    void send(std::size_t link, std::uint32_t source, double value, std::uint64_t step);
    void update(std::size_t population);

    const Model& model_;
    bool aligned_;
    std::uint64_t step_ = 0;
    std::uint64_t synapses_ = 0;
    std::vector<State> state_;
    std::vector<Fan> fans_;
};

/// What a population did in a run.
struct Activity {
    double u = 0;               ///< largest, of either sign
    double v = 0;               ///< the same, before resets
    std::vector<double> rates;  ///< spikes per step, by neuron
};

/// For each step and input the places that spike.
using SpikeTrain = std::vector<std::vector<std::vector<std::uint32_t>>>;
inline constexpr std::uint64_t kMostSteps = 1'000'000;  ///< of one

/// Runs the model on these spikes and returns what each population did.
[[nodiscard]] std::vector<Activity> activity_on(const Model& model, bool aligned,
                                                const SpikeTrain& spikes);

/// The same on random spikes: each place of each input in three steps of ten, the same in each run.
/// Large networks run for fewer steps.
[[nodiscard]] std::vector<Activity> activity_on_noise(const Model& model, bool aligned);

}  // namespace seamount::importer::nir
