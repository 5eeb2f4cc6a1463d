#include <catch2/catch.hpp>
#include <random>

#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/queue_watch.hpp"
#include "tests/unit/timing/chips.hpp"

// The stages of a core with overlap of every kind. Times by hand, in ps.

using namespace seamount;
using emu::Arrival;
using emu::SpikePacket;
using isa::Stage;

namespace {

/// Update 10, spike 100, axon out 30, axon in 50, fetch 7 per access, synapse 20, dense 3.
isa::ChipSpec chip_with(std::initializer_list<Stage> overlaps) {
    isa::ChipSpec chip;
    test::set_price(chip, isa::Event::kUpdateActive, 10, 0.0);
    test::set_price(chip, isa::Event::kUpdateInactive, 10, 0.0);
    test::set_price(chip, isa::Event::kSpikeOut, 100, 0.0);
    test::set_price(chip, isa::Event::kAxonOut, 30, 0.0);
    test::set_price(chip, isa::Event::kAxonIn, 50, 0.0);
    test::set_price(chip, isa::Event::kSynapseFetch, 7, 0.0);
    test::set_price(chip, isa::Event::kSynapse, 20, 0.0);
    test::set_price(chip, isa::Event::kSynapseDense, 3, 0.0);
    test::set_price(chip, isa::Event::kSynapseUpdate, 1000, 0.0);
    test::set_price(chip, isa::Event::kTraceUpdate, 1, 0.0);
    chip.core_timing.overlaps = {};
    for (const Stage stage : overlaps)
        chip.core_timing.overlaps[static_cast<std::size_t>(stage)] = true;
    return chip;
}

/// Two compartments of four spike, with two packets and one.
emu::CoreActivity two_spikes() {
    emu::CoreActivity activity;
    activity.updates = 4;
    activity.spikes = {{0, 1, 0, 1, 0, 0}, {1, 1, 0, 2, 0, 0}};
    return activity;
}

struct Sent {
    std::vector<std::uint64_t> left;
    std::uint64_t end = 0;
    emu::QueueWatch watch;
    [[nodiscard]] const emu::StageUse& use(Stage stage) const {
        return watch.uses()[static_cast<std::size_t>(stage)];
    }
};

Sent send(std::initializer_list<Stage> overlaps) {
    const emu::CoreTiming timing{chip_with(overlaps)};
    std::vector<SpikePacket> packets(3);
    packets[2].spike = 1;
    Sent sent;
    sent.end =
        timing.send<std::uint64_t>(two_spikes(), packets, sent.watch,
                                   [&](std::size_t, std::uint64_t at) { sent.left.push_back(at); });
    return sent;
}

/// Packets of 2 and 3 synapses in 5 and 4 words; of the second, one synapse is dense.
std::vector<SpikePacket> two_packets() {
    std::vector<SpikePacket> packets(2);
    packets[0].synapses = 2;
    packets[0].words = 5;
    packets[1].synapses = 3;
    packets[1].dense = 1;
    packets[1].words = 4;
    return packets;
}

std::uint64_t receive(const isa::ChipSpec& chip, emu::QueueWatch& watch, std::uint64_t ready = 0) {
    const std::vector<Arrival> arrivals{{1000, 0, 2}, {1010, 1, 3}};
    return emu::CoreTiming{chip}.receive<std::uint64_t>(
        arrivals, two_packets(), ready, watch,
        [](const Arrival& arrival) { return arrival.at_ps; });
}

}  // namespace

TEST_CASE("stages without overlap do one thing after another", "[pipeline]") {
    const Sent sent = send({});
    CHECK(sent.left == std::vector<std::uint64_t>{140, 170, 310});
    CHECK(sent.end == 4 * 10 + 2 * 100 + 3 * 30);
    CHECK(sent.use(Stage::kUpdate).busy_ps == 40);
    CHECK(sent.use(Stage::kSpikeOut).busy_ps == 200);
    CHECK(sent.use(Stage::kAxonOut).busy_ps == 90);
}

TEST_CASE("updates go on beside an overlapping spike stage, and spikes queue", "[pipeline]") {
    const Sent sent = send({Stage::kSpikeOut, Stage::kAxonOut});
    // Spikes decided at 10 and 20, done at 110 and 210.
    CHECK(sent.left == std::vector<std::uint64_t>{140, 170, 240});
    CHECK(sent.end == 240);
    CHECK(sent.use(Stage::kSpikeOut).longest_queue == 1);
    CHECK(sent.use(Stage::kSpikeOut).wait_ps == 110 - 20);
    CHECK(sent.use(Stage::kAxonOut).wait_ps == 30);  // the second packet of the first spike
}

TEST_CASE("axons alone may overlap: the update waits for the spike, not for its packets",
          "[pipeline]") {
    const Sent sent = send({Stage::kAxonOut});
    // Spikes done at 110 and 220.
    CHECK(sent.left == std::vector<std::uint64_t>{140, 170, 250});
    CHECK(sent.end == 250);
}

TEST_CASE("a packet's words are fetched before its synapses are added, dense ones at their price",
          "[pipeline]") {
    emu::QueueWatch watch;
    isa::ChipSpec chip = chip_with({Stage::kAxonIn});
    const std::uint64_t first = 1000 + 50 + 5 * 7 + 2 * 20;
    CHECK(receive(chip, watch) == first + 50 + 4 * 7 + 2 * 20 + 3);
    chip.core_timing.fetch_words = 4;  // 2 accesses, then 1
    CHECK(receive(chip, watch) == first - 3 * 7 + 50 + 7 + 2 * 20 + 3);
}

TEST_CASE("with stages of their own, look-up, fetch and addition of packets overlap",
          "[pipeline]") {
    emu::QueueWatch watch;
    const std::uint64_t end =
        receive(chip_with({Stage::kAxonIn, Stage::kSynapseFetch, Stage::kAccumulate}), watch);
    // Look-up until 1050 and 1100. Fetch 1050-1085 and 1100-1128. The first addition starts with
    // the first word at 1057 and ends one synapse after the last at 1105, the second starts at
    // 1107.
    CHECK(end == 1107 + 43);
    CHECK(watch.uses()[static_cast<std::size_t>(Stage::kAxonIn)] == emu::StageUse{100, 40, 1});
    CHECK(watch.uses()[static_cast<std::size_t>(Stage::kSynapseFetch)] == emu::StageUse{63, 0, 0});
    CHECK(watch.uses()[static_cast<std::size_t>(Stage::kAccumulate)] == emu::StageUse{83, 0, 0});
}

TEST_CASE("a core whose input stage does not overlap receives after it has sent", "[pipeline]") {
    const emu::CoreTiming alone{chip_with({})};
    const emu::CoreTiming beside{chip_with({Stage::kAxonIn})};
    CHECK_FALSE(alone.receives_while_sending());
    CHECK(beside.receives_while_sending());
    emu::QueueWatch watch;
    CHECK(receive(chip_with({}), watch, 5000) == 5000 + 2 * 50 + 9 * 7 + 4 * 20 + 3);
}

TEST_CASE("learning follows all else, or sending alone if it overlaps", "[pipeline]") {
    emu::LearningActivity work;
    work.synapse_updates = 2;
    work.trace_updates = 3;
    work.axon_trace_updates = 4;
    emu::QueueWatch watch;
    const auto learn = [&](const isa::ChipSpec& chip, std::uint64_t sent, std::uint64_t received) {
        return emu::CoreTiming{chip}.learn<std::uint64_t>(work, sent, received, watch);
    };
    const isa::ChipSpec after = chip_with({Stage::kAxonIn});
    const isa::ChipSpec beside = chip_with({Stage::kAxonIn, Stage::kLearning});
    CHECK(learn(after, 100, 500) == 500 + 2007);
    CHECK(learn(after, 700, 500) == 700 + 2007);
    CHECK(learn(beside, 100, 500) == 100 + 2007);
    CHECK(learn(beside, 100, 9000) == 9000);
    CHECK(watch.uses()[static_cast<std::size_t>(Stage::kLearning)].busy_ps == 4 * 2007);
    work = {};
    CHECK(learn(after, 100, 500) == 500);
}

TEST_CASE("no stage ends before its own work is done, and overlap never makes a core slower",
          "[pipeline]") {
    std::mt19937_64 random{11};
    for (int round = 0; round < 200; ++round) {
        std::vector<Arrival> arrivals;
        std::vector<SpikePacket> packets(random() % 30);
        std::uint64_t at = 0;
        std::uint64_t fetch = 0;
        std::uint64_t add = 0;
        for (SpikePacket& packet : packets) {
            packet.synapses = static_cast<std::uint32_t>(random() % 9);
            packet.dense = static_cast<std::uint32_t>(random() % (packet.synapses + 1));
            packet.words = packet.synapses + 1;
            at += random() % 150;
            arrivals.push_back(
                {at, static_cast<std::uint32_t>(&packet - packets.data()), packet.synapses});
            fetch += packet.words * 7;
            add += (packet.synapses - packet.dense) * 20 + packet.dense * 3;
        }
        std::array<std::uint64_t, 4> ends{};
        std::size_t level = 0;
        for (const auto overlaps : {std::initializer_list<Stage>{Stage::kAxonIn},
                                    {Stage::kAxonIn, Stage::kSynapseFetch},
                                    {Stage::kAxonIn, Stage::kAccumulate},
                                    {Stage::kAxonIn, Stage::kSynapseFetch, Stage::kAccumulate}}) {
            emu::NoWatch watch;
            ends[level] = emu::CoreTiming{chip_with(overlaps)}.receive<std::uint64_t>(
                arrivals, packets, 0, watch, [](const Arrival& a) { return a.at_ps; });
            CHECK(ends[level] >= std::max({at, packets.size() * 50, fetch, add}));
            ++level;
        }
        CHECK(ends[1] <= ends[0]);
        CHECK(ends[2] <= ends[0]);
        CHECK(ends[3] <= std::min(ends[1], ends[2]));
    }
}
