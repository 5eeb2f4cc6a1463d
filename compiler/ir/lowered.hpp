#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/network.hpp"
#include "compiler/ir/quantisation_loss.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler {

/// Quantised synapses of a projection in compressed rows, in generation order within a row.
struct SynapseTable {
    std::vector<std::uint64_t> first;   ///< source count + 1
    std::vector<std::uint32_t> target;  ///< index within the target population
    std::vector<std::int16_t> weight;  ///< mantissa as stored, -256..255, on the grid of the format
    std::vector<std::uint8_t> delay;   ///< 0..62; empty if all are 0
};

struct LoweredProjection {
    std::string name;
    SourceLocation where;
    SourceRef from;
    std::uint32_t to = 0;
    /// Complete; index_bits name any compartment of the chip's cores. Dense only if every source
    /// has one synapse to each target, in order, and on any core these are neighbours in order.
    isa::SynapseFormat format;
    std::uint8_t channel = 0;  ///< of the source's spikes that it carries
    /// Width on the mesh of the payloads that it takes, 0: none. The same for all projections of a
    /// source and channel that take them: a spike is as wide to every core.
    std::uint8_t payload_bits = 0;
    bool complete = false;  ///< every source has one synapse to each target, in their order
    /// `complete` before synapses of weight 0 were dropped: on chips with a pool its rows have the
    /// length of the targets on the core.
    bool full_rows = false;
    std::uint8_t pool_bits = 8;  ///< of a weight, its delay and tags (isa/image/pool_cost.hpp)
    /// Equal rows of a core are stored once. Never together with a dense format: the format of a
    /// row is chosen when it is known.
    bool share = false;
    std::shared_ptr<const Convolution> convolution;  ///< with `share`: what the rows repeat
    std::optional<std::uint32_t> learning_rule;      ///< index into Network::learning.rules
    bool learned = false;  ///< its synapses learned before: they start with all of their 9 bits
    SynapseTable synapses;
};

/// A population with its arguments folded into parameters and initial state.
struct LoweredPopulation {
    std::string name;
    SourceLocation where;
    std::uint32_t size = 0;
    NeuronId first_neuron;
    std::uint32_t program = 0;                                         ///< index into programs
    std::vector<std::array<std::int32_t, isa::kParameters>> profiles;  ///< distinct parameter sets
    std::vector<std::uint32_t> profile_of;    ///< per neuron; empty if there is one profile
    std::vector<Values<std::int32_t>> state;  ///< per state word of the program
    Values<CoreId> pinned;
    std::vector<CoreId> region;  ///< cores that its neurons may use, ascending; empty: all
    /// The order in which its neurons are best put on cores and stand there; empty: as numbered.
    std::vector<std::uint32_t> order;
    std::uint32_t unit = 1;  ///< so many neighbours in that order are better not separated
    /// See Population::parent. Populations with the same root form a tree; their neurons i must
    /// share a core.
    std::optional<std::uint32_t> parent;
    std::uint32_t root = 0;         ///< own index without a tree
    std::uint32_t parent_word = 0;  ///< with a parent: state word that gets the distance to it
};

/// The network in the chip's terms: programs, parameter profiles, initial state, quantised
/// synapses.
struct Lowered {
    Network network;  ///< what it came from (row generators released)
    std::vector<std::shared_ptr<const isa::Program>> programs;
    std::vector<LoweredPopulation> populations;
    std::vector<LoweredProjection> projections;
    std::vector<QuantisationLoss> losses;
    /// The chip has limits on a pool (isa::CoreLimits::has_pool): a packet from a place of a
    /// feature map visits one row for each tap of the kernel that it reaches, and tiles at the edge
    /// of a map are filled up to the size of the others.
    bool pool = false;
    bool drops_zeros = false;  ///< synapses of weight 0 are none (isa::ZeroWeights)

    [[nodiscard]] std::uint32_t neuron_count() const noexcept;
    [[nodiscard]] std::uint64_t synapse_count() const noexcept;
    /// Of the graded spikes of a source on a channel; 0 if nothing takes their payload.
    [[nodiscard]] std::uint8_t payload_bits(SourceRef from, std::uint8_t channel) const noexcept;
};

[[nodiscard]] std::vector<std::string> verify(const Lowered& lowered);
[[nodiscard]] std::string print(const Lowered& lowered);

/// Where every neuron lives. Shards are cores without a place yet; placement gives each shard its
/// core.
struct Mapping {
    static constexpr ShardId kNoShard = ShardId::none();
    static constexpr CoreId kUnplaced = CoreId::none();

    IdVector<NeuronId, ShardId> shard_of;  ///< kNoShard before partitioning
    std::uint32_t shards = 0;
    IdVector<ShardId, CoreId> core_of;  ///< kUnplaced before placement, except for shards that the
                                        ///< user pinned

    [[nodiscard]] IdRange<ShardId> shard_ids() const noexcept { return IdRange<ShardId>{shards}; }
};

/// `cores` is how many the chip has.
[[nodiscard]] std::vector<std::string> verify(const Mapping& mapping, const Lowered& lowered,
                                              std::uint32_t cores = 0xFFFFFFFFU);
[[nodiscard]] std::string print(const Mapping& mapping, const Lowered& lowered);

/// Summary of an image for --dump-after codegen: tables of every core, not the synapses.
[[nodiscard]] std::string print(const isa::Image& image);

}  // namespace seamount::compiler
