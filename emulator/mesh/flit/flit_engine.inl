// What happens at an instant in a FlitEngine: events, then the decisions of the routers.
#include "emulator/mesh/flit/flit_engine.hpp"

namespace seamount::emu {

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::play(Ticks until) {
    for (;;) {
        const Ticks time = wheel_.take(until, events_);
        if (time == kNever) return;
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
                mark_output(event.place / kLanes, event.place % kLanes / kVcs);
            }
            return;
        case Kind::kRefund:
            if (ways_in_[event.place / kVcs].credits[event.place % kVcs]++ == 0) {
                mark(event.place / kVcs, Routers::kWayIn);
            }
            return;
        case Kind::kExpose:
            return expose(event.place);
        case Kind::kWake:
            return mark_output(event.place / kPorts, event.place % kPorts);
        case Kind::kInject:
            return mark(event.place, Routers::kWayIn);
        case Kind::kEmit:
            return emit(event.place);
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::mark(std::uint32_t router, typename Routers::PortMask ports) {
    if (routers_.dirty[router] == 0) dirty_.push_back(router);
    routers_.dirty[router] |= ports;
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::arrive(std::uint32_t lane, const Flit& flit) {
    auto& input = routers_.inputs[lane];
    SM_ASSERT(input.count < grid_.params().buffer_flits, "a flit moves only with a credit");
    routers_.place(lane, input.first + input.count) = {flit, now_};
    if (++input.count != 1) return;
    if (input.holds != 0) {
        mark_output(lane / kLanes, input.out);
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
    const Ticks busy_until = routers_.input_free[lane / kVcs];
    if (busy_until > now_) return wheel_.push(busy_until, {lane, Kind::kExpose, {}});
    input.out = exit_of(lane, routers_.front(lane).flit.target);
    routers_.ports[router * kPorts + input.out].wants |= std::uint64_t{1} << (lane % kLanes);
    mark_output(router, input.out);
}

/// Output port for a packet at the front of a lane. Looked up if there is a table: small meshes
/// with routes in dimension order have one.
template <template <class> class Wheel, unsigned kVcs>
std::uint8_t FlitEngine<Wheel, kVcs>::exit_of(std::uint32_t lane, PackedTile target) const {
    const std::uint32_t router = lane / kLanes;
    if (!exits_.empty()) return exits_[std::size_t{router} * grid_.tiles() + target.index()];
    const auto came = static_cast<Direction>(lane % kLanes / kVcs);
    return static_cast<std::uint8_t>(
        grid_.route(grid_.mesh_of(router), grid_.tile_of(router), target, came));
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
    // A source that stalls goes on when this head has left.
    if (when_full_ == WhenFull::kQueue) plan(source);
    mark(router, Routers::kWayIn);
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
    wheel_.push(now_ + grid_.params().inject, {router * kLanes + kLocal * kVcs + way.vc,
                                               Kind::kArrive,
                                               {waiting.packet, waiting.target, tail, head}});
    way.free = now_ + (tail ? grid_.params().local_occupancy : flit_gap_);
    if (head && when_full_ == WhenFull::kStall) {
        departures_[waiting.packet] = now_;
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
    const typename Routers::PortMask marked = routers_.dirty[router];
    routers_.dirty[router] = 0;
    unsigned outs = marked & (Routers::kWayIn - 1U);
    if constexpr (kVcs == 1) {
        for (; outs != 0; outs &= outs - 1) {
            serve(router, static_cast<std::uint32_t>(std::countr_zero(outs)));
        }
    } else {
        // Outputs compete for the inputs: each is first in turn.
        for (std::uint32_t i = 0; i < kPorts; ++i) {
            const auto out = static_cast<std::uint32_t>((now_.count() + i) % kPorts);
            if ((outs >> out & 1U) != 0) serve(router, out);
        }
    }
    if ((marked & Routers::kWayIn) != 0) inject(router);
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
bool FlitEngine<Wheel, kVcs>::ready(std::uint32_t router, std::uint32_t output, Ticks& later) {
    const auto& state = routers_.outputs[output];
    if (state.owner == Routers::kNone || state.credits == 0) return false;
    const std::uint32_t lane = router * kLanes + state.owner;
    if (routers_.inputs[lane].count == 0) return false;
    const Ticks may = std::max({routers_.usable[output], routers_.input_free[lane / kVcs],
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
    Ticks later = kNever;
    const std::uint32_t first = router * kLanes + out * kVcs;
    for (unsigned i = 0; i < kVcs; ++i) {
        const unsigned vc = kVcs == 1 ? 0 : (port.turn + i) % kVcs;
        if (!ready(router, first + vc, later)) continue;
        pass(router, out, vc);
        port.turn = static_cast<std::uint8_t>((vc + 1) % kVcs);
        // Whoever is left looks again when the link is free.
        bool more = port.wants != 0;
        later = kNever;
        for (unsigned other = 0; other < kVcs; ++other) {
            more = ready(router, first + other, later) || more;
        }
        if (more) later = std::min(later, port.free);
        break;
    }
    if (later != kNever) wake(index, later);
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::wake(std::uint32_t port, Ticks time) {
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
    const Ticks occupancy = occupancy_[index];
    port.free = now_ + occupancy;
    routers_.input_free[lane / kVcs] = now_ + occupancy;
    ++port.flits;
    if (flit.head) count_wait(index, flit, since);

    const Ticks there = now_ + hop_[index];
    if (out == kLocal) {
        wheel_.push(there + grid_.params().eject_credit, {index * kVcs + vc, Kind::kCredit, {}});
        if (flit.tail) delivered_.push_back({there, flit.packet});
    } else {
        wheel_.push(there, {downstream_[index] * kVcs + vc, Kind::kArrive, flit});
    }
    refund(router, lane % kLanes);
    if (!flit.tail) return;
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
    const Ticks time = now_ + grid_.params().credit;
    if (port == kLocal) {
        wheel_.push(time, {router * kVcs + vc, Kind::kRefund, {}});
    } else {
        wheel_.push(time, {upstream_[router * kPorts + port] * kVcs + vc, Kind::kCredit, {}});
    }
}

template <template <class> class Wheel, unsigned kVcs>
void FlitEngine<Wheel, kVcs>::count_wait(std::uint32_t port, const Flit& flit, Ticks since) {
    const Ticks wait = now_ - since - grid_.params().allocate;
    if (wait == Ticks{}) return;
    auto& waits = routers_.waits[port];
    waits.sum += wait;
    waits.longest = std::max(waits.longest, wait);
    counters_.contention += wait;
    if (!noting_ || wait <= worst_[flit.packet].wait) return;
    const LinkUse use = routers_.use(grid_, port);
    worst_[flit.packet] = {use.tile, use.way, use.mesh, wait};
}

}  // namespace seamount::emu
