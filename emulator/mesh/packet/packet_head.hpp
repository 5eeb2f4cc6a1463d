#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "emulator/base/memory.hpp"
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
    PackedTile target;
    FlitTrain train;
    std::uint32_t packet;

    /// Order in which a link serves: by time, then by packet index. Without branches: one
    /// comparison of 128 bits, of which the lowest, target and train, are never reached.
    [[nodiscard]] bool before(const PacketHead& other) const noexcept {
        return key() < other.key();
    }

private:
    __extension__ using Key = unsigned __int128;
    [[nodiscard]] Key key() const noexcept {
        static_assert(std::endian::native == std::endian::little, "packet is the upper half");
        const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(*this);
        return Key{words[0]} << 64U | words[1];
    }
};

/// Heads that come one after another.
using HeadStream = UnsetVector<PacketHead>;

}  // namespace seamount::emu
