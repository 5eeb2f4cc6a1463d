#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "emulator/timing/arrival_order.hpp"
#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/layout.hpp"
#include "tests/unit/timing/chips.hpp"

using namespace seamount;
using emu::Arrival;
using emu::SpikePacket;

namespace {

template <class Put>
std::uint64_t send(const emu::CoreTiming& timing, const emu::CoreActivity& activity,
                   const std::vector<SpikePacket>& packets, Put put) {
    emu::NoWatch watch;
    return timing.send<std::uint64_t>(activity, packets, watch, put);
}

std::uint64_t receive(const emu::CoreTiming& timing, const std::vector<Arrival>& arrivals) {
    emu::NoWatch watch;
    return timing.receive<std::uint64_t>(arrivals, {}, 0, watch,
                                         [](const Arrival& arrival) { return arrival.at_ps; });
}

SpikePacket packet_of(std::uint32_t spike, std::uint32_t target) {
    SpikePacket packet;
    packet.spike = spike;
    packet.target_core = CoreSlot{target};
    return packet;
}

}  // namespace

TEST_CASE("a packet leaves when the updates, spikes and packets before it are done", "[stages]") {
    const emu::CoreTiming timing{test::priced_chip()};
    emu::CoreActivity activity;
    activity.updates = 10;
    activity.active_updates = 4;
    activity.cycles = 70;
    // Compartments 2 (after 1 active, 2 inactive) and 5 (after 3 active, 3 inactive) spike.
    activity.spikes = {{2, 1, 0, 3, 1, 21}, {5, 1, 0, 6, 3, 42}};
    const std::vector<SpikePacket> packets{packet_of(0, 1), packet_of(0, 2), packet_of(1, 1)};
    std::vector<std::uint64_t> instants(packets.size());
    const std::uint64_t end =
        send(timing, activity, packets, [&](std::size_t i, std::uint64_t at) { instants[i] = at; });
    const std::uint64_t first = 8400 + 2 * 5300 + 21 * 310 + 29'000;
    const std::uint64_t second = 3 * 8400 + 3 * 5300 + 42 * 310 + 2 * 29'000;
    CHECK(instants ==
          std::vector<std::uint64_t>{first + 5100, first + 2 * 5100, second + 3 * 5100});
    CHECK(end == 4 * 8400 + 6 * 5300 + 70 * 310 + 2 * 29'000 + 3 * 5100);
}

TEST_CASE("spikes without packets still take their time", "[stages]") {
    const emu::CoreTiming timing{test::priced_chip()};
    emu::CoreActivity activity;
    activity.updates = 2;
    activity.active_updates = 2;
    activity.spikes = {{0, 1, 0, 1, 1, 0}, {1, 1, 0, 2, 2, 0}};
    const std::vector<SpikePacket> packets{packet_of(1, 0)};
    std::uint64_t instant = 0;
    const std::uint64_t end =
        send(timing, activity, packets, [&](std::size_t, std::uint64_t at) { instant = at; });
    CHECK(instant == 2 * 8400 + 2 * 29'000 + 5100);
    CHECK(end == instant);
}

TEST_CASE("a core integrates packets one after another, and idles until the next arrives",
          "[stages]") {
    const emu::CoreTiming timing{test::priced_chip()};
    CHECK(receive(timing, {}) == 0);
    const std::uint64_t one = 16'000 + 2 * 3500;
    CHECK(receive(timing, {{100, 0, 2}}) == 100 + one);
    CHECK(receive(timing, {{100, 0, 2}, {200, 1, 0}}) == 100 + one + 16'000);
    CHECK(receive(timing, {{100, 0, 2}, {90'000, 1, 0}}) == 90'000 + 16'000);
}

TEST_CASE("each core gets its packets in order of arrival, ties by packet index", "[stages]") {
    std::mt19937_64 random{3};
    const std::uint64_t spans[] = {1, 50, 10'000, std::uint64_t{1} << 60};
    const auto threads = GENERATE(1U, 2U, 3U);
    emu::Parallel parallel{threads};
    emu::ArrivalOrder order{5};
    for (const std::uint64_t span : spans) {
        for (const std::size_t count : {0U, 1U, 40U, 3000U}) {
            std::vector<SpikePacket> packets(count);
            std::vector<emu::Ticks> arrival(count);
            std::vector<std::vector<Arrival>> expected(5);
            for (std::size_t i = 0; i < count; ++i) {
                // Core 3 gets nothing; core 0 nearly everything.
                packets[i].target_core =
                    CoreSlot{random() % 4 != 0 ? 0U : (random() % 2 != 0 ? 4U : 2U)};
                packets[i].synapses = static_cast<std::uint32_t>(i * 7);
                arrival[i] = emu::Ticks{random() % span};
                expected[packets[i].target_core.index()].push_back(
                    {arrival[i].count(), static_cast<std::uint32_t>(i), packets[i].synapses});
            }
            order.sort(packets, arrival, parallel);
            bool same = true;
            for (std::uint32_t core = 0; core < 5; ++core) {
                std::stable_sort(
                    expected[core].begin(), expected[core].end(),
                    [](const Arrival& a, const Arrival& b) { return a.at_ps < b.at_ps; });
                same = same && std::ranges::equal(order.at(CoreSlot{core}), expected[core],
                                                  [](const Arrival& a, const Arrival& b) {
                                                      return a.at_ps == b.at_ps &&
                                                             a.packet == b.packet &&
                                                             a.synapses == b.synapses;
                                                  });
            }
            CAPTURE(span, count, threads);
            CHECK(same);
        }
    }
}

TEST_CASE("the barrier spans the tiles in use, and the host's tile if there is input", "[stages]") {
    const isa::ChipSpec chip = test::priced_chip();
    isa::Image image;
    for (const std::uint32_t core : {4U * 1, 4U * 1 + 3, 4U * 3, 4U * 9}) {
        image.cores.emplace_back().core = CoreId{core};  // tiles (1, 0), (3, 0) and (1, 1)
    }
    const emu::ChipLayout alone{image, chip};
    CHECK(alone.tile_of_core.list() == std::vector{TileId{1}, TileId{1}, TileId{3}, TileId{9}});
    CHECK(alone.tiles_in_use == 3);
    CHECK(alone.diameter == 2 + 1);

    image.inputs.emplace_back();
    const emu::ChipLayout with_host{image, chip};  // the host sits at (7, 3)
    CHECK(with_host.host_tile == TileId{31});
    CHECK(with_host.tiles_in_use == 4);
    CHECK(with_host.diameter == 6 + 3);
}

TEST_CASE("an image that needs cores which the chip lacks is refused, each core named",
          "[stages]") {
    isa::Image image;
    image.network = "net.yaml";
    for (const std::uint32_t core : {0U, 128U, 200U})
        image.cores.emplace_back().core = CoreId{core};
    try {
        const emu::ChipLayout layout{image, test::davies_chip()};
        FAIL("the layout was accepted");
    } catch (const InputError& error) {
        REQUIRE(error.diagnostics().size() == 2);
        CHECK(error.diagnostics()[0].code == "RUN-CHIP");
        CHECK(error.diagnostics()[0].message ==
              "the image uses core 128, but chip 'davies' has cores 0 to 127");
    }
}
