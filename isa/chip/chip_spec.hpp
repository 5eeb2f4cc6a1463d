#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/base/name_table.hpp"
#include "isa/base/units.hpp"
#include "isa/chip/barrier.hpp"
#include "isa/chip/core_limits.hpp"
#include "isa/chip/core_timing_spec.hpp"
#include "isa/chip/event.hpp"
#include "isa/chip/faults_spec.hpp"
#include "isa/chip/host_spec.hpp"
#include "isa/chip/mesh_spec.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

/// How well a number is known.
enum class Grade : std::uint8_t { kMeasured, kPublished, kFitted, kDerived, kAssumed };
inline constexpr auto kGradeNames = name_table<Grade>({
    {Grade::kMeasured, "measured"},
    {Grade::kPublished, "published"},
    {Grade::kFitted, "fitted"},
    {Grade::kDerived, "derived"},
    {Grade::kAssumed, "assumed"},
});
/// Spelling in chip files and reports: "measured", "published", ...
[[nodiscard]] constexpr std::string_view name_of(Grade grade) {
    return name_of(kGradeNames, grade);
}

/// How far off a number of this grade is taken to be, relative. Chosen, not measured: a reading of
/// an instrument in its steps, a paper's own figure, a fit of whole runs, arithmetic with figures
/// of others, and a number of another chip or process.
[[nodiscard]] constexpr double spread_of(Grade grade) {
    switch (grade) {
        case Grade::kMeasured:
            return 0.05;
        case Grade::kPublished:
            return 0.10;
        case Grade::kFitted:
            return 0.15;
        case Grade::kDerived:
            return 0.30;
        case Grade::kAssumed:
            break;
    }
    return 0.50;
}

/// Where a number of a chip file comes from.
struct Provenance {
    std::string source;  ///< text of the entry of `sources:` that the number cites
    Grade grade = Grade::kAssumed;
    /// Largest relative error that the number leaves against what it was fitted to or read from.
    std::optional<double> residual = std::nullopt;
    /// Relative standard uncertainty: the residual, else that of the grade.
    [[nodiscard]] double spread() const { return residual.value_or(spread_of(grade)); }
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

/// Which text said a number.
enum class Origin : std::uint8_t { kDefault, kOwn, kInherited, kCommandLine };
inline constexpr auto kOriginNames = name_table<Origin>({
    {Origin::kDefault, "default"},      ///< none: it is what holds without one
    {Origin::kOwn, "yours"},            ///< the chip's own file
    {Origin::kInherited, "inherited"},  ///< a file that it extends
    {Origin::kCommandLine, "--set"},
});

/// Origins by key path; absent: the default. They are no part of what a chip is: all are equal.
struct Origins {
    std::map<std::string, Origin> of;
    friend bool operator==(const Origins&, const Origins&) { return true; }
};

/// What a weight exponent rounds.
enum class ExponentOn : std::uint8_t {
    kSynapse,  ///< each weight
    kSum,      ///< what the spikes of a step add to a (neuron, delay) (SynapseFormat::kOnSum)
};
inline constexpr auto kExponentOnNames = name_table<ExponentOn>({
    {ExponentOn::kSynapse, "synapse"},
    {ExponentOn::kSum, "sum"},
});

/// What a chip does with weights that are stored as 0.
enum class ZeroWeights : std::uint8_t {
    kStored,   ///< they are synapses like others
    kDropped,  ///< they are no synapses: neither stored nor executed nor counted
};
inline constexpr auto kZeroWeightsNames = name_table<ZeroWeights>({
    {ZeroWeights::kStored, "stored"},
    {ZeroWeights::kDropped, "dropped"},
});

/// What stands for the name of a profile in a chip without prices.
inline constexpr std::string_view kNoPrices = "none";

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
    ExponentOn exponent_on = ExponentOn::kSynapse;
    ZeroWeights zeros = ZeroWeights::kStored;
    MeshSpec mesh;  ///< the rest of `mesh:`, and how many chips there are
    BarrierModel barrier;
    CoreTimingSpec core_timing;
    HostSpec host;
    Milliwatts idle_power{};       ///< leakage of one powered chip
    Milliwatts step_power{};       ///< drawn in addition while stepping
    Milliwatts idle_tile_power{};  ///< of one tile in use, beside that of the chip
    Milliwatts step_tile_power{};
    Milliwatts idle_core_power{};  ///< of one core in use, beside those
    std::string prices_name;       ///< profile in force, e.g. "davies2018"; empty: none
    std::map<std::string, Provenance>
        provenance;        ///< by key path: "limits.compartments", "prices.synapse_ns"
    Origins origins;       ///< by the same; of `resolved` all are its own
    std::string resolved;  ///< YAML text that parses to this same spec: what an image carries

    [[nodiscard]] std::uint32_t cores() const noexcept { return width * height * cores_per_tile; }
    /// What an event costs: its price, and what the class of the host adds.
    [[nodiscard]] EventPrice price(Event e) const {
        EventPrice price = prices[static_cast<std::size_t>(e)];
        if (e == Event::kHostStep) price.time += host.step_time();
        if (e == Event::kHostPacket) price.time += host.packet_time();
        return price;
    }
    /// False of a chip that says `prices: none`: its times and energies mean nothing.
    [[nodiscard]] bool priced() const noexcept { return !prices_name.empty(); }
    [[nodiscard]] std::uint32_t tiles() const noexcept { return width * height; }
    [[nodiscard]] IdRange<TileId> tile_ids() const noexcept { return IdRange<TileId>{tiles()}; }
    [[nodiscard]] IdRange<CoreId> core_ids() const noexcept { return IdRange<CoreId>{cores()}; }
    [[nodiscard]] TileId tile_of(CoreId core) const noexcept {
        return TileId{core.value() / cores_per_tile};
    }
    /// The `index`-th core of a tile.
    [[nodiscard]] CoreId core_of(TileId tile, std::uint32_t index) const noexcept {
        return CoreId{tile.value() * cores_per_tile + index};
    }
    [[nodiscard]] std::uint32_t column_of(TileId tile) const noexcept {
        return tile.value() % width;
    }
    [[nodiscard]] std::uint32_t row_of(TileId tile) const noexcept { return tile.value() / width; }
    [[nodiscard]] TileId tile_at(std::uint32_t column, std::uint32_t row) const noexcept {
        return TileId{row * width + column};
    }
    [[nodiscard]] TileId host_tile() const noexcept { return tile_at(host_tile_x, host_tile_y); }

    static constexpr std::uint64_t kSynapseWordBits = 64;  ///< a word of synapse memory
    /// False for the dead cores of `faults`.
    [[nodiscard]] bool core_works(CoreId core) const noexcept;
    /// `limits`, less the dead words of this core's synapse memory.
    [[nodiscard]] CoreLimits limits_of(CoreId core) const;

    /// Parses a chip file. `extends:` names a file relative to the one that says so, else one in
    /// `library` (with or without .yaml). Dotted paths of the settings are put over the result
    /// (isa/chip/chip_override.hpp). The files that were read, this one and those that it extends,
    /// are added to `files`. Throws InputError with every problem.
    [[nodiscard]] static ChipSpec load(const std::filesystem::path& path,
                                       const Settings& settings = {},
                                       const std::filesystem::path& library = {},
                                       std::vector<std::filesystem::path>* files = nullptr);
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
