#include <catch2/catch.hpp>

#include <limits>

#include "tests/unit/import/nir_file.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::nir_errors;
using test::NirFile;

namespace {

/// The errors of an Input of `size`, `node` named n, and an Output.
std::string errors_of_node(std::int64_t size, const std::function<void(NirFile&)>& node,
                           const NirOptions& options = {}) {
    return nir_errors(
        [&](NirFile& file) {
            file.shaped("in", "Input", {size});
            node(file);
            file.shaped("out", "Output", {size});
            file.edges({{"in", "n"}, {"n", "out"}});
        },
        options);
}

std::string errors_of_lif(const std::map<std::string, float>& changes,
                          const NirOptions& options = {}) {
    std::map<std::string, float> values{
        {"tau", 0.01F}, {"r", 1.F}, {"v_leak", 0.F}, {"v_threshold", 1.F}};
    for (const auto& [key, value] : changes) values[key] = value;
    return errors_of_node(
        2,
        [&](NirFile& file) {
            std::map<std::string, NirFile::Values> fields;
            for (const auto& [key, value] : values) fields[key] = {{}, {value}};
            file.node("n", "LIF", fields);
        },
        options);
}

}  // namespace

TEST_CASE("the small NIR graph is right", "[nir_refusals]") {
    CHECK(nir_errors(test::fill_small_nir).empty());
}

TEST_CASE("edges that name no node can be told which they mean", "[nir_refusals]") {
    const auto fill = [](NirFile& file) {
        file.shaped("in", "Input", {2});
        file.lif("lif1");
        file.shaped("out", "Output", {2});
        file.edges({{"in", "lif"}, {"lif", "out"}});
    };
    CHECK_THAT(nir_errors(fill), Contains("--rename lif=lif1 repairs it"));
    NirOptions options;
    options.rename = {{"lif", "lif1"}};
    CHECK(nir_errors(fill, options).empty());
    options.rename = {{"lif", "lif1"}, {"sub/lif", "lif1"}};
    CHECK_THAT(nir_errors(fill, options),
               Contains("'sub/lif=lif1': no edge names sub/lif") && Contains("[IMP-OPTION]"));
    options.rename = {{"lif", "ghost"}};
    CHECK_THAT(nir_errors(fill, options), Contains("names no node 'ghost'"));
}

TEST_CASE("an edge that names no node is refused with the nodes there are", "[nir_refusals]") {
    CHECK_THAT(
        nir_errors([](NirFile& file) {
            file.shaped("in", "Input", {2});
            file.lif("lif1");
            file.shaped("out", "Output", {2});
            file.edges({{"in", "lif"}, {"lif1", "out"}});
        }),
        Contains("a.nir:/node/edges: error: edge in -> lif names no node 'lif'; nodes are in, "
                 "lif1, out (did you mean 'lif1'?) [IMP-VALUE]"));
}

TEST_CASE("unknown types are refused with the classes that there are", "[nir_refusals]") {
    CHECK_THAT(errors_of_node(2, [](NirFile& file) { file.node("n", "CubaLif"); }),
               Contains("a.nir:/node/nodes/n/type: error: unknown type 'CubaLif' (did you mean "
                        "'CubaLIF'?) [IMP-TYPE]") &&
                   Contains("SumPool2d"));
}

TEST_CASE("a graph without an end is refused, unless it is asked for", "[nir_refusals]") {
    const auto fill = [](NirFile& file) {
        file.lif("lif");
        file.raw().floats("/node/edges", {0}, {});
    };
    CHECK_THAT(nir_errors(fill), Contains("nothing to drive") && Contains("nothing to read") &&
                                     Contains("--allow-open"));
    NirOptions open;
    open.allow_open = true;
    CHECK(nir_errors(fill, open).empty());
}

TEST_CASE("values out of range are refused where they stand", "[nir_refusals]") {
    CHECK_THAT(
        errors_of_lif({{"tau", 0.F}}),
        Contains("a.nir:/node/nodes/n/tau: error: element 0 is 0, must be above 0 [IMP-VALUE]"));
    CHECK_THAT(errors_of_lif({{"v_threshold", -1.F}}),
               Contains("must be above v_reset, which is 0"));
    CHECK_THAT(errors_of_lif({{"r", std::numeric_limits<float>::quiet_NaN()}}),
               Contains("n/r: error: element 0 is nan, must be finite"));
    CHECK_THAT(errors_of_lif({{"tau", 0.0005F}}),
               Contains("below the dt of 0.001 s: forward Euler is unstable") &&
                   Contains("--discretise exact"));
    NirOptions exact;
    exact.discretisation = NirDiscretisation::kExact;
    CHECK(errors_of_lif({{"tau", 0.0005F}}, exact).empty());
    CHECK_THAT(errors_of_lif({{"tau", 1e5F}}), Contains("rounds to 0") && Contains("larger --dt"));
}

TEST_CASE("times without a dt are refused, and a dt of the metadata is offered", "[nir_refusals]") {
    const test::TemporaryFolder folder;
    {
        NirFile file{folder / "a.nir"};
        test::fill_small_nir(file);
        file.raw().floats("/node/metadata/dt", {}, {0.25F});
    }
    const Hdf5File file{folder / "a.nir"};
    CHECK_THROWS_WITH(importer::import_nir(file, "n.npz", {}),
                      Contains("how long a step is [IMP-OPTION]") &&
                          Contains("give --dt SECONDS; its metadata say 0.25"));
}

TEST_CASE("shapes that contradict each other are refused", "[nir_refusals]") {
    CHECK_THAT(errors_of_node(3,
                              [](NirFile& file) {
                                  file.linear("n", 3, {1, 2, 3, 4, 5, 6});
                              }),
               Contains("edge in -> n: 'in' sends shape (3,), 'n' takes (2,) [IMP-VALUE]"));
    CHECK_THAT(errors_of_node(3,
                              [](NirFile& file) {
                                  file.node("n", "Scale", {{"scale", {{2}, {1, 2}}}});
                              }),
               Contains("its parameters have shape (2,), what leads to it has (3,)"));
    CHECK_THAT(errors_of_node(2,
                              [](NirFile& file) {
                                  file.node("n", "Linear", {{"weight", {{1, 1, 2}, {1, 2}}}});
                              }),
               Contains("has shape (1, 1, 2), must have 2 axes") && Contains("batch of matrices"));
    CHECK_THAT(errors_of_node(2,
                              [](NirFile& file) {
                                  file.conv("n", {1, 1, 1, 1}, {1}, 1, 0);
                              }),
               Contains("takes 3 axes, (C, H, W); what leads to it has shape (2,)"));
}

TEST_CASE("what a NIR node lacks is named by its path", "[nir_refusals]") {
    CHECK_THAT(errors_of_node(2, [](NirFile& file) { file.node("n", "Affine"); }),
               Contains("a.nir:/node/nodes/n/weight: error: no such dataset [IMP-KEY]") &&
                   Contains("a.nir:/node/nodes/n/bias: error: no such dataset [IMP-KEY]"));
    CHECK_THAT(errors_of_node(2, [](NirFile& file) { file.raw().group("/node/nodes/n"); }),
               Contains("a.nir:/node/nodes/n: error: the node has no type [IMP-TYPE]"));
}

TEST_CASE("values where spikes belong need --graded", "[nir_refusals]") {
    const auto values = [](NirFile& file) {
        file.node("n", "LI", {{"tau", {{}, {0.01F}}}, {"r", {{}, {1}}}, {"v_leak", {{}, {0}}}});
    };
    CHECK(errors_of_node(2, values).empty());  // read by probes
    const auto chain = [&](NirFile& file) {
        file.shaped("in", "Input", {2});
        values(file);
        file.lif("lif");
        file.shaped("out", "Output", {2});
        file.edges({{"in", "n"}, {"n", "lif"}, {"lif", "out"}});
    };
    NirOptions graded;
    graded.graded = true;
    CHECK_THAT(nir_errors(chain),
               Contains("LI 'n' sends values, not spikes, to 'lif' [IMP-OPTION]"));
    CHECK(nir_errors(chain, graded).empty());
    const auto linear = [](NirFile& file) { file.linear("n", 2, {1, 2, 3, 4}); };
    CHECK_THAT(errors_of_node(2, linear), Contains("the Output 'out' reads Linear 'n' directly"));
    CHECK(errors_of_node(2, linear, graded).empty());
}

TEST_CASE("a loop without a neuron is refused with its nodes", "[nir_refusals]") {
    CHECK_THAT(nir_errors([](NirFile& file) {
                   file.shaped("in", "Input", {2});
                   file.linear("a", 2, {1, 0, 0, 1});
                   file.linear("b", 2, {1, 0, 0, 1});
                   file.lif("lif");
                   file.shaped("out", "Output", {2});
                   file.edges({{"in", "a"}, {"a", "b"}, {"b", "a"}, {"b", "lif"}, {"lif", "out"}});
               }),
               Contains("a loop without a neuron") && Contains("[IMP-VALUE]"));
}
