#include "isa/chip/chip_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/chip/chip_form.hpp"
#include "isa/chip/chip_keys.hpp"
#include "isa/chip/chip_writer.hpp"
#include "isa/chip/cited.hpp"
#include "isa/yaml/yaml_kind.hpp"

namespace seamount::isa {
namespace {

constexpr std::int64_t kMaxCores = 65536;  ///< a core number has 16 bits in packets

/// Reads the keys of one section (isa/chip/chip_keys.hpp) into the values that they stand for.
class KeyReader {
public:
    KeyReader(const YamlNode& map, std::string section, CitedReader& cited)
        : map_{map}, section_{std::move(section)}, cited_{cited} {}

    template <class T>
    void whole(std::string_view key, T& value, Range range, std::string_view) {
        const std::string name{key};
        const auto found = cited_.value(map_, section_, name).integer(name, range.min, range.max);
        if (found) value = static_cast<T>(*found);
    }
    template <class T>
    void rare(std::string_view key, T& value, T /*usual*/, Range range, std::string_view unit) {
        whole(key, value, range, unit);
    }
    void limit(std::string_view key, std::uint64_t& value, std::uint64_t most, std::string_view) {
        whole(key, value, Range{0, static_cast<std::int64_t>(most)}, {});
    }
    void time(std::string_view key, Picoseconds& value, double most_ns, std::string_view) {
        if (const auto ns = number(key, most_ns)) value = from_ns(*ns);
    }
    void power(std::string_view key, Milliwatts& value, std::string_view) {
        if (const auto mw = number(key, chip_keys::kMaxMilliwatts)) value = Milliwatts{*mw};
    }
    template <class Enum, std::size_t N, Enum First>
    void choice(std::string_view key, Enum& value, const NameTable<Enum, N, First>& names,
                std::string_view) {
        const std::string name{key};
        const auto found = cited_.value(map_, section_, name).choice(name, names);
        if (found) value = *found;
    }
    template <class T>
    void pair(std::string_view key, std::string_view meaning, chip_keys::Side<T> across,
              chip_keys::Side<T> down, std::string_view) {
        const YamlNode node = cited_.value(map_, section_, std::string{key});
        if (!node) return;
        const std::vector<YamlNode> items = node.items();
        if (items.size() != 2) {
            node.error("YML-TYPE", fmt::format("'{}' must be [x, y], {}", key, meaning));
            return;
        }
        std::size_t at = 0;
        for (chip_keys::Side<T>& side : std::array{across, down}) {
            const auto found =
                items[at++].integer(std::string{side.name}, side.range.min, side.range.max);
            if (found) side.value = static_cast<T>(*found);
        }
    }
    void stages(std::string_view key, std::array<bool, kStages>& overlaps, std::string_view) {
        const std::string name{key};
        const YamlNode list = cited_.value(map_, section_, name);
        if (!list) return;
        // The first stage has none before it.
        std::vector<std::string> names = seamount::names(kStageNames);
        names.erase(names.begin());
        if (!list.is_sequence()) {
            list.error("YML-TYPE", fmt::format("'{}' must be a list of stages", key),
                       fmt::format("of {}", fmt::join(names, ", ")));
            return;
        }
        overlaps = {};
        for (const YamlNode& stage : list.items()) {
            if (const auto index = stage.choice(name, names)) overlaps[*index + 1] = true;
        }
    }
    void price(const EventInfo& info, EventPrice& price, const EventPrice& leader) {
        const std::string name{info.name};
        if (info.has_time) time(name + "_ns", price.time, chip_keys::kMaxNanoseconds, {});
        if (const auto pj = number(name + "_pj", chip_keys::kMaxPicojoules)) {
            price.energy = Picojoules{*pj};
        }
        if (!info.follows) return;
        if (!map_[name + "_ns"]) price.time = leader.time;
        if (!map_[name + "_pj"]) price.energy = leader.energy;
    }

private:
    std::optional<double> number(std::string_view key, double most) {
        const std::string name{key};
        return cited_.value(map_, section_, name).number(name, 0.0, most);
    }

    const YamlNode& map_;
    std::string section_;
    CitedReader& cited_;
};

/// Reads the sections of one chip file into a spec; problems go to the node's diagnostics.
class ChipReader {
public:
    ChipReader(YamlNode root, const std::string& own_file)
        : root_{std::move(root)}, cited_{own_file} {}

    ChipSpec read() {
        root_.bind(chip_form());
        root_.read("chip", spec_.name);
        if (const YamlNode sources = root_["sources"]) cited_.read_sources(sources);
        if (const YamlNode topology = root_["topology"]) read_topology(topology);
        if (const YamlNode limits = root_["limits"]) {
            KeyReader keys{limits, "limits", cited_};
            chip_keys::limits(spec_, keys);
            limits.finish();
        }
        if (const YamlNode synapses = root_["synapses"]) {
            KeyReader keys{synapses, "synapses", cited_};
            chip_keys::synapses(spec_, keys);
            synapses.finish();
        }
        if (const YamlNode mesh = root_["mesh"]) read_mesh(mesh);
        if (const YamlNode core = root_["core"]) {
            KeyReader keys{core, "core", cited_};
            chip_keys::core(spec_, keys);
            core.finish();
        }
        if (const YamlNode power = root_["power"]) {
            KeyReader keys{power, "power", cited_};
            chip_keys::power(spec_, keys);
            power.finish();
        }
        if (const YamlNode host = root_["host"]) {
            KeyReader keys{host, "host", cited_};
            chip_keys::host(spec_, keys);
            host.finish();
        }
        if (const YamlNode faults = root_["faults"]) {
            read_faults(
                faults, [&](const std::string& key) { return cited_.value(faults, "faults", key); },
                spec_);
        }
        read_profiles();
        root_.finish({"extends", "vars"});
        inherit_citations();
        spec_.provenance = cited_.citations().provenance;
        spec_.origins.of = cited_.citations().origins;
        spec_.resolved = write_chip(spec_, cited_.citations().names);
        return std::move(spec_);
    }

private:
    void read_topology(const YamlNode& topology) {
        KeyReader keys{topology, "topology", cited_};
        chip_keys::topology(spec_, keys);
        const std::int64_t cores = std::int64_t{spec_.width} * spec_.height * spec_.cores_per_tile;
        if (cores > kMaxCores) {
            topology.error(
                "CHIP-CORES",
                fmt::format("{} x {} tiles of {} cores are {} cores, must be at most {}",
                            spec_.width, spec_.height, spec_.cores_per_tile, cores, kMaxCores),
                "make the grid smaller");
        }
        topology.finish();
    }

    void read_mesh(const YamlNode& mesh) {
        KeyReader keys{mesh, "mesh", cited_};
        chip_keys::mesh(spec_, keys);
        const MeshSpec& m = spec_.mesh;
        if ((m.virtual_channels & (m.virtual_channels - 1)) != 0) {
            mesh.error("CHIP-MESH", fmt::format("'virtual_channels' is {}, must be 1, 2, 4 or 8",
                                                m.virtual_channels));
        }
        if (m.routing == MeshRouting::kXyYx && m.meshes != 2) {
            const YamlNode routing = mesh["routing"];
            (routing.is_map() ? routing["value"] : routing)
                .error("CHIP-MESH", "routing 'xy_yx' gives each of two meshes its own order",
                       "set mesh.meshes to 2, or choose xy or yx");
        }
        const std::uint64_t places = buffer_places(std::uint64_t{spec_.width} * spec_.height,
                                                   m.meshes, m.virtual_channels, m.buffer_flits);
        if (places > kMaxBufferPlaces) {
            mesh.error(
                "CHIP-MESH",
                fmt::format("the buffers of {} x {} routers have {} places, must be at most {}",
                            spec_.width, spec_.height, places, kMaxBufferPlaces),
                "tiles x meshes x virtual_channels x buffer_flits; make one of them smaller");
        }
        mesh.finish();
    }

    /// Reads the profile in force last, so that the faults of the others are found too and leave
    /// nothing behind.
    void read_profiles() {
        const YamlNode chosen = root_["prices"];
        const YamlNode profiles = root_["profiles"];
        const bool priced = !chosen.is_scalar() || chosen.text() != kNoPrices;
        std::vector<std::string> names;
        for (const auto& [name, profile] : profiles.entries()) names.push_back(name);
        if (profiles) profiles.finish();
        std::optional<std::size_t> in_force;
        if (!priced) {
            spec_.prices_name.clear();
        } else if (chosen && names.empty()) {
            chosen.error("YML-MISSING", "'prices' names a profile, but there are no profiles:",
                         "add profiles: with this name");
        } else if (chosen) {
            in_force = chosen.choice("prices", names);
        } else if (!names.empty()) {
            root_.error("YML-MISSING", "key 'prices' is missing",
                        fmt::format("it names the profile in force: {}", fmt::join(names, ", ")));
        } else {
            root_.error("CHIP-PRICES", "the chip has no prices: all times and energies would be 0",
                        "extend a chip of the library, add prices: and profiles:, or say "
                        "'prices: none' for a chip without times and energies");
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
        KeyReader keys{profile, "prices", cited_};
        chip_keys::prices(spec_, keys);
        const YamlNode barrier = profile["barrier"];
        if (barrier) read_barrier(barrier);
        const YamlNode others = cited_.value(profile, "prices", chip_keys::kOthers);
        if (others) {
            (void)others.choice(chip_keys::kOthers, std::vector<std::string>{"free"});
        } else if (profile.is_map()) {
            require_prices(profile);
        }
        profile.finish();
    }

    /// A price that is forgotten would be 0 without a word.
    void require_prices(const YamlNode& profile) {
        std::vector<std::string> missing;
        for (const EventInfo& row : kEventTable) {
            const bool crosses = row.event == Event::kHopOffChip &&
                                 std::uint64_t{spec_.mesh.chips_x} * spec_.mesh.chips_y > 1;
            for (const char* const unit : {"_ns", "_pj"}) {
                const std::string key = fmt::format("{}{}", row.name, unit);
                if ((row.everywhere || crosses) && !profile[key]) missing.push_back(key);
            }
        }
        if (!profile["barrier"]) missing.emplace_back("barrier");
        if (missing.empty()) return;
        profile.error("CHIP-PRICES",
                      fmt::format("the profile has no price of {}", fmt::join(missing, ", ")),
                      "give each (0 if it is free), say 'others: free' in the profile, or "
                      "'prices: none' for a chip without times and energies");
    }

    /// Prices that follow others come from where those do.
    void inherit_citations() {
        for (const EventInfo& row : kEventTable) {
            if (!row.follows) continue;
            for (const char* const unit : {"_ns", "_pj"}) {
                cited_.inherit(fmt::format("prices.{}{}", row.name, unit),
                               fmt::format("prices.{}{}", name_of(*row.follows), unit));
            }
        }
    }

    void read_barrier(const YamlNode& barrier) {
        using Model = BarrierModel::Kind;
        BarrierModel& model = spec_.barrier;
        const auto kind = barrier.require("model").choice("model", kBarrierNames);
        if (!barrier.is_map()) return;
        if (!kind) return;  // without it, nobody knows which keys belong here
        // A number that was laid over the others makes the whole barrier one of its file.
        constexpr std::array kLaidOver{Origin::kInherited, Origin::kOwn, Origin::kCommandLine};
        const auto layer = [&](const YamlNode& value) {
            return std::find(kLaidOver.begin(), kLaidOver.end(), cited_.origin_of(value));
        };
        YamlNode number = barrier["model"];
        for (const std::string_view key : barrier_keys(*kind)) {
            const YamlNode value = barrier[std::string{key}];
            if (value && layer(value) > layer(number)) number = value;
        }
        cited_.cite(barrier, number, "prices.barrier");
        model.kind = *kind;
        const auto required_time = [&](const std::string& key, Picoseconds& value) {
            const auto ns = barrier.require(key).number(key, 0.0, chip_keys::kMaxNanoseconds);
            if (ns) value = from_ns(*ns);
        };
        if (model.kind == Model::kTable) {
            read_table(barrier.require("table_ns"));
        } else {
            required_time("base_ns", model.base);
            if (model.kind == Model::kWavefront) required_time("per_hop_ns", model.per_hop);
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
            if (const auto ns = node.number("table_ns", 0.0, chip_keys::kMaxNanoseconds)) {
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

}  // namespace

ChipSpec read_chip(const YamlNode& root, const std::string& own_file) {
    if (!yaml::may_be(root, yaml::FileKind::kChip)) return {};
    return ChipReader{root, own_file}.read();
}

}  // namespace seamount::isa
