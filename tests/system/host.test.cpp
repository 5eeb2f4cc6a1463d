#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kEcho = SEAMOUNT_SOURCE_DIR "/configs/python/echo.yaml";
const std::string kNetwork = SEAMOUNT_SOURCE_DIR "/configs/networks/balanced.yaml";

Json run_json(const TemporaryFolder& folder, std::vector<std::string> options) {
    options.insert(options.begin(), "run");
    options.insert(options.end(), {"--json", folder / "r.json", "-q"});
    const auto result = run_seamount(options);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return Json::parse(read_text(folder / "r.json"));
}

/// A host that writes down what it is told and gives the same answer to every line.
std::string teller(const TemporaryFolder& folder, const std::string& answer) {
    return "while read -r l; do printf '%s\\n' \"$l\" >> " + (folder / "told") +
           "; printf '%s\\n' '" + answer + "'; done";
}

}  // namespace

TEST_CASE("a host is told spikes and states, and what it gives acts and is priced", "[host]") {
    const TemporaryFolder folder;
    const Json summary = run_json(
        folder, {kEcho, "--steps", "3", "--host-states", "out.v", "--host",
                 teller(folder, R"({"spikes": {"eye": [2]}, "writes": {"out.u": [[0, 64]]}})")});
    CHECK(summary["spikes"] == 3);
    CHECK(summary["event_counts"]["host_packet"] == 3);
    CHECK(summary["event_counts"]["host_write"] == 3);
    const std::string told = read_text(folder / "told");
    const Json first = Json::parse(told.substr(0, told.find('\n')));
    CHECK(first["populations"] == Json{{"out", 4}});
    CHECK(first["inputs"] == Json{{"eye", 4}});
    CHECK(first["states"]["out.v"] == Json({0, 0, 0, 0}));
    CHECK_THAT(told, Contains(R"({"step":1,"spikes":{"out":[[0,2]]})"));
}

TEST_CASE("an exchange for several steps tells and gives the steps of spikes", "[host]") {
    const TemporaryFolder folder;
    const Json summary =
        run_json(folder, {kEcho, "--steps", "4", "--host-every", "4", "--host",
                          teller(folder, R"({"spikes": {"eye": [[1, 0], [3, 2, 1]]}})")});
    CHECK(summary["spikes"] == 2);
    const Json same = run_json(folder, {kEcho, "--steps", "4", "--host-every", "2", "--host",
                                        "read l; echo '{\"spikes\":{\"eye\":[[1,0]]}}'; read l; "
                                        "echo '{\"spikes\":{\"eye\":[[3,2]]}}'; read l"});
    CHECK(same["spike_hash"] == summary["spike_hash"]);
}

TEST_CASE("a host switches learning and clears tags and traces of what learns", "[host]") {
    const TemporaryFolder folder;
    write_text(folder / "n.yaml",
               "populations: {out: {neuron: lif, size: 2, params: {vth: 5}}}\n"
               "inputs: {eye: {size: 3, rate: 0.5}}\n"
               "learning: {rules: {marks: {dw: x0, dt: x0}, plain: {dw: x0}}}\n"
               "projections:\n"
               "  - {from: eye, to: out, name: a, rule: all_to_all, weights: 3, learning: marks}\n"
               "  - {from: out, to: out, name: b, rule: all_to_all, weights: 3, learning: plain}\n"
               "  - {from: out, to: out, name: c, rule: all_to_all, weights: 3}\n");
    const auto writes = [&](const std::string& answer) {
        const Json summary =
            run_json(folder, {folder / "n.yaml", "--steps", "2", "--host", teller(folder, answer)});
        return summary["event_counts"]["host_write"].get<int>() / 2;
    };
    CHECK(writes(R"({"learning": false})") == 1);
    CHECK(writes(R"({"clear_tags": true})") == 6);
    CHECK(writes(R"({"clear_tags": ["a"], "learning": true})") == 7);
    CHECK(writes(R"({"clear_traces": ["a", "b"]})") == 5 + 4);
    CHECK(writes(R"({"clear_traces": true})") == 5 + 4);
    const auto refused = [&](const std::string& answer) {
        const auto result = run_seamount({"run", folder / "n.yaml", "--steps", "2", "--host",
                                          "while read -r l; do echo '" + answer + "'; done"});
        CHECK(result.code == 2);
        return result.err;
    };
    CHECK_THAT(refused(R"({"clear_tags": ["b"]})"), Contains("'b' have no tags"));
    CHECK_THAT(refused(R"({"clear_tags": ["c"]})"), Contains("'c' does not learn"));
    CHECK_THAT(refused(R"({"clear_tags": ["d"]})"), Contains("[RUN-NAME]"));
    CHECK_THAT(refused(R"({"clear_traces": false})"), Contains("must be true or a list"));
    CHECK_THAT(refused(R"({"clear_traces": [3]})"), Contains("3 in 'clear_traces' is no name"));
}

TEST_CASE("an answer means the same however its JSON is written", "[host]") {
    const TemporaryFolder folder;
    const auto hash = [&](const std::string& answer) {
        const Json summary = run_json(
            folder, {kEcho, "--steps", "6", "--host-every", "6", "--host-states", "out.v", "--host",
                     "while read -r l; do printf '%s\\n' '" + answer + "'; done"});
        CHECK(summary["event_counts"]["host_write"] == 4);
        CHECK(summary["event_counts"]["host_packet"] == 2);
        return std::pair{summary["spike_hash"], summary["event_counts"]};
    };
    const auto plain = hash(
        R"({"spikes": {"eye": [2, [0, 1, 3]]}, "writes": {"out.u": [64, 0, -5, 7]}, "rewards": {"r0": 3}})");
    CHECK(plain ==
          hash(R"(	{"writes":{"out.u":[[3,7],[0,64],[2,-5],[1,0]]},"rewards":{"r0":3},)"
               R"("spikes":{"eye":[2,[0,1,3]]}} )"));
    // What is unusual: escapes, a name twice (the last one counts).
    CHECK(plain ==
          hash(R"({"spikes": {"e\u0079e": [2, [0, 1, 3]]}, "writes": {"out.u": [64, 0, -5, 7]},)"
               R"( "rewards": {"r0": 3}})"));
    CHECK(plain ==
          hash(R"({"spikes": {"eye": [1, 1, 1], "eye": [2, [0, 1, 3]]}, "rewards": {"r0": 3},)"
               R"( "writes": {"out.u": [64, 0, -5, 7]}})"));
}

TEST_CASE("a host that ends, or says what is no answer, ends the run with the step", "[host]") {
    const auto run = [](const std::string& host) {
        const auto result = run_seamount({"run", kEcho, "--steps", "5", "--host", host});
        CHECK(result.code == 2);
        return result.err;
    };
    const auto always = [](const std::string& answer) {
        return "while read -r l; do printf '%s\\n' '" + answer + "'; done";
    };
    CHECK_THAT(run("read l; echo {}"), Contains("before step 1") && Contains("[RUN-HOST]"));
    CHECK_THAT(run(always("[]")), Contains("is no JSON object"));
    CHECK_THAT(run(always(R"({"spike": {}})")), Contains("unknown key 'spike'"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [4]}})")),
               Contains("4 in 'eye', must be in [0, 3]") && Contains("[RUN-VALUE]"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [[9, 1]]}})")), Contains("must be in [0, 0]"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [18446744073709551615]}})")),
               Contains("must be in"));
    CHECK_THAT(run(always(R"({"spikes": {"eyes": [1]}})")), Contains("[RUN-NAME]"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [1.5]}})")), Contains("whole numbers"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [01]}})")), Contains("is no JSON object"));
    CHECK_THAT(run(always(R"({"spikes": {"eye": [1]}} {})")), Contains("is no JSON object"));
    CHECK_THAT(run(always(R"({"writes": {"out.v": [1, 2]}})")),
               Contains("2 values for the 4 neurons"));
    CHECK_THAT(run(always(R"({"writes": {"out": 1}})")), Contains("is not POPULATION.STATE"));
    CHECK_THAT(run(always(R"({"rewards": {"r2": 1}})")), Contains("r0 or r1"));
    CHECK_THAT(run(always(R"({"learning": 1})")), Contains("true or false"));
    const auto unknown =
        run_seamount({"run", kEcho, "--steps", "5", "--host", "cat", "--host-states", "out"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Contains("is not POPULATION.STATE"));
}

TEST_CASE("a run that was saved and continued ends as the one that never stopped", "[host]") {
    const TemporaryFolder folder;
    Json whole = run_json(folder, {kNetwork, "--steps", "60"});
    (void)run_json(folder, {kNetwork, "--steps", "25", "--save-state", folder / "s"});
    Json rest = run_json(folder, {kNetwork, "--steps", "35", "--load-state", folder / "s"});
    for (const char* key : {"wall_s", "steps_per_s", "peak_rss_bytes", "max_link_flits"}) {
        whole.erase(key);
        rest.erase(key);
    }
    // What cores did before is not in the state: no energies by population rather than of a part.
    CHECK_FALSE(rest["energy_j"].contains("populations"));
    CHECK(whole["energy_j"].erase("populations") == 1);
    CHECK(rest == whole);
    const Json elsewhere =
        run_json(folder, {kNetwork, "--steps", "35", "--load-state", folder / "s", "--placer",
                          "hilbert", "--mesh", "ideal", "--threads", "2"});
    CHECK(elsewhere["spike_hash"] == whole["spike_hash"]);
    CHECK(elsewhere["synaptic_events"] == whole["synaptic_events"]);

    const auto refused = run_seamount({"run", kEcho, "--steps", "5", "--load-state", folder / "s"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("[RUN-STATE]"));
    const auto same = run_seamount({"run", kNetwork, "--steps", "5", "--load-state", folder / "s",
                                    "--save-state", folder / "s"});
    CHECK(same.code == 2);
    CHECK_THAT(same.err, Contains("[OUT-WRITE]"));
}

TEST_CASE("a host that says nothing, too much or dies ends the run with what it did", "[host]") {
    const auto run = [](const std::string& host) {
        const auto result =
            run_seamount({"run", kEcho, "--steps", "2000", "--host", host, "--host-timeout", "1"});
        CHECK(result.code == 2);
        CHECK_THAT(result.err, Contains("[RUN-HOST]"));
        return result.err;
    };
    CHECK_THAT(run("sleep 300"), Contains("gave no answer for 1 s, before step 0"));
    CHECK_THAT(run("while read -r l; do echo {}; echo {}; done"),
               Contains("said more than was asked"));
    CHECK_THAT(run("yes '{}'"), Contains("said more than was asked"));
    CHECK_THAT(run("read l; exec tr '\\n' ' ' < /dev/zero"),
               Contains("64 MiB") || Contains("gave no answer"));
    CHECK_THAT(run("read l; echo {}; kill -9 $$"), Contains("has ended (by signal 9)"));
    CHECK_THAT(run("exit 3"), Contains("has ended (with exit code 3), before step 0"));
    CHECK_THAT(run("exec >&-; sleep 300"), Contains("has closed its output"));
}
