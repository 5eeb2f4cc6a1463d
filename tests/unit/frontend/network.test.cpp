#include <catch2/catch.hpp>

#include "compiler/lower/lower.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

std::string populations(const std::string& rest) {
    return "populations:\n"
           "  a: {neuron: lif, shape: [2, 2], params: {vth: 5}}\n"
           "  b: {neuron: lif, size: 3, params: {vth: 6}}\n" +
           rest;
}

std::vector<std::vector<compiler::RawSynapse>> rows(const test::TemporaryFolder& folder,
                                                    const std::string& projection) {
    const auto network = test::read(folder, populations("projections:\n  - " + projection + "\n"));
    REQUIRE(network.projections.size() == 1);
    return test::rows_of(network, 0);
}

}  // namespace

TEST_CASE("populations are numbered through in file order", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("v.csv", "id,vth,core\n0,7,2\n1,8,2\n2,9,3\n");
    const auto network =
        test::read(folder,
                   "network: demo\n"
                   "seed: 12\n"
                   "populations:\n"
                   "  a: {neuron: lif, shape: [2, 2], params: {vth: 5}, mapping: {fixed: 3}}\n"
                   "  b:\n"
                   "    neuron: lif\n"
                   "    size: {file: v.csv}\n"
                   "    params: {vth: {file: v.csv, column: vth}, leak: {values: [4, 4, 4]}}\n"
                   "    mapping: {fixed: {file: v.csv, column: core}}\n");
    CHECK(network.name == "demo");
    CHECK(network.seed == 12);
    REQUIRE(network.populations.size() == 2);
    const auto& a = network.populations[0];
    const auto& b = network.populations[1];
    CHECK(a.size == 4);
    CHECK(a.shape == std::vector<std::uint32_t>{2, 2});
    CHECK(a.args.at("vth").list == std::vector<std::int64_t>{5});
    CHECK(a.pinned.list == std::vector{CoreId{3}});
    CHECK(b.first_neuron == NeuronId{4});
    CHECK(b.size == 3);
    CHECK(b.args.at("vth").list == std::vector<std::int64_t>{7, 8, 9});
    CHECK(b.args.at("leak").list == std::vector<std::int64_t>{4});
    CHECK_FALSE(b.args.at("vth").uniform());
    CHECK(b.pinned.list == std::vector{CoreId{2}, CoreId{2}, CoreId{3}});
    CHECK(b.program == a.program);
    CHECK(b.where.line == 5);
}

TEST_CASE("a population can be given a region of the chip", "[network]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder,
                   "populations:\n"
                   "  a: {neuron: lif, size: 4, params: {vth: 5}, mapping: {tiles: [1, 2, 3, 4]}}\n"
                   "  b: {neuron: lif, size: 4, params: {vth: 5}, mapping: {cores: [7, 3]}}\n"
                   "  c: {neuron: lif, size: 4, params: {vth: 5}}\n");
    REQUIRE(network.populations[0].region);
    CHECK(network.populations[0].region->tiles == std::array<std::uint32_t, 4>{1, 2, 3, 4});
    CHECK(network.populations[0].region->where.line == 2);
    REQUIRE(network.populations[1].region);
    CHECK_FALSE(network.populations[1].region->tiles);
    CHECK(network.populations[1].region->cores == std::vector{CoreId{7}, CoreId{3}});
    CHECK_FALSE(network.populations[2].region);
    const auto refused = [&folder](const std::string& mapping) {
        return test::errors_of(folder,
                               "populations:\n  a: {neuron: lif, size: 4, params: {vth: 5}, "
                               "mapping: " +
                                   mapping + "}\n");
    };
    CHECK_THAT(refused("{tiles: [1, 2, 3]}"), Contains("'tiles' has 3 numbers, must have 4"));
    CHECK_THAT(refused("{tiles: [1, 2, 0, 1]}"), Contains("'tiles' is 0, must be in [1, 65535]"));
    CHECK_THAT(refused("{cores: []}"), Contains("'cores' names no core"));
    CHECK_THAT(refused("{cores: [70000]}"), Contains("'core' is 70000, must be in [0, 65535]"));
    CHECK_THAT(refused("{cores: [1], fixed: 2}"), Contains("YML-UNKNOWN"));
}

TEST_CASE("a population can be as large as an edge list needs", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("e.npy", test::npy_i4({3, 2}, {0, 4, 9, 1, 2, 2}));
    const auto network = test::read(
        folder,
        "populations: {a: {neuron: lif, size: {edges: e.npy}, params: {vth: 5}}}\n"
        "projections: [{from: a, to: a, rule: list, edges: {file: e.npy}, weights: 1}]\n");
    CHECK(network.populations[0].size == 10);
    const auto rows = test::rows_of(network, 0);
    CHECK(rows[9].size() == 1);
    CHECK(rows[9][0].target == 1);
    CHECK(rows[9][0].weight == 1.0);
}

TEST_CASE("edges bring weights and delays of their own", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("e.npy", test::npy_i4({3, 4}, {2, 1, -5, 3, 0, 2, 7, 62, 2, 1, 6, 0}));
    folder.write("e.csv", "weight,target,source,delay\n-5,1,2,3\n7,2,0,62\n6,1,2,0\n");
    const std::string file = GENERATE("e.npy", "e.csv");
    const std::string base = "{from: a, to: b, rule: list, scale: 2, edges: {file: " + file + "}";
    for (const char* extra : {"", ", weights: {column: weight}, delay: {column: delay}"}) {
        const auto r = rows(folder, base + extra + "}");
        REQUIRE(r[0].size() == 1);
        CHECK(r[0][0].target == 2);
        CHECK(r[0][0].weight == 14.0);
        CHECK(r[0][0].delay == 62);
        REQUIRE(r[2].size() == 2);
        CHECK(r[2][0].weight == -10.0);
        CHECK(r[2][0].delay == 3);
        CHECK(r[2][1].weight == 12.0);
        CHECK(r[1].empty());
    }
    const auto other = rows(folder, base + ", weights: {values: [1, 2, 3]}, delay: 4}");
    CHECK(other[2][0].weight == 2.0);
    CHECK(other[2][1].weight == 6.0);
    CHECK(other[0][0].weight == 4.0);
    CHECK(other[0][0].delay == 4);
}

TEST_CASE("a weight file has a row per target", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("w.npy", test::npy_f8({3, 4}, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23.5}));
    const std::string weights =
        GENERATE("{file: w.npy}", "{values: [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23.5]]}");
    const auto r = rows(folder, "{from: a, to: b, rule: all_to_all, weights: " + weights + "}");
    CHECK(r[0][2].weight == 20.0);
    CHECK(r[2][1].weight == 12.0);
    CHECK(r[3][2].weight == 23.5);
}

TEST_CASE("one_to_one takes one weight per neuron", "[network]") {
    const test::TemporaryFolder folder;
    const auto r = rows(folder,
                        "{from: b, to: b, rule: one_to_one, weights: {values: [3, 4, 5]},"
                        " delay: {values: [0, 1, 2]}}");
    for (std::uint32_t i = 0; i < 3; ++i) {
        REQUIRE(r[i].size() == 1);
        CHECK(r[i][0].target == i);
        CHECK(r[i][0].weight == 3.0 + i);
        CHECK(r[i][0].delay == i);
    }
}

TEST_CASE("drawn delays stay in their range and do not depend on the order of calls", "[network]") {
    const test::TemporaryFolder folder;
    const auto network = test::read(
        folder, populations("projections:\n"
                            "  - {from: a, to: a, rule: all_to_all, self: false,\n"
                            "     weights: {normal: [0, 50]}, delay: {uniform: [2, 5]}}\n"));
    const auto forward = test::rows_of(network, 0);
    for (std::uint32_t i = 4; i-- > 0;) {
        std::vector<compiler::RawSynapse> row;
        network.projections[0].rows->row(i, row);
        REQUIRE(row.size() == 3);
        for (std::size_t k = 0; k < row.size(); ++k) {
            CHECK(row[k].target != i);
            CHECK(row[k].weight == forward[i][k].weight);
            CHECK(row[k].delay == forward[i][k].delay);
            CHECK((row[k].delay >= 2 && row[k].delay <= 5));
        }
    }
}

TEST_CASE("a projection keeps its format", "[network]") {
    const test::TemporaryFolder folder;
    const auto network = test::read(
        folder,
        populations("projections:\n"
                    "  - {from: a, to: b, name: p, rule: all_to_all, weights: {formula: i - j},\n"
                    "     exponent: -3, bits: 5, sign: inhibitory, rounding: nearest,\n"
                    "     accumulator: other}\n"
                    "  - {from: b, to: a, rule: all_to_all, weights: 1}\n"));
    const auto& p = network.projections[0];
    CHECK(p.name == "p");
    CHECK(p.exponent == -3);
    CHECK(p.bits == 5);
    CHECK(p.sign_mode == 3);
    CHECK(p.rounding == compiler::WeightRounding::kNearest);
    CHECK(p.accumulator == 1);
    CHECK(test::rows_of(network, 0)[3][1].weight == 2.0);
    const auto& q = network.projections[1];
    CHECK(q.name == "b->a");
    CHECK_FALSE(q.sign_mode.has_value());
    CHECK(q.from == compiler::SourceRef{false, 1});
    CHECK(q.to == 0);
}

TEST_CASE("a formula that leaves the numbers is an error at the formula", "[network]") {
    const test::TemporaryFolder folder;
    const auto text = test::errors_of(
        folder,
        populations("projections:\n"
                    "  - {from: a, to: b, rule: all_to_all, weights: {formula: \"1 / j\"}}\n"));
    CHECK_THAT(text, Contains("net.yaml:5:59: error: weight * scale of synapse 0 -> 0") &&
                         Contains("is inf"));
}

TEST_CASE("a formula that fails late stops the row that needs it", "[network]") {
    const test::TemporaryFolder folder;
    const auto network = test::read(
        folder,
        "populations: {a: {neuron: lif, size: 5000, params: {vth: 5}}}\n"
        "projections:\n"
        "  - {from: a, to: a, rule: all_to_all, weights: {formula: \"1 / (i - 4999)\"}}\n");
    std::vector<compiler::RawSynapse> row;
    CHECK_NOTHROW(network.projections[0].rows->row(4998, row));
    CHECK_THROWS_AS(network.projections[0].rows->row(4999, row), InputError);
}

TEST_CASE("a quantity of synapses has one origin", "[network]") {
    const test::TemporaryFolder folder;
    const auto errors = [&](const std::string& values) {
        return test::errors_of(
            folder,
            populations("projections:\n  - {from: a, to: b, rule: all_to_all, " + values + "}\n"));
    };
    CHECK_THAT(errors("weights: {uniform: [1, 2], normal: [0, 1]}"),
               Contains("net.yaml:5:75: error: 'weights' has both 'uniform' and 'normal' "
                        "[NET-RULE]") &&
                   Contains("hint: give one of formula, uniform, normal, values, file, column") &&
                   !Contains("YML-UNKNOWN"));
    CHECK_THAT(errors("weights: {values: [[1]], file: w.npy}"),
               Contains("'weights' has both 'values' and 'file'"));
    CHECK_THAT(errors("weights: {formula: i, column: weight}"),
               Contains("'weights' has both 'formula' and 'column'"));
    const auto delay = errors("weights: 1, delay: {normal: [3, 1]}");
    CHECK_THAT(delay, Contains("'delay' has no 'normal' [NET-RULE]") &&
                          Contains("hint: give a number or one of formula, uniform, values, file, "
                                   "column") &&
                          !Contains("YML-UNKNOWN"));
}

TEST_CASE("programs of the same name in two folders keep their own views", "[network]") {
    const test::TemporaryFolder folder;
    for (const char* name : {"one", "two"}) {
        std::filesystem::create_directories(folder / name);
        folder.write(std::string{name} + "/n.asm", std::string{".state v\n.view shown = v + "} +
                                                       (name[0] == 'o' ? "1" : "2") + "\n end\n");
    }
    auto network = test::read(folder,
                              "populations:\n"
                              "  a: {neuron: one/n.asm, size: 1}\n"
                              "  b: {neuron: two/n.asm, size: 1}\n"
                              "  c: {neuron: one/../one/n.asm, size: 1}\n");
    Diagnostics found;
    const auto lowered = compiler::lower(std::move(network), isa::ChipSpec{}, found);
    REQUIRE(found.all().empty());
    REQUIRE(lowered.programs.size() == 2);
    const auto view = [&](std::size_t p) {
        return lowered.programs.at(lowered.populations.at(p).program)->views.at(0).value.text();
    };
    CHECK(view(0) == "v + 1");
    CHECK(view(1) == "v + 2");
    CHECK(lowered.populations[2].program == lowered.populations[0].program);
}

TEST_CASE("names are found among many populations", "[network]") {
    const test::TemporaryFolder folder;
    std::string yaml = "populations:\n";
    std::string projections = "projections:\n";
    constexpr int kCount = 5000;
    for (int i = 0; i < kCount; ++i) {
        const std::string name = "p" + std::to_string(i);
        const std::string next = "p" + std::to_string((i + 1) % kCount);
        yaml += "  " + name + ": {neuron: lif, size: 1, params: {vth: 5}}\n";
        projections += "  - {from: " + name + ", to: " + next + ", rule: one_to_one, weights: 1}\n";
    }
    const auto network = test::read(folder, yaml + projections);
    REQUIRE(network.populations.size() == kCount);
    REQUIRE(network.projections.size() == kCount);
    for (std::uint32_t i = 0; i < kCount; ++i) {
        const auto& p = network.projections[i];
        REQUIRE((p.from == compiler::SourceRef{false, i} && p.to == (i + 1) % kCount));
    }
}

TEST_CASE("a projection on a channel that its source never sends on is warned of", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("two.asm", ".state v\n spk v, 2\n spk v, 5\n end\n");
    folder.write("mute.asm", ".state v\n end\n");
    const auto of = [&](const std::string& from, const std::string& more) {
        Diagnostics found;
        (void)test::read(folder,
                         "populations:\n"
                         "  two: {neuron: two.asm, size: 2}\n"
                         "  mute: {neuron: mute.asm, size: 2}\n"
                         "  b: {neuron: lif, size: 2, params: {vth: 6}}\n"
                         "projections:\n  - {from: " +
                             from + ", to: b, rule: one_to_one, weights: 1" + more + "}\n",
                         found);
        CHECK_FALSE(found.has_errors());
        std::string text;
        for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
        return text;
    };
    CHECK(of("b", "").empty());
    CHECK(of("b", ", channel: 0").empty());
    CHECK(of("two", ", channel: 5").empty());
    CHECK_THAT(of("b", ", channel: 7"),
               Contains("net.yaml:6:") &&
                   Contains("warning: neuron 'lif' never sends on channel 7") &&
                   Contains("it sends on 0") && Contains("[NET-CHANNEL]"));
    CHECK_THAT(of("two", ""), Contains("never sends on channel 0") && Contains("sends on 2, 5"));
    CHECK_THAT(of("mute", ""), Contains("it never spikes at all"));
}

TEST_CASE("a word that is probed twice is an error, or a warning where the steps differ",
          "[network]") {
    const test::TemporaryFolder folder;
    const auto of = [&](const std::string& probes) {
        Diagnostics found;
        (void)test::read(folder, populations("probes:\n" + probes), found);
        std::string text;
        for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
        return text;
    };
    const std::string first = "  - {population: b, record: v, neurons: [2, 0]}\n";
    CHECK(of(first + "  - {population: b, record: v, neurons: [1]}\n").empty());
    CHECK(of(first + "  - {population: a, record: drive}\n").empty());
    for (const std::string& second : {first, std::string{"  - {population: b, record: v}\n"}}) {
        CHECK_THAT(of(first + second), Contains("error: another probe records 'v' of population "
                                                "'b' already [NET-PROBE]"));
    }
    CHECK_THAT(of("  - {population: b, record: [v, v]}\n"), Contains("[NET-PROBE]"));
    CHECK_THAT(of(first + "  - {population: b, record: v, every: 10}\n"),
               Contains("warning: another probe records 'v'") && Contains("twice [NET-PROBE]"));
    const std::string early = "  - {population: b, record: v, every: 3, to: 10}\n";
    CHECK_THAT(of(early + "  - {population: b, record: v, every: 2, from: 4, to: 9}\n"),
               Contains("warning: another probe records 'v'"));
    // Both are due after step 5 and after step 11 only.
    CHECK(of(early + "  - {population: b, record: v, every: 2, from: 6}\n").empty());
    CHECK(of(early + "  - {population: b, record: v, every: 3, from: 10}\n").empty());
}

TEST_CASE("probes record states and views of chosen neurons", "[network]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder, populations("probes:\n"
                                       "  - {population: b, record: [v, above], neurons: [2, 0]}\n"
                                       "  - {population: a, record: drive, every: 10}\n"));
    REQUIRE(network.probes.size() == 3);
    CHECK(network.probes[0].variable == "v");
    CHECK(network.probes[1].variable == "above");
    CHECK(network.probes[1].population == 1);
    CHECK(network.probes[1].neurons == std::vector<std::uint32_t>{2, 0});
    CHECK(network.probes[2].neurons.empty());  // all of them
    CHECK(network.probes[2].where.line == network.probes[0].where.line + 1);
    CHECK(network.probes[2].every == 10);
}

TEST_CASE("weights of a single source may stand in a file as a column", "[network]") {
    const test::TemporaryFolder folder;
    folder.write("w.npy", test::npy_i4({3, 1}, {2, 4, -6}));
    const auto network =
        test::read(folder,
                   "populations:\n"
                   "  a: {neuron: lif, size: 1, params: {vth: 1}}\n"
                   "  b: {neuron: lif, size: 3, params: {vth: 1}}\n"
                   "projections:\n"
                   "  - {from: a, to: b, rule: all_to_all, sign: mixed, weights: {file: w.npy}}\n");
    const auto rows = test::rows_of(network, 0);
    REQUIRE(rows.at(0).size() == 3);
    CHECK(rows[0][2].weight == -6);
}

TEST_CASE("sections that are read before all others are proposed as well", "[network]") {
    const test::TemporaryFolder folder;
    for (const auto& [wrong, meant] : {std::pair{"includes: x.yaml", "'include'"},
                                       {"template: {}", "'templates'"},
                                       {"\"$include\": x.yaml", "'include'"},
                                       {"uses: {}", "'use'"}}) {
        CHECK_THAT(test::errors_of(folder, populations(std::string{wrong} + "\n")),
                   Contains(std::string{"did you mean "} + meant));
    }
    const std::string known = test::errors_of(folder, populations("colours: 3\n"));
    CHECK(known.find("seed") == known.rfind("seed"));
}
