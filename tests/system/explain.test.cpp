#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork =
    "populations:\n  out: {neuron: lif, size: 2, params: {vth: 100}}\ninputs:\n"
    "  in: {shape: [2, 2], spikes: [[0, 0], [2, 1], [4, 3]]}\nprojections:\n"
    "  - {from: in, to: out, rule: all_to_all, weights: 60}\n";

Finished explain(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"explain"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_seamount(arguments);
}

}  // namespace

TEST_CASE("a spike is explained as text, as JSON on stdout and as a page with a heat map",
          "[explain]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    write_text(net, kNetwork);
    const Finished text = explain({net, "--spike", "out[1]@2"});
    REQUIRE(text.code == 0);
    CHECK_THAT(text.out, Contains("out[1] spiked in step 2") && Contains("in[1] in step 2") &&
                             Contains("in all"));
    const Finished json = explain(
        {net, "--spike", "out[1]@2", "--verify", "--json", "-", "--page", folder / "why.html"});
    REQUIRE(json.code == 0);
    const Json account = Json::parse(json.out).at("accounts").at(0);
    const Json effect = account.at("explanation").at("effects").at(0);
    std::int64_t sum = 0;
    for (const auto& [name, value] : effect.at("entries").items()) {
        sum += value.get<std::int64_t>();
    }
    for (const Json& cause : effect.at("causes")) {
        sum += cause.at("contribution").get<std::int64_t>();
    }
    CHECK(sum == effect.at("value").get<std::int64_t>());
    CHECK(account.at("verify").at("top_changes") == true);
    CHECK_THAT(read_text(folder / "why.html"),
               Contains("heat map of the scores over input in") && Contains("out[1] spiked"));
}

TEST_CASE("a run is explained from its folder, in whatever folder one is", "[explain]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    REQUIRE(run_seamount({"run", "net.yaml", "--steps", "6", "--out", "r", "-q"},
                         std::filesystem::path{std::string{folder / "."}})
                .code == 0);
    const Finished answer = explain({folder / "r", "--spike", "out[0]@2"});
    CHECK(answer.code == 0);
    CHECK_THAT(answer.out, Contains("out[0] spiked in step 2"));

    const Finished late = explain({folder / "r", "--spike", "out[0]@9"});
    CHECK(late.code == 2);
    CHECK_THAT(late.err, Contains("the run ended after step 5") && Contains("EXPL-RUN"));

    write_text(folder / "net.yaml", kNetwork + "# and\nseed: 3\n");
    const Finished other = explain({folder / "r", "--spike", "out[0]@2"});
    CHECK(other.code == 2);
    CHECK_THAT(other.err, Contains("make another image now") && Contains("EXPL-RUN"));
}

TEST_CASE("what cannot be explained is said with what could be", "[explain]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    write_text(net, kNetwork);
    const auto refused = [&net](const std::vector<std::string>& question, const std::string& says,
                                const std::string& code) {
        std::vector<std::string> arguments{net};
        arguments.insert(arguments.end(), question.begin(), question.end());
        const Finished answer = explain(arguments);
        CHECK(answer.code == 2);
        CHECK_THAT(answer.err, Contains(says) && Contains(code));
    };
    refused({"--spike", "out[1]@3"}, "it spiked in step 2", "EXPL-SPIKE");
    refused({"--spike", "out[1]@1"}, "it first spikes in step 2", "EXPL-SPIKE");
    refused({"--spike", "out[1]@50", "--window", "5"}, "it last spiked in step 2", "EXPL-SPIKE");
    refused({"--spike", "in[1]@2"}, "'in[1]@2' is a spike of an input", "EXPL-SPIKE");
    refused({"--spike", "in[1]@2"}, "a population that it reaches (out), such as out[0]@STEP",
            "EXPL-SPIKE");
    refused({"--spike", "out[2]@3"}, "must be in [0, 1]", "EXPL-SPIKE");
    refused({"--spike", "out"}, "POPULATION[INDEX]@STEP", "EXPL-SPIKE");
    refused({"--spike", "aut[0]@3"}, "out", "RUN-NAME");
    refused({}, "either --spike", "EXPL-SPIKE");
    refused({"--decision", "0"}, "no dataset", "EXPL-SAMPLE");
}
