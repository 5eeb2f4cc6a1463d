#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {

struct ChipSpec;

/// What is broken on a chip: `faults:` of a chip file. Each list is sorted and without repetitions.
struct ChipFaults {
    std::vector<CoreId> dead_cores;  ///< that hold nothing; their routers work
    /// Pairs of neighbouring tiles, the smaller id first, whose link is dead in both directions.
    std::vector<std::pair<TileId, TileId>> dead_links;
    /// How many of the 64-bit words of a core's synapse memory cannot be used.
    std::vector<std::pair<CoreId, std::uint64_t>> dead_synapse_words;

    [[nodiscard]] bool none() const noexcept {
        return dead_cores.empty() && dead_links.empty() && dead_synapse_words.empty();
    }
    friend bool operator==(const ChipFaults&, const ChipFaults&) = default;
};

/// Reads `faults:` into `chip.faults`; topology and limits must have been read. `cited` gives the
/// value of a key and takes down where it comes from. Reports CHIP-FAULT for what the chip does not
/// have and CHIP-DISCONNECTED if dead links cut working cores off.
void read_faults(const YamlNode& faults,
                 const std::function<YamlNode(const std::string& key)>& cited, ChipSpec& chip);

/// The lists as they stand in a chip file: "[1, 2]", "[[0, 1], [4, 5]]".
[[nodiscard]] std::string list_text(const std::vector<CoreId>& list);
[[nodiscard]] std::string list_text(const std::vector<std::pair<TileId, TileId>>& list);
[[nodiscard]] std::string list_text(const std::vector<std::pair<CoreId, std::uint64_t>>& list);

}  // namespace seamount::isa
