#include "isa/chip/chip_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "isa/chip/chip_override.hpp"
#include "isa/chip/chip_writer.hpp"
#include "isa/chip/cited.hpp"
#include "isa/yaml/yaml_tree.hpp"

namespace seamount::isa {
namespace {

constexpr std::array<std::string_view, kEvents> kEventNames{
    "update_active", "update_inactive", "instruction",  "spike_out", "axon_out",
    "axon_in",       "synapse",         "tile_spike",   "hop_ew",    "hop_ns",
    "hop_offchip",   "host_packet",     "host_write",   "barrier",   "synapse_dense",
    "synapse_fetch", "synapse_update",  "trace_update", "host_step", "start_up",
    "host_reward"};
constexpr std::array<std::string_view, kGrades> kGradeNames{"measured", "published", "fitted",
                                                            "derived", "assumed"};

constexpr std::int64_t kMaxCores = 65536;  ///< a core number has 16 bits in packets
constexpr int kMaxBases = 8;               ///< files that extend each other

/// Reads the sections of one chip file into a spec; problems go to the node's diagnostics.
class ChipReader {
public:
    explicit ChipReader(YamlNode root) : root_{std::move(root)} {}

    ChipSpec read() {
        root_.read("chip", spec_.name);
        if (const YamlNode sources = root_["sources"]) cited_.read_sources(sources);
        if (const YamlNode topology = root_["topology"]) read_topology(topology);
        if (const YamlNode limits = root_["limits"]) read_limits(limits);
        if (const YamlNode synapses = root_["synapses"]) read_synapses(synapses);
        if (const YamlNode mesh = root_["mesh"]) read_mesh(mesh);
        if (const YamlNode core = root_["core"]) read_core_timing(core, cited_, spec_.core_timing);
        if (const YamlNode power = root_["power"]) read_power(power);
        if (const YamlNode faults = root_["faults"]) {
            read_faults(
                faults, [&](const std::string& key) { return cited_.value(faults, "faults", key); },
                spec_);
        }
        read_profiles();
        root_.finish({"extends", "vars"});
        for (const std::string unit : {"_ns", "_pj"}) {
            cited_.inherit("prices.synapse_dense" + unit, "prices.synapse" + unit);
        }
        spec_.provenance = cited_.citations().provenance;
        spec_.resolved = write_chip(spec_, cited_.citations().names);
        return std::move(spec_);
    }

private:
    CitedValue citing() {
        return [this](const YamlNode& map, const std::string& section, const std::string& key) {
            return cited_.value(map, section, key);
        };
    }

    void read_topology(const YamlNode& topology) {
        constexpr std::int64_t kMaxSide = 256;
        cited_.integer(topology, "topology", "width", spec_.width, 1, kMaxSide);
        cited_.integer(topology, "topology", "height", spec_.height, 1, kMaxSide);
        cited_.integer(topology, "topology", "cores_per_tile", spec_.cores_per_tile, 1, kMaxSide);
        read_chips(topology, citing(), spec_.mesh);
        spec_.width *= spec_.mesh.chips_x;
        spec_.height *= spec_.mesh.chips_y;
        const std::int64_t cores = std::int64_t{spec_.width} * spec_.height * spec_.cores_per_tile;
        if (cores > kMaxCores) {
            topology.error(
                "CHIP-CORES",
                fmt::format("{} x {} tiles of {} cores are {} cores, must be at most {}",
                            spec_.width, spec_.height, spec_.cores_per_tile, cores, kMaxCores),
                "make the grid smaller");
        }
        if (const YamlNode tile = cited_.value(topology, "topology", "host_tile")) {
            const std::vector<YamlNode> place = tile.items();
            if (place.size() != 2) {
                tile.error("YML-TYPE", "'host_tile' must be [x, y], the tile of the host port");
            } else {
                const auto x = place[0].integer("host_tile x", 0, spec_.width - 1);
                const auto y = place[1].integer("host_tile y", 0, spec_.height - 1);
                if (x) spec_.host_tile_x = static_cast<std::uint32_t>(*x);
                if (y) spec_.host_tile_y = static_cast<std::uint32_t>(*y);
            }
        }
        topology.finish();
    }

    void read_limits(const YamlNode& limits) {
        CoreLimits& l = spec_.limits;
        constexpr std::int64_t kMax16 = 65536;
        cited_.integer(limits, "limits", "compartments", l.compartments, 0, kMax16);
        cited_.integer(limits, "limits", "input_axons", l.input_axons, 0, kMax16);
        cited_.integer(limits, "limits", "output_axons", l.output_axons, 0, std::int64_t{1} << 31);
        cited_.integer(limits, "limits", "synapse_bits", l.synapse_bits, 0, std::int64_t{1} << 37);
        cited_.integer(limits, "limits", "synapses", l.synapses, 0, std::int64_t{1} << 32);
        cited_.integer(limits, "limits", "synapse_formats", l.synapse_formats, 0, 128);
        cited_.integer(limits, "limits", "neuron_groups", l.neuron_groups, 0, kMax16);
        cited_.integer(limits, "limits", "microcode_words", l.microcode_words, 0, 131072);
        cited_.integer(limits, "limits", "max_delay", l.max_delay, 0, 63);
        limits.finish();
    }

    void read_synapses(const YamlNode& synapses) {
        const YamlNode node = cited_.value(synapses, "synapses", "exponent_on");
        if (node) {
            const auto choice = node.choice("exponent_on", {"synapse", "sum"});
            if (choice) spec_.exponent_on_sum = *choice == 1;
        }
        synapses.finish();
    }

    void read_mesh(const YamlNode& mesh) {
        cited_.time(mesh, "mesh", "link_occupancy_ns", spec_.link_occupancy);
        isa::read_mesh(mesh, citing(), spec_.mesh);
        const std::uint64_t places =
            buffer_places(std::uint64_t{spec_.width} * spec_.height, spec_.mesh.meshes,
                          spec_.mesh.virtual_channels, spec_.mesh.buffer_flits);
        if (places > kMaxBufferPlaces) {
            mesh.error(
                "CHIP-MESH",
                fmt::format("the buffers of {} x {} routers have {} places, must be at most {}",
                            spec_.width, spec_.height, places, kMaxBufferPlaces),
                "tiles x meshes x virtual_channels x buffer_flits; make one of them smaller");
        }
        mesh.finish();
    }

    void read_power(const YamlNode& power) {
        cited_.power(power, "power", "idle_mw", spec_.idle_power);
        cited_.power(power, "power", "stepping_mw", spec_.step_power);
        cited_.power(power, "power", "idle_per_tile_mw", spec_.idle_tile_power);
        cited_.power(power, "power", "stepping_per_tile_mw", spec_.step_tile_power);
        power.finish();
    }

    /// Reads the profile in force last, so that the faults of the others are found too and leave
    /// nothing behind.
    void read_profiles() {
        const YamlNode chosen = root_["prices"];
        const YamlNode profiles = root_["profiles"];
        std::vector<std::string> names;
        for (const auto& [name, profile] : profiles.entries()) names.push_back(name);
        if (profiles) profiles.finish();
        std::optional<std::size_t> in_force;
        if (chosen && names.empty()) {
            chosen.error("YML-MISSING", "'prices' names a profile, but there are no profiles:",
                         "add profiles: with this name");
        } else if (chosen) {
            in_force = chosen.choice("prices", names);
        } else if (!names.empty()) {
            root_.error("YML-MISSING", "key 'prices' is missing",
                        fmt::format("it names the profile in force: {}", fmt::join(names, ", ")));
        }
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (in_force == i) continue;
            const CitedReader::Citations kept = cited_.citations();
            read_profile(profiles[names[i]]);
            cited_.restore(kept);
            spec_.prices = {};
            spec_.barrier = {};
        }
        if (in_force) {
            spec_.prices_name = names[*in_force];
            read_profile(profiles[names[*in_force]]);
        }
    }

    void read_profile(const YamlNode& profile) {
        for (std::size_t i = 0; i < kEvents; ++i) {
            const std::string key{kEventNames[i]};
            if (static_cast<Event>(i) != Event::kBarrier) {
                cited_.time(profile, "prices", key + "_ns", spec_.prices[i].time);
            }
            cited_.energy(profile, "prices", key + "_pj", spec_.prices[i].energy);
        }
        // A dense format costs what a sparse one costs, unless its own prices are given.
        const EventPrice& sparse = spec_.price(Event::kSynapse);
        EventPrice& dense = spec_.prices[static_cast<std::size_t>(Event::kSynapseDense)];
        if (!profile["synapse_dense_ns"]) dense.time = sparse.time;
        if (!profile["synapse_dense_pj"]) dense.energy = sparse.energy;
        if (const YamlNode barrier = profile["barrier"]) read_barrier(barrier);
        profile.finish();
    }

    void read_barrier(const YamlNode& barrier) {
        using Kind = BarrierModel::Kind;
        BarrierModel& model = spec_.barrier;
        const auto kind = barrier.require("model").choice("model", {"wavefront", "table", "fixed"});
        if (!barrier.is_map()) return;
        cited_.cite(barrier, "prices.barrier");
        if (!kind) return;  // without it, nobody knows which keys belong here
        model.kind = static_cast<Kind>(*kind);
        const auto required_time = [&](const std::string& key, Picoseconds& value) {
            const auto ns = barrier.require(key).number(key, 0.0, kMaxNanoseconds);
            if (ns) value = from_ns(*ns);
        };
        if (model.kind == Kind::kTable) {
            read_table(barrier.require("table_ns"));
        } else {
            required_time("base_ns", model.base);
            if (model.kind == Kind::kWavefront) required_time("per_hop_ns", model.per_hop);
        }
        barrier.finish();
    }

    void read_table(const YamlNode& table) {
        if (!table) return;
        for (const auto& [key, node] : table.entries()) {
            std::uint32_t tiles = 0;
            const char* const end = key.data() + key.size();
            const auto parsed = std::from_chars(key.data(), end, tiles);
            if (parsed.ec != std::errc{} || parsed.ptr != end || tiles == 0 ||
                tiles > static_cast<std::uint32_t>(kMaxCores)) {
                node.error("CHIP-BARRIER", fmt::format("'{}' must be a number of tiles in [1, {}]",
                                                       key, kMaxCores));
                continue;
            }
            auto& rows = spec_.barrier.table;
            if (!rows.empty() && tiles <= rows.back().first) {
                node.error("CHIP-BARRIER", fmt::format("{} tiles after {}: the table must ascend",
                                                       tiles, rows.back().first));
                continue;
            }
            if (const auto ns = node.number("table_ns", 0.0, kMaxNanoseconds)) {
                rows.emplace_back(tiles, from_ns(*ns));
            }
        }
        if (table.entries().empty()) {
            table.error("CHIP-BARRIER", "'table_ns' must map numbers of tiles to times",
                        "for example {1: 600, 32: 1800}");
        }
    }

    YamlNode root_;
    ChipSpec spec_;
    CitedReader cited_;
};

/// The file that `extends: given` in `file` means: relative to that file, else in the library.
std::filesystem::path base_path(const std::string& given, const std::string& file,
                                const std::filesystem::path& library) {
    std::filesystem::path path{given};
    if (path.is_absolute()) return path;
    path = std::filesystem::path{file}.parent_path() / path;
    std::error_code status;
    if (library.empty() || std::filesystem::is_regular_file(path, status)) return path;
    for (const std::string& name : {given, given + ".yaml"}) {
        if (std::filesystem::is_regular_file(library / name, status)) return library / name;
    }
    return path;
}

/// The tree of a chip file on top of the files that it extends.
std::unique_ptr<yaml::Node> parse_extended(const std::string& text, const std::string& file,
                                           const std::filesystem::path& library,
                                           Diagnostics& diagnostics, int bases) {
    auto root = yaml::parse(text, file, diagnostics);
    const yaml::Entry* const extends = root->map->find("extends");
    if (extends == nullptr) return root;
    const SourceLocation where = extends->value->where.location();
    const std::string given = extends->value->text;
    if (extends->value->kind != yaml::Kind::kScalar || given.empty() ||
        given.find("${") != std::string::npos) {
        throw InputError{Diagnostic{"CHIP-EXTENDS", where,
                                    "'extends' must be the path of a chip file",
                                    "variables are not replaced here", Severity::kError}};
    }
    if (bases >= kMaxBases) {
        throw InputError{
            Diagnostic{"CHIP-EXTENDS", where,
                       fmt::format("more than {} chip files extend each other", kMaxBases),
                       "look for two files that name each other", Severity::kError}};
    }
    const std::filesystem::path path = base_path(given, file, library);
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status)) {
        throw InputError{Diagnostic{"CHIP-EXTENDS", where,
                                    fmt::format("'{}' is not a file", path.string()),
                                    "the path is relative to this file; a chip of the library "
                                    "goes by its name",
                                    Severity::kError}};
    }
    auto base =
        parse_extended(yaml::read_text(path), path.string(), library, diagnostics, bases + 1);
    root->map->erase("extends");
    yaml::merge(*base, std::move(root));
    return base;
}

/// Reads a tree that is complete: variables replaced, bases merged. Throws InputError.
ChipSpec read_tree(std::unique_ptr<yaml::Node> tree, Diagnostics& diagnostics) {
    ChipSpec spec = ChipReader{yaml::reader(std::move(tree), diagnostics)}.read();
    diagnostics.throw_if_errors();
    return spec;
}

/// `spec` with the dotted paths of the settings put over it.
ChipSpec overridden(ChipSpec spec, const Settings& settings) {
    if (settings.take_paths(Settings::Into::kChip).empty()) return spec;
    return ChipFamily{std::move(spec)}.with(settings);
}

ChipSpec parse_with_library(const std::string& text, const std::string& file,
                            const Settings& settings, const std::filesystem::path& library) {
    Diagnostics diagnostics;
    auto tree = parse_extended(text, file, library, diagnostics, 0);
    yaml::substitute(*tree, settings, diagnostics);
    return overridden(read_tree(std::move(tree), diagnostics), settings);
}

}  // namespace

std::string_view name_of(Event event) {
    return kEventNames[static_cast<std::size_t>(event)];
}

std::string_view name_of(Grade grade) {
    return kGradeNames[static_cast<std::size_t>(grade)];
}

Picoseconds BarrierModel::time(std::uint32_t diameter, std::uint32_t tiles) const {
    switch (kind) {
        case Kind::kWavefront:
            return base + per_hop * diameter;
        case Kind::kTable:
            for (const auto& [most, time] : table) {
                if (tiles <= most) return time;
            }
            return table.empty() ? Picoseconds{} : table.back().second;
        case Kind::kFixed:
            break;
    }
    return base;
}

ChipFamily::ChipFamily(ChipSpec base) : base_{std::move(base)} {
    Diagnostics none;  // the text was written from a chip that was read
    tree_ = yaml::parse(base_.resolved, "chip", none);
}

ChipSpec ChipFamily::with(const Settings& settings) const {
    const PathValues values = settings.take_paths(Settings::Into::kChip);
    if (values.empty()) return base_;
    Diagnostics diagnostics;
    auto tree = tree_->clone();
    override_chip(*tree, values, diagnostics);
    return read_tree(std::move(tree), diagnostics);
}

ChipSpec ChipSpec::load(const std::filesystem::path& path, const Settings& settings,
                        const std::filesystem::path& library) {
    return parse_with_library(yaml::read_text(path), path.string(), settings, library);
}

ChipSpec ChipSpec::parse(const std::string& text, const std::string& file,
                         const Settings& settings) {
    return parse_with_library(text, file, settings, {});
}

bool ChipSpec::core_works(std::uint32_t core) const noexcept {
    return !std::binary_search(faults.dead_cores.begin(), faults.dead_cores.end(), core);
}

CoreLimits ChipSpec::limits_of(std::uint32_t core) const {
    CoreLimits left = limits;
    for (const auto& [faulty, words] : faults.dead_synapse_words) {
        if (faulty == core) left.synapse_bits -= words * kSynapseWordBits;
    }
    return left;
}

ChipSpec ChipSpec::parse_resolved(const std::string& text, const std::string& file,
                                  const Settings& settings) {
    Diagnostics diagnostics;
    auto tree = yaml::parse(text, file, diagnostics);
    for (const char* const key : {"extends", "vars"}) {
        const yaml::Entry* const entry = tree->map->find(key);
        if (entry == nullptr) continue;
        diagnostics.error("CHIP-RESOLVED", entry->where.location(),
                          fmt::format("'{}' in the chip of an image", key),
                          "such a chip stands for itself: what 'inspect --resolved' prints");
        tree->map->erase(key);
    }
    return overridden(read_tree(std::move(tree), diagnostics), settings);
}

}  // namespace seamount::isa
