#pragma once

#include <cstdint>
#include <vector>

#include "emulator/mesh/make_mesh.hpp"
#include "tools/traffic/traffic.hpp"

namespace seamount::test {

struct Drained {
    std::uint64_t arrived = 0;  ///< packets
    bool once = true;           ///< no packet came out twice
    std::uint64_t cycles = 0;
};

/// Offers `count` packets of uniform traffic at `rate` (flits per node and cycle) to a mesh and
/// plays until all have arrived, or until nothing has for 50,000 cycles: a deadlock.
inline Drained drain(const emu::MeshParams& params, std::uint64_t count, double rate,
                     std::uint32_t flits, emu::MeshFidelity fidelity = emu::MeshFidelity::kFlit) {
    const auto mesh = emu::make_mesh(fidelity, params);
    mesh->begin();
    traffic::TrafficParams uniform;
    uniform.width = params.width;
    uniform.height = params.height;
    uniform.rate = rate;
    uniform.flits = flits;
    traffic::Traffic source{uniform};
    std::vector<std::uint8_t> seen(count);
    std::vector<emu::MeshDelivery> out;
    std::uint64_t offered = 0;
    Drained drained;
    for (int idle = 0; drained.arrived < count && idle < 50;) {
        drained.cycles += 1000;
        source.generate(drained.cycles, [&](const emu::MeshPacket& packet) {
            if (offered < count) mesh->offer(packet, static_cast<std::uint32_t>(offered++));
        });
        out.clear();
        mesh->advance(emu::Ticks{drained.cycles}, out);
        for (const emu::MeshDelivery& delivery : out) {
            drained.once = drained.once && seen.at(delivery.packet)++ == 0;
        }
        drained.arrived += out.size();
        idle = out.empty() ? idle + 1 : 0;
    }
    return drained;
}

}  // namespace seamount::test
