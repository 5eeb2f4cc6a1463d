#include "compiler/driver/neuron_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/place/traffic/core_clock.hpp"
#include "isa/base/assert.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler {
namespace {

/// Spikes of a source per step.
class Rates {
public:
    Rates(const Lowered& lowered, const Activity& activity)
        : lowered_{lowered}, activity_{activity} {
        std::uint64_t inputs = 0;
        for (const Input& input : lowered.network.inputs) inputs += input.image.size;
        if (activity.steps == 0 || inputs == 0) return;
        input_ = static_cast<double>(activity.input_spikes) /
                 static_cast<double>(activity.steps * inputs);
    }

    [[nodiscard]] double of(NeuronId neuron) const {
        if (activity_.steps == 0) return 1.0;
        return static_cast<double>(activity_.spikes[neuron.index()]) /
               static_cast<double>(activity_.steps);
    }
    [[nodiscard]] double of(SourceRef from, std::uint32_t source) const {
        if (from.is_input) return input_;
        return of(lowered_.populations[from.index].first_neuron + source);
    }

private:
    const Lowered& lowered_;
    const Activity& activity_;
    double input_ = 1.0;
};

/// Adds what reaches the neurons of a projection. A row is fetched in whole accesses; each of its
/// synapses bears a share of them.
void add_synapses(const LoweredProjection& projection, const Rates& rates, const Lowered& lowered,
                  const isa::ChipSpec& chip, IdVector<NeuronId, CoreLoad<double>>& load) {
    const SynapseTable& table = projection.synapses;
    const NeuronId first = lowered.populations[projection.to].first_neuron;
    const std::uint32_t bits = lowered.pool
                                   ? projection.pool_bits
                                   : projection.format.weight_bits + projection.format.index_bits;
    const double words = std::max(chip.core_timing.fetch_words, 1U);
    const bool is_dense = (projection.format.flags & isa::SynapseFormat::kDense) != 0;
    const double taps = projection.convolution
                            ? projection.convolution->kernel[0] * projection.convolution->kernel[1]
                            : 1;
    for (std::uint32_t source = 0; source + 1 < table.first.size(); ++source) {
        const std::uint64_t begin = table.first[source];
        const std::uint64_t end = table.first[source + 1];
        const double rate = rates.of(projection.from, source);
        if (begin == end || rate == 0.0) continue;
        const double length = static_cast<double>(end - begin) / taps;  // of a stored row
        const double accesses =
            std::ceil(std::ceil(length * bits / isa::ChipSpec::kSynapseWordBits) / words);
        for (std::uint64_t s = begin; s < end; ++s) {
            CoreLoad<double>& of = load[first + table.target[s]];
            (is_dense ? of.dense : of.synapses) += rate;
            of.fetches += rate * accesses / std::max(length, 1.0);
        }
    }
}

}  // namespace

WorkCap work_cap(const Lowered& lowered, const isa::ChipSpec& chip, const Activity& activity,
                 std::uint32_t cores) {
    SM_ASSERT(activity.steps == 0 || activity.spikes.size() == lowered.neuron_count(),
              "the activity is of another network");
    const Rates rates{lowered, activity};
    IdVector<NeuronId, CoreLoad<double>> load(lowered.neuron_count());
    for (const LoweredPopulation& population : lowered.populations) {
        const auto cycles = static_cast<double>(
            isa::worst_case_cycles(lowered.programs[population.program]->words));
        for (std::uint32_t i = 0; i < population.size; ++i) {
            const NeuronId neuron = population.first_neuron + i;
            const double rate = rates.of(neuron);
            load[neuron].updates = 1.0;
            load[neuron].cycles = cycles;
            load[neuron].spikes = rate;
            load[neuron].packets_out = rate;
        }
    }
    for (const LoweredProjection& projection : lowered.projections) {
        add_synapses(projection, rates, lowered, chip, load);
    }
    WorkCap cap;
    cap.of.reserve(load.size());
    for (const CoreLoad<double>& of : load) {
        // A neuron that costs nothing still takes its place.
        cap.of.push_back(1 +
                         static_cast<std::uint64_t>(std::llround(1000.0 * core_time(of, chip))));
    }
    const std::uint64_t all = std::accumulate(cap.of.begin(), cap.of.end(), std::uint64_t{0});
    cap.most = (all + cores - 1) / cores;
    return cap;
}

}  // namespace seamount::compiler
