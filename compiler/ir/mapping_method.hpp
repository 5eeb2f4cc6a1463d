#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "isa/base/id_vector.hpp"
#include "isa/base/ids.hpp"
#include "isa/base/name_table.hpp"

namespace seamount::compiler {

/// How neurons are grouped into cores.
enum class Partitioner : std::uint8_t {
    kAuto,    ///< pinned neurons stay, the method follows from size and structure of the network
    kGreedy,  ///< next-fit in the order of the network; ignores pins
    kStream,  ///< one pass over the neurons; keeps pins, as the two below do
    kMetis,   ///< METIS on graphs of pairs
    kMultilevel,  ///< own coarsening
    kTiles        ///< feature maps in tiles as the vendor's compiler of Loihi 2 cuts, pins stay
};
inline constexpr auto kPartitionerNames = name_table<Partitioner>({
    {Partitioner::kAuto, "auto"},
    {Partitioner::kGreedy, "greedy"},
    {Partitioner::kStream, "stream"},
    {Partitioner::kMetis, "metis"},
    {Partitioner::kMultilevel, "multilevel"},
    {Partitioner::kTiles, "tiles"},
});

/// How shards find their cores.
enum class Placer : std::uint8_t {
    kAuto,      ///< as kLinks
    kRowMajor,  ///< cores ascending
    kHilbert,   ///< along a Hilbert curve, so that consecutive shards are close
    kForce,     ///< from there, each follows the pull of its partners
    kAnneal,    ///< from there, annealing on hops
    kLinks      ///< from there, annealing on the loads of links
};
inline constexpr auto kPlacerNames = name_table<Placer>({
    {Placer::kAuto, "auto"},
    {Placer::kRowMajor, "row_major"},
    {Placer::kHilbert, "hilbert"},
    {Placer::kForce, "force"},
    {Placer::kAnneal, "anneal"},
    {Placer::kLinks, "links"},
});

/// What a mapping may be chosen for, measured in a run.
enum class Objective : std::uint8_t {
    kTime,     ///< modelled time of a step
    kEnergy,   ///< modelled energy of a step, all boundaries
    kCores,    ///< cores in use
    kPackets,  ///< packets of a step
};
inline constexpr auto kObjectiveNames = name_table<Objective>({
    {Objective::kTime, "time"},
    {Objective::kEnergy, "energy"},
    {Objective::kCores, "cores"},
    {Objective::kPackets, "packets"},
});

/// With this effort the partitioner also searches where a quick look says that nothing will fit.
inline constexpr std::uint32_t kMostEffort = 9;

/// What each neuron costs its core in a step, and how much of that a core may have.
struct WorkCap {
    IdVector<NeuronId, std::uint64_t> of;  ///< any unit; empty: no cap
    std::uint64_t most = 0;                ///< a single neuron may have more

    [[nodiscard]] bool given() const noexcept { return !of.empty(); }
};

/// How a mapping is looked for: what decides it beside the network and the chip.
struct MappingMethod {
    Partitioner partitioner = Partitioner::kAuto;
    Placer placer = Placer::kAuto;
    std::uint32_t effort = 5;  ///< of the partitioner, 0 fastest .. kMostEffort best
    std::uint64_t seed = 1;    ///< changes the mapping only, never the network
    /// Packets that each neuron is expected to send, relative to each other, at least 1; empty: all
    /// alike.
    IdVector<NeuronId, std::uint32_t> rates;
    /// Hears what is being tried, as "metis, 43 cores"; may be empty. Decides nothing.
    std::function<void(const std::string&)> progress{};
    /// Cores are not filled beyond this; searches on graphs keep it on average.
    WorkCap cap{};
    std::uint32_t spread = 0;  ///< cores that `cap` is for; 0: none

    void tell(const std::string& what) const {
        if (progress) progress(what);
    }
};

}  // namespace seamount::compiler
