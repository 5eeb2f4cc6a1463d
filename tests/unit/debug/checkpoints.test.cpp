#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/unit/debug/talk.hpp"

namespace seamount::debug {
namespace {

using Catch::Contains;

Checkpoint checkpoint_at(std::uint64_t step, const std::shared_ptr<const isa::Image>& image,
                         bool pinned) {
    Checkpoint checkpoint;
    checkpoint.machine.step = step;
    checkpoint.machine.words.resize(1000);
    checkpoint.image = image;
    checkpoint.pinned = pinned;
    return checkpoint;
}

}  // namespace

TEST_CASE("checkpoints and the images that they hold stay within their memory", "[checkpoints]") {
    const auto loaded = open("winner.yaml");
    constexpr std::size_t kMost = 200'000;
    for (const bool pinned : {false, true}) {
        for (const bool images : {false, true}) {
            CAPTURE(pinned, images);
            Checkpoints checkpoints{kMost};
            auto image = std::make_shared<const isa::Image>(loaded->image);
            for (std::uint64_t step = 0; step < 500; ++step) {
                if (images) image = std::make_shared<const isa::Image>(loaded->image);
                if (pinned || checkpoints.wants(step)) {
                    checkpoints.take(checkpoint_at(step, image, pinned));
                }
                CHECK(checkpoints.bytes() <= kMost);
                REQUIRE(checkpoints.all().size() >= (step == 0 ? 1 : 2));
            }
            CHECK(checkpoints.before(499).machine.step <= 499);
            checkpoints.forget_after(checkpoints.first_step());
            CHECK(checkpoints.all().size() == 1);
            CHECK(checkpoints.bytes() < kMost / 2);
        }
    }
}

TEST_CASE("a step is refused whose checkpoints had to go, and the run can begin again",
          "[checkpoints]") {
    const auto loaded = open("winner.yaml");
    Talk fresh{*loaded, 100};
    const std::size_t most = 6 * fresh.debugger.checkpoints().bytes();
    Talk talk{*loaded, 100, most};
    for (int i = 1; i <= 40; ++i) {
        talk("set units -> units.weight = -" + std::to_string(i));
        talk("step");
    }
    CHECK(talk.debugger.checkpoints().bytes() <= most);
    const std::uint64_t first = talk.debugger.checkpoints().first_step();
    CHECK(first > 0);
    const Diagnostic refused = talk.refusal_of("goto 0");
    CHECK(refused.code == "DBG-STATE");
    CHECK_THAT(refused.hint, Contains("the earliest is step " + std::to_string(first)));
    CHECK(talk.debugger.step() == 40);
    talk("goto " + std::to_string(first));
    CHECK(talk.debugger.step() == first);
    talk("run");  // begins again, and goes on to the end
    fresh("continue");
    CHECK(talk.debugger.spike_hash() == fresh.debugger.spike_hash());
}

}  // namespace seamount::debug
