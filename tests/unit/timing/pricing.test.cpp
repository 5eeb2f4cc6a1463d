#include <catch2/catch.hpp>

#include "emulator/energy/ledger.hpp"
#include "tests/unit/timing/chips.hpp"

using namespace seamount;

TEST_CASE("a wavefront barrier takes its base and one hop time per unit of diameter", "[pricing]") {
    const isa::BarrierModel barrier = test::davies_chip().barrier;
    CHECK(barrier.time(0, 1) == Picoseconds{113'000});
    CHECK(barrier.time(10, 32) == Picoseconds{465'000});  // 8x4 tiles: Davies' 465 ns
}

TEST_CASE("a barrier table rounds up to the next number of tiles, and its end is the worst case",
          "[pricing]") {
    isa::BarrierModel barrier;
    barrier.kind = isa::BarrierModel::Kind::kTable;
    barrier.table = {{1, Picoseconds{600'000}},
                     {2, Picoseconds{1'000'000}},
                     {4, Picoseconds{1'400'000}},
                     {29, Picoseconds{1'800'000}}};
    CHECK(barrier.time(0, 1) == Picoseconds{600'000});
    CHECK(barrier.time(5, 2) == Picoseconds{1'000'000});
    CHECK(barrier.time(5, 3) == Picoseconds{1'400'000});
    CHECK(barrier.time(5, 4) == Picoseconds{1'400'000});
    CHECK(barrier.time(5, 5) == Picoseconds{1'800'000});
    CHECK(barrier.time(5, 29) == Picoseconds{1'800'000});
    CHECK(barrier.time(5, 32) == Picoseconds{1'800'000});
}

TEST_CASE("a fixed barrier takes the same time for every network", "[pricing]") {
    isa::BarrierModel barrier;
    barrier.kind = isa::BarrierModel::Kind::kFixed;
    barrier.base = Picoseconds{200'000};
    barrier.per_hop = Picoseconds{1};
    CHECK(barrier.time(0, 1) == Picoseconds{200'000});
    CHECK(barrier.time(10, 32) == Picoseconds{200'000});
}

TEST_CASE("energy is count times price for every event, and power times modelled time",
          "[pricing]") {
    isa::ChipSpec chip;
    emu::EventCounts counts;
    double expected = 0.0;
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        const auto event = static_cast<isa::Event>(i);
        test::set_price(chip, event, 1, 0.25 * static_cast<double>(i + 1));
        counts.count(event, 10 * (i + 1));
        counts.count(event);
        expected += 0.25 * static_cast<double>((i + 1) * (10 * (i + 1) + 1));
    }
    chip.prices[static_cast<std::size_t>(isa::Event::kStartUp)].time = Picoseconds{};
    chip.idle_power = Milliwatts{30.0};
    chip.step_power = Milliwatts{78.0};
    const emu::EnergyReport energy = emu::price(counts, Picoseconds{2'500}, chip);
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        CHECK(energy.dynamic[i] ==
              Picojoules{0.25 * static_cast<double>((i + 1) * (10 * (i + 1) + 1))});
    }
    CHECK(energy.total_dynamic() == Picojoules{expected});
    CHECK(energy.idle == Picojoules{75.0});
    CHECK(energy.stepping == Picojoules{195.0});
    CHECK(energy.total() == Picojoules{expected + 270.0});
}

TEST_CASE("counts of two ledgers add up event by event", "[pricing]") {
    emu::EventCounts a;
    emu::EventCounts b;
    a.count(isa::Event::kSynapse, 3);
    b.count(isa::Event::kSynapse, 4);
    b.count(isa::Event::kBarrier);
    emu::EventCounts sum = a;
    sum += b;
    CHECK(sum.of(isa::Event::kSynapse) == 7);
    CHECK(sum.of(isa::Event::kBarrier) == 1);
    CHECK(sum.of(isa::Event::kAxonIn) == 0);
    b += a;
    CHECK(sum == b);
    CHECK_FALSE(sum == a);
}

TEST_CASE("chips and tiles draw idle and stepping power, and start-up draws idle power",
          "[pricing]") {
    isa::ChipSpec chip;
    chip.idle_power = Milliwatts{10.0};
    chip.idle_tile_power = Milliwatts{0.5};
    chip.step_power = Milliwatts{20.0};
    chip.step_tile_power = Milliwatts{0.25};
    test::set_price(chip, isa::Event::kStartUp, 3'000, 7.0);
    emu::EventCounts counts;
    counts.count(isa::Event::kStartUp);
    const emu::EnergyReport energy =
        emu::price(counts, Picoseconds{5'000}, chip, {.chips = 2, .tiles = 8});
    CHECK(energy.idle == Picojoules{(2 * 10.0 + 8 * 0.5) * (5.0 + 3.0)});
    CHECK(energy.stepping == Picojoules{(2 * 20.0 + 8 * 0.25) * 5.0});
    CHECK(energy.total_dynamic() == Picojoules{7.0});
}

TEST_CASE("cores in use draw idle power, and what takes part beside the chip while it steps",
          "[pricing]") {
    isa::ChipSpec chip;
    chip.idle_power = Milliwatts{10.0};
    chip.idle_core_power = Milliwatts{0.5};
    chip.host.snips_power = Milliwatts{4.0};
    chip.host.io_power = Milliwatts{9.0};
    const auto of = [&](isa::HostClass host_class) {
        chip.host.host_class = host_class;
        return emu::price({}, Picoseconds{5'000}, chip, {.chips = 2, .tiles = 8, .cores = 6});
    };
    CHECK(of(isa::HostClass::kNone).idle == Picojoules{(2 * 10.0 + 6 * 0.5) * 5.0});
    CHECK(of(isa::HostClass::kNone).host == Picojoules{});
    CHECK(of(isa::HostClass::kSnips).host == Picojoules{2 * 4.0 * 5.0});
    CHECK(of(isa::HostClass::kIo).host == Picojoules{2 * 9.0 * 5.0});
}

TEST_CASE("the boundaries of an energy add up to it", "[pricing]") {
    isa::ChipSpec chip;
    chip.idle_power = Milliwatts{1.0};
    chip.step_power = Milliwatts{2.0};
    chip.host = {.host_class = isa::HostClass::kIo, .io_power = Milliwatts{4.0}};
    emu::EventCounts counts;
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        const auto event = static_cast<isa::Event>(i);
        test::set_price(chip, event, 0, static_cast<double>(1U << i));
        counts.count(event);
    }
    const emu::EnergyReport energy = emu::price(counts, Picoseconds{1'000}, chip);
    Picojoules sum{};
    for (const emu::Boundary boundary : values(emu::kBoundaryNames)) {
        sum += emu::part_of(energy, boundary);
    }
    CHECK(sum == energy.total());
    CHECK(emu::part_of(energy, emu::Boundary::kStatic) == Picojoules{1.0});
    CHECK(emu::part_of(energy, emu::Boundary::kManagement) ==
          energy.of(isa::Event::kBarrier) + energy.of(isa::Event::kHostStep));
}

TEST_CASE("every event class belongs to exactly one component of the reports", "[pricing]") {
    std::array<int, isa::kEvents> found{};
    for (const emu::Component& component : emu::components()) {
        for (const isa::Event event : component.events) ++found[static_cast<std::size_t>(event)];
    }
    for (const int times : found) CHECK(times == 1);
}
