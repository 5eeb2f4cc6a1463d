#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "emulator/chip/simulation.hpp"
#include "emulator/timing/step_loop.hpp"
#include "tests/unit/timing/chips.hpp"
#include "tests/unit/timing/micro_image.hpp"
#include "tests/unit/timing/reference_mesh.hpp"

// A random network on 24 cores, played by SystemC and computed again in the plainest way from what
// the untimed machine reports. One Simulation per TEST_CASE (SystemC elaborates once per process).

namespace {

using namespace seamount;
using test::MicroImage;
constexpr std::uint64_t kSteps = 25;
constexpr std::uint32_t kCompartments = 40;

isa::Image random_network() {
    std::mt19937_64 random{42};
    MicroImage micro;
    std::set<std::uint32_t> cores;
    while (cores.size() < 24) cores.insert(static_cast<std::uint32_t>(random() % 128));
    std::vector<std::uint16_t> indices;
    for (const std::uint32_t core : cores) {
        indices.push_back(
            micro.add_core(core, indices.size() % 5 == 0 ? MicroImage::kRelay : MicroImage::kChancy,
                           kCompartments));
    }
    std::vector<std::vector<std::uint16_t>> axons(indices.size());
    for (const std::uint16_t index : indices) {
        for (int axon = 0; axon < 6; ++axon) {
            std::vector<std::uint32_t> targets;
            const std::uint64_t fan_out = random() % 20;
            for (std::uint64_t i = 0; i < fan_out; ++i) {
                targets.push_back(static_cast<std::uint32_t>(random() % kCompartments));
            }
            axons[index].push_back(micro.add_axon(index, targets));
        }
    }
    const auto random_axon = [&] {
        const std::uint16_t core = indices[random() % indices.size()];
        return std::pair{core, axons[core][random() % 6]};
    };
    for (const std::uint16_t index : indices) {
        for (std::uint32_t compartment = 0; compartment < kCompartments; ++compartment) {
            const std::uint64_t fan_out = random() % 5;
            for (std::uint64_t i = 0; i < fan_out; ++i) {
                const auto [core, axon] = random_axon();
                micro.connect(index, compartment, core, axon, random() % 4 == 0);
            }
        }
    }
    std::vector<isa::OutputAxon> fan_out;
    for (int i = 0; i < 3; ++i) {
        const auto [core, axon] = random_axon();
        fan_out.push_back(micro.axon_of(core, axon));
    }
    micro.add_input({2, 3, 5, 8, 13}, fan_out);
    return micro.build();
}

std::uint64_t time_of(const isa::ChipSpec& chip, isa::Event event) {
    return chip.price(event).time.count();
}

TileId tile_of(const isa::Image& image, const isa::ChipSpec& chip, CoreSlot core) {
    return chip.tile_of(image.cores[core.index()].core);
}

/// What a step takes without its barrier: emission spike by spike, the mesh hop by hop, and
/// queues served from a sorted list.
struct ReferenceStep {
    std::uint64_t duration_ps = 0;
    std::uint64_t contention_ps = 0;
    std::uint64_t hops = 0;
    std::uint64_t longest_stage_ps = 0;  ///< of any core, alone: a lower bound
};

ReferenceStep reference_step(const isa::Image& image, const isa::ChipSpec& chip,
                             const emu::StepActivity& activity, bool contention) {
    using isa::Event;
    ReferenceStep step;
    std::vector<emu::MeshPacket> packets;
    std::map<CoreSlot, std::uint64_t> sent;
    for (const emu::SpikePacket& packet : activity.packets) {
        const CoreSlot source = packet.source_core;
        const std::uint64_t rank = ++sent[source];
        emu::MeshPacket& on_mesh = packets.emplace_back();
        on_mesh.flits = packet.graded() ? 2 : 1;
        on_mesh.target_tile = tile_of(image, chip, packet.target_core);
        if (source == emu::SpikePacket::kFromHost) {
            on_mesh.source_tile = chip.host_tile();
            on_mesh.inject = emu::Ticks{rank * time_of(chip, Event::kHostPacket)};
            continue;
        }
        const emu::EmittedSpike& spike = activity.cores[source.index()].spikes[packet.spike];
        on_mesh.source_tile = tile_of(image, chip, source);
        on_mesh.inject = emu::Ticks{spike.active_done * time_of(chip, Event::kUpdateActive) +
                                    (spike.updates_done - spike.active_done) *
                                        time_of(chip, Event::kUpdateInactive) +
                                    spike.cycles_done * time_of(chip, Event::kInstruction) +
                                    (packet.spike + 1) * time_of(chip, Event::kSpikeOut) +
                                    rank * time_of(chip, Event::kAxonOut)};
    }
    const test::ReferenceRun mesh = test::reference_carry(chip, packets);
    step.contention_ps = mesh.contention_ps;
    step.hops = mesh.hops;

    using Queue = std::vector<std::pair<std::uint64_t, std::size_t>>;  // arrival, packet
    std::vector<Queue> queues(image.cores.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
        std::uint64_t arrival = mesh.arrival_ps[i];
        if (!contention) {
            arrival = test::reference_carry(chip, std::span{packets}.subspan(i, 1)).arrival_ps[0];
        }
        queues[activity.packets[i].target_core.index()].emplace_back(arrival, i);
        step.duration_ps = std::max(step.duration_ps, arrival);
    }
    for (std::uint32_t core = 0; core < image.cores.size(); ++core) {
        const emu::CoreActivity& work = activity.cores[core];
        const std::uint64_t update =
            work.active_updates * time_of(chip, Event::kUpdateActive) +
            (work.updates - work.active_updates) * time_of(chip, Event::kUpdateInactive) +
            work.cycles * time_of(chip, Event::kInstruction) +
            work.spikes.size() * time_of(chip, Event::kSpikeOut) +
            sent[CoreSlot{core}] * time_of(chip, Event::kAxonOut);
        std::sort(queues[core].begin(), queues[core].end());
        std::uint64_t free = 0;
        std::uint64_t busy = 0;
        for (const auto& [arrival, packet] : queues[core]) {
            const std::uint64_t service =
                time_of(chip, Event::kAxonIn) +
                activity.packets[packet].synapses * time_of(chip, Event::kSynapse);
            free = std::max(free, arrival) + service;
            busy += service;
        }
        step.longest_stage_ps = std::max({step.longest_stage_ps, update, busy});
        step.duration_ps = std::max({step.duration_ps, update, free});
    }
    step.longest_stage_ps =
        std::max(step.longest_stage_ps, activity.host_packets * time_of(chip, Event::kHostPacket));
    step.duration_ps = std::max(step.duration_ps, step.longest_stage_ps);
    return step;
}

std::uint64_t barrier_ps(const isa::Image& image, const isa::ChipSpec& chip) {
    std::set<std::uint32_t> xs{chip.host_tile_x};
    std::set<std::uint32_t> ys{chip.host_tile_y};
    for (const isa::CoreImage& core : image.cores) {
        xs.insert(chip.column_of(chip.tile_of(core.core)));
        ys.insert(chip.row_of(chip.tile_of(core.core)));
    }
    return chip.barrier.base.count() +
           chip.barrier.per_hop.count() * (*xs.rbegin() - *xs.begin() + *ys.rbegin() - *ys.begin());
}

enum class Player { kSystemC, kPlainLoop };

emu::RunTotals play(Player player, const isa::Image& image, const isa::ChipSpec& chip,
                    const emu::RunParams& params) {
    if (player == Player::kSystemC) return emu::Simulation{image, chip, params}.run();
    emu::StepLoop loop{image, chip, params};
    while (loop.step()) {
    }
    return loop.totals();
}

/// Plays the network with `threads`; checks every step against the untimed machine with one thread.
void check_run(emu::MeshFidelity fidelity, std::uint32_t threads,
               Player player = Player::kSystemC) {
    const isa::Image image = random_network();
    const isa::ChipSpec chip = test::priced_chip();
    const std::uint64_t barrier = barrier_ps(image, chip);
    emu::Machine machine{image, {}};
    std::uint64_t time = 0;
    std::uint64_t contention = 0;
    std::uint64_t packets = 0;
    emu::EventCounts counts;

    emu::RunParams params;
    params.steps = kSteps;
    params.mesh = fidelity;
    params.machine.threads = threads;
    params.on_step = [&](const emu::StepReport& report) {
        using isa::Event;
        const emu::StepActivity& activity = machine.step();
        const ReferenceStep expected =
            reference_step(image, chip, activity, fidelity == emu::MeshFidelity::kPacket);
        CAPTURE(activity.step);
        CHECK(report.started == Picoseconds{time});
        CHECK(report.duration == Picoseconds{expected.duration_ps + barrier});
        CHECK(report.duration >= Picoseconds{expected.longest_stage_ps + barrier});
        CHECK(report.counts.of(Event::kHopEastWest) + report.counts.of(Event::kHopNorthSouth) ==
              expected.hops);
        CHECK(report.counts.of(Event::kTileSpike) == activity.packets.size());
        CHECK(report.counts.of(Event::kAxonIn) == activity.packets.size());
        CHECK(report.counts.of(Event::kAxonOut) + report.counts.of(Event::kHostPacket) ==
              activity.packets.size());
        CHECK(report.counts.of(Event::kSynapse) == activity.synaptic_events);
        CHECK(report.counts.of(Event::kSpikeOut) == activity.spikes);
        CHECK(report.counts.of(Event::kUpdateActive) + report.counts.of(Event::kUpdateInactive) ==
              image.neuron_count());
        time += report.duration.count();
        contention += expected.contention_ps;
        packets += activity.packets.size();
        counts += report.counts;
    };
    const emu::RunTotals totals = play(player, image, chip, params);
    CHECK(totals.steps == kSteps);
    CHECK(totals.time == Picoseconds{time});
    CHECK(totals.counts == counts);
    CHECK(totals.contention ==
          Picoseconds{fidelity == emu::MeshFidelity::kPacket ? contention : 0});
    CHECK(packets > 1000);  // the network is alive,
    CHECK(contention > 0);  // and its packets meet
}

}  // namespace

TEST_CASE("SystemC plays a random network exactly as a plain calculation from its activity",
          "[exactness]") {
    check_run(emu::MeshFidelity::kPacket, 1);
}

TEST_CASE("two threads give the same time and counts as one", "[exactness]") {
    check_run(emu::MeshFidelity::kPacket, 2);
}

TEST_CASE("the plain loop plays on one thread and on three what SystemC plays", "[exactness]") {
    for (const std::uint32_t threads : {1U, 3U}) {
        check_run(emu::MeshFidelity::kPacket, threads, Player::kPlainLoop);
        check_run(emu::MeshFidelity::kIdeal, threads, Player::kPlainLoop);
    }
}

TEST_CASE("the ideal mesh plays the same packets and hops without contention", "[exactness]") {
    check_run(emu::MeshFidelity::kIdeal, 1);
}
