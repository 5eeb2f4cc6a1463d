#include <catch2/catch.hpp>
#include <stdexcept>

#include "emulator/chip/simulation.hpp"
#include "tests/unit/timing/chips.hpp"
#include "tests/unit/timing/micro_image.hpp"

// SystemC elaborates once per process, and ctest gives every TEST_CASE a process of its own: one
// Simulation per TEST_CASE, no sections.

namespace {

using namespace seamount;
using test::MicroImage;
constexpr std::uint64_t kBarrier = 113'000;
constexpr std::uint64_t kBarrierHop = 35'200;

struct Played {
    std::vector<Picoseconds> steps;
    emu::RunTotals totals;
    double energy_pj = 0.0;
};

Played play(const MicroImage& micro, const isa::ChipSpec& chip, std::uint64_t steps) {
    const isa::Image image = micro.build();
    Played played;
    emu::Simulation::Params params;
    params.steps = steps;
    params.on_step = [&](const emu::StepReport& report) {
        played.steps.push_back(report.duration);
    };
    played.totals = emu::Simulation{image, chip, params}.run();
    played.energy_pj = emu::price(played.totals.counts, played.totals.time, chip).total().count();
    return played;
}

/// One neuron that fires every step, one synapse onto a silent neuron `hops` away.
Played play_pair(std::uint32_t source_core, std::uint32_t target_core) {
    MicroImage micro;
    const std::uint16_t source = micro.add_core(source_core, MicroImage::kFiring, 1);
    const std::uint16_t target = micro.add_core(target_core, MicroImage::kSilent, 1);
    micro.connect(source, 0, target, micro.add_axon(target, {0}));
    return play(micro, test::davies_chip(), 3);
}

/// Both updates, the spike within its tile and the synaptic operation, by Davies' Table 2.
constexpr std::uint64_t kPairPs = 8400 + 2100 + 3500;
constexpr double kPairPj = 81.0 + 52.0 + 1.7 + 23.6;

void check(const Played& played, std::uint64_t step_ps, double step_pj) {
    CHECK(played.steps == std::vector<Picoseconds>(3, Picoseconds{step_ps}));
    CHECK(played.totals.steps == 3);
    CHECK(played.totals.time == Picoseconds{3 * step_ps});
    CHECK(played.energy_pj == Approx(3 * step_pj).epsilon(1e-12));
}

}  // namespace

TEST_CASE("an inactive neuron costs Davies' 5.3 ns and 52 pJ per step", "[simulation]") {
    MicroImage micro;
    micro.add_core(0, MicroImage::kSilent, 1);
    check(play(micro, test::davies_chip(), 3), 5300 + kBarrier, 52.0);
}

TEST_CASE("an active neuron costs Davies' 8.4 ns and 81 pJ per step", "[simulation]") {
    MicroImage micro;
    micro.add_core(0, MicroImage::kFiring, 1);
    check(play(micro, test::davies_chip(), 3), 8400 + kBarrier, 81.0);
}

TEST_CASE("a synaptic operation within a tile costs Davies' 2.1 + 3.5 ns and 1.7 + 23.6 pJ",
          "[simulation]") {
    const Played played = play_pair(0, 3);
    check(played, kPairPs + kBarrier, kPairPj);
    CHECK(played.totals.max_link_flits == 0);
}

TEST_CASE("a hop east costs Davies' 4.1 ns and 3.0 pJ", "[simulation]") {
    const Played played = play_pair(0, 4);
    check(played, kPairPs + 4100 + kBarrier + kBarrierHop, kPairPj + 3.0);
    CHECK(played.totals.max_link_flits == 3);
    CHECK(played.totals.contention == Picoseconds{0});
}

TEST_CASE("a hop south costs Davies' 6.5 ns and 4.0 pJ", "[simulation]") {
    check(play_pair(0, 32), kPairPs + 6500 + kBarrier + kBarrierHop, kPairPj + 4.0);
}

TEST_CASE("a neuron that got a synaptic event fires one step later", "[simulation]") {
    MicroImage micro;
    const std::uint16_t source = micro.add_core(4, MicroImage::kRelay, 1);
    const std::uint16_t target = micro.add_core(5, MicroImage::kRelay, 1);
    micro.connect(source, 0, target, micro.add_axon(target, {0}));
    micro.add_input({1}, {micro.axon_of(source, micro.add_axon(source, {0}))});
    isa::ChipSpec chip = test::davies_chip();
    test::set_price(chip, isa::Event::kHostPacket, 20'000, 0.0);
    const Played played = play(micro, chip, 4);
    // Host and cores sit on tiles 0 and 1: diameter 1. Step 1: the host's packet is the last thing
    // to finish; the first neuron fires already, for host spikes act in their own step.
    const std::uint64_t barrier = kBarrier + kBarrierHop;
    CHECK(played.steps ==
          std::vector<Picoseconds>{Picoseconds{5300 + barrier},
                                   Picoseconds{20'000 + 2100 + 4100 + 3500 + barrier},
                                   Picoseconds{8400 + barrier}, Picoseconds{5300 + barrier}});
    CHECK(played.totals.counts.of(isa::Event::kHostPacket) == 1);
    CHECK(played.totals.counts.of(isa::Event::kAxonOut) == 1);
    CHECK(played.totals.counts.of(isa::Event::kAxonIn) == 2);
    CHECK(played.totals.counts.of(isa::Event::kSpikeOut) == 2);
    CHECK(played.totals.counts.of(isa::Event::kBarrier) == 4);
}

TEST_CASE("host packets follow each other by the time of the host port", "[simulation]") {
    MicroImage micro;
    const std::uint16_t target = micro.add_core(0, MicroImage::kSilent, 1);
    const isa::OutputAxon fan_out = micro.axon_of(target, micro.add_axon(target, {0}));
    micro.add_input({0}, {fan_out, fan_out, fan_out});
    isa::ChipSpec chip = test::davies_chip();
    test::set_price(chip, isa::Event::kHostPacket, 20'000, 5.0);
    const Played played = play(micro, chip, 2);
    CHECK(played.steps == std::vector<Picoseconds>{Picoseconds{3 * 20'000 + 2100 + 3500 + kBarrier},
                                                   Picoseconds{5300 + kBarrier}});
    CHECK(played.energy_pj == Approx(3 * (5.0 + 1.7 + 23.6) + 2 * 52.0).epsilon(1e-12));
}

TEST_CASE("the host port writes state words first, then sends its packets", "[simulation]") {
    MicroImage micro;
    const std::uint16_t target = micro.add_core(0, MicroImage::kSilent, 4);
    micro.add_input({0, 1}, {micro.axon_of(target, micro.add_axon(target, {0}))});
    micro.add_writes(3);
    isa::ChipSpec chip = test::davies_chip();
    test::set_price(chip, isa::Event::kHostPacket, 20'000, 5.0);
    test::set_price(chip, isa::Event::kHostWrite, 70'000, 6.0);
    const Played played = play(micro, chip, 2);
    const std::uint64_t packet = 20'000 + 2100 + 3500 + kBarrier;
    CHECK(played.steps ==
          std::vector<Picoseconds>{Picoseconds{3 * 70'000 + packet}, Picoseconds{packet}});
    CHECK(played.totals.counts.of(isa::Event::kHostWrite) == 3);
    CHECK(played.energy_pj ==
          Approx(3 * 6.0 + 2 * (5.0 + 1.7 + 23.6) + 2 * 4 * 52.0).epsilon(1e-12));
}

TEST_CASE("packets that share a link, and then a core, wait for each other", "[simulation]") {
    MicroImage micro;
    const std::uint16_t first = micro.add_core(0, MicroImage::kFiring, 1);
    const std::uint16_t second = micro.add_core(1, MicroImage::kFiring, 1);
    const std::uint16_t target = micro.add_core(4, MicroImage::kSilent, 1);
    const std::uint16_t axon = micro.add_axon(target, {0});
    micro.connect(first, 0, target, axon, true);  // graded: two flits
    micro.connect(second, 0, target, axon);
    const Played played = play(micro, test::davies_chip(), 3);
    // Tail of the first at 8400 + 2100 + 4100 + 1160; the second starts two occupancies later.
    const std::uint64_t head = 8400 + 2100 + 4100;
    check(played, head + 1160 + 2 * 3500 + kBarrier + kBarrierHop,
          2 * 81.0 + 52.0 + 2 * (1.7 + 23.6) + 3 * 3.0);
    CHECK(played.totals.contention == Picoseconds{3 * 2 * 1160});
    CHECK(played.totals.max_link_flits == 9);
}

TEST_CASE("without prices no modelled time passes, and the run still ends", "[simulation]") {
    MicroImage micro;
    const std::uint16_t core = micro.add_core(0, MicroImage::kFiring, 2);
    micro.connect(core, 0, core, micro.add_axon(core, {1}));
    const Played played = play(micro, isa::ChipSpec{}, 100);
    CHECK(played.totals.steps == 100);
    CHECK(played.totals.time == Picoseconds{0});
    CHECK(played.totals.counts.of(isa::Event::kSynapse) == 100);
}

TEST_CASE("a run of no steps does nothing", "[simulation]") {
    MicroImage micro;
    micro.add_core(0, MicroImage::kFiring, 1);
    const Played played = play(micro, test::davies_chip(), 0);
    CHECK(played.totals.steps == 0);
    CHECK(played.totals.time == Picoseconds{0});
    CHECK(played.totals.counts == emu::EventCounts{});
}

TEST_CASE("what on_step throws comes out of run unchanged and ends the run", "[simulation]") {
    struct Interrupted {
        int at;
    };
    MicroImage micro;
    micro.add_core(0, MicroImage::kFiring, 1);
    const isa::Image image = micro.build();
    int steps = 0;
    emu::Simulation::Params params;
    params.steps = 10;
    params.on_step = [&](const emu::StepReport&) {
        if (++steps == 3) throw Interrupted{steps};
    };
    emu::Simulation simulation{image, test::davies_chip(), params};
    int caught = 0;
    try {
        (void)simulation.run();
    } catch (const Interrupted& interrupted) {
        caught = interrupted.at;
    }
    CHECK(caught == 3);
    CHECK(steps == 3);
}

TEST_CASE("a second Simulation in one process is refused with the reason", "[simulation]") {
    MicroImage micro;
    micro.add_core(0, MicroImage::kFiring, 1);
    const isa::Image image = micro.build();
    emu::Simulation::Params params;
    params.steps = 1;
    {
        emu::Simulation simulation{image, test::davies_chip(), params};
        CHECK_THROWS_AS((emu::Simulation{image, test::davies_chip(), params}), std::logic_error);
        CHECK(simulation.run().steps == 1);
    }
    CHECK_THROWS_WITH((emu::Simulation{image, test::davies_chip(), params}),
                      Catch::Contains("SystemC cannot elaborate twice"));
}

TEST_CASE("a Simulation refuses an image that does not fit its chip", "[simulation]") {
    MicroImage micro;
    micro.add_core(500, MicroImage::kFiring, 1);
    const isa::Image image = micro.build();
    CHECK_THROWS_AS((emu::Simulation{image, test::davies_chip(), {}}), InputError);
}
