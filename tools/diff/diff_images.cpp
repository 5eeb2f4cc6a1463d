#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "emulator/machine/machine.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/text.hpp"
#include "tools/diff/difference.hpp"
#include "tools/session/drive/synapse_table.hpp"

namespace seamount::diff {
namespace {

/// What a neuron is made of, apart from its place.
struct Neuron {
    std::string program;
    std::map<std::string, std::int32_t> values;  ///< parameters and initial states
    std::uint32_t core = 0;
    friend bool operator==(const Neuron&, const Neuron&) = default;
};

std::vector<Neuron> neurons_of(const isa::Image& image) {
    std::vector<Neuron> neurons(image.neuron_count());
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            const isa::ProgramImage& program = image.programs[group.program];
            for (std::uint32_t i = 0; i < group.count; ++i) {
                Neuron& neuron = neurons[core.neurons[group.first + i].value()];
                neuron.program = program.name;
                neuron.core = core.core.value();
                for (std::size_t p = 0; p < program.params.size(); ++p) {
                    neuron.values[program.params[p]] = group.params[p];
                }
                for (std::size_t s = 0; s < program.states.size() && s < group.state.size(); ++s) {
                    const std::vector<std::int32_t>& values = group.state[s];
                    if (values.empty()) continue;
                    neuron.values["initial " + program.states[s]] =
                        values.size() == 1 ? values.front() : values[i];
                }
            }
        }
    }
    return neurons;
}

void add(Difference& difference, const char* key, std::string line) {
    difference.json[key].push_back(line);
    difference.lines.push_back(std::move(line));
}

void compare_neurons(const isa::Image& a, const isa::Image& b,
                     const std::map<std::string, const isa::PopulationImage*>& others,
                     Difference& difference) {
    const std::vector<Neuron> first = neurons_of(a);
    const std::vector<Neuron> second = neurons_of(b);
    std::uint64_t moved = 0;
    for (const isa::PopulationImage& population : a.populations) {
        const auto other = others.find(population.name);
        if (other == others.end() || other->second->count != population.count) continue;
        std::map<std::string, std::pair<std::uint32_t, std::string>> changed;
        for (std::uint32_t i = 0; i < population.count; ++i) {
            const Neuron& x = first[population.first_neuron.value() + i];
            const Neuron& y = second[other->second->first_neuron.value() + i];
            if (x.core != y.core) ++moved;
            const auto note = [&](const std::string& what, const std::string& text) {
                auto& entry =
                    changed.try_emplace(what, 0U, fmt::format("[{}] {}", i, text)).first->second;
                ++entry.first;
            };
            if (x.program != y.program) note("program", x.program + " and " + y.program);
            for (const auto& [name, value] : x.values) {
                const auto found = y.values.find(name);
                if (found == y.values.end()) {
                    note(name, fmt::format("{} and none", value));
                } else if (found->second != value) {
                    note(name, fmt::format("{} and {}", value, found->second));
                }
            }
        }
        for (const auto& [what, entry] : changed) {
            add(difference, "populations",
                fmt::format("{} of population {} differs in {} neurons, first {}{}", what,
                            population.name, grouped(entry.first), population.name, entry.second));
        }
    }
    if (moved == 0) return;
    difference.json["moved"] = moved;
    difference.lines.push_back(
        fmt::format("{} neurons are on other cores (spikes do not depend on it)", grouped(moved)));
}

/// A synapse but for its weight, and how many were like that before it.
using Key = std::tuple<std::uint32_t, std::uint32_t, std::int32_t>;

std::map<Key, std::vector<std::int32_t>> weights_of(const session::SynapseTable& table) {
    std::map<Key, std::vector<std::int32_t>> weights;
    for (std::size_t i = 0; i < table.source.size(); ++i) {
        weights[{table.source[i], table.target[i], table.delay[i]}].push_back(table.weight[i]);
    }
    for (auto& [key, values] : weights) std::ranges::sort(values);
    return weights;
}

std::string text_of(const std::vector<std::int32_t>* weights) {
    if (weights == nullptr) return "no synapse";
    return fmt::format("weight {}", fmt::join(*weights, ", "));
}

void compare_projection(const isa::ProjectionImage& projection, const session::SynapseTable& first,
                        const session::SynapseTable& second, const std::string& target,
                        Difference& difference) {
    const auto a = weights_of(first);
    const auto b = weights_of(second);
    std::uint64_t count = 0;
    std::string example;
    const auto note = [&](const Key& key, const std::vector<std::int32_t>* x,
                          const std::vector<std::int32_t>* y) {
        if (count++ != 0) return;
        example = fmt::format("{}[{}] to {}[{}] with delay {}: {} and {}", projection.from,
                              std::get<0>(key), target, std::get<1>(key), std::get<2>(key),
                              text_of(x), text_of(y));
    };
    for (const auto& [key, weights] : a) {
        const auto other = b.find(key);
        if (other == b.end()) {
            note(key, &weights, nullptr);
        } else if (other->second != weights) {
            note(key, &weights, &other->second);
        }
    }
    for (const auto& [key, weights] : b) {
        if (!a.contains(key)) note(key, nullptr, &weights);
    }
    if (count == 0) return;
    add(difference, "synapses",
        fmt::format("projection {}: {} synapses differ, first {}", projection.name, grouped(count),
                    example));
}

void compare_synapses(const isa::Image& a, const isa::Image& b, Difference& difference) {
    const emu::Machine first{a, {}};
    const emu::Machine second{b, {}};
    std::multimap<std::string, std::uint32_t> others;  // those of one name in their order
    for (std::uint32_t p = 0; p < b.projections.size(); ++p) {
        others.emplace(b.projections[p].name, p);
    }
    for (std::uint32_t p = 0; p < a.projections.size(); ++p) {
        const isa::ProjectionImage& projection = a.projections[p];
        const auto other = others.lower_bound(projection.name);
        if (other == others.end() || other->first != projection.name) {
            add(difference, "synapses",
                fmt::format("projection {} is in the first only", projection.name));
            continue;
        }
        try {
            compare_projection(projection, session::synapses_of(a, first, p),
                               session::synapses_of(b, second, other->second),
                               a.populations[projection.to].name, difference);
        } catch (const InputError&) {
            // Several projections join the same populations, and the image does not part them.
            const std::uint64_t there = b.projections[other->second].synapses;
            if (projection.synapses != there) {
                add(difference, "synapses",
                    fmt::format("projection {}: {} and {} synapses", projection.name,
                                grouped(projection.synapses), grouped(there)));
            }
        }
        others.erase(other);
    }
    for (const auto& [name, p] : others) {
        add(difference, "synapses", fmt::format("projection {} is in the second only", name));
    }
}

/// Whether entries are the same, wherever their files say so.
template <class Entry>
bool are_alike(const std::vector<Entry>& a, const std::vector<Entry>& b) {
    return std::ranges::equal(a, b, [](const Entry& one, const Entry& other) {
        if (one == other || one.where == other.where) return one == other;
        Entry moved = one;
        moved.where = other.where;
        return moved == other;
    });
}

bool learn_alike(const isa::LearningImage& a, const isa::LearningImage& b) {
    return a.enabled == b.enabled && a.switches == b.switches && are_alike(a.rules, b.rules) &&
           a.projections == b.projections && a.rewards == b.rewards &&
           a.rule_spikes == b.rule_spikes && a.ties == b.ties;
}

void compare_programs(const isa::Image& a, const isa::Image& b, Difference& difference) {
    for (const isa::ProgramImage& one : a.programs) {
        const auto same = std::ranges::find(b.programs, one.name, &isa::ProgramImage::name);
        if (same == b.programs.end()) continue;  // its populations have another
        if (same->words == one.words && same->params == one.params && same->states == one.states &&
            same->accumulators == one.accumulators && same->views == one.views &&
            same->combine == one.combine) {
            continue;
        }
        add(difference, "others", fmt::format("the neuron program {} differs", one.name));
    }
}

/// What belongs to no neuron or synapse.
void compare_rest(const isa::Image& a, const isa::Image& b, Difference& difference) {
    const auto note = [&difference](bool same, const char* text) {
        if (!same) add(difference, "others", text);
    };
    compare_programs(a, b, difference);
    note(are_alike(a.inputs, b.inputs), "inputs or where they go differ");
    note(a.dataset == b.dataset, "the datasets differ");
    note(learn_alike(a.learning, b.learning), "how synapses learn differs");
    note(a.readout == b.readout, "the readouts differ");
    note(are_alike(a.probes, b.probes) && a.core_probes == b.core_probes &&
             a.weight_windows == b.weight_windows && a.learning.probes == b.learning.probes,
         "what is recorded differs");
    note(a.chip == b.chip, "the chips differ");
    note(a.seed == b.seed, "the seeds differ");
}

}  // namespace

Difference of_images(const isa::Image& first, const isa::Image& second) {
    Difference difference;
    if (first == second) return difference;
    std::map<std::string, const isa::PopulationImage*> others;
    for (const isa::PopulationImage& one : second.populations) others[one.name] = &one;
    for (const isa::PopulationImage& one : first.populations) {
        const auto other = others.find(one.name);
        if (other == others.end()) {
            add(difference, "populations",
                fmt::format("population {} is in the first only", one.name));
        } else if (other->second->count != one.count) {
            add(difference, "populations",
                fmt::format("population {}: {} and {} neurons", one.name, grouped(one.count),
                            grouped(other->second->count)));
        }
    }
    std::set<std::string> names;
    for (const isa::PopulationImage& one : first.populations) names.insert(one.name);
    for (const isa::PopulationImage& one : second.populations) {
        if (names.contains(one.name)) continue;
        add(difference, "populations",
            fmt::format("population {} is in the second only", one.name));
    }
    compare_neurons(first, second, others, difference);
    compare_synapses(first, second, difference);
    compare_rest(first, second, difference);
    if (difference.lines.empty()) {
        add(difference, "others",
            "only how they are stored differs, or in which lines their files say so");
    }
    return difference;
}

}  // namespace seamount::diff
