#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace seamount::emu {

/// Head of a packet at a router: what asks for a link.
struct PacketHead {
    std::uint64_t time_ps;
    std::uint32_t packet;
    std::uint16_t target;  ///< tile
    std::uint16_t flits;

    /// Order in which a link serves: by time, then by packet index. Without branches.
    [[nodiscard]] bool before(const PacketHead& other) const noexcept {
        return (time_ps < other.time_ps) | ((time_ps == other.time_ps) & (packet < other.packet));
    }
};

/// Calls `use(head)` for the heads of two sorted streams in order of both together; returns `use`.
/// Which stream is next is as good as random in a mesh, so the choice is made without a branch. By
/// value and not inlined: what `use` adds up stays in registers.
template <class Use>
[[gnu::noinline]] Use merge_streams(std::span<const PacketHead> a, std::span<const PacketHead> b,
                                    Use use) {
    const PacketHead* at_a = a.data();
    const PacketHead* at_b = b.data();
    const PacketHead* const end_a = at_a + a.size();
    const PacketHead* const end_b = at_b + b.size();
    while (at_a != end_a && at_b != end_b) {
        const std::size_t take_b = at_b->before(*at_a) ? 1 : 0;
        const PacketHead* const choice[2] = {at_a, at_b};
        const PacketHead* const first = choice[take_b];
        at_a += 1 - take_b;
        at_b += take_b;
        use(*first);
    }
    for (; at_a != end_a; ++at_a) use(*at_a);
    for (; at_b != end_b; ++at_b) use(*at_b);
    return use;
}

}  // namespace seamount::emu
