#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <set>
#include <utility>

#include "emulator/trace/probes.hpp"
#include "emulator/trace/readout.hpp"
#include "emulator/trace/spike_hash.hpp"
#include "isa/base/diagnostic.hpp"

using namespace seamount;

namespace {

struct Spike {
    std::uint64_t step;
    std::uint32_t neuron;
    std::int32_t payload;
};

std::uint64_t hash_of(const std::vector<Spike>& spikes) {
    emu::SpikeHash hash;
    for (const Spike& spike : spikes) {
        hash.begin_step(spike.step);
        hash.add(NeuronId{spike.neuron}, spike.payload);
    }
    return hash.value();
}

/// Two populations of one program with state (v, n), parameter (k) and views; the second
/// population starts at neuron 4.
isa::Image small_image() {
    isa::Image image;
    image.network = "small";
    isa::ProgramImage program;
    program.name = "p";
    program.params = {"k"};
    program.states = {"v", "n"};
    program.views = {{"twice", "2 * v + k"}, {"ratio", "v / n"}};
    image.programs = {program};
    isa::PopulationImage a;
    a.name = "a";
    a.count = 4;
    isa::PopulationImage b;
    b.name = "b";
    b.first_neuron = NeuronId{4};
    b.count = 3;
    image.populations = {a, b};
    isa::CoreImage core;
    core.groups.resize(2);
    core.groups[0].count = 4;
    core.groups[1].population = 1;
    core.groups[1].first = 4;
    core.groups[1].count = 3;
    for (std::uint32_t n = 0; n < 7; ++n) core.neurons.emplace_back(n);
    image.cores = {core};
    image.dataset.samples = 2;
    image.dataset.steps_per_sample = 5;
    image.dataset.labels = {1, 0};
    return image;
}

/// State word w of neuron n is 10 n + w, except n of neuron 5, which is 0; parameter is 7.
emu::StateReader fake_state() {
    return {[](NeuronId neuron, std::uint32_t word) {
                if (neuron == NeuronId{5} && word == 1) return std::int32_t{0};
                return static_cast<std::int32_t>(10 * neuron.value() + word);
            },
            [](NeuronId, std::uint32_t) { return 7; }};
}

emu::Readout readout_by(isa::ReadoutBy by) {
    isa::Image image = small_image();
    image.readout.by = by;
    image.readout.population = 1;
    return emu::Readout{image};
}

}  // namespace

TEST_CASE("the spike hash does not depend on the order of spikes", "[trace]") {
    std::vector<Spike> spikes;
    std::mt19937 random{1};
    for (int i = 0; i < 500; ++i) {
        spikes.push_back({random() % 50, static_cast<std::uint32_t>(random() % 1000),
                          static_cast<std::int32_t>(random())});
    }
    const std::uint64_t expected = hash_of(spikes);
    for (int round = 0; round < 20; ++round) {
        std::shuffle(spikes.begin(), spikes.end(), random);
        CHECK(hash_of(spikes) == expected);
    }
}

TEST_CASE("the spike hash changes with step, neuron, payload and multiplicity", "[trace]") {
    std::set<std::uint64_t> seen{hash_of({})};
    for (std::uint64_t step = 0; step < 20; ++step) {
        for (std::uint32_t neuron = 0; neuron < 20; ++neuron) {
            for (const std::int32_t payload : {-1, 0, 1, 2, 1 << 23}) {
                CHECK(seen.insert(hash_of({{step, neuron, payload}})).second);
            }
        }
    }
    CHECK(seen.insert(hash_of({{1, 2, 1}, {1, 2, 1}})).second);
    CHECK(seen.insert(hash_of({{1, 2, 1}, {2, 1, 1}})).second);
    CHECK(seen.insert(hash_of({{1, 1, 1}, {2, 2, 1}})).second);
}

TEST_CASE("the spike hash of one spike keeps its published value", "[trace]") {
    CHECK(hash_of({}) == 0);
    // splitmix64 three times, computed independently; results that users kept must stay comparable
    CHECK(hash_of({{0, 0, 1}}) == 0x421DAF3033E887A3U);
    CHECK(hash_of({{12, 345, -6}}) == 0xC0E9E5733B585793U);
}

TEST_CASE("readout by spike count picks the neuron with most spikes and the lowest of a tie",
          "[trace]") {
    emu::Readout readout = readout_by(isa::ReadoutBy::kSpikeCount);
    readout.spike(NeuronId{5}, 0, 0);
    readout.spike(NeuronId{5}, 1, 0);
    readout.spike(NeuronId{6}, 2, 0);
    readout.spike(NeuronId{0}, 2, 0);  // another population
    const emu::SampleScore first = readout.finish_sample(fake_state().state);
    CHECK(first.scores == std::vector<std::int64_t>{0, 2, 1});
    CHECK(first.predicted == 1);
    CHECK(first.correct());
    readout.spike(NeuronId{6}, 0, 0);
    readout.spike(NeuronId{5}, 4, 0);
    const emu::SampleScore second = readout.finish_sample(fake_state().state);
    CHECK(second.sample == 1);
    CHECK(second.scores == std::vector<std::int64_t>{0, 1, 1});
    CHECK(second.predicted == 1);
    CHECK_FALSE(second.correct());
}

TEST_CASE("readout by first spike ranks early over late over silent", "[trace]") {
    emu::Readout readout = readout_by(isa::ReadoutBy::kFirstSpike);
    readout.spike(NeuronId{4}, 3, 0);
    readout.spike(NeuronId{6}, 1, 0);
    readout.spike(NeuronId{6}, 4, 0);
    readout.spike(NeuronId{4}, 4, 0);
    const emu::SampleScore score = readout.finish_sample(fake_state().state);
    CHECK(score.scores == std::vector<std::int64_t>{2, 0, 4});
    CHECK(score.predicted == 2);
    CHECK(score.label == 1);
}

TEST_CASE("a sample without an output spike has no answer, also where class 0 is right",
          "[trace]") {
    for (const auto by : {isa::ReadoutBy::kSpikeCount, isa::ReadoutBy::kFirstSpike}) {
        isa::Image image = small_image();
        image.readout.by = by;
        image.readout.population = 1;
        image.dataset.labels = {0, 0};
        emu::Readout readout{image};
        readout.spike(NeuronId{0}, 0, 0);  // another population
        const emu::SampleScore silent = readout.finish_sample(fake_state().state);
        CHECK_FALSE(silent.predicted);
        CHECK_FALSE(silent.correct());
        readout.spike(NeuronId{4}, 4, 0);
        const emu::SampleScore heard = readout.finish_sample(fake_state().state);
        CHECK(heard.predicted == 0);
        CHECK(heard.correct());
    }
}

TEST_CASE("readout by highest state compares the state word after the sample", "[trace]") {
    emu::Readout readout = readout_by(isa::ReadoutBy::kMaxState);
    const emu::SampleScore score = readout.finish_sample(fake_state().state);
    CHECK(score.scores == std::vector<std::int64_t>{40, 50, 60});
    CHECK(score.predicted == 2);
}

TEST_CASE("the cells of a class answer together, by sum, mean or the largest", "[trace]") {
    isa::Image image = small_image();
    image.readout.by = isa::ReadoutBy::kSpikeCount;
    image.readout.population = 0;  // neurons 0..3
    image.readout.classes = {2, 0, 2, isa::ReadoutImage::kNoClass};
    const auto answer = [&image](isa::Vote combine, std::vector<std::int32_t> weights) {
        image.readout.combine = combine;
        image.readout.weights = std::move(weights);
        emu::Readout readout{image};
        for (const auto& [neuron, spikes] : {std::pair{0U, 3U}, {1U, 4U}, {2U, 2U}, {3U, 9U}}) {
            for (std::uint32_t i = 0; i < spikes; ++i) readout.spike(NeuronId{neuron}, 0, 0);
        }
        return readout.finish_sample(fake_state().state);
    };
    const emu::SampleScore sum = answer(isa::Vote::kSum, {});
    CHECK(sum.scores == std::vector<std::int64_t>{4, 0, 5});
    CHECK(sum.cells == std::vector<std::int64_t>{3, 4, 2, 9});
    CHECK(sum.predicted == 2);
    CHECK(sum.runner_up == 0);
    CHECK(sum.margin() == 1);
    CHECK(sum.confidence() == Approx(1.0 / 9));
    const emu::SampleScore mean = answer(isa::Vote::kMean, {});
    CHECK(mean.scores == std::vector<std::int64_t>{4 << 16, 0, (5 << 16) / 2});
    CHECK(mean.predicted == 0);
    CHECK(mean.runner_up == 2);
    CHECK(answer(isa::Vote::kMax, {}).scores == std::vector<std::int64_t>{4, 0, 3});
    const emu::SampleScore weighted = answer(isa::Vote::kSum, {-1, 1, 2, 0});
    CHECK(weighted.scores == std::vector<std::int64_t>{4, 0, 1});
    CHECK(answer(isa::Vote::kMean, {-3, 1, 4, 0}).scores[2] == -(1 << 15));
    CHECK(answer(isa::Vote::kMax, {-3, -1, -4, 0}).scores == std::vector<std::int64_t>{-4, 0, -8});
    CHECK_FALSE(answer(isa::Vote::kMax, {-3, -1, -4, 0}).predicted);
}

TEST_CASE("a mean is rounded down and is exact in classes of up to 256 cells", "[trace]") {
    isa::ReadoutImage image;
    image.combine = isa::Vote::kMean;
    image.classes.assign(255, 0);
    image.classes.resize(511, 1);
    const emu::Ballot ballot{image, 511};
    std::vector<std::int64_t> said(511);
    CHECK(ballot.score(0, said) == 0);
    said[0] = 1;
    said[300] = 1;
    CHECK(ballot.score(0, said) == 257);  // 65536 / 255, down
    CHECK(ballot.score(1, said) == 256);
    said[0] = -1;
    CHECK(ballot.score(0, said) == -258);
    said.assign(511, std::numeric_limits<std::int32_t>::min());
    CHECK(ballot.score(1, said) == -(std::int64_t{1} << 47));
}

TEST_CASE("a class without cells is never the answer, and a tie is the lowest class's", "[trace]") {
    isa::Image image = small_image();
    image.readout.by = isa::ReadoutBy::kMaxState;
    image.readout.population = 0;
    image.readout.classes = {3, 1, 1, 3};
    emu::Readout readout{image};
    const emu::SampleScore score =
        readout.finish_sample([](NeuronId, std::uint32_t) { return -5; });
    CHECK(score.scores == std::vector<std::int64_t>{0, -10, 0, -10});
    CHECK(score.predicted == 1);
    CHECK(score.runner_up == 3);
    CHECK(score.margin() == 0);
    CHECK(score.confidence() == 0.0);
    image.readout.classes = {1, 1, 1, 1};
    emu::Readout one{image};
    const emu::SampleScore only = one.finish_sample([](NeuronId, std::uint32_t) { return 5; });
    CHECK(only.predicted == 1);
    CHECK_FALSE(only.runner_up);
    CHECK(only.margin() == 0);
}

TEST_CASE("a readout of a channel does not hear the others", "[trace]") {
    isa::Image image = small_image();
    image.readout.by = isa::ReadoutBy::kFirstSpike;
    image.readout.population = 1;
    image.readout.channel = 2;
    emu::Readout readout{image};
    readout.spike(NeuronId{4}, 0, 0);
    readout.spike(NeuronId{5}, 1, 2);
    readout.spike(NeuronId{4}, 2, 2);
    const emu::SampleScore score = readout.finish_sample(fake_state().state);
    CHECK(score.scores == std::vector<std::int64_t>{3, 4, 0});
    CHECK(score.predicted == 1);
}

TEST_CASE("a sample without a label is never counted as correct", "[trace]") {
    isa::Image image = small_image();
    image.readout.by = isa::ReadoutBy::kSpikeCount;
    image.dataset.labels.clear();
    emu::Readout readout{image};
    CHECK_FALSE(readout.finish_sample(fake_state().state).correct());
}

TEST_CASE("probes read states and views after every n-th step", "[trace]") {
    isa::Image image = small_image();
    image.probes = {{1, "v", {0, 2}, 2, {}}, {1, "twice", {1}, 1, {}}};
    emu::ProbeRecorder probes{image};
    const auto even = probes.record(0, fake_state());
    REQUIRE(even.size() == 1);
    CHECK(even[0].probe == 1);
    CHECK(even[0].value == 2 * 50 + 7);
    const auto odd = probes.record(1, fake_state());
    REQUIRE(odd.size() == 3);
    CHECK(odd[0].neuron == 0);
    CHECK(odd[0].value == 40);
    CHECK(odd[1].neuron == 2);
    CHECK(odd[1].value == 60);
}

TEST_CASE("a probe without a list of neurons reads its whole population in order", "[trace]") {
    isa::Image image = small_image();
    image.probes = {{1, "v", {}, 1, {}}, {1, "v", {0, 1, 2}, 1, {}}};
    emu::ProbeRecorder probes{image};
    const auto values = probes.record(0, fake_state());
    REQUIRE(image.populations[1].count == 3);
    REQUIRE(values.size() == 6);
    for (std::uint32_t i = 0; i < 3; ++i) {
        CHECK(values[i].probe == 0);
        CHECK(values[i].neuron == i);
        CHECK(values[i].value == values[i + 3].value);
    }
}

TEST_CASE("a view that divides by zero gives no value and is counted", "[trace]") {
    isa::Image image = small_image();
    image.probes = {{1, "ratio", {0, 1, 2}, 1, {}}};
    emu::ProbeRecorder probes{image};
    const auto values = probes.record(0, fake_state());
    REQUIRE(values.size() == 3);
    CHECK(values[0].value == 0);
    CHECK_FALSE(values[1].value.has_value());
    CHECK(values[2].value == 0);
    CHECK(probes.failures() == 1);
}

TEST_CASE("a probe of an unknown variable is refused", "[trace]") {
    isa::Image image = small_image();
    image.probes = {{0, "w", {0}, 1, {}}};
    try {
        emu::ProbeRecorder{image};
        FAIL("no error");
    } catch (const InputError& error) {
        REQUIRE(error.diagnostics().size() == 1);
        CHECK(error.diagnostics()[0].code == "IMG-PROBE");
        CHECK(error.diagnostics()[0].message ==
              "probe of 'a' asks for 'w', which program 'p' does not have");
    }
}
