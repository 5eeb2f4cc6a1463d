#include "emulator/mesh/make_mesh.hpp"

#include "emulator/mesh/flit/flit_mesh.hpp"
#include "emulator/mesh/ideal_mesh.hpp"
#include "emulator/mesh/packet/packet_mesh.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity, const MeshParams& params) {
    switch (fidelity) {
        case MeshFidelity::kFlit:
            return make_flit_mesh(params);
        case MeshFidelity::kPacket:
            return std::make_unique<PacketMesh>(params);
        case MeshFidelity::kIdeal:
            return std::make_unique<IdealMesh>(params);
    }
    SM_ASSERT(false, "every fidelity has its model");
    return nullptr;
}

std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity, const isa::ChipSpec& chip) {
    return make_mesh(fidelity, MeshParams::of(chip));
}

}  // namespace seamount::emu
