#pragma once

#include <filesystem>
#include <span>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/base/output_file.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::tools {

/// The packets of a run as a trace for `seamount mesh --trace`: `cycle,source,destination,flits`,
/// tiles numbered row by row. A cycle is the occupancy of a link by one flit, or 1 ns if links take
/// no time; instants since the start of the run are rounded down to cycles.
class PacketTraceFile {
public:
    /// Throws InputError (OUT-WRITE) if the file cannot be created.
    PacketTraceFile(const std::filesystem::path& path, const isa::ChipSpec& chip);
    /// The packets of a step that began at `started`.
    void add(Picoseconds started, std::span<const emu::MeshPacket> packets);
    void commit() { file_.commit(); }

private:
    OutputFile file_;
    std::uint64_t cycle_ps_;
};

}  // namespace seamount::tools
