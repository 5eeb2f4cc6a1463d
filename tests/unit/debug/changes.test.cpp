#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/debug/talk.hpp"

namespace seamount::debug {
namespace {

using Catch::Contains;

/// All that a change could have touched.
std::string state_of(Talk& talk, const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += talk("print " + word);
    for (const auto& [step, checkpoint] : talk.debugger.checkpoints().all()) {
        text += std::to_string(step) + (checkpoint.pinned ? " pinned " : " ");
    }
    return text;
}

}  // namespace

TEST_CASE("a change that is refused changes nothing and is no point to go back to", "[changes]") {
    const auto loaded = open("winner.yaml");
    Talk talk{*loaded, 40};
    talk("continue 5");
    const std::vector<std::string> words{"units.v", "units.input", "units -> units",
                                         "units[0].axons"};
    const std::string hash = talk("continue") + talk("info");
    talk("goto 5");
    const std::string before = state_of(talk, words);
    for (const char* const line :
         {"set units.v = 3000000000", "set units[0:2].v = units[0:2].v * 0 + 9000000",
          "set units.input@40 = 3", "set units -> units.weight = -300",
          "set units -> units.delay = 200", "set units[0].axons[0].core = 999"}) {
        CAPTURE(line);
        CHECK(talk.refusal_of(line).where.column > 0);
        CHECK(state_of(talk, words) == before);
    }
    CHECK(talk("continue") + talk("info") == hash);
}

TEST_CASE("a set of several neurons is made as a whole or not at all", "[changes]") {
    const auto loaded = open("winner.yaml");
    Talk talk{*loaded, 40};
    talk("set units[3].v = 8388607");
    const std::string before = state_of(talk, {"units.v"});
    // The last one of the three does not fit any more.
    CHECK_THAT(talk.refusal_of("set units[1:4].v = units[1:4].v + 1").message,
               Contains("value is 8388608, must be in ["));
    CHECK(state_of(talk, {"units.v"}) == before);
    talk("stepi");
    const std::string inside = talk("print units[9].v");
    CHECK_THAT(talk.refusal_of("set units[9].v = 8388608").code, Contains("DBG-VALUE"));
    CHECK(talk("print units[9].v") == inside);
}

}  // namespace seamount::debug
