#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

namespace {

const std::string kNetwork =
    "populations:\n"
    "  hidden: {neuron: lif, size: 3, params: {vth: 100, dv: 512}}\n"
    "  out: {neuron: lif, size: 2, params: {vth: 100}}\n"
    "inputs:\n"
    "  in: {shape: [4], spikes: [[0, 0], [2, 1], [4, 3], [6, 0], [7, 1], [8, 2], [9, 3]]}\n"
    "projections:\n"
    "  - {from: in, to: hidden, rule: all_to_all, weights: 60}\n"
    "  - {from: hidden, to: out, rule: all_to_all, weights: 40, delay: 2}\n";

Finished run(const std::string& network, const std::string& out,
             const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", network, "--steps", "20", "-q"};
    if (!out.empty()) arguments.insert(arguments.end(), {"--out", out});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_seamount(arguments);
}

std::vector<std::vector<std::string>> rows_of(const std::string& file) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream text{read_text(file)};
    for (std::string line; std::getline(text, line);) {
        std::istringstream fields{line};
        rows.emplace_back();
        for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
    }
    if (!rows.empty()) rows.erase(rows.begin());
    return rows;
}

}  // namespace

TEST_CASE("probes of the command line read what those of the network do", "[probes]") {
    const TemporaryFolder folder;
    write_text(folder / "plain.yaml", kNetwork);
    write_text(folder / "probed.yaml",
               kNetwork +
                   "probes:\n"
                   "  - {population: hidden, record: [v, input], neurons: [0, 1], every: 2}\n"
                   "  - {population: out, record: input, from: 3, to: 9}\n"
                   "  - {population: out, record: v, when: \"any spike in hidden[1:3]\"}\n"
                   "  - {population: hidden, record: u, when: \"spike in[3]\"}\n"
                   "  - {cores: all, record: [packets, queue, spikes, updates], every: 5}\n");
    REQUIRE(run(folder / "probed.yaml", folder / "a", {}).code == 0);
    REQUIRE(run(folder / "plain.yaml", folder / "b",
                {"--probe", "hidden[0:2].v,input every 2", "--probe", "out.input from 3 to 9",
                 "--probe", "out.v when any spike in hidden[1:3]", "--probe",
                 "hidden.u when spike in[3]", "--probe",
                 "core all packets,queue,spikes,updates every 5"})
                .code == 0);
    const std::string potentials = read_text(folder / "a" + "/potentials.csv");
    CHECK(potentials == read_text(folder / "b" + "/potentials.csv"));
    CHECK(read_text(folder / "a" + "/core_probes.csv") ==
          read_text(folder / "b" + "/core_probes.csv"));
    CHECK(read_text(folder / "a" + "/spikes.csv") == read_text(folder / "b" + "/spikes.csv"));
    CHECK_THAT(potentials, Contains("\n4,out,1,input,") && !Contains("\n2,out,1,input,") &&
                               !Contains("\n9,out,1,input,"));
    // hidden spikes in steps 2, 6, 8; source 3 in 4, 9.
    std::map<std::string, std::string> when;
    for (const auto& row : rows_of(folder / "a" + "/potentials.csv")) {
        if (row[1] == "out" && row[3] == "v" && row[2] == "0") when["v"] += row[0] + " ";
        if (row[3] == "u" && row[2] == "0") when["u"] += row[0] + " ";
    }
    CHECK(when["v"] == "2 6 8 ");
    CHECK(when["u"] == "4 9 ");
}

TEST_CASE("a probed accumulator is what the next step reads", "[probes]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    REQUIRE(run(folder / "net.yaml", folder / "r", {"--probe", "out.input,u"}).code == 0);
    // u of lif without memory (du = 4095) is the input of the step, times 64.
    std::map<std::string, long> due;
    std::size_t compared = 0;
    for (const auto& row : rows_of(folder / "r" + "/potentials.csv")) {
        if (row[3] == "input")
            due[std::to_string(std::stol(row[0]) + 1) + row[2]] = std::stol(row[4]);
    }
    for (const auto& row : rows_of(folder / "r" + "/potentials.csv")) {
        if (row[3] != "u" || row[0] == "0") continue;
        CHECK(std::stol(row[4]) == 64 * due.at(row[0] + row[2]));
        compared += std::stol(row[4]) != 0 ? 1U : 0U;
    }
    CHECK(compared >= 4);
}

TEST_CASE("probes of cores count what the records of cores do", "[probes]") {
    const TemporaryFolder folder;
    write_text(folder / "net.yaml", kNetwork);
    REQUIRE(run(folder / "net.yaml", folder / "r", {"--probe", "core all packets,spikes"}).code ==
            0);
    std::map<std::string, long> sums;
    for (const auto& row : rows_of(folder / "r" + "/core_probes.csv")) {
        sums[row[2]] += std::stol(row[3]);
    }
    long packets = 0;
    long spikes = 0;
    for (const auto& row : rows_of(folder / "r" + "/cores.csv")) {
        spikes += std::stol(row[7]);
        packets += std::stol(row[8]);
    }
    CHECK(sums["packets"] == packets);
    CHECK(sums["spikes"] == spikes);
    CHECK(packets > 0);
}

TEST_CASE("probes in an image are kept, and those that cannot be are refused", "[probes]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    write_text(net, kNetwork +
                        "probes:\n  - {population: out, record: v, when: spike hidden}\n"
                        "  - {cores: all, record: packets}\n");
    const std::string image = folder / "net.smi";
    REQUIRE(run_seamount({"compile", net, "-o", image, "-q"}).code == 0);
    REQUIRE(run_seamount({"verify", net, image, "-q"}).code == 0);
    REQUIRE(run(net, folder / "a", {}).code == 0);
    REQUIRE(run(image, folder / "b", {}).code == 0);
    for (const char* const name : {"/potentials.csv", "/core_probes.csv"}) {
        CHECK(read_text(folder / "a" + name) == read_text(folder / "b" + name));
    }

    const Finished wrong =
        run(net, folder / "c",
            {"--probe", "hiden.v", "--probe", "hidden[3].v", "--probe", "hidden.w", "--probe",
             "out.v when spikes hidden", "--probe", "core 999 packets", "--probe", "weights in"});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, Contains("--probe:1:1: error: there is no population 'hiden'") &&
                              Contains("did you mean 'hidden'?") && Contains("--probe:2:8") &&
                              Contains("in [0, 2]") && Contains("--probe:3:8") &&
                              Contains("--probe:4:12") && Contains("--probe:5:6") &&
                              Contains("--probe:6:9") && Contains("[CLI-PROBE]"));
    CHECK_THAT(run(net, "", {"--probe", "out.v"}).err, Contains("there is no --out"));

    write_text(net, kNetwork +
                        "probes:\n  - {population: out, record: v, when: spike hiden}\n"
                        "  - {population: out, record: u, when: sometimes}\n"
                        "  - {population: out, record: input, from: 9, to: 9}\n"
                        "  - {cores: all, record: temperature}\n");
    const Finished file = run(net, folder / "d", {});
    CHECK(file.code == 2);
    CHECK_THAT(file.err, Contains("net.yaml:10:") && Contains("net.yaml:11:") &&
                             Contains("net.yaml:12:") && Contains("net.yaml:13:") &&
                             Contains("NET-PROBE"));
}

TEST_CASE("probes that select nothing, contradict themselves or repeat a record are refused",
          "[probes]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    write_text(net, kNetwork);
    const auto refused = [&](const std::vector<std::string>& probes, const std::string& place,
                             const std::string& says) {
        std::vector<std::string> words;
        for (const std::string& probe : probes) words.insert(words.end(), {"--probe", probe});
        const Finished finished = run(net, folder / "r", words);
        CAPTURE(probes.back());
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains("--probe:" + place + ": error: ") && Contains(says) &&
                                     Contains("[CLI-PROBE]"));
    };
    refused({"hidden[1:1].v"}, "1:8", "'1:1' selects no neuron");
    refused({"hidden[0,2:2].v"}, "1:10", "'2:2' selects no neuron");
    refused({"hidden[3:].v"}, "1:8", "'3:' selects no neuron");
    refused({"out.v when spike in[2:2]"}, "1:21", "'2:2' selects no neuron");
    refused({"out.v to 5 from 10"}, "1:10", "'to' is 5, must be above 'from', 10");
    refused({"out.v every 2 every 7"}, "1:15", "'every' is given twice");
    refused({"out.v,v"}, "1:7", "another probe records 'v' of population 'out' already");
    refused({"out.v", "out[1].v"}, "2:8", "another probe records 'v' of population 'out' already");
    refused({"core 0,0 packets"}, "1:8", "core 0 is named twice");
    refused({"core 0 packets", "core all packets"}, "2:10", "another probe records 'packets'");
    refused({"out.y0"}, "1:5", "has no word 'y0'");
    const Finished apart = run(net, folder / "r",
                               {"--probe", "out[0].v", "--probe", "out[1].v", "--probe",
                                "hidden.v to 5", "--probe", "hidden.v from 5"});
    CHECK(apart.code == 0);
}

TEST_CASE("a probe of the command line that shares steps with another one is warned about",
          "[probes]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    write_text(net, kNetwork +
                        "probes:\n  - {population: out, record: v}\n"
                        "  - {cores: all, record: packets}\n");
    const auto told = [&](const std::vector<std::string>& probes) {
        std::vector<std::string> words{"run", net, "--steps", "20", "--out", folder / "r"};
        for (const std::string& probe : probes) words.insert(words.end(), {"--probe", probe});
        const Finished finished = run_seamount(words);
        CAPTURE(probes.back());
        CHECK(finished.code == 0);
        return finished.err;
    };
    CHECK_THAT(
        told({"out.u,v every 2"}),
        Contains("--probe:1:7: warning: another probe records 'v' of population 'out' too") &&
            Contains("has its rows twice [CLI-PROBE]") && !Contains("'u'"));
    CHECK_THAT(told({"out[1].v when spike in"}), Contains("--probe:1:8: warning: "));
    CHECK_THAT(told({"core all queue,packets every 3"}),
               Contains("--probe:1:16: warning: another probe records 'packets'"));
    CHECK_THAT(told({"out.u when spike in[0]", "out.u when spike in[0:2]"}),
               Contains("--probe:2:5: warning: another probe records 'u'"));
    CHECK_THAT(told({"out.u every 2", "hidden.v"}), !Contains("warning"));
}

TEST_CASE("probes of cores in a file name cores that the network uses, each once", "[probes]") {
    const TemporaryFolder folder;
    const std::string net = folder / "net.yaml";
    const auto refused = [&](const std::string& probes, const std::string& says) {
        CAPTURE(probes);
        write_text(net, kNetwork + "probes:\n" + probes);
        const Finished finished = run(net, folder / "r", {});
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err,
                   Contains("net.yaml:") && Contains(says) && Contains("[NET-PROBE]"));
    };
    refused("  - {cores: [0, 77], record: packets}\n",
            "net.yaml:10:13: error: core 77 is not used");
    refused("  - {cores: [], record: packets}\n", "'cores' is empty");
    refused("  - {cores: [0, 0], record: packets}\n", "'0' is listed twice");
    refused("  - {cores: all, record: []}\n", "'record' is empty");
    refused("  - {cores: all, record: [queue, queue]}\n", "'queue' is listed twice");
    refused("  - {cores: [0], record: queue}\n  - {cores: all, record: queue}\n",
            "another probe records 'queue' of such a core already");
    refused("  - {population: out, record: [v, v]}\n", "'v' is listed twice");
    write_text(net, kNetwork + "probes:\n  - {population: out, record: y0}\n");
    CHECK_THAT(run(net, folder / "r", {}).err, Contains("accumulator 'y0' [NET-NAME]"));
    write_text(net, kNetwork + "probes:\n  - {cores: [0], record: [queue, packets]}\n");
    CHECK(run(net, folder / "r", {}).code == 0);
}
