#pragma once

#include "emulator/mesh/grid/grid.hpp"
#include "emulator/mesh/grid/source_routes.hpp"

namespace seamount::emu {

/// A mesh whose links are always free: each packet takes the latency of its route.
class IdealMesh final : public MeshModel {
public:
    explicit IdealMesh(const MeshParams& params) : grid_{params}, routes_{grid_} {}
    IdealMesh(const IdealMesh&) = delete;  // its parts know each other
    IdealMesh& operator=(const IdealMesh&) = delete;
    void carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) override;
    void begin() override;
    void offer(const MeshPacket& packet, std::uint32_t id) override;
    void advance(Ticks until, std::vector<MeshDelivery>& delivered) override;
    /// Nothing is on a link for long: none.
    [[nodiscard]] std::vector<LinkUse> links() const override { return {}; }
    void watch_delays(bool /*on*/) override {}
    [[nodiscard]] LinkDelay worst_link(std::uint32_t /*packet*/) const override { return {}; }
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    /// Between two tiles, without contention.
    struct Latency {
        Ticks head{};  ///< from its start to its arrival
        Ticks pace{};  ///< from one flit to the next
    };
    MeshGrid grid_;
    SourceRoutes<Latency> routes_;
    std::vector<MeshDelivery> delivered_;  ///< since the last advance
};

}  // namespace seamount::emu
