#include "emulator/mesh/packet/merge.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

// How links of the packet mesh bring their requests into order.

namespace {

using namespace seamount;
using emu::HeadStream;
using emu::PacketHead;

/// Heads with times below `latest`, many of which are equal if that is small.
HeadStream heads(std::mt19937& random, std::size_t count, std::uint64_t latest,
                 std::uint32_t& next_packet) {
    HeadStream stream;
    for (std::size_t i = 0; i < count; ++i) {
        // Targets and trains are random too: they have no say in the order.
        stream.push_back(PacketHead{
            emu::Ticks{random() % latest}, TileId{static_cast<std::uint32_t>(random() % 65536)},
            emu::FlitTrain{static_cast<std::uint32_t>(random() % emu::kMaxFlits)}, next_packet});
        next_packet += 1 + static_cast<std::uint32_t>(random() % 2);
    }
    return stream;
}

bool earlier(const PacketHead& a, const PacketHead& b) {
    return a.time != b.time ? a.time < b.time : a.packet < b.packet;
}

/// Two sorted streams, and what is in both in order.
struct Streams {
    HeadStream a;
    HeadStream b;
    HeadStream both;
};

/// Packet numbers are shuffled over both, so either may be first at the same time.
Streams two_streams(std::mt19937& random, int round) {
    std::uint32_t packet = 0;
    const std::uint64_t latest = round % 2 == 0 ? 7 : 1'000'000;
    const std::size_t in_a = random() % 40;
    const std::size_t in_b = round % 3 == 0 ? random() % 3 : random() % 200;
    HeadStream all = heads(random, in_a + in_b, latest, packet);
    std::shuffle(all.begin(), all.end(), random);
    const auto border = all.begin() + static_cast<std::ptrdiff_t>(in_a);
    Streams streams{{all.begin(), border}, {border, all.end()}, all};
    for (HeadStream* stream : {&streams.a, &streams.b, &streams.both}) {
        std::sort(stream->begin(), stream->end(), earlier);
    }
    return streams;
}

std::vector<std::uint32_t> packets(const HeadStream& stream) {
    std::vector<std::uint32_t> all;
    for (const PacketHead& head : stream) all.push_back(head.packet);
    return all;
}

}  // namespace

TEST_CASE("heads are ordered by time, then by packet, whatever their target", "[merge]") {
    const PacketHead far{emu::Ticks{5}, TileId{65535}, emu::FlitTrain{emu::kMaxFlits}, 1};
    const PacketHead near{emu::Ticks{5}, TileId{0}, emu::FlitTrain{1}, 2};
    const PacketHead late{emu::Ticks{std::uint64_t{1} << 40U}, TileId{0}, emu::FlitTrain{1}, 0};
    CHECK(far.before(near));
    CHECK_FALSE(near.before(far));
    CHECK(near.before(late));
    CHECK_FALSE(late.before(far));
    CHECK_FALSE(far.before(far));
}

TEST_CASE("two sorted streams of any lengths merge in order", "[merge]") {
    std::mt19937 random{1};
    for (int round = 0; round < 2000; ++round) {
        const Streams streams = two_streams(random, round);
        HeadStream merged;
        merged.resize(streams.both.size());
        emu::merge_streams(streams.a, streams.b, merged.data());
        REQUIRE(packets(merged) == packets(streams.both));
    }
}

TEST_CASE("a stream joins another in order and is empty then", "[merge]") {
    std::mt19937 random{3};
    emu::StreamSorter sorter;
    for (int round = 0; round < 500; ++round) {
        Streams streams = two_streams(random, round);
        sorter.join(streams.a, streams.b);
        REQUIRE(streams.a.empty());
        REQUIRE(packets(streams.b) == packets(streams.both));
    }
}

TEST_CASE("heads before a time are counted, those at it are not", "[merge]") {
    std::mt19937 random{4};
    for (int round = 0; round < 100; ++round) {
        const HeadStream stream = two_streams(random, 0).both;
        for (std::uint64_t until = 0; until < 9; ++until) {
            const auto before = std::count_if(
                stream.begin(), stream.end(),
                [until](const PacketHead& head) { return head.time < emu::Ticks{until}; });
            REQUIRE(emu::count_before(stream, emu::Ticks{until}) ==
                    static_cast<std::size_t>(before));
        }
    }
    CHECK(emu::count_before({}, emu::Ticks{1}) == 0);
}

TEST_CASE("a stream of many sorted runs is sorted", "[merge]") {
    std::mt19937 random{2};
    emu::StreamSorter sorter;
    for (const std::size_t runs : {0U, 1U, 2U, 3U, 4U, 7U, 16U}) {
        std::uint32_t packet = 0;
        HeadStream stream;
        for (std::size_t r = 0; r < runs; ++r) {
            HeadStream run = heads(random, 1 + random() % 50, 1000, packet);
            std::sort(run.begin(), run.end(), earlier);
            stream.insert(stream.end(), run.begin(), run.end());
        }
        HeadStream wanted = stream;
        std::sort(wanted.begin(), wanted.end(), earlier);
        sorter.sort(stream);
        CHECK(packets(stream) == packets(wanted));
    }
}
