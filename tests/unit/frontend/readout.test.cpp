#include <catch2/catch.hpp>

#include "compiler/frontend/inputs/bound_data.hpp"
#include "isa/base/diagnostic.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

using Values = std::vector<std::int32_t>;

/// A network of four neurons and a dataset of two samples, labels 1 and 0, with this readout.
std::string network(const std::string& readout) {
    return "populations:\n  out: {neuron: lif, size: 4, params: {vth: 5}}\n"
           "inputs:\n  in: {size: 1, dataset: {samples: {file: x.npy}, labels: {file: y.csv}, "
           "max: 8, steps: 10}}\nreadout: {population: out, " +
           readout + "}\n";
}

void write_data(const test::TemporaryFolder& folder) {
    folder.write("x.npy", test::npy_i4({2, 1}, {3, 4}));
    folder.write("y.csv", "label\n1\n0\n");
    folder.write("c.npy", test::npy_i4({4}, {1, 0, -1, 1}));
    folder.write("none.npy", test::npy_i4({4}, {-1, -1, -1, -1}));
    folder.write("three.npy", test::npy_i4({3}, {0, 1, 0}));
    folder.write("large.npy", test::npy_i4({4}, {0, 1, 0, 65536}));
}

}  // namespace

TEST_CASE("a readout has classes of cells, how they combine, weights and a channel", "[readout]") {
    const test::TemporaryFolder folder;
    write_data(folder);
    const auto plain = test::read(folder, network("by: spike_count")).readout;
    CHECK(plain.classes.empty());
    CHECK(plain.weights.empty());
    CHECK(plain.combine == isa::Vote::kSum);
    CHECK(plain.channel == isa::ReadoutImage::kAllChannels);
    for (const std::string classes :
         {"[1, 0, -1, 1]", "{values: [1, 0, -1, 1]}", "{file: c.npy}"}) {
        INFO(classes);
        const auto readout =
            test::read(folder, network("by: spike_count, channel: 0, combine: mean, weights: [1, "
                                       "-2, 0, 1024], classes: " +
                                       classes))
                .readout;
        CHECK(readout.classes == Values{1, 0, -1, 1});
        CHECK(readout.weights == Values{1, -2, 0, 1024});
        CHECK(readout.combine == isa::Vote::kMean);
        CHECK(readout.channel == 0);
    }
}

TEST_CASE("classes that do not fit the cells are refused", "[readout]") {
    const test::TemporaryFolder folder;
    write_data(folder);
    const auto errors = [&](const std::string& keys) {
        return test::errors_of(folder, network("by: spike_count, " + keys));
    };
    CHECK_THAT(errors("classes: {file: three.npy}"),
               Contains("'classes' has 3 values for 4") && Contains("NET-SHAPE"));
    CHECK_THAT(errors("classes: [0, 1]"), Contains("'classes' has 2 values for 4 neurons"));
    CHECK_THAT(errors("classes: 1"), Contains("'classes' must be a list"));
    CHECK_THAT(errors("classes: {file: none.npy}"),
               Contains("no neuron has a class") && Contains("NET-READOUT"));
    CHECK_THAT(errors("classes: {file: large.npy}"), Contains("65536") && Contains("NET-VALUE"));
    CHECK_THAT(errors("classes: [0, 1, -2, 0]"), Contains("-2"));
    CHECK_THAT(errors("weights: [0, 1, 1025, 0]"), Contains("1025"));
    CHECK_THAT(errors("combine: median"), Contains("median") && Contains("sum"));
    CHECK_THAT(errors("channel: 32"), Contains("32"));
    CHECK_THAT(test::errors_of(folder, network("by: max_state, state: v, channel: 0")),
               Contains("'channel' belongs to 'by: spike_count'"));
}

TEST_CASE("labels of no cell, and channels that are never sent on, are warned of", "[readout]") {
    const test::TemporaryFolder folder;
    write_data(folder);
    const auto warnings = [&](const std::string& keys) {
        Diagnostics found;
        (void)test::read(folder, network("by: spike_count, " + keys), found);
        CHECK_FALSE(found.has_errors());
        std::string text;
        for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
        return text;
    };
    CHECK_THAT(
        warnings("classes: [1, 1, 2, 1]"),
        Contains("no neuron is of class 0, the label of sample 1") && Contains("NET-READOUT"));
    CHECK_THAT(warnings("classes: [1, 1, 2, 0]"), !Contains("NET-READOUT"));
    CHECK_THAT(warnings("channel: 3"), Contains("'lif' never sends on channel 3") &&
                                           Contains("it sends on 0") && Contains("NET-CHANNEL"));
}

TEST_CASE("classes that were found later are bound to an image", "[readout]") {
    const test::TemporaryFolder folder;
    write_data(folder);
    isa::Image image;
    isa::PopulationImage out;
    out.name = "out";
    out.count = 4;
    image.populations = {out};
    const auto bind = [&](const char* file) {
        return compiler::bind_classes((folder.path() / file).string(), "--data classes", image);
    };
    CHECK_THROWS_WITH(bind("c.npy"), Contains("the network has no readout"));
    image.readout.by = isa::ReadoutBy::kSpikeCount;
    image.dataset.samples = 2;
    image.dataset.labels = {0, 3};
    const auto bound = bind("c.npy");
    CHECK(image.readout.classes == Values{1, 0, -1, 1});
    REQUIRE(bound.warnings.size() == 1);
    CHECK_THAT(bound.warnings[0].message, Contains("no neuron is of class 3"));
    CHECK(bound.files.size() == 1);
    CHECK_THROWS_WITH(bind("three.npy"), Contains("'classes' has 3 values for 4 neurons"));
    CHECK_THROWS_WITH(bind("none.npy"), Contains("no neuron has a class"));
}
