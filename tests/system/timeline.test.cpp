#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kNetwork = data("two_layers.yaml");

/// Rows of a CSV file without quotes, by the names of its columns.
std::vector<std::map<std::string, std::string>> rows_of(const std::string& path) {
    std::istringstream lines{read_text(path)};
    const auto split = [](const std::string& line) {
        std::vector<std::string> fields{""};
        for (const char letter : line) {
            letter == ',' ? fields.emplace_back() : fields.back() += letter;
        }
        return fields;
    };
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> names = split(line);
    std::vector<std::map<std::string, std::string>> rows;
    while (std::getline(lines, line)) {
        const std::vector<std::string> fields = split(line);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (i == 0) rows.emplace_back();
            rows.back()[names[i]] = fields.at(i);
        }
    }
    return rows;
}

/// A VCD file: how long each signal was 1, in ps, and the last value of vectors.
struct Wave {
    std::map<std::string, std::uint64_t> high_ps;
    std::map<std::string, std::uint64_t> rises;
    std::uint64_t end_ps = 0;
};

Wave read_wave(const std::string& path) {
    std::istringstream words{read_text(path)};
    std::map<std::string, std::string> names;
    std::vector<std::string> scopes;
    std::map<std::string, std::uint64_t> since;
    std::uint64_t now = 0;
    Wave wave;
    std::string word;
    while (words >> word) {
        std::string type;
        std::string width;
        std::string id;
        std::string name;
        if (word == "$scope") {
            words >> type >> name;
            scopes.push_back(name);
        } else if (word == "$upscope") {
            scopes.pop_back();
        } else if (word == "$var") {
            words >> type >> width >> id >> name;
            for (std::size_t i = scopes.size(); i > 1; --i) name = scopes[i - 1] + "." + name;
            names[id] = name;
        } else if (word[0] == '#') {
            now = std::stoull(word.substr(1));
            wave.end_ps = now;
        } else if ((word[0] == '0' || word[0] == '1') && names.contains(word.substr(1))) {
            name = names[word.substr(1)];
            if (word[0] == '1') {
                since[name] = now;
                ++wave.rises[name];
            } else if (since.contains(name)) {
                wave.high_ps[name] += now - since[name];
                since.erase(name);
            }
        }
    }
    return wave;
}

std::uint64_t picoseconds(const std::string& ns) {
    return static_cast<std::uint64_t>(std::llround(std::stod(ns) * 1000.0));
}

}  // namespace

TEST_CASE("a timeline for Perfetto has the steps, stages and packets that were counted",
          "[timeline]") {
    for (const std::string mesh : {"packet", "flit", "ideal"}) {
        INFO(mesh);
        const TemporaryFolder folder;
        const Finished finished =
            run_seamount({"run", kNetwork, "--steps", "40", "--mesh", mesh, "--out", folder / "r",
                          "--timeline", folder / "t.json", "--json", folder / "s.json"});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        CHECK_THAT(finished.out, Contains("wrote " + (folder / "t.json")));
        const Json trace = Json::parse(read_text(folder / "t.json"));
        CHECK(trace["otherData"]["events_left_out"] == 0);
        std::map<std::string, double> busy;  // us, by stage
        std::map<int, double> packets;       // when they began
        std::uint64_t ended = 0;
        double steps_us = 0.0;
        double first_of_next = 0.0;
        for (const Json& event : trace["traceEvents"]) {
            const std::string phase = event["ph"];
            if (phase == "X") {
                const std::string name = event["name"];
                busy[name] += event["dur"].get<double>();
                if (name.starts_with("step ")) {
                    CHECK(event["ts"].get<double>() == Approx(first_of_next).margin(1e-6));
                    first_of_next = event["ts"].get<double>() + event["dur"].get<double>();
                    steps_us += event["dur"].get<double>();
                }
            } else if (phase == "b") {
                packets[event["id"]] = event["ts"];
            } else if (phase == "e") {
                CHECK(event["ts"].get<double>() >= packets.at(event["id"]));
                ++ended;
            }
        }
        const Json summary = Json::parse(read_text(folder / "s.json"));
        CHECK(steps_us == Approx(summary["modelled_time_s"].get<double>() * 1e6));
        CHECK(packets.size() == summary["packets"]);
        CHECK(ended == summary["packets"]);
        std::map<std::string, double> counted;
        for (const auto& row : rows_of(folder / "r/stages.csv")) {
            counted[row.at("stage")] += std::stod(row.at("busy_ns")) / 1000.0;
        }
        for (const auto& [stage, us] : counted) {
            INFO(stage);
            CHECK(busy[stage] == Approx(us).margin(1e-9));
        }
        CHECK(busy["barrier"] ==
              Approx(summary["time_parts_s"]["barrier"].get<double>() * 1e6).margin(1e-6));
    }
}

TEST_CASE("a VCD timeline of SystemC shows the stages for as long as they worked", "[timeline]") {
    const TemporaryFolder folder;
    const Finished finished = run_seamount(
        {"run", kNetwork, "--steps", "40", "--out", folder / "r", "--timeline", folder / "t.vcd"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const Wave wave = read_wave(folder / "t.vcd");
    std::uint64_t total_ps = 0;
    for (const auto& row : rows_of(folder / "r/perf.csv"))
        total_ps += picoseconds(row.at("time_ns"));
    CHECK(wave.end_ps == total_ps);
    std::uint64_t checked = 0;
    for (const auto& row : rows_of(folder / "r/stages.csv")) {
        const std::string name = "core" + row.at("core") + "." + row.at("stage");
        INFO(name);
        const auto found = wave.high_ps.find(name);
        const std::uint64_t high = found == wave.high_ps.end() ? 0 : found->second;
        CHECK(high == picoseconds(row.at("busy_ns")));
        checked += high > 0 ? 1 : 0;
    }
    CHECK(checked >= 2);
    CHECK(wave.rises.at("barrier") == 40);
    // nothing else was left beside it
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
        files += entry.path().filename() == "r" ? 0U : 1U;
    }
    CHECK(files == 1);
}

TEST_CASE("a timeline shows the window only", "[timeline]") {
    const TemporaryFolder folder;
    REQUIRE(run_seamount({"run", kNetwork, "--steps", "40", "-q", "--timeline", folder / "t.json",
                          "--window", "10:13"})
                .code == 0);
    const Json trace = Json::parse(read_text(folder / "t.json"));
    CHECK(trace["otherData"]["steps"] == 3);
    std::vector<int> steps;
    for (const Json& event : trace["traceEvents"]) {
        if (event.contains("args") && event["args"].contains("step")) {
            steps.push_back(event["args"]["step"]);
        }
    }
    CHECK(steps == std::vector<int>{10, 11, 12});
    REQUIRE(run_seamount({"run", kNetwork, "--steps", "40", "-q", "--timeline", folder / "t.vcd",
                          "--window", "10:13"})
                .code == 0);
    CHECK(read_wave(folder / "t.vcd").rises.at("barrier") == 3);
    const Finished late = run_seamount(
        {"run", kNetwork, "--steps", "5", "--timeline", folder / "t.vcd", "--window", "10:13"});
    CHECK_THAT(late.out, Contains("the run had no step of the window"));
}

TEST_CASE("a timeline that viewers could not open is cut, and says so", "[timeline]") {
    const TemporaryFolder folder;
    const Finished finished =
        run_seamount({"run", kNetwork, "--steps", "6000", "--timeline", folder / "t.json"});
    REQUIRE(finished.code == 0);
    CHECK_THAT(finished.out, Contains("are left out so that it opens: choose steps with --window"));
    const Json trace = Json::parse(read_text(folder / "t.json"));
    CHECK(trace["otherData"]["events_left_out"] > 0);
    CHECK(trace["otherData"]["cut_from_step"] > 100);
}

TEST_CASE("timelines that cannot be are refused", "[timeline]") {
    const TemporaryFolder folder;
    const auto refuses = [&](const std::vector<std::string>& more, const std::string& text) {
        std::vector<std::string> words{"run", kNetwork, "--steps", "5"};
        words.insert(words.end(), more.begin(), more.end());
        const Finished finished = run_seamount(words, folder.path());
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains(text));
    };
    refuses({"--timeline", "t.txt"}, "[CLI-TIMELINE]");
    refuses({"--window", "1:2"}, "there is no --timeline");
    refuses({"--timeline", "t.json", "--window", "4"}, "[CLI-WINDOW]");
    refuses({"--timeline", "t.json", "--json", "t.json"}, "t.json");
    refuses({"--timeline", "none/t.vcd"}, "[OUT-WRITE]");
    write_text(folder / "free.yaml", "extends: loihi1\nprices: none\n");
    refuses({"--timeline", "t.json", "--chip", "free.yaml"}, "a chip without prices has no times");
}
