#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/units.hpp"
#include "isa/chip/core_timing_spec.hpp"
#include "isa/chip/faults_spec.hpp"
#include "isa/chip/mesh_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

/// How well a number is known.
enum class Grade : std::uint8_t { kMeasured, kPublished, kFitted, kDerived, kAssumed };
inline constexpr std::size_t kGrades = 5;

/// Where a number of a chip file comes from.
struct Provenance {
    std::string source;  ///< text of the entry of `sources:` that the number cites
    Grade grade = Grade::kAssumed;
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// Hard limits of one core. 0 means "no such limit".
struct CoreLimits {
    std::uint32_t compartments = 1024;
    std::uint32_t input_axons = 4096;
    std::uint32_t output_axons = 4096;
    std::uint64_t synapse_bits =
        1048576;  ///< by the exact cost formula, isa/image/synapse_cost.hpp
    std::uint32_t synapse_formats = 16;
    std::uint32_t neuron_groups = 32;  ///< distinct (population, parameter set)
    std::uint32_t microcode_words = 1024;
    std::uint32_t max_delay = 62;  ///< steps
    std::uint64_t synapses = 0;    ///< synapse words of any format: memory of fixed-width words
    friend bool operator==(const CoreLimits&, const CoreLimits&) = default;
};

/// What an update costs: a fixed-function compartment (per update) or a programmable one (per
/// instruction). Time of one compartment = active or inactive price + per_instruction * instruction
/// cycles executed.
struct EventPrice {
    Picoseconds time{};
    Picojoules energy{};
    friend bool operator==(const EventPrice&, const EventPrice&) = default;
};

/// The event classes that are counted and priced. Names are those of the chip file's `prices`
/// entries.
enum class Event : std::uint8_t {
    kUpdateActive,    ///< neuron update that changed state or spiked
    kUpdateInactive,  ///< neuron update that left everything as it was
    kInstruction,     ///< microcode cycle (0 for fixed-function cores)
    kSpikeOut,        ///< a compartment spiked
    kAxonOut,         ///< a packet was made for one output axon
    kAxonIn,          ///< a packet was looked up in the input axon table
    kSynapse,         ///< a synaptic operation of a sparse format
    kTileSpike,       ///< a packet entered or left a router within its tile
    kHopEastWest,     ///< a flit crossed a horizontal link
    kHopNorthSouth,   ///< a flit crossed a vertical link
    kHopOffChip,      ///< a flit crossed a link between two chips
    kHostPacket,      ///< the host port injected a packet
    kHostWrite,       ///< the host port wrote a state word
    kBarrier,         ///< one barrier of the whole chip; its time comes from the barrier model
    kSynapseDense,    ///< a synaptic operation of a dense format; costs as kSynapse if not priced
    kSynapseFetch,    ///< an access to synapse memory (CoreTimingSpec::fetch_words)
    kSynapseUpdate,   ///< learning: a rule was applied to one synapse
    kTraceUpdate,     ///< learning: a trace was brought up to date
    kHostStep,        ///< management of a step by the host, after its barrier
    kStartUp,         ///< start of a run, counted in its first step; not part of the time of a step
    kHostReward,      ///< the host told the cores a reward
};
inline constexpr std::size_t kEvents = 21;
/// Spelling in chip files and reports: "update_active", "hop_ew", ...
[[nodiscard]] std::string_view name_of(Event event);
/// Spelling in chip files and reports: "measured", "published", ...
[[nodiscard]] std::string_view name_of(Grade grade);

/// How long a barrier takes once everything is quiet.
struct BarrierModel {
    enum class Kind : std::uint8_t { kWavefront, kTable, kFixed };
    Kind kind = Kind::kWavefront;
    Picoseconds base{};  ///< wavefront: base + per_hop * D; fixed: base
    Picoseconds per_hop{};
    std::vector<std::pair<std::uint32_t, Picoseconds>>
        table;  ///< active tiles -> time; rounds up to the next entry
    /// `diameter` is (width - 1) + (height - 1) of the tiles in use, `tiles` how many are in use.
    [[nodiscard]] Picoseconds time(std::uint32_t diameter, std::uint32_t tiles) const;
    friend bool operator==(const BarrierModel&, const BarrierModel&) = default;
};

/// A chip, or several identical ones joined by off-chip links: topology, limits and prices, each
/// number with its source.
struct ChipSpec {
    std::string name = "chip";
    std::uint32_t width = 8;   ///< tiles of all chips together, east-west
    std::uint32_t height = 4;  ///< north-south
    std::uint32_t cores_per_tile = 4;
    std::uint32_t host_tile_x = 0;  ///< router that the host port is attached to
    std::uint32_t host_tile_y = 0;
    CoreLimits limits;
    ChipFaults faults;
    std::array<EventPrice, kEvents> prices{};
    Picoseconds link_occupancy{};  ///< how long one flit keeps a link busy
    /// A weight exponent rounds what the spikes of a step add to a (neuron, delay), instead of each
    /// weight (SynapseFormat::kOnSum).
    bool exponent_on_sum = false;
    MeshSpec mesh;  ///< the rest of `mesh:`, and how many chips there are
    BarrierModel barrier;
    CoreTimingSpec core_timing;
    Milliwatts idle_power{};       ///< leakage of one powered chip
    Milliwatts step_power{};       ///< drawn in addition while stepping
    Milliwatts idle_tile_power{};  ///< of one tile in use, beside that of the chip
    Milliwatts step_tile_power{};
    std::string prices_name;  ///< profile in force, e.g. "davies2018"
    std::map<std::string, Provenance>
        provenance;        ///< by key path: "limits.compartments", "prices.synapse_ns"
    std::string resolved;  ///< YAML text that parses to this same spec: what an image carries

    [[nodiscard]] std::uint32_t cores() const noexcept { return width * height * cores_per_tile; }
    [[nodiscard]] const EventPrice& price(Event e) const {
        return prices[static_cast<std::size_t>(e)];
    }
    [[nodiscard]] std::uint32_t tile_of(std::uint32_t core) const noexcept {
        return core / cores_per_tile;
    }

    static constexpr std::uint64_t kSynapseWordBits = 64;  ///< a word of synapse memory
    /// False for the dead cores of `faults`.
    [[nodiscard]] bool core_works(std::uint32_t core) const noexcept;
    /// `limits`, less the dead words of this core's synapse memory.
    [[nodiscard]] CoreLimits limits_of(std::uint32_t core) const;

    /// Parses a chip file. `extends:` names a file relative to the one that says so, else one in
    /// `library` (with or without .yaml). Dotted paths of the settings are put over the result
    /// (isa/chip/chip_override.hpp). Throws InputError with every problem.
    [[nodiscard]] static ChipSpec load(const std::filesystem::path& path,
                                       const Settings& settings = {},
                                       const std::filesystem::path& library = {});
    [[nodiscard]] static ChipSpec parse(const std::string& text, const std::string& file,
                                        const Settings& settings = {});
    /// Parses the text of `resolved`, as an image carries it: opens no file, so `extends:` and
    /// `vars:` are refused (CHIP-RESOLVED).
    [[nodiscard]] static ChipSpec parse_resolved(const std::string& text, const std::string& file,
                                                 const Settings& settings = {});

    friend bool operator==(const ChipSpec&, const ChipSpec&) = default;
};

/// The chips that follow from one by dotted paths; its text is parsed once for all of them.
class ChipFamily {
public:
    explicit ChipFamily(ChipSpec base);
    /// The chip with the paths of the settings put over it (isa/chip/chip_override.hpp). Throws
    /// InputError.
    [[nodiscard]] ChipSpec with(const Settings& settings) const;

private:
    ChipSpec base_;
    std::shared_ptr<const yaml::Node> tree_;
};

}  // namespace seamount::isa
