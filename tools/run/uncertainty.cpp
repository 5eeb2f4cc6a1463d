#include "tools/run/uncertainty.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

#include "isa/base/text.hpp"
#include "tools/session/tally.hpp"

namespace seamount::tools {
namespace {

using emu::Cause;
using isa::Event;
using isa::Stage;

/// Collects what hangs on each number of the chip file.
class Collector {
public:
    explicit Collector(const RunOutcome& outcome)
        : chip_{outcome.loaded.chip}, totals_{outcome.result.totals} {}

    RunSpread spread(const emu::CauseTimes& parts) {
        times(parts);
        energies();
        return combined();
    }

private:
    struct Hanging {
        double time_s = 0.0;
        double energy_j = 0.0;
    };

    [[nodiscard]] double count_of(Event event) const {
        return static_cast<double>(totals_.counts.of(event));
    }
    [[nodiscard]] double ns_of(Event event) const {
        return static_cast<double>(chip_.price(event).time.count()) * count_of(event);
    }

    /// The key of a price: that of the one which it follows, if the number is the same.
    [[nodiscard]] std::string key_of(Event event, const char* unit) const {
        const auto path = [unit](Event e) { return fmt::format("prices.{}{}", name_of(e), unit); };
        const auto leader = isa::info(event).follows;
        const std::string own = path(event);
        if (!leader) return own;
        const auto mine = chip_.provenance.find(own);
        const auto led = chip_.provenance.find(path(*leader));
        const bool same = chip_.price(event) == chip_.price(*leader) &&
                          (mine == chip_.provenance.end()) == (led == chip_.provenance.end()) &&
                          (mine == chip_.provenance.end() || mine->second == led->second);
        return same ? path(*leader) : own;
    }

    /// Shares time out among the prices of some events, as far as they took any.
    void share(std::uint64_t ps, std::initializer_list<Event> events) {
        double all = 0.0;
        for (const Event event : events) all += ns_of(event);
        if (ps == 0 || all == 0.0) return;
        for (const Event event : events) {
            hanging_[key_of(event, "_ns")].time_s +=
                static_cast<double>(ps) * 1e-12 * ns_of(event) / all;
        }
    }

    void times(const emu::CauseTimes& parts) {
        const auto stage = [&](Stage s) { return parts[static_cast<std::size_t>(s)]; };
        const auto cause = [&](Cause c) { return parts[static_cast<std::size_t>(c)]; };
        share(stage(Stage::kUpdate),
              {Event::kUpdateActive, Event::kUpdateInactive, Event::kInstruction});
        share(stage(Stage::kSpikeOut), {Event::kSpikeOut});
        share(stage(Stage::kAxonOut), {Event::kAxonOut});
        share(stage(Stage::kAxonIn), {Event::kAxonIn});
        share(stage(Stage::kSynapseFetch), {Event::kSynapseFetch});
        share(stage(Stage::kAccumulate), {Event::kSynapse, Event::kSynapseDense});
        share(stage(Stage::kLearning), {Event::kSynapseUpdate, Event::kTraceUpdate});
        share(cause(Cause::kMesh),
              {Event::kTileSpike, Event::kHopEastWest, Event::kHopNorthSouth, Event::kHopOffChip});
        hanging_["mesh.link_occupancy_ns"].time_s +=
            static_cast<double>(cause(Cause::kMeshWait)) * 1e-12;
        hanging_["prices.barrier"].time_s += static_cast<double>(cause(Cause::kBarrier)) * 1e-12;
        host_times(cause(Cause::kHost), cause(Cause::kHostStep));
    }

    /// A price of a host event and what the class of the host adds to it are two numbers.
    void host_times(std::uint64_t port_ps, std::uint64_t step_ps) {
        const auto split = [&](std::uint64_t ps, Event event, Picoseconds added, const char* key) {
            const auto all = static_cast<double>(chip_.price(event).time.count());
            if (all == 0.0) return;
            const double of_class = static_cast<double>(added.count()) / all;
            hanging_[key].time_s += static_cast<double>(ps) * 1e-12 * of_class;
            hanging_[key_of(event, "_ns")].time_s +=
                static_cast<double>(ps) * 1e-12 * (1.0 - of_class);
        };
        split(port_ps, Event::kHostPacket, chip_.host.packet_time(), "host.io_packet_ns");
        split(step_ps, Event::kHostStep, chip_.host.step_time(), "host.snips_step_ns");
    }

    void energies() {
        const emu::EnergyReport energy =
            emu::price(totals_.counts, totals_.time, chip_, totals_.powered);
        const double drawn = session::joules(energy.idle) + session::joules(energy.stepping) +
                             session::joules(energy.host);
        const double time = session::seconds(totals_.time);
        for (auto& [key, hanging] : hanging_) {
            if (time > 0.0) hanging.energy_j += hanging.time_s * drawn / time;
        }
        for (const isa::EventInfo& row : isa::kEventTable) {
            hanging_[key_of(row.event, "_pj")].energy_j += session::joules(energy.of(row.event));
        }
        const auto power = [&](const char* key, Milliwatts each, std::uint32_t parts) {
            hanging_[key].energy_j += each.count() * 1e-3 * parts * time;
        };
        const emu::PoweredParts& powered = totals_.powered;
        power("power.idle_mw", chip_.idle_power, powered.chips);
        power("power.idle_per_tile_mw", chip_.idle_tile_power, powered.tiles);
        power("power.idle_per_core_mw", chip_.idle_core_power, powered.cores);
        power("power.stepping_mw", chip_.step_power, powered.chips);
        power("power.stepping_per_tile_mw", chip_.step_tile_power, powered.tiles);
        const bool io = chip_.host.host_class == isa::HostClass::kIo;
        power(io ? "host.io_mw" : "host.snips_mw", chip_.host.power(), powered.chips);
    }

    [[nodiscard]] RunSpread combined() const {
        RunSpread spread;
        double time = 0.0;
        double energy = 0.0;
        for (const auto& [key, hanging] : hanging_) {
            const auto known = chip_.provenance.find(key);
            const double relative = known == chip_.provenance.end() ? isa::Provenance{}.spread()
                                                                    : known->second.spread();
            const SpreadPart part{key, relative, relative * hanging.time_s,
                                  relative * hanging.energy_j};
            if (part.time_s == 0.0 && part.energy_j == 0.0) continue;
            time += part.time_s * part.time_s;
            energy += part.energy_j * part.energy_j;
            spread.parts.push_back(part);
        }
        spread.time_s = std::sqrt(time);
        spread.energy_j = std::sqrt(energy);
        std::stable_sort(
            spread.parts.begin(), spread.parts.end(),
            [](const SpreadPart& a, const SpreadPart& b) { return a.energy_j > b.energy_j; });
        return spread;
    }

    const isa::ChipSpec& chip_;
    const emu::RunTotals& totals_;
    std::map<std::string, Hanging> hanging_;
};

}  // namespace

std::array<Picoseconds, emu::kBoundaryNames.size()> time_by_boundary(const emu::CauseTimes& parts) {
    std::array<Picoseconds, emu::kBoundaryNames.size()> times{};
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        emu::Boundary boundary = emu::Boundary::kNeurocores;
        const auto cause = static_cast<Cause>(i);
        if (cause == Cause::kBarrier || cause == Cause::kHostStep) {
            boundary = emu::Boundary::kManagement;
        } else if (cause == Cause::kHost) {
            boundary = emu::Boundary::kHost;
        }
        times[static_cast<std::size_t>(boundary)] += Picoseconds{parts[i]};
    }
    return times;
}

RunSpread spread_of(const RunOutcome& outcome) {
    return Collector{outcome}.spread(outcome.result.time_parts);
}

std::string with_spread(double value, double spread, std::string_view unit) {
    constexpr std::array kPrefixes{"", "m", "u", "n", "p"};
    std::size_t prefix = 0;
    double scale = 1.0;
    const double larger = std::max(value, spread);
    while (prefix + 1 < kPrefixes.size() && larger * scale < 1.0) {
        scale *= 1000.0;
        ++prefix;
    }
    double shown = spread * scale;
    if (shown <= 0.0) return si(value, std::string{unit});
    const double leading = std::pow(10.0, std::floor(std::log10(shown)));
    const double digit = shown < 2.0 * leading ? leading / 10.0 : leading;
    shown = std::round(shown / digit) * digit;
    const double rounded = std::round(value * scale / digit) * digit;
    const int digits = std::max(0, static_cast<int>(std::lround(-std::log10(digit))));
    return fmt::format("{:.{}f} ± {:.{}f} {}{}", rounded, digits, shown, digits, kPrefixes[prefix],
                       unit);
}

}  // namespace seamount::tools
