#include "emulator/mesh/mesh_model.hpp"

#include "emulator/mesh/ideal_mesh.hpp"
#include "emulator/mesh/packet_mesh.hpp"

namespace seamount::emu {

std::unique_ptr<MeshModel> make_mesh(MeshFidelity fidelity, const isa::ChipSpec& chip) {
    if (fidelity == MeshFidelity::kIdeal) return std::make_unique<IdealMesh>(chip);
    return std::make_unique<PacketMesh>(chip);
}

}  // namespace seamount::emu
