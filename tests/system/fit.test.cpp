#include <catch2/catch.hpp>

#include "isa/base/json.hpp"
#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

// `seamount fit`: what its exit code, its page and its JSON say, beside what a run and a
// compilation do.

namespace seamount::test {
namespace {

using Catch::Contains;

const std::filesystem::path kNetworks = SEAMOUNT_SOURCE_DIR "/configs/networks";
const std::filesystem::path kPilotNet =
    SEAMOUNT_SOURCE_DIR "/../shared/data/netx/pilotnet_lif/network.net";

Json json_of(const std::filesystem::path& file) {
    return Json::parse(read_text(file));
}

/// Neurons without connections: only compartments bind.
void write_neurons(const std::filesystem::path& file, std::uint32_t neurons) {
    write_text(file, "network: plain\npopulations:\n  all: {neuron: lif, size: " +
                         std::to_string(neurons) + ", params: {vth: 100}}\n");
}

TEST_CASE("fit says yes with exit code 0 and no with 1", "[fit]") {
    const TemporaryFolder folder;
    write_neurons(folder.path() / "small.yaml", 5000);
    write_neurons(folder.path() / "large.yaml", 131073);
    const Finished small = run_seamount({"fit", "small.yaml"}, folder.path());
    CHECK(small.code == 0);
    CHECK_THAT(small.out, Contains("plain on loihi1: fits") && Contains("5 of 128"));
    const Finished large =
        run_seamount({"fit", "large.yaml", "--json", "large.json"}, folder.path());
    CHECK(large.code == 1);
    CHECK_THAT(large.out, Contains("does not fit") && Contains("topology.chips='[2, 1]'"));
    const Json json = json_of(folder.path() / "large.json");
    CHECK(json["fits"] == "no");
    CHECK(json["cores"]["needed"] == 129);
    CHECK(json["cores"]["least"] == 129);
    CHECK(json["chips"]["needed"] == 2);
    CHECK(json["layers"][0]["limit"] == "compartments");
    CHECK(json["chips"]["not_modelled_between_chips"].size() >= 3);
    // The advice holds.
    CHECK(run_seamount({"compile", "large.yaml", "--set", "topology.chips=[2, 1]", "--report",
                        "two.json", "-q"},
                       folder.path())
              .code == 0);
    const Json two = json_of(folder.path() / "two.json");
    CHECK(two["chips_used"] == 2);
    CHECK(two["not_modelled_between_chips"] == json["chips"]["not_modelled_between_chips"]);
}

TEST_CASE("fit refuses what is wrong with exit code 2", "[fit]") {
    const std::string digits = kNetworks / "digits.yaml";
    CHECK(run_seamount({"fit", "none.yaml"}).code == 2);
    const Finished rate = run_seamount({"fit", digits, "--rates", "hiden=0.5"});
    CHECK(rate.code == 2);
    CHECK_THAT(rate.err, Contains("[FIT-RATES]") && Contains("did you mean 'hidden'"));
    CHECK_THAT(run_seamount({"fit", digits, "--rates", "-1"}).err, Contains("[FIT-RATES]"));
    CHECK_THAT(run_seamount({"fit", digits, "--effort", "9"}).err, Contains("[CLI-MAPPING]"));
    CHECK_THAT(run_seamount({"fit", digits, "--input", "a=b.csv"}).err, Contains("[FIT-STEPS]"));
    const TemporaryFolder folder;
    write_neurons(folder.path() / "large.yaml", 131073);
    const Finished run = run_seamount({"fit", "large.yaml", "--steps", "5"}, folder.path());
    CHECK(run.code == 1);
    CHECK_THAT(run.out, Contains("does not fit") && Contains("only what fits can run"));
}

TEST_CASE("fit --steps measures what a run of so many steps has", "[fit]") {
    const TemporaryFolder folder;
    const std::string digits = kNetworks / "digits.yaml";
    const std::string fit = folder.path() / "fit.json";
    const std::string run = folder.path() / "run.json";
    REQUIRE(run_seamount({"fit", digits, "--steps", "200", "--json", fit}).code == 0);
    REQUIRE(run_seamount({"run", digits, "--steps", "200", "--json", run, "-q"}).code == 0);
    const Json measured = json_of(fit);
    const Json summary = json_of(run);
    CHECK(measured["run"]["spikes_per_step"].get<double>() * 200 ==
          Approx(summary["spikes"].get<double>()));
    CHECK(measured["run"]["energy_j_per_step"].get<double>() * 200 ==
          Approx(summary["energy_j"]["total"].get<double>()));
    CHECK(measured["run"]["step_time_s"].get<double>() * 200 ==
          Approx(summary["modelled_time_s"].get<double>()));
    // The estimate from these rates is of the same size.
    const double estimated = measured["estimate"]["energy_j_per_step"];
    const double energy = measured["run"]["energy_j_per_step"];
    CHECK(estimated > 0.7 * energy);
    CHECK(estimated < 1.4 * energy);
    CHECK(measured["estimate"]["synaptic_events_per_step"].get<double>() * 200 ==
          Approx(summary["synaptic_events"].get<double>()).epsilon(0.05));
}

TEST_CASE("PilotNet fits one Loihi 2 and needs two of Loihi 1", "[fit][study]") {
    if (!std::filesystem::exists(kPilotNet)) SKIP_TEST("no ../shared/data/netx/pilotnet_lif");
    const TemporaryFolder folder;
    const std::string answer = folder.path() / "fit.json";
    REQUIRE(run_seamount({"fit", kPilotNet, "--chip", "loihi2", "--rates", "0.1", "--json", answer})
                .code == 0);
    const Json loihi2 = json_of(answer);
    CHECK(loihi2["cores"]["needed"] == 44);
    CHECK(loihi2["cores"]["least"] == 39);
    CHECK(loihi2["layers"].size() == 10);
    CHECK(loihi2["layers"][1]["neurons"] == 24 * 32 * 99);
    CHECK(loihi2["changes"].empty());
    const Finished page = run_seamount({"fit", kPilotNet, "--json", answer});
    REQUIRE(page.code == 1);
    const Json loihi1 = json_of(answer);
    CHECK(loihi1["fits"] == "no");
    CHECK(loihi1["cores"]["least"] == 155);
    CHECK(loihi1["chips"]["needed"] == 2);
    CHECK(loihi1["changes"][0]["change"] == "--chip loihi2");
    CHECK(loihi1["changes"][0]["enough"] == true);
    CHECK_THAT(page.out, Contains("> --chip loihi2\n      44 cores of 128"));
    CHECK(std::count(page.out.begin(), page.out.end(), '\n') < 50);
}

}  // namespace
}  // namespace seamount::test
