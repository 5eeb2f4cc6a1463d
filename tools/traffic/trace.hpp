#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::traffic {

/// A packet of a trace.
struct TracedPacket {
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    std::uint64_t cycle = 0;
    emu::PackedTile source{};
    emu::PackedTile target{};
    std::uint32_t flits = 1;
    std::uint32_t after = kNone;  ///< index of an earlier packet that must have arrived
};

/// Parses a packet trace (CSV): `cycle,source,destination,flits[,after]`, the same as its head
/// line; empty lines and lines that begin with # are skipped. Packets are numbered from 0 in the
/// order of the file; `after` is empty or the number of a packet above. `tiles` is how many the
/// mesh has. Throws InputError (CLI-TRACE) with every problem, up to 20.
[[nodiscard]] std::vector<TracedPacket> parse_trace(const std::string& text,
                                                    const std::string& file, std::uint32_t tiles);

}  // namespace seamount::traffic
