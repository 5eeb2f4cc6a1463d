#include "tools/import/nir/receipt/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "emulator/machine/machine.hpp"
#include "tools/import/nir/reference/reference.hpp"

namespace seamount::importer::nir {
namespace {

void add_noise(isa::InputImage& input, std::uint64_t steps, std::mt19937_64& random) {
    constexpr std::uint64_t kRate = 3;  // in ten steps
    for (std::uint64_t step = 0; step < steps; ++step) {
        for (std::uint32_t i = 0; i < input.size; ++i) {
            if (random() % 10 >= kRate) continue;
            input.spike_steps.push_back(step);
            input.spike_sources.push_back(i);
        }
    }
}

/// Correlation of two lists of counts.
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const auto count = static_cast<double>(a.size());
    double mean_a = 0;
    double mean_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        mean_a += a[i] / count;
        mean_b += b[i] / count;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - mean_a) * (b[i] - mean_b);
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
    }
    if (aa == 0 || bb == 0) return a == b ? 1 : 0;
    return ab / std::sqrt(aa * bb);
}

/// Collects what both networks do.
class Comparer {
public:
    Comparer(const Model& model, const isa::Image& image) {
        for (const Population& p : model.populations) {
            const auto found = std::find_if(image.populations.begin(), image.populations.end(),
                                            [&](const auto& one) { return one.name == p.name; });
            const std::uint32_t first =
                found == image.populations.end() ? 0 : value_of(found->first_neuron);
            first_.push_back(first);
            results_.push_back({});
            results_.back().name = p.name;
            reference_.emplace_back(p.size());
            chip_.emplace_back(p.size());
            now_.emplace_back(p.size());
        }
    }

    void take_chip(NeuronId neuron) {
        for (std::size_t p = 0; p < first_.size(); ++p) {
            const std::uint32_t place = value_of(neuron) - first_[p];
            if (value_of(neuron) < first_[p] || place >= now_[p].size()) continue;
            ++now_[p][place];
            return;
        }
    }

    void take_reference(std::size_t p, std::span<const std::uint32_t> spikes, std::uint64_t step) {
        PopulationComparison& result = results_[p];
        std::vector<int>& now = now_[p];
        for (const std::uint32_t i : spikes) {
            now[i] -= 1;
            reference_[p][i] += 1;
        }
        result.reference_spikes += spikes.size();
        for (std::uint32_t i = 0; i < now.size(); ++i) {
            if (now[i] == 0) continue;
            ++result.cells;
            if (!result.first_step) {
                result.first_step = step;
                result.first_neuron = i;
            }
        }
        // What the chip sent is what the reference sent, and the difference.
        for (const std::uint32_t i : spikes) now[i] += 1;
        for (std::uint32_t i = 0; i < now.size(); ++i) {
            chip_[p][i] += now[i];
            result.spikes += static_cast<std::uint64_t>(now[i]);
            now[i] = 0;
        }
    }

    [[nodiscard]] std::vector<PopulationComparison> finish() {
        for (std::size_t p = 0; p < results_.size(); ++p) {
            results_[p].correlation = correlation(reference_[p], chip_[p]);
            const auto winner = [](const std::vector<double>& counts) {
                return std::max_element(counts.begin(), counts.end()) - counts.begin();
            };
            results_[p].same_winner = winner(reference_[p]) == winner(chip_[p]);
        }
        return std::move(results_);
    }

private:
    static std::uint32_t value_of(NeuronId id) { return id.value(); }

    std::vector<std::uint32_t> first_;
    std::vector<PopulationComparison> results_;
    std::vector<std::vector<double>> reference_;
    std::vector<std::vector<double>> chip_;
    std::vector<std::vector<int>> now_;  ///< spikes of the chip in this step
};

}  // namespace

std::vector<PopulationComparison> compare_runs(const Model& model, bool aligned, isa::Image& image,
                                               std::uint64_t steps) {
    std::mt19937_64 random{2};
    std::vector<const isa::InputImage*> inputs;
    for (const HostInput& wanted : model.inputs) {
        const auto found = std::find_if(image.inputs.begin(), image.inputs.end(),
                                        [&](const auto& one) { return one.name == wanted.name; });
        if (found != image.inputs.end() && found->spike_steps.empty()) {
            add_noise(*found, steps, random);
        }
        inputs.push_back(found == image.inputs.end() ? nullptr : &*found);
    }
    Reference reference{model, aligned};
    emu::Machine machine{image, {}};
    Comparer comparer{model, image};
    std::vector<std::size_t> next(inputs.size());
    for (std::uint64_t step = 0; step < steps; ++step) {
        std::vector<std::vector<std::uint32_t>> spikes(inputs.size());
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i] == nullptr) continue;
            const auto& when = inputs[i]->spike_steps;
            for (; next[i] < when.size() && when[next[i]] <= step; ++next[i]) {
                spikes[i].push_back(inputs[i]->spike_sources[next[i]]);
            }
        }
        reference.step(spikes);
        const emu::StepActivity& activity = machine.step();
        for (std::size_t core = 0; core < activity.cores.size(); ++core) {
            for (const emu::EmittedSpike& spike : activity.cores[core].spikes) {
                comparer.take_chip(
                    machine.neuron(CoreSlot{static_cast<std::uint32_t>(core)}, spike.compartment));
            }
        }
        for (std::size_t p = 0; p < model.populations.size(); ++p) {
            if (model.populations[p].output != Output::kSpikes) continue;
            comparer.take_reference(p, reference.spikes(p), step);
        }
    }
    return comparer.finish();
}

}  // namespace seamount::importer::nir
