#include "tools/explore/sweep/sweep.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/temporary_folder.hpp"
#include "tools/explore/strategy/strategy.hpp"

using namespace seamount;
using namespace seamount::explore;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

/// Reads `text` as a sweep file that lies beside an (empty) network.
Sweep sweep_of(const std::string& text) {
    const test::TemporaryFolder folder;
    folder.write("n.yaml", "network: n\n");
    return load_sweep(folder.write("s.yaml", text));
}

const std::string kHead = "network: n.yaml\nobjectives: {time: {minimize: modelled_time_s}}\n";

std::vector<std::string> points(const std::string& text) {
    std::vector<std::string> out;
    const Sweep sweep = sweep_of(kHead + text);
    for (const Assignment& point : points_of(sweep)) out.push_back(to_string(point));
    return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("ranges, lists and logarithmic ranges have the values that they say", "[sweep]") {
    CHECK(points("parameters: {run.steps: {range: [1, 3]}}") ==
          Strings{"run.steps=1", "run.steps=2", "run.steps=3"});
    CHECK(points("parameters: {network.p: {range: [0.1, 0.5], step: 0.2}}") ==
          Strings{"network.p=0.1", "network.p=0.3", "network.p=0.5"});
    CHECK(points("parameters: {chip.a.b: {log_range: [64, 1024], points: 3}}") ==
          Strings{"chip.a.b=64", "chip.a.b=256", "chip.a.b=1024"});
    CHECK(points("parameters: {compile.placer: [hilbert, row_major]}") ==
          Strings{"compile.placer=hilbert", "compile.placer=row_major"});
}

TEST_CASE("conditions, derived values and constraints shape the points", "[sweep]") {
    CHECK(points("set: {run.steps: 5}\n"
                 "parameters:\n"
                 "  run.mesh: [ideal, packet]\n"
                 "  chip.t.width: {values: [2, 4], when: \"mesh == 'packet'\"}\n"
                 "derived: {area: width * 2, chip.t.height: area / 4}\n") ==
          Strings{"run.mesh=ideal run.steps=5",
                  "chip.t.height=1 chip.t.width=2 run.mesh=packet run.steps=5",
                  "chip.t.height=2 chip.t.width=4 run.mesh=packet run.steps=5"});
    CHECK(points("parameters: {chip.a: [1, 2, 3], chip.b: [1, 2, 3]}\n"
                 "constraints: [a * b == 6, a < b]\n") == Strings{"chip.a=2 chip.b=3"});
}

TEST_CASE("a bad sweep file is told all its problems at once", "[sweep]") {
    const std::string text =
        "network: missing.yaml\n"
        "objectives: {a: {minimise: x}, b: {minimize: '1 +'}, c: {minimize: {script: none.sh}}}\n"
        "parameters:\n"
        "  width: [1, 2]\n"
        "  chip.b: []\n"
        "  chip.c: {range: [5, 2]}\n"
        "  chip.d: [1, 1]\n"
        "  chip.e: {range: [0.5, 1.5]}\n"
        "  chip.f: {values: [1], when: wiidth > 1}\n"
        "seeds: [1, 1]\n"
        "colour: red\n";
    std::string said;
    try {
        (void)sweep_of(text);
    } catch (const InputError& error) {
        for (const Diagnostic& d : error.diagnostics()) said += to_string(d) + '\n';
    }
    CHECK_THAT(said, Contains("s.yaml:1:10: error: no such network file") && Contains("EXP-FILE"));
    CHECK_THAT(said, Contains("'a' needs one of 'minimize' and 'maximize' [EXP-OBJECTIVE]"));
    CHECK_THAT(said, Contains("'1 +' is not a formula") && Contains("EXP-FORMULA"));
    CHECK_THAT(said, Contains("'none.sh' cannot be executed [EXP-SCRIPT]"));
    CHECK_THAT(said, Contains("'width' does not say which file it is in [EXP-PATH]"));
    CHECK_THAT(said, Contains("the list of values is empty [EXP-RANGE]"));
    CHECK_THAT(said, Contains("the range from 5 to 2 is empty"));
    CHECK_THAT(said, Contains("the value 1 is listed twice"));
    CHECK_THAT(said, Contains("a range without steps"));
    CHECK_THAT(said, Contains("unknown name 'wiidth'") && Contains("did you mean 'width'?"));
    CHECK_THAT(said, Contains("the seed 1 is listed twice"));
    CHECK_THAT(said, Contains("unknown key 'colour'"));
}

TEST_CASE("a range of one value is that value, also if it is zero", "[sweep]") {
    CHECK(points("parameters: {chip.a: {range: [0, 0], integer: false}}\n") == Strings{"chip.a=0"});
}

TEST_CASE("constraints that exclude everything are an error", "[sweep]") {
    CHECK_THROWS_WITH(points("parameters: {chip.a: [1, 2]}\nconstraints: [a > 2]\n"),
                      Contains("EXP-EMPTY"));
}
