#pragma once

#include <cstdint>

#include "emulator/mesh/grid/mesh_model.hpp"

namespace seamount::emu {

/// The flits of a packet on its way, in 16 bits: how many they are, and whether they crossed a link
/// between chips, whose pace they keep from there on.
class FlitTrain {
public:
    FlitTrain() = default;
    explicit FlitTrain(std::uint32_t flits) noexcept : bits_{static_cast<std::uint16_t>(flits)} {}

    [[nodiscard]] std::uint32_t flits() const noexcept { return bits_ & kFlits; }
    [[nodiscard]] bool crossed_chips() const noexcept { return (bits_ & kCrossed) != 0; }
    void cross_chips() noexcept { bits_ |= kCrossed; }

private:
    static constexpr std::uint16_t kCrossed = 0x8000;
    static constexpr std::uint16_t kFlits = 0x7FFF;
    static_assert(kMaxFlits == kFlits);
    std::uint16_t bits_ = 0;
};

/// Head of a packet at a router: what asks for a link.
struct PacketHead {
    Ticks time;
    std::uint32_t packet;
    PackedTile target;
    FlitTrain train;

    /// Order in which a link serves: by time, then by packet index. Without branches.
    [[nodiscard]] bool before(const PacketHead& other) const noexcept {
        return (time < other.time) | ((time == other.time) & (packet < other.packet));
    }
};

}  // namespace seamount::emu
