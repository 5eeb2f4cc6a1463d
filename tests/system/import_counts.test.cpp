#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"

// Networks of other tools that spike as their sources do: a SONATA circuit, a graph in floats.

using namespace seamount::test;

TEST_CASE("a SONATA circuit of ten cells repeats the spikes of the event-driven model",
          "[import_counts]") {
    const std::filesystem::path source =
        SEAMOUNT_SOURCE_DIR "/../shared/data/sonata/ten_cells_spikes_nrn";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/sonata is not in place");
    const TemporaryFolder folder;
    const auto spikes_of = [&](const std::vector<std::string>& arguments) {
        std::vector<std::string> all{"run", "--steps", "30000", "--force", "--out", folder / "o"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        run_or_fail(all);
        std::multiset<std::pair<std::int64_t, std::int64_t>> spikes;
        std::istringstream lines{read_text(folder / "o/spikes.csv")};
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            const std::size_t neuron = line.find(',', line.find(',') + 1);
            spikes.emplace(std::stoll(line), std::stoll(line.substr(neuron + 1)));
        }
        return spikes;
    };
    const auto spikes = spikes_of({(source / "config.json").string()});
    CHECK(spikes.size() == 191);
    std::size_t found = 0;
    std::istringstream expected{read_text(source / "expected_spikes.csv")};
    std::string line;
    std::getline(expected, line);
    while (std::getline(expected, line)) {
        const std::int64_t step = std::lround(std::stod(line) / 0.1);
        found += spikes.count({step, std::stoll(line.substr(line.find(',') + 1))});
    }
    CHECK(found == 191);
    CHECK(spikes == spikes_of({(source / "circuit_config.json").string(), "--input",
                               "pre=" + (source / "tw_spikes.h5").string()}));
}

TEST_CASE("a trained convolutional network counts spikes as its float graph does",
          "[import_counts][study]") {
    const std::filesystem::path source = SEAMOUNT_SOURCE_DIR "/../shared/data/nir/cnn_sinabs.nir";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/nir is not in place");
    const TemporaryFolder folder;
    // Rates of 0 to 0.6 for each pixel, another one in each of its pixels.
    std::mt19937 random{7};
    std::string spikes = "step,index\n";
    std::vector<double> rates(2 * 34 * 34);
    std::uniform_real_distribution<double> share{0.0, 1.0};
    for (double& rate : rates) rate = 0.6 * share(random);
    for (int step = 0; step < 120; ++step) {
        for (std::size_t pixel = 0; pixel < rates.size(); ++pixel) {
            if (share(random) < rates[pixel])
                spikes += std::to_string(step) + "," + std::to_string(pixel) + "\n";
        }
    }
    const std::string file = folder.write("spikes.csv", spikes);
    const auto least_correlations = [&](const std::vector<std::string>& options) {
        const std::string name = folder / ("n" + std::to_string(options.size()));
        std::vector<std::string> all{"import",    source.string(), "-o",      name + ".yaml",
                                     "--dt",      "0.001",         "--steps", "120",
                                     "--receipt", name + ".json",  "--input", "input=" + file};
        all.insert(all.end(), options.begin(), options.end());
        run_or_fail(all);
        const auto receipt = nlohmann::json::parse(read_text(name + ".json"));
        const auto& populations = receipt["comparison"]["populations"];
        REQUIRE(populations.size() == 5);
        double hidden = 1.0;
        for (std::size_t p = 0; p < 4; ++p) {
            hidden = std::min(hidden, populations[p]["count_correlation"].get<double>());
        }
        return std::pair{hidden, populations[4]["count_correlation"].get<double>()};
    };
    const auto [hidden, output] = least_correlations({});
    CHECK(hidden >= 0.99);
    CHECK(output >= 0.97);
    const auto [split_hidden, split_output] = least_correlations({"--split-weights"});
    CHECK(split_hidden >= 0.99);
    CHECK(split_output >= 0.99);
}
