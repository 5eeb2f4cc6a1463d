#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {
namespace {

class Faults {
public:
    template <class... Args>
    void check(bool holds, fmt::format_string<Args...> text, Args&&... args) {
        if (!holds) found_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

private:
    std::vector<std::string> found_;
};

template <class T>
bool fits(const Values<T>& values, std::size_t size) {
    return values.list.size() <= 1 || values.list.size() == size;
}

void verify_population(const Population& population, NeuronId first_neuron, Faults& faults) {
    const std::string& name = population.name;
    faults.check(population.size > 0, "population '{}' is empty", name);
    faults.check(population.first_neuron == first_neuron, "population '{}' starts at neuron {}",
                 name, population.first_neuron);
    faults.check(population.program != nullptr, "population '{}' has no program", name);
    faults.check(fits(population.pinned, population.size), "population '{}': {} pinned cores", name,
                 population.pinned.list.size());
    for (const auto& [arg, values] : population.args) {
        faults.check(fits(values, population.size), "population '{}': {} values of '{}'", name,
                     values.list.size(), arg);
    }
    for (const auto& [word, values] : population.initial) {
        faults.check(fits(values, population.size), "population '{}': {} initial values of '{}'",
                     name, values.list.size(), word);
    }
}

bool exists(const Network& network, SourceRef source) {
    return source.index < (source.is_input ? network.inputs.size() : network.populations.size());
}

void verify_projection(const Network& network, const Projection& projection, Faults& faults) {
    const std::string& name = projection.name;
    faults.check(exists(network, projection.from), "projection '{}' comes from nowhere", name);
    faults.check(projection.to < network.populations.size(), "projection '{}' goes nowhere", name);
    faults.check(projection.rows != nullptr, "projection '{}' has no rows", name);
    faults.check(projection.exponent >= -8 && projection.exponent <= 7,
                 "projection '{}' has exponent {}", name, projection.exponent);
    faults.check(projection.bits >= 1 && projection.bits <= 8 && projection.bits != 7,
                 "projection '{}' has {} bits", name, projection.bits);
    faults.check(
        !projection.sign_mode || (*projection.sign_mode >= 1 && *projection.sign_mode <= 3),
        "projection '{}' has an unknown sign mode", name);
    faults.check(projection.accumulator < isa::kAccumulators,
                 "projection '{}' goes to accumulator {}", name, projection.accumulator);
    faults.check(projection.channel < isa::kChannels &&
                     (projection.channel == 0 || !projection.from.is_input),
                 "projection '{}' carries channel {}", name, projection.channel);
    if (!projection.tied) return;
    const std::vector<Projection>& all = network.projections;
    const bool learns = *projection.tied < all.size() && all[*projection.tied].learning_rule &&
                        !all[*projection.tied].tied;
    faults.check(learns && projection.learning_rule &&
                     all[*projection.tied].from == SourceRef{false, projection.to} &&
                     projection.from == SourceRef{false, all[*projection.tied].to},
                 "projection '{}' is tied to none that learns the other way", name);
}

void verify_population(const LoweredPopulation& population, const Lowered& lowered,
                       NeuronId first_neuron, Faults& faults) {
    const std::string& name = population.name;
    faults.check(population.first_neuron == first_neuron, "population '{}' starts at neuron {}",
                 name, population.first_neuron);
    if (population.program >= lowered.programs.size()) {
        faults.check(false, "population '{}' has no program", name);
        return;
    }
    faults.check(!population.profiles.empty(), "population '{}' has no profile", name);
    faults.check(population.profile_of.empty() || population.profile_of.size() == population.size,
                 "population '{}' has {} profile numbers", name, population.profile_of.size());
    for (const std::uint32_t profile : population.profile_of) {
        if (profile < population.profiles.size()) continue;
        faults.check(false, "population '{}' uses profile {}", name, profile);
        break;
    }
    faults.check(population.state.size() == lowered.programs[population.program]->states.size(),
                 "population '{}' initialises {} state words", name, population.state.size());
    std::vector<bool> seen(population.order.empty() ? 0 : population.size);
    for (const std::uint32_t neuron : population.order) {
        if (neuron < seen.size()) seen[neuron] = true;
    }
    faults.check(population.unit >= 1 &&
                     (population.order.empty() || population.order.size() == population.size) &&
                     std::find(seen.begin(), seen.end(), false) == seen.end(),
                 "population '{}' has no whole order", name);
    for (const auto& values : population.state) {
        faults.check(values.given() && fits(values, population.size),
                     "population '{}' has {} values of a state word", name, values.list.size());
    }
}

bool is_legal(const isa::SynapseFormat& format) {
    const bool dense = (format.flags & isa::SynapseFormat::kDense) != 0;
    const bool index =
        dense ? format.index_bits == 0 : format.index_bits >= 6 && format.index_bits <= 16;
    return index && format.weight_exponent >= -8 && format.weight_exponent <= 7 &&
           format.weight_bits >= 1 && format.weight_bits <= 8 && format.weight_bits != 7 &&
           format.delay_bits <= 6 && format.sign_mode >= 1 && format.sign_mode <= 3 &&
           format.accumulator < isa::kAccumulators;
}

/// Weights and delays against the format, which is legal.
void verify_values(const LoweredProjection& projection, Faults& faults) {
    const isa::SynapseFormat& format = projection.format;
    const bool mixed = format.sign_mode == 1;
    const int step = projection.learned ? 1 : 1 << (8 - format.weight_bits + (mixed ? 1 : 0));
    const int inhibitory = projection.learned ? -256 : -255;
    const int low = mixed ? -256 : format.sign_mode == 2 ? 0 : inhibitory;
    const int high = format.sign_mode == 3 ? 0 : 255;
    int least = 0;
    int most = 0;
    std::uint32_t bits = 0;  // of all together: steps are powers of two
    for (const std::int16_t weight : projection.synapses.weight) {
        least = std::min<int>(least, weight);
        most = std::max<int>(most, weight);
        bits |= static_cast<std::uint16_t>(weight);
    }
    const bool in_range = least >= low && most <= high;
    const bool on_grid = bits % static_cast<std::uint32_t>(step) == 0;
    faults.check(in_range, "projection '{}' has mantissas outside [{}, {}]", projection.name, low,
                 high);
    faults.check(on_grid, "projection '{}' has mantissas that are no multiple of {}",
                 projection.name, step);
    std::uint32_t longest = 0;
    for (const std::uint8_t delay : projection.synapses.delay) {
        longest = std::max<std::uint32_t>(longest, delay);
    }
    faults.check(longest <= isa::kMaxDelay && (longest >> format.delay_bits) == 0,
                 "projection '{}' has a delay of {} in {} bits", projection.name, longest,
                 format.delay_bits);
}

void verify_table(const LoweredProjection& projection, const Lowered& lowered, Faults& faults) {
    const std::string& name = projection.name;
    const SynapseTable& table = projection.synapses;
    faults.check(
        exists(lowered.network, projection.from) && projection.to < lowered.populations.size() &&
            table.first.size() == std::size_t{lowered.network.source_size(projection.from)} + 1 &&
            table.first.front() == 0 && table.first.back() == table.target.size() &&
            std::is_sorted(table.first.begin(), table.first.end()),
        "projection '{}': rows do not cover the synapses", name);
    faults.check(table.weight.size() == table.target.size() &&
                     (table.delay.empty() || table.delay.size() == table.target.size()),
                 "projection '{}': {} targets, {} weights, {} delays", name, table.target.size(),
                 table.weight.size(), table.delay.size());
    std::uint32_t largest = 0;
    for (const std::uint32_t target : table.target) largest = std::max(largest, target);
    faults.check(table.target.empty() || (projection.to < lowered.populations.size() &&
                                          largest < lowered.populations[projection.to].size),
                 "projection '{}' has target {}", name, largest);
    if (!is_legal(projection.format)) {
        faults.check(false, "projection '{}' has no legal format", name);
        return;
    }
    verify_values(projection, faults);
    faults.check((projection.format.flags & isa::SynapseFormat::kDense) == 0 ||
                     (projection.complete && !projection.share),
                 "projection '{}' is dense, but its rows are not complete or shared", name);
}

}  // namespace

std::vector<std::string> verify(const Network& network) {
    Faults faults;
    NeuronId next;
    for (const Population& population : network.populations) {
        verify_population(population, next, faults);
        next = next + population.size;
    }
    for (std::size_t p = 0; p < network.populations.size(); ++p) {
        const Population& population = network.populations[p];
        faults.check(
            !population.parent ||
                (*population.parent > p && *population.parent < network.populations.size() &&
                 network.populations[*population.parent].size == population.size),
            "population '{}' has no parent of its size behind it", population.name);
    }
    for (const Projection& projection : network.projections) {
        verify_projection(network, projection, faults);
    }
    for (const Input& input : network.inputs) {
        faults.check(input.image.outputs.empty(), "input '{}' has a fan-out already",
                     input.image.name);
    }
    for (const isa::ProbeImage& probe : network.probes) {
        faults.check(probe.population < network.populations.size(), "a probe of population {}",
                     probe.population);
    }
    faults.check(network.readout.by == isa::ReadoutBy::kNone ||
                     network.readout.population < network.populations.size(),
                 "the readout is population {}", network.readout.population);
    if (network.readout.population < network.populations.size()) {
        const std::uint32_t cells = network.populations[network.readout.population].size;
        for (const auto* of : {&network.readout.classes, &network.readout.weights}) {
            faults.check(of->empty() || of->size() == cells,
                         "the readout says something of {} neurons of {}", of->size(), cells);
        }
    }
    return faults.take();
}

std::vector<std::string> verify(const Lowered& lowered) {
    Faults faults;
    faults.check(lowered.populations.size() == lowered.network.populations.size() &&
                     lowered.projections.size() == lowered.network.projections.size(),
                 "{} populations and {} projections were lowered", lowered.populations.size(),
                 lowered.projections.size());
    faults.check(lowered.losses.size() == lowered.projections.size(), "{} losses of {} projections",
                 lowered.losses.size(), lowered.projections.size());
    NeuronId next;
    for (const LoweredPopulation& population : lowered.populations) {
        verify_population(population, lowered, next, faults);
        next = next + population.size;
    }
    for (const LoweredProjection& projection : lowered.projections) {
        verify_table(projection, lowered, faults);
    }
    return faults.take();
}

std::vector<std::string> verify(const Mapping& mapping, const Lowered& lowered,
                                std::uint32_t cores) {
    Faults faults;
    faults.check(mapping.shard_of.size() == lowered.neuron_count(), "{} of {} neurons are mapped",
                 mapping.shard_of.size(), lowered.neuron_count());
    IdVector<ShardId, bool> used(mapping.shards);
    for (const ShardId shard : mapping.shard_of) {
        if (shard.value() < mapping.shards) {
            used[shard] = true;
        } else {
            faults.check(false, "shard {} of {}", shard, mapping.shards);
            break;
        }
    }
    faults.check(std::find(used.begin(), used.end(), false) == used.end(), "a shard is empty");
    for (const LoweredPopulation& population : lowered.populations) {
        if (!population.parent || mapping.shard_of.size() != lowered.neuron_count()) continue;
        const NeuronId parent = lowered.populations[*population.parent].first_neuron;
        std::uint32_t apart = 0;
        for (std::uint32_t i = 0; i < population.size; ++i) {
            if (mapping.shard_of[population.first_neuron + i] != mapping.shard_of[parent + i]) {
                ++apart;
            }
        }
        faults.check(apart == 0, "population '{}': {} neurons are not on their parent's core",
                     population.name, apart);
    }
    faults.check(mapping.core_of.size() == mapping.shards, "{} of {} shards have a place",
                 mapping.core_of.size(), mapping.shards);
    std::vector<CoreId> placed = mapping.core_of.list();
    placed.erase(std::remove(placed.begin(), placed.end(), Mapping::kUnplaced), placed.end());
    std::sort(placed.begin(), placed.end());
    faults.check(std::adjacent_find(placed.begin(), placed.end()) == placed.end(),
                 "two shards on one core");
    faults.check(placed.empty() || placed.back().value() < cores, "a shard is on core {} of {}",
                 placed.empty() ? CoreId{} : placed.back(), cores);
    return faults.take();
}

}  // namespace seamount::compiler
