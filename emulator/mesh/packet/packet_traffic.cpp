#include "emulator/mesh/packet/packet_traffic.hpp"

#include <algorithm>

#include "emulator/mesh/packet/sinks.hpp"

namespace seamount::emu {

namespace {

/// Waiting that makes packets queue up: more than so many percent of the time on links, of at least
/// so many heads. If some buffer is too short to keep its link busy, or holds no whole packet, they
/// always queue up.
constexpr std::uint64_t kWaitPercent = 4;
constexpr std::uint64_t kEvidence = 1000;
/// Occupancies of a link after which waiting is judged.
constexpr std::uint64_t kPeriod = 1024;

bool any_outruns(const std::vector<PacketLink>& links, std::uint32_t places) {
    return std::any_of(links.begin(), links.end(),
                       [places](const PacketLink& link) { return link.outruns(places); });
}

}  // namespace

PacketTraffic::PacketTraffic(const MeshGrid& grid, std::vector<PacketLink>& links, WaysIn& ways_in,
                             Reservations& reservations)
    : grid_{grid},
      links_{links},
      ways_in_{ways_in},
      reservations_{reservations},
      period_{kPeriod * std::max(grid.pace(false), Ticks{1})},
      links_outrun_{any_outruns(links, grid.params().buffer_flits)} {}

void PacketTraffic::begin() {
    sharing_ = Sharing::kReserve;
    outgrows_buffers_ = links_outrun_;
    now_ = {};
    period_end_ = period_;
    delivered_.clear();
}

void PacketTraffic::offer(std::uint32_t mesh, const MeshPacket& packet, std::uint32_t id) {
    outgrows_buffers_ = outgrows_buffers_ || packet.flits > grid_.params().buffer_flits;
    ways_in_.add(mesh, packet, id, [this](std::uint32_t in, TileId tile, const PacketHead& head) {
        enter(in, tile, head);
    });
}

Ticks PacketTraffic::advance(Ticks until, std::vector<MeshDelivery>& delivered) {
    Ticks waited{};
    if (sharing_ == Sharing::kReserve && outgrows_buffers_) queue_up();
    while (sharing_ == Sharing::kReserve && now_ < until) waited += play_period(until);
    if (now_ < until) {
        now_ = until;
        waited += play(until);
    }
    delivered.insert(delivered.end(), delivered_.begin(), delivered_.end());
    delivered_.clear();
    return waited;
}

/// Plays to the end of the period, or to `until` if that is earlier, and judges. Then skips periods
/// in which nothing happens.
Ticks PacketTraffic::play_period(Ticks until) {
    const std::uint64_t before = reservations_.served().heads + delivered_.size();
    now_ = std::min(until, period_end_);
    const Ticks waited = play(now_);
    if (now_ < period_end_) return waited;
    if (congested()) {
        queue_up();
        return waited;
    }
    const bool quiet = reservations_.served().heads + delivered_.size() == before;
    if (reservations_.served().heads >= kEvidence) reservations_.forget_served();
    period_end_ += period_;
    if (!quiet) return waited;
    const Ticks next = std::min({until, ways_in_.next(), reservations_.next_request()});
    if (next > period_end_) {
        period_end_ += (next - period_end_).count() / period_.count() * period_;
    }
    return waited;
}

bool PacketTraffic::congested() const noexcept {
    const Reservations::Served& served = reservations_.served();
    return served.heads >= kEvidence && served.waited * 100 > served.travelled * kWaitPercent;
}

/// From now on packets queue, with those that are on their way.
void PacketTraffic::queue_up() {
    if (queues_ == nullptr) queues_ = make_packet_queues(grid_, links_);
    queues_->begin();
    sharing_ = Sharing::kQueue;
    reservations_.hand_over(
        [this](std::uint32_t mesh, TileId tile, Direction way, const PacketHead& head) {
            const Ticks pace = grid_.pace(head.train.crossed_chips());
            queues_->enter(mesh, tile, way, head, head.time + pace * (head.train.flits() - 1U));
        });
}

void PacketTraffic::enter(std::uint32_t mesh, TileId tile, const PacketHead& head) {
    if (sharing_ == Sharing::kReserve) {
        return reservations_.enter(mesh, tile, head, TrafficSink{delivered_});
    }
    queues_->enter(mesh, tile, Direction::kLocal, head,
                   head.time + grid_.pace(false) * (head.train.flits() - 1U));
}

Ticks PacketTraffic::play(Ticks until) {
    ways_in_.let_in(until, [this](std::uint32_t mesh, TileId tile, const PacketHead& head) {
        enter(mesh, tile, head);
    });
    return sharing_ == Sharing::kReserve ? reservations_.play(until, TrafficSink{delivered_})
                                         : queues_->play(until, delivered_);
}

}  // namespace seamount::emu
