#include <zip.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

#include "compiler/frontend/inputs/bound_data.hpp"
#include "compiler/frontend/inputs/events/event_bins.hpp"
#include "isa/image/image.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using compiler::frontend::EventBins;

namespace {

using Arrays = std::map<std::string, std::vector<std::int32_t>>;

/// An archive with these arrays.
void write_npz(const std::filesystem::path& path, const Arrays& arrays) {
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    REQUIRE(archive != nullptr);
    std::map<std::string, std::vector<std::byte>> files;
    for (const auto& [name, values] : arrays) {
        const auto& content = files[name + ".npy"] = test::npy_i4({values.size()}, values);
        zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
        REQUIRE(zip_file_add(archive, (name + ".npy").c_str(), source, 0) >= 0);
    }
    REQUIRE(zip_close(archive) == 0);
}

/// Two samples of a camera of 2 x 3 places, out of order; times in us.
const Arrays kCamera{{"t", {2500, 0, 999, 900, 3999, 4000, 70, 71, 1070}},
                     {"x", {2, 0, 1, 1, 0, 0, 2, 2, 2}},
                     {"y", {1, 0, 0, 0, 1, 1, 1, 1, 1}},
                     {"p", {1, 0, 1, 1, 0, 0, 0, 0, 1}},
                     {"offsets", {0, 6, 9}},
                     {"labels", {1, 0}}};

std::string network(const std::string& shape, const std::string& events, const std::string& more) {
    return "populations:\n  a: {neuron: lif, size: 3, params: {vth: 5}}\n"
           "inputs:\n  eye: {" +
           shape + ", dataset: {events: {file: e.npz" + events + "}, steps: 5, blank: 1" + more +
           "}}\nprojections:\n"
           "  - {from: eye, to: a, rule: all_to_all, weights: 1}\n";
}

constexpr const char* kShape = "shape: [2, 2, 3]";
constexpr const char* kBin = ", bin: 1000";

using Steps = std::vector<std::uint64_t>;
using Sources = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a time belongs to the whole part of what it is in bins, exactly", "[events]") {
    const auto bins = EventBins::of(1, -3);  // a millisecond, in seconds
    REQUIRE(bins);
    for (const auto& [time, step] : std::vector<std::pair<double, std::uint64_t>>{
             {0.0, 0}, {0.000999, 0}, {0.001, 1}, {0.003, 3}, {1.5, 1500}}) {
        CHECK(bins->step_of(time) == step);
    }
    // The numbers that a file has: the one before a decimal belongs to the bin before.
    CHECK(bins->step_of(std::nextafter(0.003, 0.0)) == 2U);
    CHECK(bins->step_of(1.4) == 1399U);  // no double is 1.4, the nearest one is below
    CHECK_FALSE(bins->step_of(-1e-9));
    CHECK_FALSE(bins->step_of(std::nan("")));
    CHECK_FALSE(bins->step_of(1e16));
    CHECK_FALSE(EventBins::of(0.0, 0));
    CHECK_FALSE(EventBins::of(1.0 / 3.0, 0));
    CHECK(EventBins::of(0.1, -3)->length() == 1e-4);

    std::mt19937_64 random{3};
    for (int trial = 0; trial < 20000; ++trial) {
        const auto bin = static_cast<std::int64_t>(random() % 5000 + 1);
        const auto whole = static_cast<std::int64_t>(random() % (std::uint64_t{1} << 40U));
        // In 1024ths, which doubles hold: the rest is integers.
        const double time = static_cast<double>(whole) / 1024;
        const auto bins_of = EventBins::of(static_cast<double>(bin), -2);
        REQUIRE(bins_of);
        const std::int64_t exact = whole * 100 / (bin * 1024);
        CHECK(bins_of->step_of(time) == static_cast<std::uint64_t>(exact));
    }
}

TEST_CASE("events of a camera are spikes of its places, sample after sample", "[events]") {
    const test::TemporaryFolder folder;
    write_npz(folder / "e.npz", kCamera);
    Diagnostics found;
    const auto read = test::read(folder, network(kShape, kBin, ""), found);
    const isa::InputImage& image = read.inputs.front().image;
    CHECK(image.kind == isa::InputKind::kTimedEvents);
    // One comes in the blank step, one shares place and step with another.
    CHECK(image.spike_steps == Steps{0, 0, 2, 3, 5, 6});
    CHECK(image.spike_sources == Sources{0, 7, 11, 3, 5, 11});
    CHECK(image.spike_payloads.empty());
    CHECK(image.events.bin == 1000);
    CHECK(read.dataset.samples == 2);
    CHECK(read.dataset.labels == std::vector<std::int32_t>{1, 0});
    REQUIRE(found.all().size() == 1);
    CHECK_THAT(found.all().front().message,
               Contains("of 9 events, 1 come after the 4 steps of their sample") &&
                   Contains("and 2 share source and step"));

    const auto again = [&](const std::string& shape, const std::string& events,
                           const std::string& more = "") {
        Diagnostics ignored;
        return test::read(folder, network(shape, events, more), ignored);
    };
    const auto flat = again("shape: [2, 3]", kBin).inputs.front().image;
    CHECK(flat.spike_sources == Sources{0, 1, 5, 3, 5, 5});
    const auto timed = "dt: 500us\n" + network(kShape, ", time: us", "");
    Diagnostics ignored;
    CHECK(test::read(folder, timed, ignored).inputs.front().image.spike_steps == Steps{0, 1, 5, 7});
    const auto first = again(kShape, ", bin: 1000, origin: first, samples: [1, 2]");
    CHECK(first.inputs.front().image.spike_steps == Steps{0, 1});
    CHECK(first.dataset.samples == 1);
    CHECK(first.dataset.labels == std::vector<std::int32_t>{0});
}

TEST_CASE("a graded spike says how many events made it", "[events]") {
    const test::TemporaryFolder folder;
    write_npz(folder / "e.npz", kCamera);
    std::string text = network(kShape, ", bin: 1000, graded: true", "");
    CHECK_THAT(test::errors_of(folder, text),
               Contains("takes no payloads") && Contains("events, graded: true"));
    text.insert(text.find("weights: 1}"), "graded: true, ");
    Diagnostics found;
    const auto image = test::read(folder, text, found).inputs.front().image;
    CHECK(image.spike_payloads == std::vector<std::int32_t>{1, 2, 1, 1, 2, 1});
    CHECK_THAT(found.all().front().message, !Contains("share"));
}

TEST_CASE("events that say sources need no shape", "[events]") {
    const test::TemporaryFolder folder;
    write_npz(folder / "e.npz", {{"t", {0, 2, 3}}, {"units", {4, 0, 6}}});
    const auto read = test::read(folder, network("size: 7", ", bin: 1", ""));
    CHECK(read.inputs.front().image.spike_steps == Steps{0, 2, 3});
    CHECK(read.inputs.front().image.spike_sources == Sources{4, 0, 6});
    CHECK(read.dataset.samples == 1);
    CHECK(read.dataset.labels.empty());
}

TEST_CASE("what is wrong with a file of events is said with event and sample", "[events]") {
    const test::TemporaryFolder folder;
    const auto errors = [&](const std::string& array, std::vector<std::int32_t> values,
                            const std::string& shape = kShape, const std::string& events = kBin,
                            const std::string& more = "") {
        Arrays arrays = kCamera;
        if (!array.empty()) arrays[array] = std::move(values);
        write_npz(folder / "e.npz", arrays);
        return test::errors_of(folder, network(shape, events, more));
    };
    CHECK_THAT(errors("x", {2, 0, 1, 1, 0, 0, 2, 3, 2}),
               Contains("net.yaml:4:") && Contains("the x of event 1 of sample 1 is 3") &&
                   Contains("must be in [0, 2]") && Contains("[NET-EVENTS]"));
    CHECK_THAT(errors("y", {2, 0, 0, 0, 1, 1, 1, 1, 1}), Contains("the y of event 0 of sample 0"));
    CHECK_THAT(errors("p", {2, 0, 1, 1, 0, 0, 0, 0, 1}),
               Contains("polarity") && Contains("-1 or 1"));
    CHECK_THAT(errors("t", {-1, 0, 1, 1, 0, 0, 0, 0, 1}), Contains("is -1, must be a time from 0"));
    CHECK_THAT(errors("t", {1, 0}), Contains("[NET-SHAPE]") && Contains("one for each event"));
    CHECK_THAT(errors("offsets", {0, 7, 6, 9}), Contains("offset 2 is 6, must be in [7, 9]"));
    CHECK_THAT(errors("offsets", {1, 9}), Contains("offset 0 is 1, must be 0"));
    CHECK_THAT(errors("offsets", {}), Contains("the array is empty"));
    CHECK_THAT(errors("offsets", {0, 8}), Contains("the last offset is 8, there are 9 events"));
    CHECK_THAT(errors("labels", {1, -2}), Contains("the label of sample 1 is -2"));
    CHECK_THAT(errors("labels", {1}), Contains("1 labels for 2 samples"));
    CHECK_THAT(errors("", {}, "size: 12"), Contains("shape: [2, height, width]"));
    CHECK_THAT(errors("", {}, kShape, ""), Contains("nothing says what a step takes"));
    CHECK_THAT(errors("", {}, kShape, ", time: us"), Contains("[NET-UNIT]"));
    CHECK_THAT(errors("", {}, kShape, ", bin: 1, time: us"), Contains("both 'bin' and 'time'"));
    CHECK_THAT(errors("", {}, kShape, ", bin: 0.33333333333333"), Contains("up to 12 digits"));
    CHECK_THAT(errors("", {}, kShape, ", bin: 1000, samples: [1, 3]"), Contains("1 to 3 of 2"));
    CHECK_THAT(errors("", {}, kShape, ", bin: 1000, t: time"), Contains("no array 'time'"));
    CHECK_THAT(errors("", {}, kShape, kBin, ", max: 3"),
               Contains("'max' does not go with 'events'"));
    CHECK_THAT(errors("", {}, kShape, kBin, ", samples: {file: e.npz}"), Contains("does not go"));
}

TEST_CASE("an image takes other events, with its own bin", "[events]") {
    const test::TemporaryFolder folder;
    write_npz(folder / "e.npz", kCamera);
    Diagnostics found;
    const auto network_read = test::read(folder, network(kShape, kBin, ""), found);
    isa::Image image;
    image.inputs.push_back(network_read.inputs.front().image);
    image.dataset = network_read.dataset;
    write_npz(folder / "other.npz",
              {{"t", {1500}}, {"x", {1}}, {"y", {1}}, {"p", {1}}, {"labels", {7}}});
    const std::string other = folder / "other.npz";
    const auto bound = compiler::bind_samples(other, "--data eye", image, 0);
    CHECK(bound.samples == 1);
    CHECK(bound.labels == std::vector<std::int32_t>{7});
    CHECK(image.inputs[0].spike_steps == Steps{1});
    CHECK(image.inputs[0].spike_sources == Sources{10});
    (void)compiler::bind_samples("{events: {file: '" + other + "', bin: 500}}", "--data eye", image,
                                 0);
    CHECK(image.inputs[0].spike_steps == Steps{3});
    CHECK_THROWS_WITH(
        compiler::bind_samples("{samples: {file: '" + other + "'}}", "--data eye", image, 0),
        Contains("driven by events"));
}
