#include "emulator/mesh/flit_engine.hpp"

#include "emulator/mesh/flit_mesh.hpp"
#include "emulator/mesh/time_wheel.hpp"

namespace seamount::emu {

template <template <class> class Wheel, unsigned kVcs>
FlitEngine<Wheel, kVcs>::FlitEngine(const MeshParams& params) : grid_{params}, routers_{grid_} {
    for (std::uint32_t router = 0; router < routers_.count; ++router) {
        const std::uint32_t tile = router % grid_.tiles();
        const std::uint32_t mesh_base = router - tile;
        for (std::uint32_t port = 0; port < kPorts; ++port) {
            const auto way = static_cast<Direction>(port);
            const auto back = static_cast<Direction>(port ^ 1U);
            const bool out = port != kLocal && grid_.exists(tile, way);
            const bool in = port != kLocal && grid_.exists(tile, back);
            hop_.push_back(out ? grid_.hop_ps(tile, way) : grid_.params().eject);
            occupancy_.push_back(out ? grid_.occupancy_ps(tile, way)
                                     : grid_.params().local_occupancy);
            const std::uint32_t next = out ? grid_.neighbor(tile, way) : tile;
            const std::uint32_t before = in ? grid_.neighbor(tile, back) : tile;
            downstream_.push_back((mesh_base + next) * kPorts + port);
            upstream_.push_back((mesh_base + before) * kPorts + port);
        }
    }
    flit_gap_ = std::max(grid_.params().local_occupancy, grid_.params().occupancy);
    constexpr std::size_t kLargestTable = 1U << 20U;
    const std::size_t pairs = std::size_t{routers_.count} * grid_.tiles();
    // Dimension order does not depend on where a packet came from.
    for (std::size_t i = 0; grid_.tables() == nullptr && pairs <= kLargestTable && i < pairs; ++i) {
        const auto router = static_cast<std::uint32_t>(i / grid_.tiles());
        exit_.push_back(static_cast<std::uint8_t>(grid_.route(
            router / grid_.tiles(), router % grid_.tiles(),
            static_cast<std::uint32_t>(i % grid_.tiles()), Direction::kLocal)));
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
    departure_.clear();
    grid_.begin();
    now_ = 0;
    stepwise_ = false;
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::carry(std::span<const MeshPacket> packets,
                                    std::span<std::uint64_t> arrival_ps) {
    SM_ASSERT(packets.size() == arrival_ps.size(), "one arrival per packet");
    begin();
    stepwise_ = true;
    plans_.clear();
    departure_.assign(packets.size(), 0);
    worst_.assign(watching_ ? packets.size() : 0, {});
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
    play(Wheel<FlitEvent>::kNever);
    SM_ASSERT(delivered_.size() == packets.size(), "every packet is delivered once");
    for (const MeshDelivery& delivery : delivered_) arrival_ps[delivery.packet] = delivery.at;
}

/// Packets [first, last) are of one source.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::add_source(std::span<const MeshPacket> packets, std::size_t first,
                                         std::size_t last) {
    const auto source = static_cast<std::uint32_t>(plans_.size());
    plans_.emplace_back();
    for (std::size_t i = first; i < last; ++i) {
        SM_ASSERT(i == first || packets[i].inject_ps >= packets[i - 1].inject_ps,
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
    waiting.inject = packet.inject_ps;
    waiting.planned = packet.inject_ps;
    waiting.packet = id;
    waiting.source = source;
    waiting.router = mesh * grid_.tiles() + packet.source_tile;
    waiting.target = packet.target_tile;
    waiting.flits = static_cast<std::uint16_t>(packet.flits);
    return sources_.add(waiting);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::offer(const MeshPacket& packet, std::uint32_t id) {
    const std::uint32_t source = packet.source_tile;
    FlitSources::List& plan_of_tile = plans_[source];
    const bool idle = plan_of_tile.first == FlitSources::kNone;
    sources_.append(plan_of_tile, add_packet(packet, id, source));
    if (idle) plan(source);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::advance(std::uint64_t until, std::vector<MeshDelivery>& delivered) {
    delivered_.clear();
    play(until);
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::play(std::uint64_t until) {
    for (;;) {
        const std::uint64_t time = wheel_.take(until, events_);
        if (time == Wheel<FlitEvent>::kNever) return;
        now_ = time;
        for (const FlitEvent& event : events_) apply(event);
        // Decisions push events only; they mark no router.
        for (const std::uint32_t router : dirty_) decide(router);
        dirty_.clear();
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::apply(const FlitEvent& event) {
    switch (event.kind) {
        case Kind::kArrive:
            return arrive(event.place, event.flit);
        case Kind::kCredit:
            // Only the first credit can set something going.
            if (routers_.outputs[event.place].credits++ == 0) {
                mark(event.place / kLanes,
                     static_cast<std::uint8_t>(1U << (event.place % kLanes / kVcs)));
            }
            return;
        case Kind::kRefund:
            if (ways_in_[event.place / kVcs].credits[event.place % kVcs]++ == 0) {
                mark(event.place / kVcs, kWayIn);
            }
            return;
        case Kind::kExpose:
            return expose(event.place);
        case Kind::kWake:
            return mark(event.place / kPorts,
                        static_cast<std::uint8_t>(1U << (event.place % kPorts)));
        case Kind::kInject:
            return mark(event.place, kWayIn);
        case Kind::kEmit:
            return emit(event.place);
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::mark(std::uint32_t router, std::uint8_t bits) {
    if (routers_.dirty[router] == 0) dirty_.push_back(router);
    routers_.dirty[router] |= bits;
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::arrive(std::uint32_t lane, const Flit& flit) {
    auto& input = routers_.inputs[lane];
    SM_ASSERT(input.count < grid_.params().buffer_flits, "a flit moves only with a credit");
    routers_.place(lane, input.first + input.count) = {flit, now_};
    if (++input.count != 1) return;
    if (input.holds != 0) {
        mark(lane / kLanes, static_cast<std::uint8_t>(1U << input.out));
    } else if (input.out == Routers::kNone) {
        expose(lane);
    }
}

/// The front flit of a lane that has no output is a head: it asks for one.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::expose(std::uint32_t lane) {
    auto& input = routers_.inputs[lane];
    if (input.count == 0 || input.holds != 0) return;
    const std::uint32_t router = lane / kLanes;
    const std::uint64_t busy_until = routers_.input_free[lane / kVcs];
    if (busy_until > now_) return wheel_.push(busy_until, {lane, Kind::kExpose, {}});
    const std::uint16_t target = routers_.front(lane).flit.target;
    input.out = exit_.empty()
                    ? static_cast<std::uint8_t>(
                          grid_.route(router / grid_.tiles(), router % grid_.tiles(), target,
                                      static_cast<Direction>(lane % kLanes / kVcs)))
                    : exit_[std::size_t{router} * grid_.tiles() + target];
    routers_.ports[router * kPorts + input.out].wants |= std::uint64_t{1} << (lane % kLanes);
    mark(router, static_cast<std::uint8_t>(1U << input.out));
}

/// The next packet of `source`, if there is one, goes on its way when it is ready.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::plan(std::uint32_t source) {
    const std::uint32_t index = plans_[source].first;
    if (index == FlitSources::kNone) return;
    wheel_.push(std::max(now_, sources_.at(index).inject), {source, Kind::kEmit, {}});
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::emit(std::uint32_t source) {
    const std::uint32_t index = plans_[source].first;
    const std::uint32_t router = sources_.at(index).router;
    sources_.pop(plans_[source]);
    sources_.append(ways_in_[router].queue, index);
    if (!stepwise_) plan(source);  // else the source goes on when this head has left
    mark(router, kWayIn);
}

template <template <class> class Wheel, unsigned kVcs>
bool FlitEngine<Wheel, kVcs>::choose_vc(WayIn& way) {
    for (unsigned i = 1; i <= kVcs; ++i) {
        const unsigned vc = (way.vc + i) % kVcs;
        if (way.credits[vc] == 0) continue;
        way.vc = static_cast<std::uint8_t>(vc);
        return true;
    }
    return false;
}

/// Sends the next flit into `router`, if there is one and it may.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::inject(std::uint32_t router) {
    WayIn& way = ways_in_[router];
    if (way.queue.first == FlitSources::kNone) return;
    if (way.free > now_) {
        if (way.wake == way.free) return;
        way.wake = way.free;
        return wheel_.push(way.free, {router, Kind::kInject, {}});
    }
    Waiting& waiting = sources_.at(way.queue.first);
    const bool head = way.sent == 0;
    if (head ? !choose_vc(way) : way.credits[way.vc] == 0) return;  // a refund will come
    const bool tail = ++way.sent == waiting.flits;
    --way.credits[way.vc];
    const auto flags = static_cast<std::uint8_t>((head ? Flit::kHead : 0) | (tail ? Flit::kTail : 0));
    wheel_.push(now_ + grid_.params().inject,
                {router * kLanes + kLocal * kVcs + way.vc, Kind::kArrive,
                 {waiting.packet, waiting.target, flags}});
    way.free = now_ + (tail ? grid_.params().local_occupancy : flit_gap_);
    if (head && stepwise_) {
        departure_[waiting.packet] = now_;
        // The stall of this packet delays the making of the next one.
        const std::uint32_t next = plans_[waiting.source].first;
        if (next != FlitSources::kNone) {
            sources_.at(next).inject = now_ + sources_.at(next).planned - waiting.planned;
            plan(waiting.source);
        }
    }
    if (tail) {
        const std::uint32_t done = way.queue.first;
        sources_.pop(way.queue);
        sources_.release(done);
        way.sent = 0;
    }
    if (way.queue.first != FlitSources::kNone) {
        way.wake = way.free;
        wheel_.push(way.free, {router, Kind::kInject, {}});
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::decide(std::uint32_t router) {
    const std::uint8_t marked = routers_.dirty[router];
    routers_.dirty[router] = 0;
    unsigned outs = marked & (kWayIn - 1U);
    if constexpr (kVcs == 1) {
        for (; outs != 0; outs &= outs - 1) {
            serve(router, static_cast<std::uint32_t>(std::countr_zero(outs)));
        }
    } else {
        // Outputs compete for the inputs: each is first in turn.
        for (std::uint32_t i = 0; i < kPorts; ++i) {
            const auto out = static_cast<std::uint32_t>((now_ + i) % kPorts);
            if ((outs >> out & 1U) != 0) serve(router, out);
        }
    }
    if ((marked & kWayIn) != 0) inject(router);
}

/// Gives free virtual channels of an output to the heads that ask, in turn.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::allocate(std::uint32_t router, std::uint32_t out) {
    auto& port = routers_.ports[router * kPorts + out];
    for (unsigned vc = 0; vc < kVcs && port.wants != 0; ++vc) {
        const std::uint32_t index = router * kLanes + out * kVcs + vc;
        auto& output = routers_.outputs[index];
        if (output.owner != Routers::kNone) continue;
        const std::uint64_t ahead = port.wants >> port.turn_vc << port.turn_vc;
        const auto lane =
            static_cast<std::uint8_t>(std::countr_zero(ahead != 0 ? ahead : port.wants));
        port.wants &= ~(std::uint64_t{1} << lane);
        port.turn_vc = static_cast<std::uint8_t>(lane + 1U == kLanes ? 0 : lane + 1U);
        output.owner = lane;
        routers_.usable[index] = now_ + grid_.params().allocate;
        routers_.inputs[router * kLanes + lane].holds = 1;
    }
}

/// True if the packet that holds `output` may pass a flit now; if only time is in the way, lowers
/// `later` to when it may.
template <template <class> class Wheel, unsigned kVcs>
bool FlitEngine<Wheel, kVcs>::ready(std::uint32_t router, std::uint32_t output,
                                    std::uint64_t& later) {
    const auto& state = routers_.outputs[output];
    if (state.owner == Routers::kNone || state.credits == 0) return false;
    const std::uint32_t lane = router * kLanes + state.owner;
    if (routers_.inputs[lane].count == 0) return false;
    const std::uint64_t may = std::max({routers_.usable[output], routers_.input_free[lane / kVcs],
                                        routers_.ports[output / kVcs].free});
    if (may <= now_) return true;
    later = std::min(later, may);
    return false;
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::serve(std::uint32_t router, std::uint32_t out) {
    const std::uint32_t index = router * kPorts + out;
    auto& port = routers_.ports[index];
    // A link is free again for heads that ask when it has passed the tail.
    if (port.wants != 0) {
        if (port.free > now_) {
            wake(index, port.free);
        } else {
            allocate(router, out);
        }
    }
    std::uint64_t later = ~std::uint64_t{0};
    const std::uint32_t first = router * kLanes + out * kVcs;
    for (unsigned i = 0; i < kVcs; ++i) {
        const unsigned vc = kVcs == 1 ? 0 : (port.turn + i) % kVcs;
        if (!ready(router, first + vc, later)) continue;
        pass(router, out, vc);
        port.turn = static_cast<std::uint8_t>((vc + 1) % kVcs);
        // Whoever is left looks again when the link is free.
        bool more = port.wants != 0;
        later = ~std::uint64_t{0};
        for (unsigned other = 0; other < kVcs; ++other) {
            more = ready(router, first + other, later) || more;
        }
        if (more) later = std::min(later, port.free);
        break;
    }
    if (later != ~std::uint64_t{0}) wake(index, later);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::wake(std::uint32_t port, std::uint64_t time) {
    auto& state = routers_.ports[port];
    if (state.wake == time && time > now_) return;
    state.wake = time;
    wheel_.push(time, {port, Kind::kWake, {}});
}

/// Passes the front flit of the packet that holds virtual channel `vc` of an output.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::pass(std::uint32_t router, std::uint32_t out, std::uint32_t vc) {
    const std::uint32_t index = router * kPorts + out;
    auto& port = routers_.ports[index];
    auto& output = routers_.outputs[index * kVcs + vc];
    const std::uint32_t lane = router * kLanes + output.owner;
    auto& input = routers_.inputs[lane];
    const auto [flit, since] = routers_.front(lane);
    ++input.first;
    --input.count;
    --output.credits;
    const std::uint64_t occupancy = occupancy_[index];
    port.free = now_ + occupancy;
    routers_.input_free[lane / kVcs] = now_ + occupancy;
    ++port.flits;
    if ((flit.flags & Flit::kHead) != 0) count_wait(index, flit, since);

    const std::uint64_t there = now_ + hop_[index];
    if (out == kLocal) {
        wheel_.push(there + grid_.params().eject_credit, {index * kVcs + vc, Kind::kCredit, {}});
        if ((flit.flags & Flit::kTail) != 0) delivered_.push_back({there, flit.packet});
    } else {
        wheel_.push(there, {downstream_[index] * kVcs + vc, Kind::kArrive, flit});
    }
    refund(router, lane % kLanes);
    if ((flit.flags & Flit::kTail) == 0) return;
    output.owner = Routers::kNone;
    input.holds = 0;
    input.out = Routers::kNone;
    if (input.count != 0) wheel_.push(now_ + occupancy, {lane, Kind::kExpose, {}});
}

/// The place that a flit left in `lane` of `router` is free again: tells who fills it.
template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::refund(std::uint32_t router, std::uint32_t lane) {
    const std::uint32_t port = lane / kVcs;
    const std::uint32_t vc = lane % kVcs;
    const std::uint64_t time = now_ + grid_.params().credit;
    if (port == kLocal) {
        wheel_.push(time, {router * kVcs + vc, Kind::kRefund, {}});
    } else {
        wheel_.push(time, {upstream_[router * kPorts + port] * kVcs + vc, Kind::kCredit, {}});
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::count_wait(std::uint32_t port, const Flit& flit,
                                         std::uint64_t since) {
    const std::uint64_t wait = now_ - since - grid_.params().allocate;
    if (wait == 0) return;
    auto& waits = routers_.waits[port];
    waits.sum += wait;
    waits.longest = std::max(waits.longest, wait);
    counters_.contention_ps += wait;
    if (!stepwise_ || !watching_ || wait <= worst_[flit.packet].wait_ps) return;
    const LinkUse use = routers_.use(grid_, port);
    worst_[flit.packet] = {use.tile, use.way, use.mesh, wait};
}

template <template <class> class Wheel, unsigned kVcs>
std::vector<LinkUse> FlitEngine<Wheel, kVcs>::links() const {
    std::vector<LinkUse> used;
    for (std::uint32_t port = 0; port < routers_.ports.size(); ++port) {
        if (routers_.ports[port].flits == 0) continue;
        used.push_back(routers_.use(grid_, port));
        used.back().busy_ps = used.back().flits * occupancy_[port];
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
    const std::uint64_t longest =
        std::max({params.inject, params.hop_east_west, params.hop_north_south, params.hop_off_chip,
                  params.eject + params.eject_credit, params.occupancy, params.off_chip_occupancy,
                  params.local_occupancy, params.allocate, params.credit});
    return longest < TickWheel<FlitEvent>::kMaxDelay ? with_channels<TickWheel>(params)
                                                     : with_channels<PicosecondWheel>(params);
}

}  // namespace seamount::emu
