#pragma once

#include <filesystem>
#include <span>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/chip/chip_spec.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// The packets of a run as a trace for `seamount mesh --trace`: `cycle,source,destination,flits`,
/// tiles numbered row by row. A cycle is the occupancy of a link by one flit, or 1 ns if links take
/// no time; instants since the start of the run are rounded down to cycles.
class PacketTraceFile final : public NamedRecord {
public:
    /// Throws InputError (OUT-WRITE) if the file cannot be created.
    PacketTraceFile(const std::filesystem::path& path, const isa::ChipSpec& chip);

    [[nodiscard]] bool watches_packets() const override { return true; }
    void on_packets(Picoseconds started, std::span<const emu::MeshPacket> packets) override;

private:
    std::uint64_t cycle_ps_;
};

}  // namespace seamount::tools
