#include "tools/import/sonata/sonata_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "compiler/frontend/hdf5/recorded_spikes.hpp"

namespace seamount::importer::sonata {
namespace {

constexpr std::string_view kPopulationKey = "population";  ///< rules that are no attributes
constexpr std::string_view kIdKey = "node_id";

bool same_letters(const std::string& a, const std::string& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

/// Which nodes a set has, asked one by one.
class Selection {
public:
    Selection(const Config& config, const SpikeInput& input,
              const std::vector<NodePopulation>& populations, std::vector<std::string>& notes,
              Diagnostics& found)
        : config_{config}, input_{input}, populations_{populations}, notes_{notes}, found_{found} {
        resolve(input.nodes, 0);
    }

    /// True if the population as a whole, or this node of it, is meant.
    [[nodiscard]] bool has(const NodePopulation& population, std::size_t node) const {
        if (all_) return true;
        if (whole_.contains(population.name)) return true;
        return std::any_of(rules_.begin(), rules_.end(),
                           [&](const NodeSet* set) { return matches(*set, population, node); });
    }

private:
    void resolve(const NodeSet& set, int depth) {
        constexpr int kDeepest = 16;
        if (set.sets.empty() && set.rules.empty()) all_ = true;
        if (!set.rules.empty()) rules_.push_back(&set);
        for (const std::string& name : set.sets) {
            const auto known = config_.node_sets.find(name);
            if (known != config_.node_sets.end() && depth < kDeepest) {
                resolve(known->second, depth + 1);
            } else {
                resolve_population(name);
            }
        }
    }

    /// Configurations name a population where they mean a set.
    void resolve_population(const std::string& name) {
        for (const bool exact : {true, false}) {
            for (const NodePopulation& one : populations_) {
                if (exact ? one.name != name : !same_letters(one.name, name)) continue;
                whole_.insert(one.name);
                if (!config_.node_sets.empty()) {
                    notes_.push_back(
                        fmt::format("input '{}': no node set '{}', the population "
                                    "'{}' is taken",
                                    input_.name, name, one.name));
                }
                return;
            }
        }
        std::vector<std::string> names;
        for (const auto& [set, rules] : config_.node_sets) names.push_back(set);
        for (const NodePopulation& one : populations_) names.push_back(one.name);
        found_.error("IMP-VALUE", input_.where, fmt::format("no node set '{}'", name),
                     fmt::format("node sets and populations: {}", fmt::join(names, ", ")));
    }

    static bool matches(const NodeSet& set, const NodePopulation& population, std::size_t node) {
        return std::all_of(set.rules.begin(), set.rules.end(), [&](const auto& rule) {
            const auto& [key, wanted] = rule;
            std::optional<std::string> value;
            if (key == kPopulationKey) {
                value = population.name;
            } else if (key == kIdKey) {
                value = std::to_string(population.ids[node]);
            } else {
                value = population.records->text(population.record_of[node], key);
            }
            return value && std::find(wanted.begin(), wanted.end(), *value) != wanted.end();
        });
    }

    const Config& config_;
    const SpikeInput& input_;
    const std::vector<NodePopulation>& populations_;
    std::vector<std::string>& notes_;
    Diagnostics& found_;
    bool all_ = false;
    std::set<std::string> whole_;
    std::vector<const NodeSet*> rules_;
};

/// Spikes of one input, counted per population, step and node.
class InputReader {
public:
    InputReader(const Config& config, const std::vector<NodePopulation>& populations, double dt_ms,
                std::vector<std::string>& notes, Diagnostics& found)
        : config_{config},
          populations_{populations},
          dt_ms_{dt_ms},
          notes_{notes},
          found_{found},
          counts_(populations.size()) {}

    void read(const SpikeInput& input) {
        const Selection selection{config_, input, populations_, notes_, found_};
        const Hdf5File file{input.file};
        const std::vector<std::string> names = compiler::frontend::spike_populations(file);
        if (names.empty()) return add(input, file, "", only_virtual(input, selection), selection);
        for (const std::string& name : names) {
            const auto population =
                std::find_if(populations_.begin(), populations_.end(),
                             [&](const NodePopulation& one) { return one.name == name; });
            if (population == populations_.end() || !population->is_virtual) {
                notes_.push_back(fmt::format(
                    "input '{}': spikes of '{}', which is no population of virtual nodes, are "
                    "left out",
                    input.name, name));
                continue;
            }
            add(input, file, name, static_cast<std::size_t>(population - populations_.begin()),
                selection);
        }
    }

    [[nodiscard]] std::vector<std::vector<InputSpike>> spikes() const {
        std::vector<std::vector<InputSpike>> result(counts_.size());
        for (std::size_t p = 0; p < counts_.size(); ++p) {
            for (const auto& [place, count] : counts_[p]) {
                result[p].push_back({place.first, place.second, count});
            }
        }
        return result;
    }
    [[nodiscard]] double largest_shift() const noexcept { return largest_shift_; }

private:
    /// The population of spikes that do not name theirs.
    std::optional<std::size_t> only_virtual(const SpikeInput& input, const Selection& selection) {
        std::vector<std::size_t> meant;
        for (std::size_t p = 0; p < populations_.size(); ++p) {
            const NodePopulation& one = populations_[p];
            bool any = false;
            for (std::size_t i = 0; i < one.ids.size() && !any; ++i) any = selection.has(one, i);
            if (one.is_virtual && any) meant.push_back(p);
        }
        if (meant.size() == 1) return meant.front();
        if (!found_.has_errors()) {
            found_.error("IMP-VALUE", input.where,
                         fmt::format("its spikes do not name their population, and its node set "
                                     "has virtual nodes of {} populations",
                                     meant.size()),
                         "give it a node_set of one population");
        }
        return std::nullopt;
    }

    void add(const SpikeInput& input, const Hdf5File& file, const std::string& name,
             std::optional<std::size_t> at, const Selection& selection) {
        constexpr double kMostSteps = 1e12;
        if (!at) return;
        const NodePopulation& population = populations_[*at];
        const auto recorded = compiler::frontend::read_recorded_spikes(file, name);
        std::uint64_t strangers = 0;
        for (std::size_t i = 0; i < recorded.ids.size(); ++i) {
            const std::optional<std::uint32_t> node = population.index_of(recorded.ids[i]);
            if (!node || !selection.has(population, *node)) {
                ++strangers;
                continue;
            }
            const double step = std::round(recorded.times_ms[i] / dt_ms_);
            if (step > kMostSteps) {
                found_.error("IMP-VALUE", input.where,
                             fmt::format("a spike at {} ms is too late", recorded.times_ms[i]));
                return;
            }
            largest_shift_ =
                std::max(largest_shift_, std::abs(step * dt_ms_ - recorded.times_ms[i]));
            ++counts_[*at][{static_cast<std::uint64_t>(step), *node}];
        }
        if (strangers != 0) {
            notes_.push_back(
                fmt::format("input '{}': {} of {} spikes have ids that are no nodes "
                            "of its set and are left out",
                            input.name, strangers, recorded.ids.size()));
        }
    }

    const Config& config_;
    const std::vector<NodePopulation>& populations_;
    double dt_ms_;
    std::vector<std::string>& notes_;
    Diagnostics& found_;
    std::vector<std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint32_t>> counts_;
    double largest_shift_ = 0;
};

}  // namespace

std::vector<std::vector<InputSpike>> read_inputs(const Config& config,
                                                 const std::vector<NodePopulation>& populations,
                                                 double dt_ms, std::vector<std::string>& notes,
                                                 std::vector<std::filesystem::path>& files_read,
                                                 Diagnostics& found) {
    InputReader reader{config, populations, dt_ms, notes, found};
    for (const SpikeInput& input : config.inputs) {
        files_read.push_back(input.file);
        try {
            reader.read(input);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    if (reader.largest_shift() > 0) {
        notes.push_back(
            fmt::format("input spikes are moved to the nearest step, by at most {:.3g} "
                        "ms",
                        reader.largest_shift()));
    }
    return reader.spikes();
}

}  // namespace seamount::importer::sonata
