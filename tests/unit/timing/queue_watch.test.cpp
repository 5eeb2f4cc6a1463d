#include <catch2/catch.hpp>
#include <random>

#include "emulator/timing/queue_watch.hpp"

// Against a look at all items of a step for each of them.

using namespace seamount;
using isa::Stage;

namespace {

struct Item {
    std::uint64_t ready_ps = 0;
    std::uint64_t start_ps = 0;
    std::uint64_t service_ps = 0;
};

/// Items of one stage in a step: bursts, and pauses in which all are served.
std::vector<Item> step_of(std::mt19937_64& random, std::size_t count) {
    std::vector<Item> items;
    std::uint64_t ready = random() % 100;
    std::uint64_t free = 0;
    for (std::size_t i = 0; i < count; ++i) {
        ready += random() % 8 == 0 ? random() % 200 : random() % 12;
        const std::uint64_t start = std::max(ready, free);
        items.push_back({ready, start, random() % 16});
        free = start + items.back().service_ps;
    }
    return items;
}

/// Most items that were ready and had not begun when one became ready.
std::uint32_t longest_queue(const std::vector<Item>& items) {
    std::size_t most = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::size_t waiting = 0;
        for (std::size_t k = 0; k <= i; ++k) {
            if (items[k].start_ps > items[i].ready_ps) ++waiting;
        }
        most = std::max(most, waiting);
    }
    return static_cast<std::uint32_t>(most);
}

}  // namespace

TEST_CASE("the longest queue of a stage is what a look at all items finds, in a step and a run",
          "[queue_watch]") {
    std::mt19937_64 random{1};
    for (int run = 0; run < 40; ++run) {
        emu::QueueWatch watch;
        emu::StageUse expected;
        for (int step = 0; step < 12; ++step) {
            const std::vector<Item> items = step_of(random, random() % 60);
            watch.begin_step();
            {
                auto queue = watch.queue(Stage::kAxonIn, items.size() + random() % 3);
                for (const Item& item : items) {
                    queue.begin(item.ready_ps, item.start_ps, item.service_ps);
                    expected.busy_ps += item.service_ps;
                    expected.wait_ps += item.start_ps - item.ready_ps;
                }
            }
            const std::uint32_t longest = longest_queue(items);
            expected.longest_queue = std::max(expected.longest_queue, longest);
            CHECK(watch.deepest() == longest);
        }
        CHECK(watch.uses()[static_cast<std::size_t>(Stage::kAxonIn)] == expected);
    }
}

TEST_CASE("the deepest queue of a step is that of any of its stages", "[queue_watch]") {
    std::mt19937_64 random{2};
    for (int run = 0; run < 100; ++run) {
        emu::QueueWatch watch;
        watch.begin_step();
        std::uint32_t deepest = 0;
        for (const Stage stage : {Stage::kAxonIn, Stage::kSynapseFetch, Stage::kAccumulate}) {
            const std::vector<Item> items = step_of(random, 40);
            auto queue = watch.queue(stage, items.size());
            for (const Item& item : items) {
                queue.begin(item.ready_ps, item.start_ps, item.service_ps);
            }
            deepest = std::max(deepest, longest_queue(items));
        }
        CHECK(watch.deepest() == deepest);
    }
}
