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
        std::uint32_t packet = 0;
        const std::uint64_t latest = round % 2 == 0 ? 7 : 1'000'000;
        HeadStream a = heads(random, random() % 40, latest, packet);
        HeadStream b =
            heads(random, round % 3 == 0 ? random() % 3 : random() % 200, latest, packet);
        std::sort(a.begin(), a.end(), earlier);
        std::sort(b.begin(), b.end(), earlier);
        HeadStream wanted = a;
        wanted.insert(wanted.end(), b.begin(), b.end());
        std::sort(wanted.begin(), wanted.end(), earlier);
        HeadStream merged;
        merged.resize(wanted.size());
        emu::merge_streams(a, b, merged.data());
        REQUIRE(packets(merged) == packets(wanted));
    }
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
