#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "compiler/frontend/data/npy.hpp"
#include "tests/support/skip.hpp"
#include "tests/system/process.hpp"
#include "tests/system/run_records.hpp"

// `seamount import`: its exit codes, and networks of lava-dl whose recordings it must reproduce.
// What the recordings hold: ../shared/spec/netx.md, 2.7 to 2.9.

using namespace seamount::test;
using Catch::Contains;
using seamount::compiler::frontend::DataArray;

namespace {

const std::filesystem::path kNetx = SEAMOUNT_SOURCE_DIR "/../shared/data/netx";

/// One value per step and neuron.
using Raster = std::vector<std::vector<std::int64_t>>;

/// A recording of shape (neurons, steps) or (x, y, channel, steps); neurons in our order.
Raster recording(const std::filesystem::path& file) {
    using namespace seamount::compiler::frontend;
    const DataArray array = read_npy(map_file(file));
    const std::vector<std::uint64_t>& shape = array.shape();
    const std::uint64_t steps = shape.back();
    const bool is_map = shape.size() == 4;
    const std::uint64_t width = is_map ? shape[0] : 1;
    const std::uint64_t height = is_map ? shape[1] : 1;
    const std::uint64_t channels = is_map ? shape[2] : shape[0];
    Raster raster(steps, std::vector<std::int64_t>(width * height * channels));
    for (std::uint64_t i = 0; i < array.count(); ++i) {
        const std::uint64_t c = i / steps % channels;
        const std::uint64_t y = i / steps / channels % height;
        const std::uint64_t x = i / steps / channels / height;
        raster[i % steps][(c * height + y) * width + x] =
            static_cast<std::int64_t>(array.number(i));
    }
    return raster;
}

/// What a run wrote to spikes.csv or potentials.csv, by population and variable (spikes: "s").
class Records {
public:
    explicit Records(const std::string& folder) {
        read(folder + "/spikes.csv", false);
        if (std::filesystem::exists(folder + "/potentials.csv")) {
            read(folder + "/potentials.csv", true);
        }
    }

    /// The records as a raster of the same size as another.
    [[nodiscard]] Raster like(const Raster& other, const std::string& name) const {
        Raster raster(other.size(), std::vector<std::int64_t>(other.at(0).size()));
        const auto found = values_.find(name);
        if (found == values_.end()) return raster;
        for (const auto& [step, neuron, value] : found->second) {
            if (step < raster.size()) raster[step].at(neuron) = value;
        }
        return raster;
    }

private:
    struct Value {
        std::size_t step;
        std::size_t neuron;
        std::int64_t value;
    };

    /// Lines are step,population,neuron,payload or step,population,neuron,variable,value.
    void read(const std::string& path, bool has_variable) {
        std::istringstream text{read_text(path)};
        std::string line;
        std::getline(text, line);
        while (std::getline(text, line)) {
            std::istringstream cells{line};
            std::string step, population, neuron, variable{"s"}, value{"1"};
            std::getline(cells, step, ',');
            std::getline(cells, population, ',');
            std::getline(cells, neuron, ',');
            if (has_variable) {
                std::getline(cells, variable, ',');
                std::getline(cells, value, ',');
            }
            values_[population + "." + variable].push_back(
                {std::stoul(step), std::stoul(neuron), std::stol(value)});
        }
    }

    std::map<std::string, std::vector<Value>> values_;
};

std::size_t differences(const Raster& a, const Raster& b) {
    REQUIRE(a.size() == b.size());
    std::size_t count = 0;
    for (std::size_t step = 0; step < a.size(); ++step) {
        REQUIRE(a[step].size() == b[step].size());
        for (std::size_t i = 0; i < a[step].size(); ++i)
            count += a[step][i] != b[step][i] ? 1U : 0U;
    }
    return count;
}

/// Imports PilotNet with periodic resets and probes, and runs it.
Records run_pilotnet(const TemporaryFolder& folder, const std::string& every,
                     const std::string& offset, const std::string& steps) {
    const std::string network = folder / "pilotnet.yaml";
    const std::filesystem::path source = kNetx / "pilotnet_lif";
    run_or_fail({"import", (source / "network.net").string(), "-o", network, "--bias",
                 (source / "image.npy").string(), "--reset-every", every, "--reset-offset",
                 offset});
    std::string probes = "\nprobes:\n";
    for (const char* layer : {"l5", "l7", "l8", "l9", "l10"}) {
        probes += std::string{"  - {population: "} + layer + ", record: [u, v]}\n";
    }
    write_text(network, read_text(network) + probes);
    run_or_fail({"run", network, "--chip", "loihi2", "--set", "topology.width=16", "--set",
                 "topology.height=16", "--partitioner", "greedy", "--mesh", "ideal", "--steps",
                 steps, "--out", folder / "o"});
    return Records{folder / "o"};
}

}  // namespace

TEST_CASE("import ends with 0 for a network and with 2 for anything else", "[import]") {
    const TemporaryFolder folder;
    write_text(folder / "n.net", "version https://git-lfs.github.com/spec/v1\n");
    write_text(folder / "x.yaml", "network: x\n");
    const auto error = [](const std::vector<std::string>& arguments) {
        std::vector<std::string> all{"import"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const Finished finished = run_seamount(all);
        CHECK(finished.code == 2);
        CHECK(finished.out.empty());
        return finished.err;
    };
    CHECK_THAT(error({folder / "n.net"}), Contains("--output") && Contains("[CLI-USAGE]"));
    CHECK_THAT(error({folder / "none.net", "-o", folder / "o.yaml"}), Contains("[CLI-FILE]"));
    CHECK_THAT(error({folder / "n.net", "-o", folder / "o.yaml"}), Contains("[IMP-LFS]"));
    CHECK_THAT(error({folder / "n.net", "-o", folder / "o.npz"}),
               Contains("must end in .yaml [OUT-WRITE]"));
    CHECK_THAT(error({folder / "x.yaml", "-o", folder / "x.yaml"}), Contains("[OUT-WRITE]"));
    CHECK_THAT(error({folder / "x.yaml", "-o", folder / "o.yaml"}), Contains("[IMP-HDF5]"));
    CHECK_THAT(error({folder / "n.net", "-o", folder / "o.yaml", "--bias", folder / "none.npy"}),
               Contains("none.npy") && Contains("[CLI-FILE]"));
    CHECK_THAT(error({folder / "n.net", "-o", folder / "o.yaml", "--reset-every", "0"}),
               Contains("[CLI-USAGE]"));
    CHECK_FALSE(std::filesystem::exists(folder / "o.yaml"));
    CHECK_FALSE(std::filesystem::exists(folder / "o.npz"));
}

TEST_CASE("import says what it read, and never overwrites what it reads", "[import]") {
    const std::filesystem::path source = kNetx / "tinynet";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/netx is not in place");
    const TemporaryFolder folder;
    std::filesystem::copy_file(source / "tiny.net", folder / "tiny.npz");
    CHECK_THAT(run_seamount({"import", folder / "tiny.npz", "-o", folder / "tiny.yaml"}).err,
               Contains("[OUT-WRITE]"));
    const Finished finished =
        run_seamount({"import", (source / "tiny.net").string(), "-o", folder / "net.yaml"});
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK_THAT(finished.out, Contains("tiny.net (netx)") && Contains("layers               3") &&
                                 Contains("neurons          1,668") &&
                                 Contains("note: layer 0: driven by bias currents") &&
                                 Contains("net.yaml") && Contains("net.npz"));
    const Finished compiled = run_seamount({"compile", folder / "net.yaml", "--chip", "loihi2"});
    INFO(compiled.err);
    CHECK(compiled.code == 0);
}

TEST_CASE("a NIR graph with lava's integers repeats the voltages of a real Loihi", "[import]") {
    const std::filesystem::path source = SEAMOUNT_SOURCE_DIR "/../shared/data/nir";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/nir is not in place");
    const TemporaryFolder folder;
    std::vector<std::string> input{"step,index\n"};
    std::vector<std::int64_t> recorded;
    std::istringstream lines{read_text(source / "lif_lava_loihi_fixed.csv")};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t first = line.find(',');
        if (std::stod(line) != 0) {
            input.push_back(std::to_string(recorded.size()) + ",0\n");
        }
        recorded.push_back(std::lround(std::stod(line.substr(first + 1))));
    }
    std::string events;
    for (const std::string& line : input) events += line;
    write_text(folder / "in.csv", events);
    run_or_fail({"import", (source / "lif_norse.nir").string(), "-o", folder / "n.yaml", "--dt",
                 "1e-4", "--like", "lava"});
    write_text(folder / "n.yaml", read_text(folder / "n.yaml") +
                                      "\nprobes:\n  - {population: n1, record: [v_chip]}\n");
    run_or_fail({"run", folder / "n.yaml", "--steps", "1000", "--input",
                 "input=" + folder / "in.csv", "--out", folder / "o"});
    // The recording is one step late: lava's input takes a step.
    const Records records{folder / "o"};
    const Raster found = records.like(Raster(1000, {0}), "n1.v_chip");
    std::size_t differing = 0;
    for (std::size_t t = 1; t < recorded.size(); ++t) {
        differing += found[t - 1][0] != recorded[t] ? 1U : 0U;
    }
    CHECK(recorded.size() == 1000);
    CHECK(differing == 0);
}

TEST_CASE("a recurrent network of nxSlayer repeats its rasters spike by spike", "[import]") {
    const std::filesystem::path source = kNetx / "recurrent";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/netx is not in place");
    const TemporaryFolder folder;
    run_or_fail({"import", (source / "netLoihi_rec_th1.net").string(), "-o", folder / "n.yaml"});
    const Raster input = recording(source / "reference_in.npy");
    std::string events = "step,index\n";
    for (std::size_t step = 0; step < input.size(); ++step) {
        for (std::size_t i = 0; i < input[step].size(); ++i) {
            if (input[step][i] != 0) {
                events += std::to_string(step) + "," + std::to_string(i) + "\n";
            }
        }
    }
    write_text(folder / "in.csv", events);
    run_or_fail({"run", folder / "n.yaml", "--chip", "loihi2", "--input",
                 "input=" + folder / "in.csv", "--steps", std::to_string(input.size()), "--out",
                 folder / "o"});
    const Records records{folder / "o"};
    // Spikes of the host act in their own step, those of the recording's input in the next one.
    for (const auto& [population, file] :
         std::map<std::string, std::string>{{"l2.s", "l0"}, {"l3.s", "l1"}}) {
        Raster expected = recording(source / ("reference_" + file + ".npy"));
        Raster found = records.like(expected, population);
        expected.erase(expected.begin());
        found.pop_back();
        INFO(population);
        CHECK(differences(found, expected) == 0);
    }
}

TEST_CASE("PilotNet repeats what a Loihi recorded: all spikes, currents and voltages",
          "[import][study]") {
    const std::filesystem::path source = kNetx / "pilotnet_lif";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/netx is not in place");
    const TemporaryFolder folder;
    const Records records = run_pilotnet(folder, "17", "0", "24");
    const std::map<std::string, std::string> names{
        {"l2", "conv-1"}, {"l3", "conv-2"}, {"l4", "conv-3"}, {"l5", "conv-4"},
        {"l7", "fc-0"},   {"l8", "fc-1"},   {"l9", "fc-2"}};
    for (const auto& [layer, name] : names) {
        INFO(layer << " " << name);
        const Raster expected = recording(source / (name + ".npy"));
        const Raster spikes = records.like(expected, layer + ".s");
        CHECK(differences(spikes, expected) == 0);
        if (!std::filesystem::exists(source / (name + "-u.npy"))) continue;
        const Raster currents = recording(source / (name + "-u.npy"));
        CHECK(differences(records.like(currents, layer + ".u"), currents) == 0);
        // The chip counts refractory steps in the word of the voltage: one step reads 128.
        const Raster voltages = recording(source / (name + "-v.npy"));
        Raster found = records.like(voltages, layer + ".v");
        for (std::size_t step = 0; step < found.size(); ++step) {
            for (std::size_t i = 0; i < found[step].size(); ++i) {
                if (spikes[step][i] != 0) found[step][i] = 128;
            }
        }
        CHECK(differences(found, voltages) == 0);
    }
}

TEST_CASE("PilotNet's output repeats its recording, which has another period of resets",
          "[import][study]") {
    const std::filesystem::path source = kNetx / "pilotnet_lif";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/netx is not in place");
    const TemporaryFolder folder;
    const Records records = run_pilotnet(folder, "16", "-1", "25");
    for (const std::string variable : {"s", "u", "v"}) {
        INFO(variable);
        const Raster expected = recording(source / ("fc-3-" + variable + ".npy"));
        CHECK(differences(records.like(expected, "l10." + variable), expected) == 0);
    }
}

TEST_CASE("a network of another tool runs as the one that it is imported as", "[import]") {
    const std::filesystem::path source = kNetx / "tinynet";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/netx is not in place");
    const TemporaryFolder folder;
    const std::string net = (source / "tiny.net").string();
    run_or_fail({"import", net, "-o", folder / "n.yaml", "--reset-every", "17"});
    run_or_fail(
        {"run", folder / "n.yaml", "--chip", "loihi2", "--steps", "20", "--out", folder / "a"});
    run_or_fail({"run", net, "--chip", "loihi2", "--steps", "20", "--out", folder / "b",
                 "--reset-every", "17"});
    CHECK(read_text(folder / "a/spikes.csv") == read_text(folder / "b/spikes.csv"));
}

TEST_CASE("findings about a network that is imported on the way name its file", "[import]") {
    const std::filesystem::path source = SEAMOUNT_SOURCE_DIR "/../shared/data/nir";
    if (!std::filesystem::exists(source)) SKIP_TEST("../shared/data/nir is not in place");
    const TemporaryFolder folder;
    const std::string nir = (source / "lif_norse.nir").string();
    const Finished wrong = run_seamount(
        {"run", nir, "--dt", "1e-4", "--steps", "3", "--set", "populations.n1.neuron=nonesuch"});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, !Contains("seamount-import-"));
    CHECK_THAT(wrong.err, Contains("IMP-NOTE"));
    const Finished image =
        run_seamount({"compile", nir, "--dt", "1e-4", "-o", folder / "n.smi", "-q"});
    CHECK(image.code == 0);
    CHECK_THAT(read_text(folder / "n.smi"), Contains(nir) && !Contains("seamount-import-"));
    const Finished options = run_seamount({"run", folder / "n.smi", "--dt", "1e-4"});
    CHECK(options.code == 2);
    CHECK_THAT(options.err, Contains("--dt says nothing to what is not imported [IMP-OPTION]"));
}
