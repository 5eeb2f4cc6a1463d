#include <catch2/catch.hpp>

#include "tests/unit/import/nir_file.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::import_nir;
using test::NirFile;

namespace {

std::string yaml_of(const std::function<void(NirFile&)>& fill, const NirOptions& options = {}) {
    return import_nir(fill, options).network.yaml();
}

/// An Input of one map, a LIF behind `between`, an Output.
std::string yaml_between(
    const std::vector<std::int64_t>& in,
    const std::vector<std::pair<std::string, std::function<void(NirFile&)>>>& nodes,
    std::int64_t neurons, const NirOptions& options = {}) {
    return yaml_of(
        [&](NirFile& file) {
            file.shaped("in", "Input", in);
            NirFile::Edges edges;
            std::string last = "in";
            for (const auto& [name, add] : nodes) {
                add(file);
                edges.emplace_back(last, name);
                last = name;
            }
            file.lif("lif");
            file.shaped("out", "Output", {neurons});
            edges.emplace_back(last, "lif");
            edges.emplace_back("lif", "out");
            file.edges(edges);
        },
        options);
}

}  // namespace

TEST_CASE("a NIR graph becomes a network that a user could have written", "[nir]") {
    const Imported imported = import_nir(test::fill_small_nir);
    const std::string yaml = imported.network.yaml();
    CHECK_THAT(yaml,
               Contains("# --dt 0.001 --reset zero --discretise euler\n# Outputs: out=lif\n"));
    CHECK_THAT(yaml, Contains("  lif:  # LIF \"lif\"; 1 of the file is "));
    CHECK_THAT(
        yaml,
        Contains("    neuron: lif\n    size: 2\n    params:\n      du: 4095\n      dv: 410\n"));
    CHECK_THAT(yaml, Contains("  in:  # bind spikes with: seamount run ... --input in=FILE"));
    CHECK_THAT(yaml, Contains("  # through \"w\"\n  - from: in\n    to: lif\n"));
    CHECK_THAT(yaml,
               Contains("rule: all_to_all\n    weights: {file: \"net.npz\", array: in_to_lif}"));
    CHECK(imported.neurons == 2);
    CHECK(imported.weights == 4);
    CHECK_THAT(imported.notes.front(), Contains("--reset subtract"));
}

TEST_CASE("names with dots, slashes and digits are kept apart, and renaming is noted", "[nir]") {
    const Imported imported = import_nir([](NirFile& file) {
        file.shaped("in", "Input", {1});
        file.lif("a/b");
        file.lif("a.b");
        file.lif("7");
        file.shaped("out", "Output", {1});
        file.edges({{"in", "a/b"}, {"a/b", "a.b"}, {"a.b", "7"}, {"7", "out"}});
    });
    const std::string yaml = imported.network.yaml();
    CHECK_THAT(yaml, Contains("LIF \"a/b\"") && Contains("LIF \"a.b\"") && Contains("\n  n7:"));
    CHECK_THAT(yaml, Contains("\n  a_b:") && Contains("\n  a_b_2:"));
    CHECK(imported.notes.size() == 4);
}

TEST_CASE("a graph inside another is opened, with its recurrence", "[nir]") {
    const std::string yaml = yaml_of([](NirFile& file) {
        file.shaped("in", "Input", {2});
        file.raw().text("/node/nodes/rnn/type", "NIRGraph");
        file.shaped("rnn/nodes/input", "Input", {2});
        file.shaped("rnn/nodes/output", "Output", {2});
        file.lif("rnn/nodes/lif");
        file.linear("rnn/nodes/w_rec", 2, {0, 1, 1, 0});
        file.edges({{"input", "lif"}, {"lif", "w_rec"}, {"w_rec", "lif"}, {"lif", "output"}},
                   "rnn");
        file.shaped("out", "Output", {2});
        file.edges({{"in", "rnn"}, {"rnn", "out"}});
    });
    CHECK_THAT(yaml,
               Contains("# Outputs: out=rnn.lif") && Contains("  rnn_lif:  # LIF \"rnn.lif\""));
    CHECK_THAT(
        yaml, Contains("  # recurrent; through \"rnn.w_rec\"\n  - from: rnn_lif\n    to: rnn_lif"));
}

TEST_CASE("a pool before a convolution becomes part of it", "[nir]") {
    const std::string yaml = yaml_between(
        {1, 8, 8},
        {{"p",
          [](NirFile& file) {
              file.node(
                  "p", "SumPool2d",
                  {{"kernel_size", {{2}, {2, 2}}}, {"stride", {{}, {2}}}, {"padding", {{}, {0}}}});
          }},
         {"c",
          [](NirFile& file) {
              file.conv("c", {2, 1, 1, 1}, {1, 2}, 1, 0);
          }}},
        32);
    CHECK_THAT(yaml,
               Contains("  # through \"p\", \"c\"") && Contains("rule: conv2d\n    stride: 2"));
}

TEST_CASE("delays in seconds become steps, and paths of different lengths meet", "[nir]") {
    const std::string yaml = yaml_of([](NirFile& file) {
        file.shaped("in", "Input", {1});
        file.lif("a");
        file.lif("b");
        file.lif("c");
        file.node("d", "Delay", {{"delay", {{}, {0.003F}}}});
        file.shaped("out", "Output", {1});
        file.edges({{"in", "a"},
                    {"a", "b"},
                    {"b", "c"},
                    {"a", "c"},
                    {"in", "d"},
                    {"d", "c"},
                    {"c", "out"}});
    });
    CHECK_THAT(yaml, Contains("- from: a\n    to: c\n    name: a_to_c\n    sign: excitatory\n"));
    CHECK_THAT(
        yaml,
        Contains("    name: a_to_c\n    sign: excitatory\n    rule: one_to_one\n    delay: 1\n"));
    CHECK_THAT(
        yaml,
        Contains("    name: in_to_c\n    sign: excitatory\n    rule: one_to_one\n    delay: 5\n"));
    CHECK_THAT(yaml, Contains("LIF \"c\"; ") && Contains("lags 2 steps"));
}

TEST_CASE("an edge that stands twice counts twice, with a note", "[nir]") {
    const Imported imported = import_nir([](NirFile& file) {
        file.shaped("in", "Input", {1});
        file.lif("a");
        file.shaped("out", "Output", {1});
        file.edges({{"in", "a"}, {"in", "a"}, {"a", "out"}});
    });
    CHECK_THAT(imported.notes.front(), Contains("edge in -> a stands twice"));
    CHECK_THAT(imported.network.yaml(),
               Contains("name: in_to_a\n") && Contains("name: in_to_a_2\n"));
}

TEST_CASE("lava's integers are truncated as its converter does", "[nir]") {
    NirOptions lava;
    lava.dt = 1e-4;
    lava.like = NirLike::kLava;
    const std::string yaml = yaml_of(
        [](NirFile& file) {
            file.shaped("in", "Input", {1});
            file.node("lif", "LIF",
                      {{"tau", {{1}, {0.0025F}}},
                       {"r", {{1}, {1}}},
                       {"v_leak", {{1}, {0}}},
                       {"v_threshold", {{1}, {0.1F}}}});
            file.shaped("out", "Output", {1});
            file.edges({{"in", "lif"}, {"lif", "out"}});
        },
        lava);
    CHECK_THAT(yaml, Contains("decay_v: 163\n      vth: 25\n") && Contains("weights: 10\n"));
}

TEST_CASE("a threshold of each neuron and slow decays take the fine programs", "[nir]") {
    const auto neuron = [](const std::vector<float>& thresholds, float tau) {
        return yaml_of([&](NirFile& file) {
            file.shaped("in", "Input", {2});
            file.node("lif", "LIF",
                      {{"tau", {{}, {tau}}},
                       {"r", {{}, {1}}},
                       {"v_leak", {{}, {0}}},
                       {"v_threshold", {{2}, thresholds}}});
            file.shaped("out", "Output", {2});
            file.edges({{"in", "lif"}, {"lif", "out"}});
        });
    };
    CHECK_THAT(neuron({1, 1}, 0.01F), Contains("neuron: lif\n"));
    CHECK_THAT(neuron({1, 2}, 0.01F), Contains("neuron: lif_fine\n"));
    CHECK_THAT(neuron({1, 1}, 5), Contains("neuron: lif_fine\n"));
}

TEST_CASE("a receipt has each number before and after", "[nir]") {
    const Imported imported = import_nir(test::fill_small_nir);
    REQUIRE(imported.receipt != nullptr);
    CHECK_THAT(imported.receipt->json(),
               Contains("\"program\": \"lif\"") && Contains("\"discretisation\": \"euler\"") &&
                   Contains("\"largest_relative_error\": 0.00097") &&
                   Contains("\"relative_rms_error\"") && Contains("\"reset_given\": false"));
    CHECK_THAT(imported.receipt->table(), Contains("in->lif") && Contains("became zero"));
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

TEST_CASE("the page of a receipt needs no network and no script, and says what its bars show",
          "[nir]") {
    const Imported imported = import_nir(test::fill_small_nir);
    REQUIRE(imported.receipt != nullptr);
    const std::string page = imported.receipt->html();
    CHECK_THAT(page, Contains("<!DOCTYPE html>") && Contains("prefers-color-scheme: dark") &&
                         Contains("<caption>Parameters before and after"));
    CHECK_THAT(page, Contains("in \u2192 lif") && Contains("largest relative error"));
    CHECK_THAT(page, !Contains("<script") && !Contains("http:") && !Contains("https:") &&
                         !Contains("src="));
    CHECK(count_of(page, "<svg") >= 4);
    CHECK(count_of(page, "<svg") ==
          count_of(page, "role=\"img\" aria-label=\"") - count_of(page, "aria-label=\"\""));
    CHECK(count_of(page, "<tr>") == count_of(page, "</tr>"));
    CHECK_THAT(page, !Contains("Both networks, run"));
}

TEST_CASE("split weights are two projections whose sum is closer", "[nir]") {
    NirOptions split;
    split.split_weights = true;
    const std::string yaml = yaml_of(test::fill_small_nir, split);
    CHECK_THAT(yaml, Contains("name: in_to_lif\n") && Contains("sign: mixed\n"));
    const std::string odd = yaml_of(
        [](NirFile& file) {
            file.shaped("in", "Input", {2});
            file.linear("w", 1, {0.123457F, -0.987654F});
            file.lif("lif");
            file.shaped("out", "Output", {1});
            file.edges({{"in", "w"}, {"w", "lif"}, {"lif", "out"}});
        },
        split);
    CHECK_THAT(odd, Contains("name: in_to_lif_rest\n"));
}
