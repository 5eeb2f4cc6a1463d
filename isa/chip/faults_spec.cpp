#include "isa/chip/faults_spec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "isa/chip/chip_spec.hpp"
#include "isa/chip/routes.hpp"

namespace seamount::isa {
namespace {

/// Two numbers [a, b] of a list, with the ranges that they must keep.
struct PairRange {
    const char* first;
    std::int64_t first_max;
    const char* second;
    std::int64_t second_min;
    std::int64_t second_max;
};

std::optional<std::pair<std::uint32_t, std::uint64_t>> read_pair(const YamlNode& node,
                                                                 const PairRange& range) {
    const std::vector<YamlNode> items = node.items();
    if (items.size() != 2) {
        if (node.is_sequence()) {
            node.error("YML-TYPE", fmt::format("must be [{}, {}]", range.first, range.second));
        }
        return std::nullopt;
    }
    const auto first = items[0].integer(range.first, 0, range.first_max);
    const auto second = items[1].integer(range.second, range.second_min, range.second_max);
    if (!first || !second) return std::nullopt;
    return std::pair{static_cast<std::uint32_t>(*first), static_cast<std::uint64_t>(*second)};
}

template <class T>
void sort_distinct(std::vector<T>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// `a` is the smaller one.
bool are_neighbours(TileId a, TileId b, const ChipSpec& chip) {
    return b - a == chip.width || (b - a == 1 && chip.column_of(b) != 0);
}

void read_links(const YamlNode& list, ChipSpec& chip) {
    const std::int64_t last = std::int64_t{chip.width} * chip.height - 1;
    for (const YamlNode& node : list.items()) {
        const auto pair = read_pair(node, {"tile", last, "tile", 0, last});
        if (!pair) continue;
        const TileId tile{pair->first};
        const TileId other{static_cast<std::uint32_t>(pair->second)};
        const auto [low, high] = std::minmax(tile, other);
        if (are_neighbours(low, high, chip)) {
            chip.faults.dead_links.emplace_back(low, high);
            continue;
        }
        node.error("CHIP-FAULT", fmt::format("tiles {} and {} have no link", tile, other),
                   fmt::format("links join neighbours; tile y * {} + x is at (x, y)", chip.width));
    }
    sort_distinct(chip.faults.dead_links);
    if (!chip.faults.dead_links.empty() && chip.tiles() > Routes::kMaxTiles) {
        list.error("CHIP-FAULT",
                   fmt::format("dead links on a mesh of {} tiles, routing tables go up to {}",
                               chip.tiles(), Routes::kMaxTiles),
                   "describe a smaller mesh");
        chip.faults.dead_links.clear();
    }
}

void read_words(const YamlNode& list, ChipSpec& chip) {
    const std::uint64_t bits = chip.limits.synapse_bits;
    if (list && bits == 0) {
        list.error("CHIP-FAULT", "dead words of a synapse memory without a size",
                   "give limits: synapse_bits");
        return;
    }
    auto& words = chip.faults.dead_synapse_words;
    for (const YamlNode& node : list.items()) {
        const auto pair =
            read_pair(node, {"core", std::int64_t{chip.cores()} - 1, "dead words", 1,
                             static_cast<std::int64_t>(bits / ChipSpec::kSynapseWordBits)});
        if (pair) words.emplace_back(CoreId{pair->first}, pair->second);
    }
    std::sort(words.begin(), words.end());
    const auto twice =
        std::adjacent_find(words.begin(), words.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice == words.end()) return;
    list.error("CHIP-FAULT", fmt::format("core {} is listed twice", twice->first),
               "give the number of all its dead words");
}

/// Reports the first working core that packets from the host, and so from most others, cannot
/// reach.
void check_connected(const YamlNode& faults, const ChipSpec& chip) {
    if (chip.faults.dead_links.empty()) return;
    const Routes routes{chip};
    const TileId host = chip.host_tile();
    std::vector<CoreId> lost;
    for (const CoreId core : chip.core_ids()) {
        if (chip.core_works(core) && !routes.connected(host, chip.tile_of(core))) {
            lost.push_back(core);
        }
    }
    if (lost.empty()) return;
    const TileId tile = chip.tile_of(lost.front());
    faults.error(
        "CHIP-DISCONNECTED",
        fmt::format("the dead links cut {} working core{} off from the host: no route from tile {} "
                    "to tile {} (core {})",
                    lost.size(), lost.size() == 1 ? "" : "s", host, tile, lost.front()),
        "list cores that cannot be reached under dead_cores");
}

template <class First, class Second>
std::string pairs_text(const std::vector<std::pair<First, Second>>& list) {
    std::string text;
    for (const auto& [first, second] : list) {
        text += fmt::format("{}[{}, {}]", text.empty() ? "" : ", ", first, second);
    }
    return '[' + text + ']';
}

}  // namespace

void read_faults(const YamlNode& faults,
                 const std::function<YamlNode(const std::string& key)>& cited, ChipSpec& chip) {
    const auto list_of = [&cited](const std::string& key) {
        const YamlNode list = cited(key);
        if (!list || list.is_sequence()) return list;
        list.error("YML-TYPE", fmt::format("'{}' must be a list", key));
        return YamlNode{};
    };
    for (const YamlNode& node : list_of("dead_cores").items()) {
        const auto core = node.integer("core", 0, std::int64_t{chip.cores()} - 1);
        if (core) chip.faults.dead_cores.emplace_back(static_cast<std::uint32_t>(*core));
    }
    sort_distinct(chip.faults.dead_cores);
    if (chip.faults.dead_cores.size() == chip.cores()) {
        faults.error("CHIP-FAULT", "all cores are dead", "leave one");
    }
    read_links(list_of("dead_links"), chip);
    read_words(list_of("dead_synapse_words"), chip);
    faults.finish();
    check_connected(faults, chip);
}

std::string list_text(const std::vector<CoreId>& list) {
    return fmt::format("[{}]", fmt::join(list, ", "));
}

std::string list_text(const std::vector<std::pair<TileId, TileId>>& list) {
    return pairs_text(list);
}

std::string list_text(const std::vector<std::pair<CoreId, std::uint64_t>>& list) {
    return pairs_text(list);
}

}  // namespace seamount::isa
