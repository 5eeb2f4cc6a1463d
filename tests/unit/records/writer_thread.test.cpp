#include "tools/run/records/files/writer_thread.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <vector>

using seamount::tools::WriterThread;

TEST_CASE("tasks are done in order, also when they come faster than they are done",
          "[writer_thread]") {
    std::vector<int> done;
    {
        WriterThread writer;
        for (int i = 0; i < 100; ++i) {
            writer.post([&done, i] {
                std::this_thread::sleep_for(std::chrono::microseconds{200});
                done.push_back(i);
            });
        }
        writer.wait();
        CHECK(done.size() == 100);
        for (int i = 100; i < 110; ++i) writer.post([&done, i] { done.push_back(i); });
    }
    REQUIRE(done.size() == 110);
    for (int i = 0; i < 110; ++i) CHECK(done[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("what a task throws is thrown again where tasks are given, and ends the work",
          "[writer_thread]") {
    bool is_done = false;
    WriterThread writer;
    writer.post([] { throw std::runtime_error{"full"}; });
    CHECK_THROWS_WITH(writer.wait(), "full");
    writer.post([&is_done] { is_done = true; });
    writer.wait();
    CHECK_FALSE(is_done);
}
