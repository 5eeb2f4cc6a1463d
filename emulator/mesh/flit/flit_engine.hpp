#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "emulator/mesh/flit/flit_router.hpp"
#include "emulator/mesh/flit/flit_source.hpp"
#include "isa/base/assert.hpp"

namespace seamount::emu {

/// Something that happens to the mesh at an instant; `place` says where.
struct FlitEvent {
    enum class Kind : std::uint8_t {
        kArrive,  ///< a flit, at lane `place` of an input
        kCredit,  ///< at lane `place` of an output
        kRefund,  ///< a credit, at virtual channel `place` of a way into the mesh
        kExpose,  ///< the next head of lane `place` of an input comes to the front
        kWake,    ///< output port `place` may have something to do
        kInject,  ///< router `place`: the way into it may have something to do
        kEmit,    ///< a packet of source `place` is ready
    };
    std::uint32_t place = 0;
    Kind kind = Kind::kWake;
    Flit flit;
    friend auto operator<=>(const FlitEvent&, const FlitEvent&) = default;
};

/// See flit_mesh.hpp for the model. `Wheel` keeps the events, kVcs is how many virtual channels a
/// buffer has.
template <template <class> class Wheel, unsigned kVcs>
class FlitEngine final : public MeshModel {
public:
    explicit FlitEngine(const MeshParams& params);

    void carry(std::span<const MeshPacket> packets, std::span<Ticks> arrivals) override;
    [[nodiscard]] std::span<const Ticks> departures() const override { return departures_; }
    void begin() override;
    void offer(const MeshPacket& packet, std::uint32_t id) override;
    void advance(Ticks until, std::vector<MeshDelivery>& delivered) override;
    [[nodiscard]] std::vector<LinkUse> links() const override;
    void watch_delays(bool on) override { watching_ = on; }
    [[nodiscard]] LinkDelay worst_link(std::uint32_t packet) const override;
    [[nodiscard]] std::uint64_t max_link_flits() const override { return grid_.max_link_flits(); }

private:
    using Kind = FlitEvent::Kind;
    using Routers = FlitRouters<kVcs>;
    using Waiting = FlitSources::Waiting;
    static constexpr std::uint32_t kPorts = Routers::kPorts;
    static constexpr std::uint32_t kLanes = Routers::kLanes;
    static constexpr std::uint32_t kLocal = static_cast<std::uint32_t>(Direction::kLocal);

    /// What a source does while the mesh does not take its packet.
    enum class WhenFull : std::uint8_t {
        kStall,  ///< makes none, so that later ones shift: in a step
        kQueue,  ///< goes on, the packets queue outside the mesh: in traffic without end
    };

    /// The way from a tile into a router.
    struct WayIn {
        FlitSources::List queue;
        Ticks free{};
        Ticks wake = kNever;
        std::uint16_t sent = 0;  ///< flits of the first packet
        std::uint8_t vc = 0;     ///< of the first packet, once it has begun
        std::array<std::uint8_t, kVcs> credits{};
    };

    void add_source(std::span<const MeshPacket> packets, std::size_t first, std::size_t last);
    [[nodiscard]] std::uint32_t add_packet(const MeshPacket& packet, std::uint32_t id,
                                           std::uint32_t source);
    void play(Ticks until);
    void apply(const FlitEvent& event);
    void arrive(std::uint32_t lane, const Flit& flit);
    void expose(std::uint32_t lane);
    void emit(std::uint32_t source);
    void plan(std::uint32_t source);
    void mark(std::uint32_t router, typename Routers::PortMask ports);
    void mark_output(std::uint32_t router, std::uint32_t out) {
        mark(router, static_cast<typename Routers::PortMask>(1U << out));
    }
    [[nodiscard]] std::uint8_t exit_of(std::uint32_t lane, PackedTile target) const;
    void decide(std::uint32_t router);
    void serve(std::uint32_t router, std::uint32_t out);
    void allocate(std::uint32_t router, std::uint32_t out);
    [[nodiscard]] bool ready(std::uint32_t router, std::uint32_t output, Ticks& later);
    void pass(std::uint32_t router, std::uint32_t out, std::uint32_t vc);
    void refund(std::uint32_t router, std::uint32_t lane);
    void count_wait(std::uint32_t port, const Flit& flit, Ticks since);
    void inject(std::uint32_t router);
    [[nodiscard]] bool choose_vc(WayIn& way);
    void wake(std::uint32_t port, Ticks time);

    MeshGrid grid_;
    Routers routers_;
    Wheel<FlitEvent> wheel_;
    std::vector<FlitEvent> events_;     ///< of the instant
    std::vector<std::uint32_t> dirty_;  ///< routers to decide in this instant
    Ticks now_{};

    std::vector<Ticks> hop_;                 ///< by router and output port
    std::vector<Ticks> occupancy_;           ///< by router and output port
    std::vector<std::uint32_t> upstream_;    ///< by router and input port: an output port
    std::vector<std::uint32_t> downstream_;  ///< by router and output port: an input port
    std::vector<std::uint8_t> exits_;        ///< by router and target; see exit_of

    FlitSources sources_;
    std::vector<FlitSources::List> plans_;  ///< by source: packets that it has still to make
    std::vector<WayIn> ways_in_;            ///< by router
    Ticks flit_gap_{};                      ///< between flits of a packet that enters

    std::vector<MeshDelivery> delivered_;
    std::vector<Ticks> departures_;  ///< by packet, of a step
    WhenFull when_full_ = WhenFull::kQueue;
    bool watching_ = false;
    bool noting_ = false;           ///< a step is played, and somebody watches: worst_ is kept
    std::vector<LinkDelay> worst_;  ///< by packet, of a step
};

}  // namespace seamount::emu
