#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

namespace {

const std::string kNetwork = data("two_layers.yaml");

/// Width and height of a PNG.
std::pair<unsigned, unsigned> size_of(const std::string& png) {
    REQUIRE(png.size() > 24);
    REQUIRE(png.substr(1, 3) == "PNG");
    const auto word = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = at; i < at + 4; ++i) {
            value = value * 256 + static_cast<unsigned char>(png[i]);
        }
        return value;
    };
    return {word(16), word(20)};
}

Finished draw(const std::string& folder, std::vector<std::string> words) {
    words.insert(words.begin(), "plot");
    words.insert(words.begin() + 2, folder);
    return run_seamount(words);
}

}  // namespace

TEST_CASE("each kind of plot becomes SVG and PNG from CSV and from HDF5", "[plot]") {
    const TemporaryFolder folder;
    for (const std::string records : {"csv", "hdf5"}) {
        const std::string out = folder / records;
        REQUIRE(run_seamount(
                    {"run", kNetwork, "--steps", "80", "-q", "--out", out, "--records", records})
                    .code == 0);
        for (const std::string kind : {"raster", "traces", "mesh", "energy", "timeline"}) {
            INFO(kind << " " << records);
            const std::string svg = folder / (kind + records + ".svg");
            const Finished finished = draw(out, {kind, "-o", svg});
            INFO(finished.err);
            REQUIRE(finished.code == 0);
            CHECK_THAT(finished.out, Contains("wrote " + svg));
            CHECK_THAT(read_text(svg), Contains("<title>" + kind + " of two_layers</title>"));
            const std::string png = folder / (kind + ".png");
            REQUIRE(draw(out, {kind, "-o", png, "--width", "85"}).code == 0);
            CHECK(size_of(read_text(png)).first == 723);  // 85 mm at 216 dpi
        }
    }
    // what was recorded is the same, so the pictures are
    for (const std::string kind : {"raster", "traces", "mesh", "energy", "timeline"}) {
        CHECK(read_text(folder / (kind + "csv.svg")) == read_text(folder / (kind + "hdf5.svg")));
    }
}

TEST_CASE("a plot shows the steps and the neurons that are asked for", "[plot]") {
    const TemporaryFolder folder;
    const std::string out = folder / "r";
    REQUIRE(run_seamount({"run", kNetwork, "--steps", "80", "-q", "--out", out}).code == 0);
    const std::string spikes = read_text(folder / "r/spikes.csv");
    const std::string svg = folder / "x.svg";
    const Finished all = draw(out, {"raster", "-o", svg, "--only", "hidden", "--only", "output"});
    const auto lines = std::count(spikes.begin(), spikes.end(), '\n') - 1;
    CHECK_THAT(all.out, Contains(std::to_string(lines) + " spikes of 2 populations and inputs, "
                                                         "steps 0 to 79"));
    const Finished some = draw(out, {"raster", "-o", svg, "--window", "20:30"});
    CHECK_THAT(some.out, Contains("steps 20 to 29"));
    const Finished rest = draw(out, {"timeline", "-o", svg, "--window", "70:"});
    CHECK_THAT(rest.out, Contains("steps 70 to 79"));
    const Finished one = draw(out, {"traces", "-o", svg, "--only", "output[9]"});
    CHECK(one.code == 0);
    CHECK_THAT(one.out, Contains("1 trace, steps 0 to 79"));
}

TEST_CASE("plots of what a run does not have are refused", "[plot]") {
    const TemporaryFolder folder;
    const std::string out = folder / "r";
    REQUIRE(run_seamount({"run", kNetwork, "--steps", "20", "-q", "--out", out}).code == 0);
    const std::string svg = folder / "x.svg";
    const auto refuses = [&](const std::vector<std::string>& words, const std::string& text) {
        const Finished finished = draw(out, words);
        INFO(finished.out << finished.err);
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains(text));
        CHECK_FALSE(std::filesystem::exists(svg));
    };
    refuses({"raster", "-o", folder / "x.jpg"}, "[CLI-PLOT]");
    refuses({"raster", "-o", svg, "--window", "9"}, "'9' is no window of steps");
    refuses({"raster", "-o", svg, "--window", "9:5"}, "[CLI-WINDOW]");
    refuses({"raster", "-o", svg, "--window", "100:"}, "it has those from 0 to 19");
    refuses({"raster", "-o", svg, "--only", "hiden"}, "no population or input 'hiden'");
    refuses({"traces", "-o", svg, "--only", "nobody"}, "[RUN-RECORDS]");
    write_text(folder / "mute.yaml",
               "populations: {a: {neuron: lif, size: 2, params: {vth: 9}}}\ninputs: {in: {shape: "
               "[2], spikes: [[0, 0]]}}\n"
               "projections: [{from: in, to: a, rule: one_to_one, weights: 1}]\n");
    const std::string mute = folder / "mute";
    REQUIRE(run_seamount({"run", folder / "mute.yaml", "--steps", "4", "-q", "--out", mute}).code ==
            0);
    CHECK_THAT(draw(mute, {"traces", "-o", svg}).err,
               Contains("[RUN-RECORDS]") && Contains("seamount run --probe"));
    refuses({"mesh", "-o", svg, "--window", "0:5"}, "[CLI-USAGE]");
    refuses({"energy", "-o", svg, "--only", "output"}, "[CLI-USAGE]");
    refuses({"mesh", "-o", svg, "--width", "1"}, "[CLI-USAGE]");
    refuses({"pie", "-o", svg}, "pie");
}

TEST_CASE("energy by population is printed, summed up and drawn, and is that of all core events",
          "[plot]") {
    const TemporaryFolder folder;
    const std::string out = folder / "r";
    const Finished run = run_seamount({"run", kNetwork, "--steps", "80", "--out", out});
    REQUIRE(run.code == 0);
    CHECK_THAT(run.out, Contains("energy of its events") && Contains("in proportion to neurons"));
    const nlohmann::json energy =
        nlohmann::json::parse(read_text(out + "/summary.json")).at("energy_j");
    double populations = 0.0;
    for (const auto& [name, parts] : energy.at("populations").items()) {
        for (const auto& [part, joules] : parts.items()) populations += joules.get<double>();
    }
    double events = 0.0;
    for (const std::string name :
         {"update_active", "update_inactive", "instruction", "spike_out", "axon_out", "axon_in",
          "synapse", "synapse_dense", "synapse_fetch", "synapse_update", "trace_update"}) {
        events += energy.at("events").at(name).get<double>();
    }
    CHECK(events > 0.0);
    CHECK(populations == Approx(events));
    const Finished drawn = draw(out, {"energy", "-o", folder / "e.svg"});
    CHECK_THAT(drawn.out, Contains("\n  hidden ") && Contains("\n  output ") &&
                              Contains("shared out by their neurons"));
    CHECK_THAT(read_text(folder / "e.svg"), Contains("shared out by their neurons"));
    CHECK_FALSE(nlohmann::json::parse(
                    run_seamount({"run", kNetwork, "--steps", "5", "--untimed", "--json", "-"}).out)
                    .contains("energy_j"));
}
