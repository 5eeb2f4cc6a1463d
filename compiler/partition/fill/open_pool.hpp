#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/ir/lowered.hpp"
#include "compiler/ir/pool_use.hpp"

namespace seamount::compiler {

/// What the pool of a core that is being filled needs at every moment, by the formulas of
/// isa/image/pool_cost.hpp: exactly what pool_use() counts for the finished core, but for axon
/// memory, which depends on the others. One more neuron costs time in proportion to its synapses of
/// projections that are neither kernels nor complete.
class OpenPool {
public:
    struct Neuron {
        std::uint32_t population = 0;
        std::uint32_t index = 0;  ///< within it
    };
    struct Amounts {
        std::uint64_t input_axons = 0;
        std::uint64_t synapse_words = 0;
        std::uint64_t axon_map = 0;
        std::uint64_t formats = 0;  ///< that the synapses may be stored in, at most
    };

    /// `lowered` must outlive the object.
    explicit OpenPool(const Lowered& lowered);

    /// The neurons must not be there already.
    void add(std::span<const Neuron> neurons);
    /// They must be there.
    void remove(std::span<const Neuron> neurons);

    [[nodiscard]] const Amounts& amounts() const noexcept { return amounts_; }

private:
    /// Rows from one source population or input over one channel.
    struct Origin {
        std::uint32_t sources = 0;
        std::uint32_t complete = 0;  ///< neurons here to which every source has a synapse
        std::uint32_t reaching = 0;  ///< sources with synapses of the other projections
    };
    struct Kind {
        std::uint32_t projection = 0;
        std::uint32_t origin = 0;
    };
    struct PopulationInfo {
        std::vector<std::uint32_t> kernels;  ///< projections onto it
        std::vector<Kind> complete;
        std::vector<std::uint32_t> formats;  ///< of all projections onto it, by number
        std::optional<MapShape> map;         ///< if kernels end here or start here
        std::uint32_t first_place = 0;       ///< of its places in channels_
        MapNeed need;
        std::uint32_t neurons = 0;  ///< here now
        /// Sets of channels that some place here has, by their hash.
        std::unordered_map<std::uint64_t, std::uint32_t> places_with;
        std::unordered_map<std::uint64_t, std::uint64_t> words_of;  ///< known ones
    };

    void read(const Lowered& lowered);
    void sort_by_target(const Lowered& lowered);
    void count(Neuron neuron, bool more);
    void change_place(PopulationInfo& population, std::uint32_t place, bool more,
                      std::span<const std::uint32_t> channels);
    [[nodiscard]] std::uint64_t words_of(PopulationInfo& population,
                                         std::vector<std::uint32_t> channels, std::uint64_t hash);
    void set_origin(Origin& origin, std::uint32_t complete, std::uint32_t reaching);
    void change(std::span<const Neuron> neurons, bool more);

    const Lowered& lowered_;
    std::vector<PopulationInfo> populations_;
    std::vector<Origin> origins_;
    std::vector<std::vector<std::uint32_t>> channels_;  ///< here, of each place of each map
    std::vector<std::uint32_t> neurons_of_format_;
    std::vector<std::uint32_t> formats_for_;  ///< two if rows are shared
    // Synapses of the other projections, by target neuron.
    std::vector<std::uint64_t> first_;
    std::vector<std::uint32_t> slot_;                ///< (projection, source)
    std::vector<std::uint32_t> projection_of_slot_;  ///< index
    std::vector<std::uint32_t> axon_of_slot_;
    std::vector<std::uint32_t> origin_of_axon_;
    std::vector<std::uint32_t> synapses_of_slot_;
    std::vector<std::uint32_t> synapses_of_axon_;
    Amounts amounts_;
};

}  // namespace seamount::compiler
