#include "tools/import/sonata/sonata_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>

namespace seamount::importer::sonata {
namespace {

constexpr double kMagic = 0x0A7A;  ///< of SONATA files
constexpr std::array<std::string_view, 2> kPointTypes{"point_neuron", "point_process"};
constexpr std::string_view kVirtual = "virtual";
constexpr std::string_view kPlainWeight = "wmax";     ///< the weight function that changes nothing
constexpr std::uint32_t kMostRefractory = 1'000'000;  ///< of the program

/// Reads the neuron of a model; `get` takes a parameter in the model's own unit.
class ModelReader {
public:
    ModelReader(const Records& records, std::size_t record, double dt_ms)
        : records_{records}, record_{record}, dt_ms_{dt_ms} {}

    [[nodiscard]] PointNeuron int_fire_1() const {
        constexpr double kMsPerSecond = 1000;  // NEURON's own unit is ms, these files' is s
        PointNeuron neuron;
        neuron.tau_ms = get("tau") * kMsPerSecond;
        if (neuron.tau_ms < dt_ms_) {
            fail(fmt::format("'tau' is {} s, shorter than a step of {} ms", get("tau"), dt_ms_),
                 "IntFire1 has 'tau' and 'refrac' in seconds");
        }
        neuron.threshold = 1.0;
        // The step of the spike is the first of them.
        neuron.refractory = std::max(steps("refrac", get("refrac") * kMsPerSecond), 1U) - 1;
        return neuron;
    }

    [[nodiscard]] PointNeuron iaf_psc_delta() const {
        PointNeuron neuron;
        neuron.tau_ms = get("tau_m");
        const double rest = get("E_L");
        neuron.threshold = get("V_th") - rest;
        neuron.reset = get("V_reset") - rest;
        const double capacity = get("C_m");
        if (!(neuron.tau_ms > 0 && capacity > 0 && neuron.threshold > 0)) {
            fail("'tau_m' and 'C_m' must be above 0, 'V_th' above 'E_L'", {});
        }
        neuron.drive = records_.number(record_, "I_e").value_or(0.0) * neuron.tau_ms / capacity *
                       -std::expm1(-dt_ms_ / neuron.tau_ms);
        neuron.refractory = steps("t_ref", get("t_ref"));
        neuron.fires_at = true;
        return neuron;
    }

private:
    [[nodiscard]] double get(const char* key) const {
        if (const auto value = records_.number(record_, key)) return *value;
        fail(fmt::format("'{}' is missing", key),
             "in the model's JSON, the table of types, or the "
             "group of the nodes");
    }
    [[nodiscard]] std::uint32_t steps(const char* key, double ms) const {
        const double count = std::round(ms / dt_ms_);
        if (count >= 0 && count <= kMostRefractory) return static_cast<std::uint32_t>(count);
        fail(fmt::format("'{}' is {} ms, must be 0 to {} steps", key, ms, kMostRefractory), {});
    }
    [[noreturn]] void fail(const std::string& message, const std::string& hint) const {
        throw InputError{
            Diagnostic{"IMP-VALUE", records_.where(),
                       fmt::format("node type {}: {}", records_.type(record_), message), hint}};
    }

    const Records& records_;
    std::size_t record_;
    double dt_ms_;
};

struct ModelRow {
    std::string_view name;
    PointNeuron (ModelReader::*read)() const;
};
constexpr std::array kModels{
    ModelRow{"nrn:IntFire1", &ModelReader::int_fire_1},
    ModelRow{"nest:iaf_psc_delta", &ModelReader::iaf_psc_delta},
};

std::string model_names() {
    std::vector<std::string_view> names;
    for (const ModelRow& row : kModels) names.push_back(row.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

void read_neurons(NodePopulation& population, double dt_ms, Diagnostics& found) {
    std::set<std::uint64_t> refused;  // one finding for a type is enough
    for (const std::size_t record : population.record_of) {
        const Records& records = *population.records;
        const std::uint64_t type = records.type(record);
        if (refused.contains(type)) continue;
        try {
            const std::string model = records.text(record, "model_template").value_or("");
            const auto* const row =
                std::find_if(kModels.begin(), kModels.end(),
                             [&](const ModelRow& one) { return one.name == model; });
            if (row == kModels.end()) {
                throw InputError{Diagnostic{
                    "IMP-TYPE", records.where(),
                    fmt::format("node type {}: model_template '{}' has no counterpart here", type,
                                model),
                    fmt::format("those that have: {}", model_names())}};
            }
            population.neurons.push_back((ModelReader{records, record, dt_ms}.*row->read)());
        } catch (const InputError& error) {
            found.add(error);
            refused.insert(type);
        }
    }
}

/// Sets what the nodes are; false with a finding if they are nothing that can be.
bool find_kind(NodePopulation& population, Diagnostics& found) {
    std::size_t virtual_nodes = 0;
    std::set<std::uint64_t> seen;
    bool good = true;
    for (const std::size_t record : population.record_of) {
        const Records& records = *population.records;
        const std::string type = records.text(record, "model_type").value_or("");
        if (type == kVirtual) ++virtual_nodes;
        const bool known = type == kVirtual || std::find(kPointTypes.begin(), kPointTypes.end(),
                                                         type) != kPointTypes.end();
        if (known || !seen.insert(records.type(record)).second) continue;
        found.error("IMP-TYPE", records.where(),
                    fmt::format("node type {}, model_type '{}': Seamount has point neurons only",
                                records.type(record), type),
                    "point_neuron, point_process or virtual; the nearest to a biophysical cell is "
                    "nrn:IntFire1, or neurons of several compartments in a network file");
        good = false;
    }
    population.is_virtual = virtual_nodes == population.ids.size();
    if (good && virtual_nodes != 0 && !population.is_virtual) {
        found.error("IMP-TYPE", population.records->where(),
                    "virtual nodes and neurons in one population",
                    "give the virtual nodes a population of their own");
        good = false;
    }
    return good;
}

void check_magic(const Hdf5File& file, Config& config) {
    const std::optional<double> magic = file.attribute_number("/", "magic");
    if (!magic) {
        config.notes.push_back(
            fmt::format("{} has no SONATA magic", file.path().filename().string()));
    } else if (*magic != kMagic) {
        throw InputError{Diagnostic{"IMP-FORMAT",
                                    file.at("/"),
                                    fmt::format("magic is {:#x}, that of SONATA is 0xa7a",
                                                static_cast<std::int64_t>(*magic)),
                                    {}}};
    }
}

NodePopulation read_population(std::shared_ptr<const Records> records, const std::string& name) {
    constexpr std::uint64_t kMostNodes = std::uint64_t{1} << 24U;
    NodePopulation population{name, {}, std::move(records), {}, {}};
    const std::size_t size = population.records->size();
    const std::string key = population.records->object() + "/node_id";
    std::vector<std::uint64_t> ids(size);
    std::iota(ids.begin(), ids.end(), 0);
    if (population.records->file().has(key)) ids = whole_numbers(population.records->file(), key);
    const auto fail = [&](const std::string& message) {
        throw InputError{Diagnostic{"IMP-VALUE", population.records->file().at(key), message, {}}};
    };
    if (ids.size() != size) fail(fmt::format("{} ids for {} nodes", ids.size(), size));
    if (size == 0 || size > kMostNodes) fail(fmt::format("{} nodes", size));
    population.record_of.resize(size);
    std::iota(population.record_of.begin(), population.record_of.end(), 0);
    std::stable_sort(population.record_of.begin(), population.record_of.end(),
                     [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
    for (const std::size_t record : population.record_of) population.ids.push_back(ids[record]);
    const auto twice = std::adjacent_find(population.ids.begin(), population.ids.end());
    if (twice != population.ids.end()) fail(fmt::format("the id {} is there twice", *twice));
    return population;
}

/// Calls visit(file, name of a population) for all that the files of a kind have.
template <class Visit>
void for_each_population(Config& config, const std::vector<TableFiles>& files, const char* root,
                         Diagnostics& found, Visit visit) {
    for (const TableFiles& table : files) {
        try {
            const auto file = std::make_shared<const Hdf5File>(table.data);
            config.files_read.push_back(table.data);
            if (!table.types.empty()) config.files_read.push_back(table.types);
            check_magic(*file, config);
            const std::vector<std::string> names = file->members(root);
            if (names.empty()) {
                throw InputError{Diagnostic{"IMP-KEY", file->at(root), "no population", {}}};
            }
            for (const std::string& name : names) visit(file, table, name);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
}

/// The population that the nodes of an end of the edges are in.
std::size_t population_of(const Records& records, const char* end,
                          const std::vector<NodePopulation>& nodes) {
    const std::string object = fmt::format("{}/{}_node_id", records.object(), end);
    const std::optional<std::string> name =
        records.file().attribute_text(object, "node_population");
    const auto population =
        std::find_if(nodes.begin(), nodes.end(),
                     [&](const NodePopulation& one) { return name && one.name == *name; });
    if (population != nodes.end()) return static_cast<std::size_t>(population - nodes.begin());
    std::vector<std::string> names;
    for (const NodePopulation& one : nodes) names.push_back(one.name);
    throw InputError{Diagnostic{"IMP-VALUE", records.file().at(object),
                                name ? fmt::format("node_population '{}' is no population", *name)
                                     : std::string{"no attribute 'node_population'"},
                                fmt::format("populations: {}", fmt::join(names, ", "))}};
}

/// The connections of one population of edges.
class EdgeReader {
public:
    EdgeReader(const Records& records, const std::vector<NodePopulation>& nodes, double dt_ms,
               double& longest_ms)
        : records_{records}, nodes_{nodes}, dt_ms_{dt_ms}, longest_ms_{longest_ms} {}

    [[nodiscard]] EdgePopulation read(const std::string& name) {
        EdgePopulation edges{name,
                             population_of(records_, "source", nodes_),
                             population_of(records_, "target", nodes_),
                             {}};
        const NodePopulation& source = nodes_[edges.source];
        const NodePopulation& target = nodes_[edges.target];
        if (target.is_virtual) {
            fail("IMP-VALUE", "target_node_id",
                 fmt::format("'{}' has virtual nodes, which take no input", target.name));
        }
        const std::vector<std::uint32_t> sources = places("source", source);
        const std::vector<std::uint32_t> targets = places("target", target);
        for (std::size_t i = 0; i < records_.size(); ++i) {
            edges.connections.push_back(
                {sources[i], targets[i], weight(i), delay(i, source.is_virtual)});
        }
        return edges;
    }

private:
    std::vector<std::uint32_t> places(const char* end, const NodePopulation& population) {
        const std::string key = fmt::format("{}_node_id", end);
        const auto ids = whole_numbers(records_.file(), records_.object() + "/" + key);
        if (ids.size() != records_.size()) {
            fail("IMP-VALUE", key, fmt::format("{} ids for {} edges", ids.size(), records_.size()));
        }
        std::vector<std::uint32_t> result;
        for (const std::uint64_t id : ids) {
            const std::optional<std::uint32_t> place = population.index_of(id);
            if (!place) {
                fail("IMP-VALUE", key,
                     fmt::format("edge {}: '{}' has no node {}", result.size(), population.name,
                                 id));
            }
            result.push_back(*place);
        }
        return result;
    }

    double weight(std::size_t i) {
        constexpr double kLargest = 1e9;
        const std::string function =
            records_.text(i, "weight_function").value_or(std::string{kPlainWeight});
        if (function != kPlainWeight) {
            fail("IMP-TYPE", "",
                 fmt::format("edge type {}: weight_function '{}'", records_.type(i), function),
                 "only wmax, the weight as it stands, can be imported: store the weights that the "
                 "function gives as syn_weight");
        }
        const std::optional<double> weight = records_.number(i, "syn_weight");
        if (!weight) {
            fail("IMP-VALUE", "",
                 fmt::format("edge type {}: 'syn_weight' is missing", records_.type(i)));
        }
        const double synapses = records_.number(i, "nsyns").value_or(1.0);
        const double sign = records_.number(i, "sign").value_or(1.0);
        const double result = *weight * synapses * sign;
        if (std::abs(result) <= kLargest) return result;
        fail("IMP-VALUE", "",
             fmt::format("edge {}: its weight is {}, must be at most {} in size", i, result,
                         kLargest));
    }

    std::uint32_t delay(std::size_t i, bool from_virtual) {
        constexpr double kLongest = 1e6;
        const double ms = records_.number(i, "delay").value_or(0.0);
        if (!(ms >= 0 && ms <= kLongest)) {
            fail("IMP-VALUE", "", fmt::format("edge {}: its delay is {} ms", i, ms));
        }
        longest_ms_ = std::max(longest_ms_, ms);
        const auto steps = static_cast<std::uint32_t>(std::round(ms / dt_ms_));
        if (from_virtual) return steps;
        if (steps == 0) {
            fail("IMP-VALUE", "",
                 fmt::format("edge {}: its delay of {} ms is less than a step of {} ms", i, ms,
                             dt_ms_),
                 "a spike of one neuron acts in another one a step later at the earliest: --dt");
        }
        return steps - 1;
    }

    [[noreturn]] void fail(const char* code, const std::string& key, std::string message,
                           std::string hint = {}) const {
        throw InputError{
            Diagnostic{code, records_.file().at(records_.object() + (key.empty() ? "" : "/" + key)),
                       std::move(message), std::move(hint)}};
    }

    const Records& records_;
    const std::vector<NodePopulation>& nodes_;
    double dt_ms_;
    double& longest_ms_;
};

}  // namespace

std::optional<std::uint32_t> NodePopulation::index_of(std::uint64_t id) const {
    const auto place = std::lower_bound(ids.begin(), ids.end(), id);
    if (place == ids.end() || *place != id) return std::nullopt;
    return static_cast<std::uint32_t>(place - ids.begin());
}

std::vector<NodePopulation> read_nodes(Config& config, double dt_ms, Diagnostics& found) {
    std::vector<NodePopulation> populations;
    const auto visit = [&](const std::shared_ptr<const Hdf5File>& file, const TableFiles& table,
                           const std::string& name) {
        const auto types = std::make_shared<const std::map<std::uint64_t, Attributes>>(
            read_types(table.types, "node_type_id"));
        NodePopulation population =
            read_population(std::make_shared<const Records>(file, "/nodes/" + name, "node", types,
                                                            config.neuron_models),
                            name);
        for (const NodePopulation& other : populations) {
            if (other.name != name) continue;
            throw InputError{Diagnostic{"IMP-VALUE",
                                        population.records->where(),
                                        "a population of this name was read already",
                                        {}}};
        }
        if (find_kind(population, found) && !population.is_virtual) {
            read_neurons(population, dt_ms, found);
        }
        for (const auto& model : population.records->models_read()) {
            config.files_read.push_back(model);
        }
        populations.push_back(std::move(population));
    };
    for_each_population(config, config.nodes, "/nodes", found, visit);
    return populations;
}

std::vector<EdgePopulation> read_edges(Config& config, const std::vector<NodePopulation>& nodes,
                                       double dt_ms, double& longest_ms, Diagnostics& found) {
    std::vector<EdgePopulation> result;
    const auto visit = [&](const std::shared_ptr<const Hdf5File>& file, const TableFiles& table,
                           const std::string& name) {
        const auto types = std::make_shared<const std::map<std::uint64_t, Attributes>>(
            read_types(table.types, "edge_type_id"));
        const Records records{file, "/edges/" + name, "edge", types, config.synapse_models};
        result.push_back(EdgeReader{records, nodes, dt_ms, longest_ms}.read(name));
        for (const auto& model : records.models_read()) config.files_read.push_back(model);
    };
    for_each_population(config, config.edges, "/edges", found, visit);
    return result;
}

}  // namespace seamount::importer::sonata
