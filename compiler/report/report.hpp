#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "compiler/ir/network.hpp"
#include "compiler/ir/quantisation_loss.hpp"
#include "compiler/report/mapping_report.hpp"
#include "isa/base/units.hpp"

namespace seamount::compiler {

/// A learning rule and what its products cost for one synapse.
struct RuleCost {
    std::string name;
    std::uint32_t words = 0;    ///< of learning microcode
    std::uint32_t macs_x0 = 0;  ///< multiply-accumulates of products with the gate x0
    std::uint32_t macs_y0 = 0;
    std::uint32_t macs_u = 0;
    std::uint64_t synapses = 0;  ///< that learn by it
};

/// What the cores of one layer take of their pools, together; a core belongs to the population that
/// has most neurons on it.
struct LayerFill {
    std::string population;
    std::uint64_t cores = 0;
    std::uint64_t input_axons = 0;
    std::uint64_t neuron_groups = 0;
    std::uint64_t neurons = 0;  ///< with those that fill tiles up
    std::uint64_t synapse_words = 0;
    std::uint64_t axon_map = 0;
    std::uint64_t axon_memory = 0;
    std::uint64_t pool_words = 0;
};

/// A mapping that was measured to choose the best one.
struct MeasuredMapping {
    std::string how;           ///< the options that differ from those that were given
    bool fits = false;         ///< else nothing below says anything
    std::uint32_t cores = 0;   ///< in use
    double step_time_s = 0.0;  ///< modelled, mean
    double step_energy_j = 0.0;
    double packets_per_step = 0.0;
};

/// How the mapping was chosen among measured ones.
struct Optimisation {
    Objective objective{};
    std::uint64_t steps = 0;                ///< of each measurement
    std::uint64_t from_step = 0;            ///< those before are left out of the means
    std::vector<MeasuredMapping> measured;  ///< in the order of trial; the first is the default
    std::size_t kept = 0;                   ///< which of them
    bool budget_over = false;               ///< time was up before the list was
};

struct CompileReport {
    std::uint64_t neurons = 0;
    std::uint64_t synapses = 0;
    std::uint32_t cores = 0;
    std::string partitioner;                   ///< which method the mapping comes from
    bool is_random = false;                    ///< no structure that a better mapping could use
    std::uint64_t packets_per_step = 0;        ///< to other cores, at one spike per neuron and step
    std::uint64_t local_packets_per_step = 0;  ///< to the core that they come from, at that rate
    std::uint64_t hops_per_step = 0;           ///< tiles travelled by those packets
    std::uint32_t chips = 1;                   ///< that the chip file has
    std::uint32_t chips_used = 1;              ///< on which the network has cores
    std::uint64_t max_link_load = 0;  ///< packets on the busiest link at that rate, XY routing
    bool priced = true;               ///< false: the chip has no prices, and times mean nothing
    Picoseconds step_time{};          ///< expected of a step at that rate: StepTime::total()
    Picoseconds core_time{};          ///< of it, the slowest core
    Picoseconds link_time{};          ///< the busiest link, beside the cores
    Picoseconds barrier_time{};       ///< the barrier after both
    double partition_s = 0.0;
    double place_s = 0.0;
    double compile_s = 0.0;
    std::vector<LayerFill> layers;  ///< in the order of the network; chips with a pool only
    std::vector<PlacedFill> fills;  ///< ascending by core
    std::vector<QuantisationLoss> losses;
    std::vector<ChosenScale> scales;       ///< by `scale: auto`
    std::optional<double> dt_s;            ///< seconds of a step, if the network says so
    std::vector<UnitValue> with_units;     ///< what numbers with units became
    std::optional<MappingReport> mapping;  ///< if asked for
    std::uint64_t cache_hits = 0;          ///< projections read from the cache
    std::uint64_t cache_misses = 0;        ///< projections generated for it
    bool mapping_cached = false;           ///< partition and placement come from the cache
    std::vector<RuleCost> learning_rules;
    std::optional<Optimisation> optimisation;  ///< if an objective was given
};

/// The report as JSON text: all of what `compile --report` writes but the names of network and
/// chip. Adds the peak memory of this process so far.
[[nodiscard]] std::string report_json(const CompileReport& report);

}  // namespace seamount::compiler
