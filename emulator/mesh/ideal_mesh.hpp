#pragma once

#include "emulator/mesh/grid.hpp"

namespace seamount::emu {

/// A mesh whose links are always free: each packet takes the latency of its route.
class IdealMesh final : public MeshModel {
public:
    explicit IdealMesh(const isa::ChipSpec& chip) : grid_{chip} {}
    void carry(std::span<const MeshPacket> packets, std::span<std::uint64_t> arrival_ps) override;
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    MeshGrid grid_;
};

}  // namespace seamount::emu
