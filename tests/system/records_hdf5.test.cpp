#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "compiler/frontend/hdf5/hdf5_file.hpp"
#include "tests/system/open_files.hpp"
#include "tests/system/run_records.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;
using seamount::compiler::frontend::Hdf5File;

namespace {

namespace fs = std::filesystem;

const std::string kNetwork = data("two_layers.yaml");

void run_into(const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", kNetwork, "--steps", "300", "-q", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run_seamount(arguments).code == 0);
}

std::vector<std::string> files_of(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Whether `part` is how `whole` begins.
void check_beginning(const std::vector<double>& part, const std::vector<double>& whole,
                     std::size_t count) {
    REQUIRE(part.size() >= count);
    REQUIRE(whole.size() >= count);
    CHECK(
        std::equal(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count), whole.begin()));
}

/// Waits until a run says how far it is; false after a minute.
bool says_progress(const std::string& progress) {
    for (int tries = 0; tries < 12000 && !fs::exists(progress); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return fs::exists(progress);
}

/// Until a run that goes on has recorded a whole step, or for a minute.
void wait_for_steps(const std::string& progress) {
    for (int tries = 0; tries < 600; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (!fs::exists(progress)) continue;
        const Json said = Json::parse(read_text(progress), nullptr, false);
        if (!said.is_discarded() && said["complete_steps"].get<int>() > 0) return;
    }
}

/// `file` begins as `right` does, and has all spikes of the first `steps` steps.
void check_spikes(const Hdf5File& file, const Hdf5File& right, double steps) {
    for (const std::string& group : right.members("/spikes")) {
        INFO(group);
        const auto times = right.numbers("/spikes/" + group + "/timestamps").values;
        const auto count = static_cast<std::size_t>(
            std::lower_bound(times.begin(), times.end(), steps) - times.begin());
        check_beginning(file.numbers("/spikes/" + group + "/timestamps").values, times, count);
        check_beginning(file.numbers("/spikes/" + group + "/node_ids").values,
                        right.numbers("/spikes/" + group + "/node_ids").values, count);
    }
}

}  // namespace

TEST_CASE("records in HDF5 become the CSV that the same run writes", "[records_hdf5]") {
    const TemporaryFolder folder;
    run_into(folder / "csv", {"--records", "csv"});
    run_into(folder / "hdf5", {"--records", "hdf5"});
    CHECK(Json::parse(read_text(folder / "csv/summary.json"))["records"] == "csv");
    CHECK(Json::parse(read_text(folder / "hdf5/summary.json"))["records"] == "hdf5");
    REQUIRE(run_seamount({"export", folder / "hdf5", "--csv"}).code == 0);
    const std::vector<std::string> tables = files_of(folder / "hdf5/csv");
    REQUIRE(tables.size() == 8);
    for (const std::string& name : tables) {
        INFO(name);
        const std::string made = read_text(folder / ("hdf5/csv/" + name));
        CHECK(made == read_text(folder / ("csv/" + name)));
    }
    CHECK(files_of(folder / "csv").size() == tables.size() + 3);
}

TEST_CASE("spikes in HDF5 are SONATA's, with those of the host", "[records_hdf5]") {
    const TemporaryFolder folder;
    run_into(folder / "o", {"--records", "hdf5"});
    const Json summary = Json::parse(read_text(folder / "o/summary.json"));
    const Hdf5File file{folder / "o/spikes.h5"};
    CHECK(file.attribute_number("/", "magic") == 0x0A7A);
    CHECK(file.members("/spikes") ==
          std::vector<std::string>{"clicks", "hidden", "noise", "output"});
    double spikes = 0;
    double host = 0;
    for (const std::string& name : file.members("/spikes")) {
        INFO(name);
        const std::string group = "/spikes/" + name;
        CHECK(file.attribute_text(group, "sorting") == "by_time");
        CHECK(file.attribute_text(group + "/timestamps", "units") == "ms");
        const auto times = file.numbers(group + "/timestamps").values;
        CHECK(std::is_sorted(times.begin(), times.end()));
        CHECK(file.numbers(group + "/node_ids").values.size() == times.size());
        (file.attribute_text(group, "kind") == "input" ? host : spikes) +=
            static_cast<double>(times.size());
    }
    CHECK(spikes == summary["spikes"].get<double>());
    CHECK(host == summary["input_spikes"].get<double>());
    CHECK(file.numbers("/spikes/clicks/timestamps").values == std::vector<double>{0, 4, 9, 9});
    CHECK(file.numbers("/spikes/clicks/node_ids").values == std::vector<double>{1, 2, 0, 1});
}

TEST_CASE("columns in HDF5 have units", "[records_hdf5]") {
    const TemporaryFolder folder;
    run_into(folder / "o", {"--records", "hdf5"});
    const Hdf5File perf{folder / "o/perf.h5"};
    CHECK(perf.attribute_text("/perf/time_ns", "units") == "ns");
    CHECK(perf.attribute_text("/perf/energy_pj", "units") == "pJ");
    CHECK(perf.attribute_text("/perf/step", "units") == "step");
    CHECK(perf.attribute_number("/", "complete_steps") == 300.0);
    CHECK(perf.numbers("/perf/step").values.size() == 300);
}

TEST_CASE("spikes of a run are the input of another", "[records_hdf5]") {
    const TemporaryFolder folder;
    run_into(folder / "a", {"--records", "hdf5"});
    fs::copy_file(folder / "a/spikes.h5", folder / "spikes.h5");
    // The lists of spikes are other ones now, so that a file of nothing but clicks is made of it.
    write_text(folder / "net.yaml",
               "populations:\n  p: {neuron: " + data("relay.asm") +
                   ", size: 3}\ninputs:\n  clicks: {size: 3, spikes: {file: "
                   "spikes.h5, population: clicks, dt: 1}}\nprojections:\n"
                   "  - {from: clicks, to: p, rule: one_to_one, weights: 1}\n");
    const Finished finished =
        run_seamount({"run", folder / "net.yaml", "--steps", "20", "-q", "--json", folder / "j"});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(Json::parse(read_text(folder / "j"))["input_spikes"] == 4);
}

TEST_CASE("records of more than 10^7 lines are HDF5 unless they were asked for as CSV",
          "[records_hdf5][study]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml",
               "populations:\n  p: {neuron: lif, size: 4000, params: {vth: 100}}\ninputs:\n"
               "  i: {size: 1, spikes: [[3, 0], [2400, 0]]}\nprojections:\n"
               "  - {from: i, to: p, rule: all_to_all, weights: 120}\n"
               "probes:\n  - {population: p, record: [v]}\n");
    const auto run = [&](const std::string& out, const std::string& steps) {
        const Finished finished = run_seamount(
            {"run", folder / "net.yaml", "--steps", steps, "-q", "--out", folder / out});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return Json::parse(read_text(folder / (out + "/summary.json")))["records"];
    };
    CHECK(run("few", "100") == "csv");
    CHECK(run("many", "2501") == "hdf5");
    CHECK(files_of(folder / "many") ==
          std::vector<std::string>{"about.json", "core_windows.h5", "cores.h5", "links.h5",
                                   "manifest.json", "perf.h5", "potentials.h5", "spikes.h5",
                                   "stages.h5", "summary.json"});
    const Hdf5File potentials{folder / "many/potentials.h5"};
    CHECK(potentials.shape("/potentials/value") == std::vector<std::uint64_t>{2501 * 4000});
    const Hdf5File spikes{folder / "many/spikes.h5"};
    CHECK(spikes.numbers("/spikes/i/timestamps").values == std::vector<double>{3, 2400});
    const auto times = spikes.numbers("/spikes/p/timestamps").values;
    CHECK(times.size() ==
          Json::parse(read_text(folder / "many/summary.json"))["spikes"].get<std::size_t>());
}

TEST_CASE("what a killed run recorded opens and is right as far as it says", "[records_hdf5]") {
    const TemporaryFolder folder;
    const std::string whole = folder / "whole";
    REQUIRE(run_seamount(
                {"run", kNetwork, "--steps", "20000", "-q", "--out", whole, "--records", "hdf5"})
                .code == 0);
    const Hdf5File right{whole + "/spikes.h5"};
    for (const int milliseconds : {150, 400, 900}) {
        const std::string out = folder / ("o" + std::to_string(milliseconds));
        Process process{
            {"run", kNetwork, "--steps", "1000000000", "-q", "--out", out, "--records", "hdf5"}};
        REQUIRE(says_progress(out + "/partial/progress.json"));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        process.send(SIGKILL);
        CHECK(process.wait().signal == SIGKILL);
        CHECK(files_of(out) == std::vector<std::string>{"partial"});
        const Json progress = Json::parse(read_text(out + "/partial/progress.json"));
        const double steps = std::min(20000.0, progress["complete_steps"].get<double>());
        for (const std::string& name : files_of(out + "/partial")) {
            if (!name.ends_with(".h5")) continue;
            INFO(name);
            const Hdf5File file{out + "/partial/" + name};
            CHECK(file.attribute_number("/", "complete_steps") >= steps);
        }
        // The file comes with the first steps that are complete.
        if (steps > 0 || fs::exists(out + "/partial/spikes.h5")) {
            check_spikes(Hdf5File{out + "/partial/spikes.h5"}, right, steps);
        }
        // the next run replaces what this one left
        REQUIRE(run_seamount({"run", kNetwork, "--steps", "5", "-q", "--out", out}).code == 0);
        CHECK_FALSE(fs::exists(out + "/partial"));
    }
}

TEST_CASE("of an interrupted run what is complete can be exported", "[records_hdf5]") {
    const TemporaryFolder folder;
    for (const std::string format : {"csv", "hdf5"}) {
        INFO(format);
        const std::string out = folder / format;
        Process process{
            {"run", kNetwork, "--steps", "1000000000", "-q", "--out", out, "--records", format}};
        REQUIRE(writes_into(process, out + "/partial", 0));
        wait_for_steps(out + "/partial/progress.json");
        process.send(SIGTERM);
        CHECK(process.wait().signal == SIGTERM);
        const auto steps =
            Json::parse(read_text(out + "/partial/progress.json"))["complete_steps"].get<int>();
        REQUIRE(steps > 0);
        REQUIRE(run_seamount({"export", out, "--csv", "-o", out + ".csv"}).code == 0);
        const auto perf = csv(out + ".csv/perf.csv");
        REQUIRE(perf.size() == static_cast<std::size_t>(steps));
        CHECK(perf.back().at("step") == std::to_string(steps - 1));
    }
}

TEST_CASE("two runs do not write into one folder at the same time", "[records_hdf5]") {
    const TemporaryFolder folder;
    Process process{{"run", kNetwork, "--steps", "1000000000", "-q", "--out", folder / "o"}};
    REQUIRE(writes_into(process, folder / "o/partial", 0));
    const Finished second =
        run_seamount({"run", kNetwork, "--steps", "5", "-q", "--out", folder / "o"});
    CHECK(second.code == 2);
    CHECK_THAT(second.err, Contains("another run writes its records there [OUT-WRITE]"));
    process.send(SIGKILL);
    CHECK(process.wait().signal == SIGKILL);
}

TEST_CASE("files of others in the folder of an unfinished run stay", "[records_hdf5]") {
    const TemporaryFolder folder;
    fs::create_directories(folder / "o/partial");
    write_text(folder / "o/partial/notes.txt", "mine\n");
    run_into(folder / "o", {});
    CHECK(read_text(folder / "o/partial/notes.txt") == "mine\n");
    write_text(folder / "o/partial/spikes.csv", "mine\n");
    const Finished refused =
        run_seamount({"run", kNetwork, "--steps", "5", "-q", "--out", folder / "o"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("partial/spikes.csv [OUT-FOREIGN]"));
    CHECK(read_text(folder / "o/partial/spikes.csv") == "mine\n");
}

TEST_CASE("an export replaces nothing, and says where no run was", "[records_hdf5]") {
    const TemporaryFolder folder;
    run_into(folder / "o", {});
    fs::create_directory(folder / "t");
    write_text(folder / "t/perf.csv", "mine\n");
    const Finished refused = run_seamount({"export", folder / "o", "--csv", "-o", folder / "t"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("perf.csv: error: there is such a file already [OUT-WRITE]"));
    CHECK(files_of(folder / "t") == std::vector<std::string>{"perf.csv"});
    CHECK(run_seamount({"export", folder / "o", "--csv", "-o", folder / "t", "--force"}).code == 0);
    CHECK(read_text(folder / "t/perf.csv") == read_text(folder / "o/perf.csv"));
    const Finished none = run_seamount({"export", folder / "t"});
    CHECK(none.code == 2);
    CHECK_THAT(none.err, Contains("[RUN-RECORDS]"));
}
