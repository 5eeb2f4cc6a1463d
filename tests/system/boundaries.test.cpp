#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

// What times and energies include, and how far off they may be.

using namespace seamount::test;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

constexpr int kSteps = 20;

/// A chip of which every number is exact but those that a test puts in place of `prices`.
std::string chip_of(const std::string& prices, const std::string& power) {
    return "chip: exact\nsources: {a: test}\nprices: p\n"
           "limits: {compartments: {value: 1024, source: a, grade: measured}}\n"
           "power: {" +
           power +
           "}\n"
           "host: {snips_step_ns: 5, snips_mw: 2, io_packet_ns: 9, io_mw: 3}\n"
           "profiles:\n  p:\n" +
           prices +
           "    others: free\n"
           "    barrier: {model: fixed, base_ns: 10, source: a, grade: measured, residual: 0}\n";
}

class Runs {
public:
    Json run(const std::string& chip, const std::vector<std::string>& more = {}) {
        write_text(folder_ / "c.yaml", chip);
        write_text(
            folder_ / "n.yaml",
            "network: n\npopulations:\n"
            "  a: {neuron: loihi1_cuba, size: 4, params: {vth: 100, bias: 10, bias_exp: 6}}\n"
            "  b: {neuron: loihi1_cuba, size: 3, params: {vth: 100}}\n"
            "inputs:\n  i: {size: 1, spikes: [[1, 0], [5, 0]]}\n"
            "projections:\n  - {from: a, to: b, rule: all_to_all, weights: 8}\n"
            "  - {from: i, to: b, rule: all_to_all, weights: 8}\n");
        std::vector<std::string> command{
            "run",     folder_ / "n.yaml",     "--chip", folder_ / "c.yaml",
            "--steps", std::to_string(kSteps), "--json", folder_ / "r.json"};
        command.insert(command.end(), more.begin(), more.end());
        const Finished finished = run_seamount(command);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        out_ = finished.out;
        return Json::parse(read_text(folder_ / "r.json"));
    }
    [[nodiscard]] const std::string& out() const { return out_; }

private:
    TemporaryFolder folder_;
    std::string out_;
};

double sum_of(const Json& parts) {
    double sum = 0.0;
    for (const auto& [name, part] : parts.items()) sum += part.get<double>();
    return sum;
}

const std::string kPrices =
    "    synapse_ns: 3\n    synapse_pj: 20\n    update_active_pj: 80\n    host_packet_pj: 7\n";

}  // namespace

TEST_CASE("times and energies of the boundaries add up to the totals", "[boundaries]") {
    Runs runs;
    for (const std::string host : {"none", "snips", "io"}) {
        INFO(host);
        const Json json =
            runs.run(chip_of(kPrices, "idle_mw: 5, idle_per_core_mw: 2"), {"--host-class", host});
        CHECK(json["host_class"] == host);
        CHECK(sum_of(json["time_boundaries_s"]) == Approx(json["modelled_time_s"].get<double>()));
        const Json& energy = json["energy_j"];
        CHECK(sum_of(energy["boundaries"]) == Approx(energy["total"].get<double>()));
        CHECK(energy["boundaries"]["static"] == energy["idle"]);
        CHECK_THAT(runs.out(), Contains("host " + host));
    }
}

TEST_CASE("the class of the host adds to time and energy and changes no spike", "[boundaries]") {
    Runs runs;
    const std::string chip = chip_of(kPrices, "idle_mw: 5");
    const Json none = runs.run(chip);
    const Json snips = runs.run(chip, {"--host-class", "snips"});
    const Json io = runs.run(chip, {"--host-class", "io"});
    CHECK(none["host_class"] == "none");
    CHECK(snips["spike_hash"] == none["spike_hash"]);
    CHECK(io["spike_hash"] == none["spike_hash"]);
    const auto time = [](const Json& json) { return json["modelled_time_s"].get<double>(); };
    CHECK(time(snips) - time(none) == Approx(kSteps * 5e-9));
    CHECK(time(io) >= time(snips));
    CHECK(none["energy_j"]["host"] == 0.0);
    CHECK(snips["energy_j"]["host"].get<double>() == Approx(2e-3 * time(snips)));
    CHECK(io["energy_j"]["host"].get<double>() == Approx(3e-3 * time(io)));
}

TEST_CASE("an uncertain price makes its share of time and energy uncertain", "[boundaries]") {
    Runs runs;
    const std::string sure = ", source: a, grade: measured, residual: 0}\n";
    const std::string chip =
        chip_of("    synapse_ns: {value: 3" + sure +
                    "    synapse_pj: {value: 20, source: a, grade: fitted}\n"
                    "    update_active_pj: {value: 80" +
                    sure,
                "idle_mw: {value: 5, source: a, grade: measured, residual: 0}");
    const Json json = runs.run(chip, {"--uncertainty"});
    const double synapses = json["energy_j"]["events"]["synapse"].get<double>() +
                            json["energy_j"]["events"]["synapse_dense"].get<double>();
    REQUIRE(synapses > 0.0);
    CHECK(json["uncertainty"]["energy_j"].get<double>() == Approx(0.15 * synapses));
    CHECK(json["uncertainty"]["modelled_time_s"] == 0.0);
    REQUIRE(json["uncertainty"]["parts"].size() == 1);
    CHECK(json["uncertainty"]["parts"][0]["key"] == "prices.synapse_pj");
    CHECK_THAT(runs.out(), Contains(" ± ") && Contains("prices.synapse_pj (to 15 %)"));
}

TEST_CASE("an uncertain time makes the energy of what is drawn meanwhile uncertain too",
          "[boundaries]") {
    Runs runs;
    std::string chip = chip_of("", "idle_mw: {value: 5, source: a, grade: measured, residual: 0}");
    const std::string exact = "residual: 0}";
    chip.replace(chip.rfind(exact), exact.size(), "residual: 0.2}");  // of the barrier
    const Json json = runs.run(chip, {"--uncertainty"});
    const double barrier = json["time_parts_s"]["barrier"].get<double>();
    CHECK(json["uncertainty"]["modelled_time_s"].get<double>() == Approx(0.2 * barrier));
    CHECK(json["uncertainty"]["energy_j"].get<double>() == Approx(0.2 * barrier * 5e-3));
    CHECK_FALSE(runs.run(chip).contains("uncertainty"));
}
