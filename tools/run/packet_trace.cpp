#include "tools/run/packet_trace.hpp"

namespace seamount::tools {

namespace {

constexpr std::uint64_t kNanosecond = 1000;

}  // namespace

PacketTraceFile::PacketTraceFile(const std::filesystem::path& path, const isa::ChipSpec& chip)
    : NamedRecord{path},
      cycle_ps_{chip.link_occupancy.count() != 0 ? chip.link_occupancy.count() : kNanosecond} {
    file.print("# {}x{} tiles, a cycle is {} ps\n", chip.width, chip.height, cycle_ps_);
    file.print("cycle,source,destination,flits\n");
}

void PacketTraceFile::on_packets(Picoseconds started, std::span<const emu::MeshPacket> packets) {
    for (const emu::MeshPacket& packet : packets) {
        file.print("{},{},{},{}\n",
                   (started + emu::to_picoseconds(packet.inject)).count() / cycle_ps_,
                   packet.source_tile, packet.target_tile, packet.flits);
    }
}

}  // namespace seamount::tools
