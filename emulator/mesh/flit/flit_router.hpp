#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "emulator/mesh/grid/grid.hpp"

namespace seamount::emu {

/// One flit on its way.
struct Flit {
    std::uint32_t packet = 0;  ///< as the caller numbers them
    PackedTile target{};
    bool tail = false;  ///< the last of its packet
    bool head = false;  ///< the first of its packet
    friend auto operator<=>(const Flit&, const Flit&) = default;
};

/// The state of all routers, as arrays by router, port and virtual channel: no routers, no
/// pointers. A router is a tile of one mesh. An input is named by the direction in which its flits
/// travel, an output by the direction in which they leave; kLocal is the tile's own port.
template <unsigned kVcs>
struct FlitRouters {
    static constexpr std::uint32_t kPorts = kDirections;
    static constexpr std::uint32_t kLanes = kPorts * kVcs;  ///< (port, virtual channel)
    static constexpr std::uint8_t kNone = 255;
    using LaneMask = std::uint64_t;
    using PortMask = std::uint8_t;  ///< a bit per output, and one for the way in
    static constexpr PortMask kWayIn = 1U << kPorts;

    /// A virtual channel of an input: a first-in, first-out buffer, and where its packet goes.
    struct Input {
        std::uint8_t first = 0;
        std::uint8_t count = 0;
        std::uint8_t out = kNone;  ///< port that the front packet wants or has
        std::uint8_t holds = 0;    ///< 1: it has an output's virtual channel
    };
    /// A virtual channel of an output.
    struct Output {
        std::uint8_t owner = kNone;  ///< lane whose packet has it
        std::uint8_t credits = 0;    ///< free places downstream
    };
    struct Port {                  ///< of an output
        LaneMask wants = 0;        ///< lanes whose head asks for a virtual channel
        std::uint8_t turn_vc = 0;  ///< lane that the next virtual channel is offered to first
        std::uint8_t turn = 0;     ///< virtual channel that the switch is offered to first
        Ticks free{};              ///< the link takes the next flit
        Ticks wake = kNever;       ///< it will be looked at again
        std::uint64_t flits = 0;
    };
    struct Wait {  ///< of heads for an output
        Ticks sum{};
        Ticks longest{};
    };
    struct Place {  ///< of a flit in a buffer
        Flit flit;
        Ticks since{};
    };

    explicit FlitRouters(const MeshGrid& grid)
        : count{grid.routers()},
          shift{static_cast<unsigned>(std::bit_width(grid.params().buffer_flits - 1))} {
        reset(grid);
    }

    void reset(const MeshGrid& grid) {
        inputs.assign(std::size_t{count} * kLanes, {});
        outputs.assign(std::size_t{count} * kLanes, {});
        for (Output& output : outputs) {
            output.credits = static_cast<std::uint8_t>(grid.params().buffer_flits);
        }
        usable.assign(outputs.size(), Ticks{});
        places.resize(inputs.size() << shift);
        ports.assign(std::size_t{count} * kPorts, {});
        input_free.assign(ports.size(), Ticks{});
        dirty.assign(count, 0);
        waits.assign(ports.size(), {});
    }

    /// What the link of an output port did, but for its occupancy.
    [[nodiscard]] LinkUse use(const MeshGrid& grid, std::uint32_t port) const noexcept {
        LinkUse use;
        use.mesh = static_cast<std::uint8_t>(grid.mesh_of(port / kPorts));
        use.tile = grid.tile_of(port / kPorts);
        use.way = static_cast<Direction>(port % kPorts);
        use.flits = ports[port].flits;
        use.wait = waits[port].sum;
        use.max_wait = waits[port].longest;
        return use;
    }

    [[nodiscard]] Place& place(std::uint32_t lane, std::uint32_t index) noexcept {
        const std::uint32_t mask = (1U << shift) - 1;
        return places[(std::size_t{lane} << shift) + (index & mask)];
    }
    [[nodiscard]] Place& front(std::uint32_t lane) noexcept {
        return place(lane, inputs[lane].first);
    }

    std::uint32_t count;
    unsigned shift;                 ///< places of a buffer as a power of two
    std::vector<Input> inputs;      ///< by router and lane
    std::vector<Output> outputs;    ///< by router and lane
    std::vector<Ticks> usable;      ///< by output: its virtual channel is allocated for good
    std::vector<Port> ports;        ///< by router and output port
    std::vector<Wait> waits;        ///< by router and output port
    std::vector<Ticks> input_free;  ///< by router and input port: it reads the next flit
    std::vector<PortMask> dirty;    ///< by router: ports to look at
    std::vector<Place> places;      ///< by router, lane and index
};

}  // namespace seamount::emu
