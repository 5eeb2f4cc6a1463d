#include <catch2/catch.hpp>
#include <numeric>

#include "emulator/chip/simulation.hpp"
#include "tests/unit/timing/chips.hpp"
#include "tests/unit/timing/micro_image.hpp"

// What each step's time is attributed to. One Simulation per TEST_CASE (SystemC elaborates once per
// process).

namespace {

using namespace seamount;
using emu::Cause;
using emu::CriticalPath;
using test::MicroImage;

constexpr Cause kUpdate = static_cast<Cause>(isa::Stage::kUpdate);
constexpr Cause kSpikeOut = static_cast<Cause>(isa::Stage::kSpikeOut);
constexpr Cause kAxonOut = static_cast<Cause>(isa::Stage::kAxonOut);
constexpr Cause kAxonIn = static_cast<Cause>(isa::Stage::kAxonIn);
constexpr Cause kAccumulate = static_cast<Cause>(isa::Stage::kAccumulate);

struct Played {
    std::vector<CriticalPath> paths;
    std::vector<Picoseconds> durations;
    emu::RunTotals totals;
};

Played play(const MicroImage& micro, const isa::ChipSpec& chip, std::uint64_t steps) {
    const isa::Image image = micro.build();
    Played played;
    emu::Simulation::Params params;
    params.steps = steps;
    params.observe_queues = true;
    params.on_step = [&](const emu::StepReport& report) {
        played.paths.push_back(report.path);
        played.durations.push_back(report.duration);
    };
    played.totals = emu::Simulation{image, chip, params}.run();
    for (std::size_t i = 0; i < played.paths.size(); ++i) {
        const emu::CauseTimes& parts = played.paths[i].parts;
        CHECK(std::accumulate(parts.begin(), parts.end(), std::uint64_t{0}) ==
              played.durations[i].count());
    }
    return played;
}

}  // namespace

TEST_CASE("a step that ends with a packet is traced through the mesh to the update that sent it",
          "[critical_path]") {
    MicroImage micro;
    const std::uint16_t source = micro.add_core(0, MicroImage::kFiring, 2);
    const std::uint16_t target = micro.add_core(4, MicroImage::kSilent, 1);
    micro.connect(source, 1, target, micro.add_axon(target, {0, 0}));
    const Played played = play(micro, test::priced_chip(), 2);
    for (const CriticalPath& path : played.paths) {
        CHECK(path.core == CoreSlot{target});
        CHECK(path.source == CoreSlot{source});
        CHECK(path.served == 1);
        // The second of two compartments: two updates, two spikes, one packet.
        CHECK(path.of(kUpdate) >= 2 * 8400);
        CHECK(path.of(kSpikeOut) == 2 * 29'000);
        CHECK(path.of(kAxonOut) == 5100);
        CHECK(path.of(Cause::kMesh) == 2100 + 4100);
        CHECK(path.of(Cause::kMeshWait) == 0);
        CHECK(path.of(kAxonIn) == 16'000);
        CHECK(path.of(kAccumulate) == 2 * 3500);
        CHECK(path.of(Cause::kBarrier) == 113'000 + 35'200);
        CHECK(path.largest() == Cause::kBarrier);
    }
}

TEST_CASE("a step that ends with updates is attributed to the core that made them",
          "[critical_path]") {
    MicroImage micro;
    micro.add_core(0, MicroImage::kSilent, 1);
    const std::uint16_t busy = micro.add_core(1, MicroImage::kSilent, 100);
    const Played played = play(micro, test::davies_chip(), 1);
    const CriticalPath& path = played.paths.front();
    CHECK(path.core == CoreSlot{busy});
    CHECK(path.source == CriticalPath::kNoCore);
    CHECK(path.of(kUpdate) == 100 * 5300);
    CHECK(path.largest() == kUpdate);
}

TEST_CASE("a packet that waited for a link has its wait apart", "[critical_path]") {
    MicroImage micro;
    const std::uint16_t first = micro.add_core(0, MicroImage::kFiring, 1);
    const std::uint16_t second = micro.add_core(1, MicroImage::kFiring, 1);
    const std::uint16_t near = micro.add_core(4, MicroImage::kSilent, 1);
    const std::uint16_t other = micro.add_core(5, MicroImage::kSilent, 1);
    micro.connect(first, 0, near, micro.add_axon(near, {}), true);  // two flits
    micro.connect(second, 0, other, micro.add_axon(other, {0}));
    const Played played = play(micro, test::davies_chip(), 1);
    const CriticalPath& path = played.paths.front();
    CHECK(path.core == CoreSlot{other});
    CHECK(path.source == CoreSlot{second});
    CHECK(path.of(Cause::kMeshWait) == 2 * 1160);
    CHECK(path.of(Cause::kMesh) == 2100 + 4100);
}

TEST_CASE("packets of the host and writes are the host's time, and so is its management",
          "[critical_path]") {
    MicroImage micro;
    const std::uint16_t target = micro.add_core(0, MicroImage::kSilent, 4);
    micro.add_input({0}, {micro.axon_of(target, micro.add_axon(target, {0}))});
    micro.add_writes(3);
    isa::ChipSpec chip = test::davies_chip();
    test::set_price(chip, isa::Event::kHostPacket, 20'000, 5.0);
    test::set_price(chip, isa::Event::kHostWrite, 70'000, 6.0);
    test::set_price(chip, isa::Event::kHostStep, 1'000'000, 9.0);
    test::set_price(chip, isa::Event::kStartUp, 4'000'000, 11.0);
    const Played played = play(micro, chip, 2);
    CHECK(played.paths[0].source == emu::SpikePacket::kFromHost);
    CHECK(played.paths[0].of(Cause::kHost) == 3 * 70'000 + 20'000);
    CHECK(played.paths[0].of(Cause::kHostStep) == 1'000'000);
    CHECK(played.paths[1].of(Cause::kHost) == 0);
    CHECK(played.durations[1] == Picoseconds{4 * 5300 + 113'000 + 1'000'000});
    CHECK(played.totals.counts.of(isa::Event::kHostStep) == 2);
    CHECK(played.totals.counts.of(isa::Event::kStartUp) == 1);
    const emu::EnergyReport energy = emu::price(played.totals.counts, played.totals.time, chip);
    CHECK(energy.of(isa::Event::kHostStep) == Picojoules{18.0});
    CHECK(energy.of(isa::Event::kStartUp) == Picojoules{11.0});
}

TEST_CASE("packets that meet at a core are counted in its queue, and the busy time goes to them",
          "[critical_path]") {
    MicroImage micro;
    const std::uint16_t target = micro.add_core(0, MicroImage::kSilent, 2);
    const std::uint16_t axon = micro.add_axon(target, {0, 1});
    for (std::uint32_t core = 1; core < 4; ++core) {
        const std::uint16_t source = micro.add_core(core, MicroImage::kFiring, 1);
        micro.connect(source, 0, target, axon);
    }
    const Played played = play(micro, test::davies_chip(), 2);
    const CriticalPath& path = played.paths.front();
    CHECK(path.core == CoreSlot{target});
    CHECK(path.served == 3);
    CHECK(path.source == CoreSlot{1});  // the first of three that arrive together
    CHECK(path.of(kAccumulate) == 3 * 2 * 3500);
    const emu::StageUses& uses = played.totals.stages.at(target);
    CHECK(uses[static_cast<std::size_t>(isa::Stage::kAxonIn)].longest_queue == 2);
    CHECK(uses[static_cast<std::size_t>(isa::Stage::kAccumulate)].busy_ps == 2 * 3 * 2 * 3500);
    CHECK(uses[static_cast<std::size_t>(isa::Stage::kUpdate)].busy_ps == 2 * 2 * 5300);
}

TEST_CASE("a core without overlap waits for its own updates before it takes packets in",
          "[critical_path]") {
    MicroImage micro;
    const std::uint16_t source = micro.add_core(0, MicroImage::kFiring, 1);
    const std::uint16_t target = micro.add_core(1, MicroImage::kSilent, 100);
    micro.connect(source, 0, target, micro.add_axon(target, {0}));
    isa::ChipSpec chip = test::davies_chip();
    chip.core_timing.overlaps = {};
    const Played played = play(micro, chip, 1);
    CHECK(played.durations.front() == Picoseconds{100 * 5300 + 3500 + 113'000});
    CHECK(played.paths.front().of(kUpdate) == 100 * 5300);
    CHECK(played.paths.front().of(kAccumulate) == 3500);
}
