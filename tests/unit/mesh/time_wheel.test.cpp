#include "emulator/mesh/grid/time_wheel.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace seamount;
using emu::Ticks;

namespace {

/// Events by instant, in the order in which they were pushed.
class Reference {
public:
    void push(Ticks time, std::uint32_t event) { events_[time].push_back(event); }
    Ticks take(Ticks until, std::vector<std::uint32_t>& events) {
        events.clear();
        const auto next = events_.begin();
        if (next == events_.end() || next->first >= until) return emu::kNever;
        const Ticks time = next->first;
        events = next->second;
        events_.erase(next);
        return time;
    }

private:
    std::map<Ticks, std::vector<std::uint32_t>> events_;
};

}  // namespace

TEST_CASE("a calendar gives events by time, and those of an instant as they were pushed",
          "[time_wheel]") {
    constexpr std::uint64_t kMeeting = 5000;
    std::mt19937 draw{5};
    emu::CalendarWheel<std::uint32_t> wheel;
    for (int trial = 0; trial < 60; ++trial) {
        wheel.clear();
        Reference reference;
        std::uint64_t now = 0;
        std::uint32_t pushed = 0;
        std::vector<std::uint32_t> found;
        std::vector<std::uint32_t> expected;
        // Within a page, on near pages, around the end of a year of 65,536 ticks, and far beyond.
        const std::vector<std::uint64_t> reach{1, 40, 500, 70'000, 400'000};
        for (int round = 0; round < 2000; ++round) {
            for (std::uint32_t i = draw() % 4; i != 0; --i) {
                std::uint64_t at = now + draw() % reach[draw() % reach.size()];
                // Many meet, though some are pushed a year ahead and some a tick.
                if (draw() % 2 == 0) at += kMeeting - at % kMeeting;
                wheel.push(Ticks{at}, pushed);
                reference.push(Ticks{at}, pushed);
                ++pushed;
            }
            const Ticks until{now + 1 + draw() % 300};
            const Ticks time = wheel.take(until, found);
            REQUIRE(time == reference.take(until, expected));
            REQUIRE(found == expected);
            // Nothing before `until`: what comes now may lie before a page that was opened.
            if (time != emu::kNever) {
                now = time.count();
            } else if (draw() % 2 == 0) {
                now = until.count();
            }
        }
        if (trial % 2 != 0) continue;  // what is left is cleared
        while (reference.take(emu::kNever, expected) != emu::kNever) {
            REQUIRE(wheel.take(emu::kNever, found) != emu::kNever);
            REQUIRE(found == expected);
        }
        REQUIRE(wheel.take(emu::kNever, found) == emu::kNever);
    }
}
