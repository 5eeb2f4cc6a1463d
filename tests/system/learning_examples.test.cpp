#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Json = nlohmann::json;

namespace {

const std::string kNetworks = SEAMOUNT_SOURCE_DIR "/configs/networks/";

void run(const std::string& network, const std::vector<std::string>& options) {
    std::vector<std::string> all{"run", kNetworks + network, "-q"};
    all.insert(all.end(), options.begin(), options.end());
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
}

/// The fields of the lines of a CSV file, without its header.
std::vector<std::vector<std::string>> rows_of(const std::string& path) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines{read_text(path)};
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream fields{line};
        std::vector<std::string>& row = rows.emplace_back();
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    }
    return rows;
}

/// The mean weight of the synapses of each source in a weights.csv that holds one moment.
std::map<int, double> mean_weights(const std::string& path) {
    std::map<int, std::pair<double, int>> sums;
    for (const auto& row : rows_of(path)) {
        auto& [sum, count] = sums[std::stoi(row.at(2))];
        sum += std::stoi(row.at(4));
        ++count;
    }
    std::map<int, double> means;
    for (const auto& [source, sum] : sums) means[source] = sum.first / sum.second;
    return means;
}

struct Exponential {
    double amplitude = 0.0;
    double tau = 0.0;
};

/// Least squares of log(value) over the places 1, 2, ... of `values`.
Exponential fit(const std::vector<double>& values) {
    double x = 0.0;
    double y = 0.0;
    double xx = 0.0;
    double xy = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto place = static_cast<double>(i + 1);
        const double log = std::log(values[i]);
        x += place;
        y += log;
        xx += place * place;
        xy += place * log;
    }
    const auto n = static_cast<double>(values.size());
    const double slope = (n * xy - x * y) / (n * xx - x * x);
    return {std::exp((y - slope * x) / n), -1.0 / slope};
}

/// Correct answers of class_incremental_test.yaml, of 360, after one pass over the training digits.
int correct_after(const std::string& order) {
    const TemporaryFolder folder;
    run("class_incremental.yaml", {"--set", "order=" + order, "--save-weights", folder / "w.npz"});
    run("class_incremental_test.yaml",
        {"--set", "weights=" + (folder / "w.npz"), "--json", folder / "r.json"});
    return Json::parse(read_text(folder / "r.json")).at("correct");
}

constexpr int kTrials = 400;
constexpr int kReversal = 200;

/// For each trial of bandit.yaml whether only the better arm was chosen.
std::array<bool, kTrials> choices(int schedule) {
    const TemporaryFolder folder;
    run("bandit.yaml",
        {"--steps", "20000", "--out", folder / "o", "--seed", std::to_string(schedule + 1), "--set",
         "schedule=" + std::to_string(schedule)});
    std::array<std::array<bool, 2>, kTrials> chosen{};
    for (const auto& row : rows_of(folder / "o/spikes.csv")) {
        if (row.at(1) == "arm") {
            chosen.at(std::stoul(row.at(0)) / 50).at(std::stoul(row.at(2))) = true;
        }
    }
    std::array<bool, kTrials> good{};
    for (std::size_t trial = 0; trial < kTrials; ++trial) {
        const std::size_t best =
            (static_cast<std::size_t>(schedule) + (trial >= kReversal ? 1U : 0U)) % 2;
        good[trial] = chosen[trial][best] && !chosen[trial][1 - best];
    }
    return good;
}

double share(const std::array<bool, kTrials>& good, std::size_t from, std::size_t to) {
    int count = 0;
    for (std::size_t trial = from; trial < to; ++trial) count += good.at(trial) ? 1 : 0;
    return count / static_cast<double>(to - from);
}

}  // namespace

TEST_CASE("digits learned class by class are recognised as well as in random order",
          "[learning_examples]") {
    const int by_class = correct_after("by_class");
    const int shuffled = correct_after("shuffled");
    CHECK(by_class >= 360 * 90 / 100);
    CHECK(by_class >= shuffled - 360 * 3 / 100);
}

TEST_CASE("the learned digits of the repository are those that training gives",
          "[learning_examples]") {
    const TemporaryFolder folder;
    run("class_incremental.yaml", {"--save-weights", folder / "w.npz"});
    CHECK(read_text(folder / "w.npz") == read_text(kNetworks + "class_incremental/learned.npz"));
}

TEST_CASE("the teacher and nothing else makes outputs spike while digits are learned",
          "[learning_examples]") {
    const TemporaryFolder folder;
    run("class_incremental.yaml", {"--samples", "200", "--out", folder / "o"});
    const auto samples = rows_of(folder / "o/samples.csv");
    int spikes = 0;
    for (const auto& row : rows_of(folder / "o/spikes.csv")) {
        if (row.at(1) != "output") continue;
        ++spikes;
        CHECK(row.at(2) == samples.at(std::stoul(row.at(0)) / 10).at(1));
    }
    CHECK(spikes == 200 * 10);
}

TEST_CASE("pair STDP has the exponential window that was programmed", "[learning_examples]") {
    const TemporaryFolder folder;
    run("stdp.yaml", {"--steps", "15000", "--out", folder / "o"});
    std::map<int, double> weights = mean_weights(folder / "o/weights.csv");
    REQUIRE(weights.size() == 81);
    for (const int side : {1, -1}) {  // pre before post, post before pre
        std::vector<double> window;
        for (int k = 1; k <= 40; ++k) window.push_back(side * weights[40 + side * k] / 60);
        const Exponential found = fit(window);
        INFO(side);
        CHECK(found.tau == Approx(20.0).epsilon(0.02));
        CHECK(found.amplitude == Approx(127.0 / 32).epsilon(0.02));
    }
    CHECK(weights[40] == Approx(0.0).margin(1.0));
}

TEST_CASE(
    "a two-armed bandit is learned by reward within 200 trials, and again within 200 after the "
    "arms are exchanged",
    "[learning_examples][study]") {
    double before = 0.0;
    double after = 0.0;
    for (int schedule = 0; schedule < 20; ++schedule) {
        const std::array<bool, kTrials> good = choices(schedule);
        INFO("schedule " << schedule);
        CHECK(share(good, 0, kReversal) >= 0.8);
        CHECK(share(good, kReversal, kTrials) >= 0.8);
        before += share(good, 0, kReversal) / 20;
        after += share(good, kReversal, kTrials) / 20;
    }
    CHECK(before >= 0.95);
    CHECK(after >= 0.93);
}

TEST_CASE("the delta rule learns a sine from its error", "[learning_examples]") {
    const TemporaryFolder folder;
    run("pes.yaml", {"--steps", "4000", "--out", folder / "o"});
    double first = 0.0;
    double last = 0.0;
    for (const auto& row : rows_of(folder / "o/spikes.csv")) {
        const int step = std::stoi(row.at(0));
        const double error = std::stoi(row.at(3));
        if (step < 20) first += error * error;
        if (step >= 3000) last += error * error;
    }
    CHECK(std::sqrt(first / 20) > 40.0);
    CHECK(std::sqrt(last / 1000) < 7.0);
}

TEST_CASE("triplet STDP potentiates more the more often pairings come", "[learning_examples]") {
    const TemporaryFolder folder;
    run("triplet.yaml", {"--steps", "6000", "--out", folder / "o"});
    std::map<int, double> weights = mean_weights(folder / "o/weights.csv");
    REQUIRE(weights.size() == 10);
    for (int f = 0; f < 4; ++f) {
        INFO("from frequency " << f << " to the next");
        CHECK(weights[f] + 5 < weights[f + 1]);
        CHECK(weights[5 + f] < weights[5 + f + 1]);
    }
    CHECK(weights[0] > 0.0);    // pre before post at 10 Hz
    CHECK(weights[5] < -15.0);  // post before pre: depression at 10 Hz,
    CHECK(weights[9] > 15.0);   // potentiation at 50 Hz
}
