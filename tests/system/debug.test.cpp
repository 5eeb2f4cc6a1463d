#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

Finished debug(const std::string& network, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"debug", network, "--steps", "20"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_seamount(arguments);
}

}  // namespace

TEST_CASE("scripts of five scenarios say what they said when they were read", "[debug]") {
    const std::string network = data("debug/relay.yaml");
    for (const std::string name : {"spike", "microcode", "condition", "back", "change"}) {
        CAPTURE(name);
        const Finished finished = debug(network, {"-x", data("debug/" + name + ".dbg")});
        CHECK(finished.code == 0);
        CHECK(finished.err.empty());
        const std::string expected = data("debug/" + name + ".txt");
        if (std::getenv("SEAMOUNT_APPROVE") != nullptr) write_text(expected, finished.out);
        CHECK(finished.out == read_text(expected));
    }
}

TEST_CASE("a run with changed states and weights is the run of a network that has them",
          "[debug]") {
    const std::string network = data("debug/relay.yaml");
    const auto hash = [&network](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"run", network, "--steps", "20", "--json", "-"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return Json::parse(run_seamount(arguments).out).at("spike_hash").get<std::string>();
    };
    CHECK_THAT(debug(network, {"--execute", "run", "--execute", "info"}).out, Contains(hash({})));
    const Finished changed =
        debug(network, {"--execute", "set out.v = -1000", "--execute",
                        "set hidden -> out.weight = 38", "--execute", "c", "--execute", "info"});
    CHECK_THAT(changed.out, Contains(hash({"--set", "v=-1000", "--set", "weight=38"})));
    CHECK_THAT(changed.out, !Contains(hash({})));
}

TEST_CASE("a script with mistakes is refused as a whole, each at its place", "[debug]") {
    const TemporaryFolder folder;
    const std::string script = folder / "wrong.dbg";
    write_text(script, "# begin\ncontinue 3\nbreak spike aut\n\nprint hidden[7].v\nhelp me\n");
    const Finished finished = debug(data("debug/relay.yaml"), {"-x", script});
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, Contains("wrong.dbg:3:13: error: ") && Contains("[DBG-NAME]") &&
                                 Contains("wrong.dbg:5:14: error: ") && Contains("[DBG-VALUE]") &&
                                 Contains("wrong.dbg:6:6: error: ") && Contains("[DBG-COMMAND]"));

    write_text(script, "continue 3\nprint r1\ncontinue\n");
    const Finished late = debug(data("debug/relay.yaml"), {"-x", script});
    CHECK(late.code == 2);
    CHECK_THAT(late.out, Contains("before step 3"));
    CHECK_THAT(late.err, Contains("wrong.dbg:2:7: error: ") && Contains("[DBG-STATE]"));
}
