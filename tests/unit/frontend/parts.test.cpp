#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

using Edges = std::map<std::pair<std::uint32_t, std::uint32_t>, double>;

const std::string kNetwork =
    "inputs:\n  in: {size: 6, rate: 0.5}\n  wide: {shape: [2, 3], rate: 0.5}\n"
    "populations:\n"
    "  a: {neuron: lif, size: 10, params: {vth: 5}}\n"
    "  m: {neuron: lif, shape: [2, 3, 4], params: {vth: 5}}\n"
    "views:\n"
    "  odd: {of: a, slice: \"1::2\"}\n"
    "  some: {of: a, neurons: [7, 2]}\n"
    "  corner: {of: m, slice: [1, \":2\", \"2:\"]}\n"
    "  ends: {of: \"in[::5]\"}\n";

std::string projection(const std::string& from, const std::string& to, const std::string& rule) {
    return kNetwork + "projections:\n  - {from: \"" + from + "\", to: \"" + to + "\", " + rule +
           "}\n";
}

/// Weight 100 * i + j of each pair that a projection makes, i and j counted in the wholes.
Edges edges_of(const std::string& from, const std::string& to, const std::string& rule) {
    const test::TemporaryFolder folder;
    folder.write("edges.csv", "source,target,weight\n0,4,8\n1,0,9\n");
    const auto network = test::read(folder, projection(from, to, rule));
    Edges edges;
    const auto rows = test::rows_of(network, 0);
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        for (const auto& synapse : rows[i]) edges[{i, synapse.target}] = synapse.weight;
    }
    return edges;
}

const std::string kNumbered = "rule: all_to_all, weights: {formula: \"100 * i + j\"}";

/// The same by hand: what is at place i of the one list to what is at place j of the other.
Edges numbered(const std::vector<std::uint32_t>& sources,
               const std::vector<std::uint32_t>& targets) {
    Edges edges;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        for (std::size_t j = 0; j < targets.size(); ++j) {
            edges[{sources[i], targets[j]}] =
                100.0 * static_cast<double>(i) + static_cast<double>(j);
        }
    }
    return edges;
}

std::string error_of(const std::string& to) {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, projection("in", to, kNumbered));
}

}  // namespace

TEST_CASE("slices take the elements that Python takes", "[parts]") {
    const std::vector<std::uint32_t> all{0, 1, 2, 3, 4, 5};
    CHECK(edges_of("in", "a[0:3]", kNumbered) == numbered(all, {0, 1, 2}));
    CHECK(edges_of("in", "a[7:]", kNumbered) == numbered(all, {7, 8, 9}));
    CHECK(edges_of("in", "a[-2:]", kNumbered) == numbered(all, {8, 9}));
    CHECK(edges_of("in", "a[:-8]", kNumbered) == numbered(all, {0, 1}));
    CHECK(edges_of("in", "a[1:8:3]", kNumbered) == numbered(all, {1, 4, 7}));
    CHECK(edges_of("in", "a[::-4]", kNumbered) == numbered(all, {9, 5, 1}));
    CHECK(edges_of("in", "a[4]", kNumbered) == numbered(all, {4}));
    CHECK(edges_of("in", "a[-1]", kNumbered) == numbered(all, {9}));
    CHECK(edges_of("in[4:1:-2]", "a [ 3 : 5 ]", kNumbered) == numbered({4, 2}, {3, 4}));
    CHECK(edges_of("wide[1, ::2]", "a[0]", kNumbered) == numbered({3, 5}, {0}));
    CHECK(edges_of("in", "m[1, :2, 2:]", kNumbered) == numbered(all, {14, 15, 18, 19}));
    CHECK(edges_of("in", "m[20:]", kNumbered) == numbered(all, {20, 21, 22, 23}));
}

TEST_CASE("views are parts with a name", "[parts]") {
    CHECK(edges_of("ends", "odd", kNumbered) == numbered({0, 5}, {1, 3, 5, 7, 9}));
    CHECK(edges_of("some", "corner", kNumbered) == numbered({7, 2}, {14, 15, 18, 19}));
    CHECK(edges_of("odd", "odd", "rule: one_to_one, weights: 4") ==
          Edges{{{1, 1}, 4}, {{3, 3}, 4}, {{5, 5}, 4}, {{7, 7}, 4}, {{9, 9}, 4}});
    CHECK(edges_of("some", "some", "rule: all_to_all, self: false, weights: 4") ==
          Edges{{{7, 2}, 4}, {{2, 7}, 4}});
    CHECK(edges_of("some", "odd", "rule: list, edges: {file: edges.csv}") ==
          Edges{{{7, 9}, 8}, {{2, 1}, 9}});
}

TEST_CASE("a part of feature maps is a feature map", "[parts]") {
    // Shapes [1, 3, 4] -> [1, 2, 3]: a kernel that takes the element below and to the right.
    const Edges edges = edges_of("m[1, :, :]", "m[0, :2, :3]",
                                 "rule: conv2d, kernel: {values: [[[[0, 0], [0, 6]]]]}");
    Edges expected;
    for (std::uint32_t y = 0; y < 2; ++y) {
        for (std::uint32_t x = 0; x < 3; ++x) {
            expected[{12 + 4 * (y + 1) + x + 1, 4 * y + x}] = 6;
        }
    }
    Edges nonzero;
    for (const auto& [pair, weight] : edges) {
        if (weight != 0) nonzero[pair] = weight;
    }
    CHECK(nonzero == expected);
}

TEST_CASE("probes and biases of a part count within it", "[parts]") {
    const test::TemporaryFolder folder;
    const auto network =
        test::read(folder,
                   "populations:\n  a: {neuron: lif, size: 10, params: {vth: 5}}\n"
                   "inputs:\n  low: {target: \"a[:2]\", bias: {values: [3, 4]}}\n"
                   "  high: {target: top, bias: 9}\n"
                   "views: {top: {of: a, slice: \"8:\"}}\n"
                   "probes:\n  - {population: top, record: v}\n"
                   "  - {population: \"a[5:0:-1]\", record: v, neurons: [0, 3]}\n");
    CHECK(network.probes[0].neurons == std::vector<std::uint32_t>{8, 9});
    CHECK(network.probes[1].neurons == std::vector<std::uint32_t>{5, 2});
    const isa::InputImage& low = network.inputs[0].image;
    REQUIRE(low.writes.size() == 2);
    CHECK(low.writes[1].neuron == NeuronId{1});
    CHECK(low.samples == std::vector<std::int32_t>{3, 4});
    const isa::InputImage& high = network.inputs[1].image;
    REQUIRE(high.writes.size() == 2);
    CHECK(high.writes[0].neuron == NeuronId{8});
    CHECK(high.samples == std::vector<std::int32_t>{9, 9});
}

TEST_CASE("parts that cannot be are refused at their place", "[parts]") {
    CHECK_THAT(error_of("a[5:5]"), Contains("slice '5:5' has none of 10 elements [NET-VIEW]"));
    CHECK_THAT(error_of("a[10]"), Contains("index 10 is not in [-10, 9] [NET-VIEW]"));
    CHECK_THAT(error_of("a[::0]"), Contains("the step of slice '::0' is 0"));
    CHECK_THAT(error_of("a[1:x]"), Contains("'1:x' is no slice") && Contains("as in Python"));
    CHECK_THAT(error_of("a[]"), Contains("'' is no slice"));
    CHECK_THAT(error_of("m[0, 1]"), Contains("there are 2 slices for the shape [2, 3, 4]"));
    CHECK_THAT(error_of("b[0:2]"), Contains("there is no population or input 'b' [NET-NAME]"));
    CHECK_THAT(error_of("in[0:2]"), Contains("is a part of an input, not of a population"));
    CHECK_THAT(error_of("odd[0:2]"), Contains("'odd' is a view, of which no part can be taken"));
    const test::TemporaryFolder folder;
    const auto errors = [&](const std::string& views, const std::string& more = "") {
        return test::errors_of(folder,
                               "populations:\n  a: {neuron: lif, size: 4, params: {vth: 5}}"
                               "\nviews: {" +
                                   views + "}\n" + more);
    };
    CHECK_THAT(errors("v: {of: b}"), Contains("there is no population or input 'b'"));
    CHECK_THAT(errors("v: {slice: \"0:2\"}"), Contains("'of'") && Contains("YML-MISSING"));
    CHECK_THAT(errors("a: {of: a}"), Contains("there is already a population or input 'a'"));
    CHECK_THAT(errors("v: {of: a, neurons: [1, 1]}"), Contains("neuron 1 is listed twice"));
    CHECK_THAT(errors("v: {of: a, neurons: [4]}"), Contains("must be in [0, 3]"));
    CHECK_THAT(errors("v: {of: a, slice: \":1\", neurons: [1]}"), Contains("not both"));
    CHECK_THAT(errors("v: {of: a}", "readout: {population: \"a[0:2]\", by: spike_count}\n"),
               Contains("'a[0:2]' is a part of a population") && Contains("whole one"));
    CHECK_THAT(errors("v: {of: a}",
                      "inputs:\n  x: {target: \"a[:3]\", bias: 1}\n"
                      "  y: {target: \"a[2:]\", bias: 1}\n"),
               Contains("is driven by input 'x' already [NET-WRITE]"));
}

TEST_CASE("a projection from several populations sees them behind each other", "[parts]") {
    const test::TemporaryFolder folder;
    const std::string shared =
        "rule: all_to_all, name: p, weights: {formula: \"100 * i + j + n / 1000\"}";
    const auto network = test::read(
        folder, kNetwork + "projections:\n  - {from: [in, \"a[8:]\", corner], to: \"a[:2]\", " +
                    shared + "}\n");
    REQUIRE(network.projections.size() == 3);
    CHECK(network.projections[0].name == "p.in");
    CHECK(network.projections[1].name == "p.a[8:]");
    Edges edges;
    for (std::size_t p = 0; p < 3; ++p) {
        const auto rows = test::rows_of(network, p);
        CHECK(rows.size() == network.source_size(network.projections[p].from));
        for (std::uint32_t i = 0; i < rows.size(); ++i) {
            for (const auto& synapse : rows[i]) {
                edges[{1000 * static_cast<std::uint32_t>(p) + i, synapse.target}] = synapse.weight;
            }
        }
    }
    Edges expected = numbered({0, 1, 2, 3, 4, 5, 1008, 1009, 2014, 2015, 2018, 2019}, {0, 1});
    for (auto& [pair, weight] : expected) weight += 0.012;
    REQUIRE(edges.size() == expected.size());
    for (const auto& [pair, weight] : expected) CHECK(edges.at(pair) == Approx(weight));
    const auto errors = [&](const std::string& text) {
        return test::errors_of(folder, kNetwork + "projections:\n  - {" + text + "}\n");
    };
    CHECK_THAT(errors("from: in, to: [a, m], " + kNumbered),
               Contains("a projection goes to one population [NET-NAME]"));
    CHECK_THAT(errors("from: [], to: a, " + kNumbered), Contains("'from' is empty"));
    CHECK_THAT(errors("from: [in, b], to: a, " + kNumbered),
               Contains("no population or input 'b'"));
    CHECK_THAT(errors("from: [in, a], to: a, rule: all_to_all, weights: {learned: w.npz}"),
               Contains("belong to one origin [NET-RULE]"));
}

TEST_CASE("layers that are no rule are refused with how they are had", "[parts]") {
    const auto of = [](const std::string& rule) {
        const test::TemporaryFolder folder;
        return test::errors_of(folder, projection("in", "a", "rule: " + rule + ", weights: 1"));
    };
    CHECK_THAT(of("max_pool"), Contains("there is no rule max_pool [NET-RULE]") &&
                                   Contains("sum_pool with weights above vth"));
    CHECK_THAT(of("avg_pool"), Contains("sum_pool with weights of 1 / (height * width)"));
    CHECK_THAT(of("concat"), Contains("'from: [a, b]' of any rule"));
    CHECK_THAT(of("skip"), Contains("one_to_one from the earlier population"));
}

TEST_CASE("projections from several origins have names of their own", "[parts]") {
    const test::TemporaryFolder folder;
    const std::string rule = ", to: a, " + kNumbered + "}\n";
    const auto network =
        test::read(folder, kNetwork + "projections:\n  - {name: q, from: [in, in, wide]" + rule +
                               "  - {from: [in]" + rule + "  - {from: [in, \"in[0:2]\", in]" +
                               rule + "  - {name: r, from: [wide]" + rule);
    std::vector<std::string> names;
    for (const auto& projection : network.projections) names.push_back(projection.name);
    CHECK(names == std::vector<std::string>{"q.in", "q.in.2", "q.wide", "in->a", "in->a",
                                            "in[0:2]->a", "in->a.2", "r"});
    const auto numbered =
        test::read(folder,
                   "populations:\n  a: {neuron: lif, size: 2, params: {vth: 5}}\n"
                   "inputs:\n  in: {size: 2, rate: 0.1}\n  in.2: {size: 2, rate: 0.1}\n"
                   "projections:\n  - {name: q, from: [in, in.2, in], to: a, "
                   "rule: all_to_all, weights: 1}\n");
    names.clear();
    for (const auto& projection : numbered.projections) names.push_back(projection.name);
    CHECK(names == std::vector<std::string>{"q.in", "q.in.2", "q.in.3"});
    const auto errors = [&](const std::string& text) {
        return test::errors_of(folder, kNetwork + "projections:\n" + text);
    };
    CHECK_THAT(errors("  - {name: q, from: [in, wide]" + rule + "  - {name: q.in, from: in" + rule),
               Contains("there is already a projection 'q.in' [NET-DUPLICATE]"));
    CHECK_THAT(errors("  - {name: q.in, from: in" + rule + "  - {name: q, from: [in, wide]" + rule),
               Contains("there is already a projection 'q.in' [NET-DUPLICATE]"));
    CHECK_THAT(errors("  - {name: \"\", from: in" + rule),
               Contains("the name is empty [NET-NAME]"));
}

TEST_CASE("names are not empty nor very long, and have no control characters", "[parts]") {
    const test::TemporaryFolder folder;
    for (const std::string& name :
         std::vector<std::string>{"\"\"", "\"a\\nb\"", "\"\\x7f\"", std::string(1001, 'x')}) {
        for (const std::string& text :
             {"network: " + name + "\n" + kNetwork,
              "populations: {" + name + ": {neuron: lif, size: 1, params: {vth: 5}}}\n",
              kNetwork + "  " + name + ": {of: a, slice: \"1:\"}\n",
              kNetwork + "learning: {rules: {" + name + ": {dw: x0*y1}}}\n",
              kNetwork + "projections: [{name: " + name + ", from: in, to: a, " + kNumbered +
                  "}]\n"}) {
            const std::string errors = test::errors_of(folder, text);
            INFO(text);
            CHECK_THAT(errors, Contains("the name is empty [NET-NAME]") ||
                                   Contains("the name has the control character") ||
                                   Contains("the name has 1001 bytes, must be in [1, 1000]"));
        }
    }
}

TEST_CASE("parts of one large source cost what they have, not what the source has",
          "[parts][study]") {
    const test::TemporaryFolder folder;
    const std::string head =
        "inputs: {p: {size: 16777216, rate: 0}}\n"
        "populations: {a: {neuron: lif, size: 2, params: {vth: 5}}}\n";
    std::string list;
    for (int k = 0; k < 300; ++k)
        list += (k == 0 ? "\"p[" : ", \"p[") + std::to_string(7 * k) + "]\"";
    const auto network = test::read(
        folder, head + "projections:\n  - {from: [" + list + "], to: a, " + kNumbered + "}\n");
    REQUIRE(network.projections.size() == 300);
    std::vector<compiler::RawSynapse> row;
    network.projections[299].rows->row(7 * 299, row);
    REQUIRE(row.size() == 2);
    CHECK(row[1].weight == 29901);
    network.projections[299].rows->row(7 * 298, row);
    CHECK(row.empty());
    std::string same;
    for (int k = 0; k < 12; ++k) same += "  - {from: \"p[1:]\", to: a, " + kNumbered + "}\n";
    CHECK(test::errors_of(folder, head + "projections:\n" + same) == "");
    std::string views = "views:\n";
    for (int k = 0; k < 12; ++k) views += "  v" + std::to_string(k) + ": {of: p, slice: \"1:\"}\n";
    const std::string errors = test::errors_of(folder, head + views);
    CHECK_THAT(errors,
               Contains("net.yaml:12:22: error: up to here, slices and views have 150994935 "
                        "elements, must be in [1, 134217728] [NET-SIZE]"));
    CHECK(errors.find("NET-SIZE") == errors.rfind("NET-SIZE"));
}

TEST_CASE("hints of views propose what they can be of", "[parts]") {
    const test::TemporaryFolder folder;
    const auto errors = [&](const std::string& of) {
        return test::errors_of(folder, kNetwork + "  wrong: {of: " + of + ", slice: \"1\"}\n");
    };
    CHECK_THAT(errors("zzzzzz"), Contains("known: a, m, in, wide") && !Contains("corner"));
    CHECK_THAT(error_of("nothing"), Contains("known: a, m, corner, odd, some"));
}
