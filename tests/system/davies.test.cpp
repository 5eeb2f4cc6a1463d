#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

// Davies et al. 2018, Table 2, from runs: two networks that differ in one thing, one step each; the
// difference of their totals is that thing's time and energy. Nothing here reads the chip file.

using namespace seamount::test;
using Json = nlohmann::json;

namespace {

/// A network of microcode neurons on cores of their own, one line per population and projection.
struct Micro {
    std::string populations;
    std::string projections;
    void add(const std::string& name, const std::string& neuron, int core, int size = 1) {
        populations += "  " + name + ": {neuron: " + neuron +
                       ".asm, size: " + std::to_string(size) +
                       ", mapping: {fixed: " + std::to_string(core) + "}}\n";
    }
    void connect(const std::string& from, const std::string& to) {
        projections += "  - {from: " + from + ", to: " + to + ", rule: all_to_all, weights: 8}\n";
    }
};

/// Totals of one step: whole picoseconds, and dynamic energy in hundredths of a picojoule.
struct Totals {
    std::int64_t ps = 0;
    std::int64_t centi_pj = 0;
    friend Totals operator-(const Totals& a, const Totals& b) {
        return {a.ps - b.ps, a.centi_pj - b.centi_pj};
    }
    friend bool operator==(const Totals&, const Totals&) = default;
};

std::ostream& operator<<(std::ostream& out, const Totals& totals) {
    return out << totals.ps << " ps, " << totals.centi_pj << " / 100 pJ";
}

class Bench {
public:
    Bench() {
        write_text(folder_ / "firing.asm", "spk #1\nend\n");
        write_text(folder_ / "silent.asm", ".acc input\nrdc r0, input, 0\nend\n");
    }
    Totals run(const Micro& micro, const std::vector<std::string>& more = {}) {
        write_text(folder_ / "n.yaml",
                   "network: micro\npopulations:\n" + micro.populations +
                       (micro.projections.empty() ? "" : "projections:\n" + micro.projections));
        std::vector<std::string> command{"run", folder_ / "n.yaml", "--steps",
                                         "1",   "--json",           folder_ / "r.json"};
        command.insert(command.end(), more.begin(), more.end());
        const Finished finished = run_seamount(command);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        const Json json = Json::parse(read_text(folder_ / "r.json"));
        return {std::llround(json["modelled_time_s"].get<double>() * 1e12),
                std::llround(json["energy_j"]["dynamic"].get<double>() * 1e14)};
    }

private:
    TemporaryFolder folder_;
};

/// A firing neuron on core 0 and its target on `core`.
Micro pair_to(int core, int targets = 1) {
    Micro micro;
    micro.add("source", "firing", 0);
    micro.add("target", "silent", core, targets);
    micro.connect("source", "target");
    return micro;
}

}  // namespace

TEST_CASE("an inactive neuron update takes 5.3 ns and 52 pJ", "[davies]") {
    Bench bench;
    Micro one;
    one.add("a", "silent", 0);
    Micro two;
    two.add("a", "silent", 0, 2);
    CHECK(bench.run(two) - bench.run(one) == Totals{5300, 5200});
}

TEST_CASE("an active neuron update takes 8.4 ns and 81 pJ", "[davies]") {
    Bench bench;
    Micro one;
    one.add("a", "firing", 0);
    Micro two;
    two.add("a", "firing", 0, 2);
    CHECK(bench.run(two) - bench.run(one) == Totals{8400, 8100});
}

TEST_CASE("a synaptic operation takes 3.5 ns and 23.6 pJ", "[davies]") {
    // The same two target neurons; one more of them is connected. The second one's update does not
    // show in the time: updates run beside the packet's way.
    Bench bench;
    Micro one = pair_to(1);
    one.add("other", "silent", 1);
    CHECK(bench.run(pair_to(1, 2)) - bench.run(one) == Totals{3500, 2360});
}

TEST_CASE("a spike within its tile takes 2.1 ns and 1.7 pJ", "[davies]") {
    // A packet without the mesh: its source's update, the spike within the tile, one synapse.
    Bench bench;
    Micro source;
    source.add("source", "firing", 0);
    source.add("target", "silent", 1);
    CHECK(bench.run(pair_to(1)) - bench.run(source) == Totals{2100 + 3500, 170 + 2360});
}

TEST_CASE("a hop takes 4.1 ns and 3 pJ east or west, 6.5 ns and 4 pJ north or south", "[davies]") {
    // Cores sit four to a tile, eight tiles to a row. A third core keeps the box around the tiles
    // in use, and with it the barrier, the same.
    Bench bench;
    const auto with_corner = [](int target) {
        Micro micro = pair_to(target);
        micro.add("corner", "silent", 2 * 32 + 2 * 4 + 3);
        return micro;
    };
    const Totals near = bench.run(with_corner(4));
    CHECK(bench.run(with_corner(8)) - near == Totals{4100, 300});
    const Totals south = bench.run(with_corner(32));
    CHECK(bench.run(with_corner(64)) - south == Totals{6500, 400});
    // And back: the source in the corner, its targets to the west and north of it.
    const auto back = [](int target) {
        Micro micro;
        micro.add("corner", "silent", 0);
        micro.add("source", "firing", 2 * 32 + 2 * 4);
        micro.add("target", "silent", target);
        micro.connect("source", "target");
        return micro;
    };
    const Totals west = bench.run(back(2 * 32 + 1 * 4));
    CHECK(bench.run(back(2 * 32)) - west == Totals{4100, 300});
    const Totals north = bench.run(back(1 * 32 + 2 * 4));
    CHECK(bench.run(back(2 * 4)) - north == Totals{6500, 400});
}

TEST_CASE("a barrier takes 113 ns for one tile and 465 ns for the 32 of a chip", "[davies]") {
    // One neuron on each of `tiles`; the update runs side by side and is taken off.
    Bench bench;
    const auto barrier = [&](int columns, int rows) {
        Micro micro;
        for (int y = 0; y < rows; ++y) {
            for (int x = 0; x < columns; ++x) {
                micro.add("n" + std::to_string(x) + "_" + std::to_string(y), "silent",
                          4 * (8 * y + x));
            }
        }
        const Totals totals = bench.run(micro);
        CHECK(totals.centi_pj == 5200 * columns * rows);
        return totals.ps - 5300;
    };
    CHECK(barrier(1, 1) == 113'000);
    CHECK(barrier(2, 1) == 113'000 + 35'200);
    CHECK(barrier(2, 2) == 113'000 + 2 * 35'200);
    CHECK(barrier(4, 2) == 113'000 + 4 * 35'200);
    CHECK(barrier(8, 4) == 465'000);
}

TEST_CASE("a network runs on every chip of the library, with the same spikes", "[davies]") {
    TemporaryFolder folder;
    std::string hash;
    for (const std::string chip : {"loihi1", "loihi1_wide", "loihi2", "truenorth-like", "small"}) {
        INFO(chip);
        const Finished finished = run_seamount({"run", data("two_layers.yaml"), "--steps", "20",
                                                "--chip", chip, "--json", folder / "r.json"});
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        const Json json = Json::parse(read_text(folder / "r.json"));
        CHECK(json["modelled_time_s"] > 0.0);
        CHECK(json["energy_j"]["total"] > 0.0);
        if (hash.empty()) hash = json["spike_hash"];
        CHECK(json["spike_hash"] == hash);
    }
}
