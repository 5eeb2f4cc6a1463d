#include "emulator/mesh/flit/flit_engine.inl"

#include "emulator/mesh/flit/flit_mesh.hpp"
#include "emulator/mesh/grid/time_wheel.hpp"

namespace seamount::emu {

template <template <class> class Wheel, unsigned kVcs>
FlitEngine<Wheel, kVcs>::FlitEngine(const MeshParams& params) : grid_{params}, routers_{grid_} {
    for (std::uint32_t router = 0; router < routers_.count; ++router) {
        const TileId tile = grid_.tile_of(router);
        const std::uint32_t mesh = grid_.mesh_of(router);
        for (std::uint32_t port = 0; port < kPorts; ++port) {
            const auto way = static_cast<Direction>(port);
            const Direction back = isa::opposite(way);
            const bool out = port != kLocal && grid_.exists(tile, way);
            const bool in = port != kLocal && grid_.exists(tile, back);
            hop_.push_back(out ? grid_.hop(tile, way) : grid_.params().eject);
            occupancy_.push_back(out ? grid_.occupancy(tile, way) : grid_.params().local_occupancy);
            const TileId next = out ? grid_.neighbor(tile, way) : tile;
            const TileId before = in ? grid_.neighbor(tile, back) : tile;
            downstream_.push_back(grid_.router(mesh, next) * kPorts + port);
            upstream_.push_back(grid_.router(mesh, before) * kPorts + port);
        }
    }
    flit_gap_ = grid_.pace(false);
    constexpr std::size_t kLargestTable = 1U << 20U;
    const std::size_t pairs = std::size_t{routers_.count} * grid_.tiles();
    // Dimension order does not depend on where a packet came from.
    for (std::size_t i = 0; grid_.tables() == nullptr && pairs <= kLargestTable && i < pairs; ++i) {
        const auto router = static_cast<std::uint32_t>(i / grid_.tiles());
        exits_.push_back(static_cast<std::uint8_t>(
            grid_.route(grid_.mesh_of(router), grid_.tile_of(router),
                        TileId{static_cast<std::uint32_t>(i % grid_.tiles())}, Direction::kLocal)));
    }
    begin();
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::begin() {
    routers_.reset(grid_);
    wheel_.clear();
    sources_.clear();
    plans_.assign(grid_.tiles(), {});
    WayIn idle;
    idle.credits.fill(static_cast<std::uint8_t>(grid_.params().buffer_flits));
    ways_in_.assign(routers_.count, idle);
    departures_.clear();
    grid_.begin();
    now_ = {};
    when_full_ = WhenFull::kQueue;
    noting_ = false;
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::carry(std::span<const MeshPacket> packets,
                                    std::span<Ticks> arrivals) {
    SM_ASSERT(packets.size() == arrivals.size(), "one arrival per packet");
    begin();
    when_full_ = WhenFull::kStall;
    noting_ = watching_;
    plans_.clear();
    departures_.assign(packets.size(), Ticks{});
    worst_.assign(noting_ ? packets.size() : 0, {});
    for (std::size_t i = 0; i < packets.size();) {
        const std::size_t first = i++;
        const std::uint32_t source = packets[first].source;
        while (source != MeshPacket::kNoSource && i < packets.size() &&
               packets[i].source == source) {
            ++i;
        }
        add_source(packets, first, i);
    }
    delivered_.clear();
    play(kNever);
    SM_ASSERT(delivered_.size() == packets.size(), "every packet is delivered once");
    for (const MeshDelivery& delivery : delivered_) arrivals[delivery.packet] = delivery.at;
}

/// Packets [first, last) are of one source.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::add_source(std::span<const MeshPacket> packets, std::size_t first,
                                         std::size_t last) {
    const auto source = static_cast<std::uint32_t>(plans_.size());
    plans_.emplace_back();
    for (std::size_t i = first; i < last; ++i) {
        SM_ASSERT(i == first || packets[i].inject >= packets[i - 1].inject,
                  "the packets of a source come in order of time");
        sources_.append(plans_[source],
                        add_packet(packets[i], static_cast<std::uint32_t>(i), source));
    }
    plan(source);
}

template <template <class> class Wheel, unsigned kVcs>
std::uint32_t FlitEngine<Wheel, kVcs>::add_packet(const MeshPacket& packet, std::uint32_t id,
                                                  std::uint32_t source) {
    const std::uint32_t mesh = grid_.enter(packet, counters_);
    Waiting waiting;
    waiting.inject = packet.inject;
    waiting.planned = packet.inject;
    waiting.packet = id;
    waiting.source = source;
    waiting.router = grid_.router(mesh, packet.source_tile);
    waiting.target = packet.target_tile;
    waiting.flits = static_cast<std::uint16_t>(packet.flits);
    return sources_.add(waiting);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::offer(const MeshPacket& packet, std::uint32_t id) {
    const std::uint32_t source = packet.source_tile.value();
    FlitSources::List& plan_of_tile = plans_[source];
    const bool idle = plan_of_tile.first == FlitSources::kNone;
    sources_.append(plan_of_tile, add_packet(packet, id, source));
    if (idle) plan(source);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::advance(Ticks until, std::vector<MeshDelivery>& delivered) {
    delivered_.clear();
    play(until);
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
}

template <template <class> class Wheel, unsigned kVcs>
std::vector<LinkUse> FlitEngine<Wheel, kVcs>::links() const {
    std::vector<LinkUse> used;
    for (std::uint32_t port = 0; port < routers_.ports.size(); ++port) {
        if (routers_.ports[port].flits == 0) continue;
        used.push_back(routers_.use(grid_, port));
        used.back().busy = used.back().flits * occupancy_[port];
    }
    return used;
}

template <template <class> class Wheel, unsigned kVcs>
LinkDelay FlitEngine<Wheel, kVcs>::worst_link(std::uint32_t packet) const {
    SM_ASSERT(packet < worst_.size(), "worst_link needs watch_delays before the step");
    return worst_[packet];
}

namespace {

template <template <class> class Wheel>
std::unique_ptr<MeshModel> with_channels(const MeshParams& params) {
    switch (params.virtual_channels) {
        case 1:
            return std::make_unique<FlitEngine<Wheel, 1>>(params);
        case 2:
            return std::make_unique<FlitEngine<Wheel, 2>>(params);
        case 4:
            return std::make_unique<FlitEngine<Wheel, 4>>(params);
        case 8:
            return std::make_unique<FlitEngine<Wheel, 8>>(params);
        default:
            break;
    }
    SM_ASSERT(false, "1, 2, 4 or 8 virtual channels, see MeshSpec");
    return nullptr;
}

}  // namespace

std::unique_ptr<MeshModel> make_flit_mesh(const MeshParams& params) {
    return params.longest_delay() < TickWheel<FlitEvent>::kShortDelay
               ? with_channels<TickWheel>(params)
               : with_channels<CalendarWheel>(params);
}

}  // namespace seamount::emu
