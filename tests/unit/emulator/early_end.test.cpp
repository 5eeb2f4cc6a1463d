#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using isa::InputKind;
using isa::Opcode;
using testing::ImageBuilder;

namespace {

constexpr std::uint32_t kSteps = 6;  ///< of a sample, with input

/// What a step of a run was in its dataset.
struct Played {
    std::uint32_t sample = 0;
    std::uint32_t local = 0;
    bool start = false;
    bool end = false;
    std::array<std::int64_t, isa::kRewards> rewards{};
    std::vector<std::array<std::int64_t, 3>> host;  ///< input, source, payload
    std::vector<std::int64_t> spikes;               ///< neuron, payload
    friend bool operator==(const Played&, const Played&) = default;
};

Played play(emu::Machine& machine) {
    Played played;
    const emu::SamplePosition at = machine.position();
    played.sample = at.sample;
    played.local = at.local;
    const emu::StepActivity& step = machine.step();
    played.start = step.sample_start;
    played.end = step.sample_end;
    played.rewards = step.rewards;
    for (const emu::HostEmission& spike : step.host) {
        played.host.push_back({spike.input, spike.source, spike.payload});
    }
    std::map<std::uint32_t, std::int64_t> spikes;
    for (std::uint32_t c = 0; c < step.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : step.cores[c].spikes) {
            spikes[machine.neuron(CoreSlot{c}, spike.compartment).value()] = spike.payload;
        }
    }
    for (const auto& [neuron, payload] : spikes) {
        played.spikes.insert(played.spikes.end(), {neuron, payload});
    }
    return played;
}

std::vector<Played> play_all(emu::Machine& machine) {
    std::vector<Played> all;
    while (machine.position().active) all.push_back(play(machine));
    return all;
}

std::vector<Played> play_all(const isa::Image& image, std::uint32_t threads = 1) {
    emu::Machine machine{image, {.threads = threads}};
    return play_all(machine);
}

/// Steps of each sample.
std::vector<std::uint32_t> lengths(const std::vector<Played>& run) {
    std::vector<std::uint32_t> all;
    for (const Played& step : run) {
        if (step.start) all.push_back(0);
        ++all.back();
    }
    return all;
}

isa::InputImage sampled(InputKind kind, std::vector<std::int32_t> samples) {
    isa::InputImage input;
    input.kind = kind;
    input.size = 1;
    input.full_scale = 5;
    input.samples = std::move(samples);
    return input;
}

isa::InputImage rewards(std::vector<std::uint64_t> steps) {
    isa::InputImage input;
    input.kind = InputKind::kReward;
    input.size = 2;
    input.spike_sources.assign(steps.size(), 0);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        input.spike_payloads.push_back(static_cast<std::int32_t>(i) + 1);
    }
    input.spike_steps = std::move(steps);
    return input;
}

struct Shape {
    std::uint32_t blank = 0;
    bool reset = true;
    std::vector<std::uint32_t> members = {0};
    std::uint32_t cores = 1;
    std::uint32_t echo = 0;  ///< neuron 0 hears each spike of the input again, so many steps later
};

/// Neuron 0 spikes when the input does, which says step 5 - value of a sample, neuron 1 each time
/// two steps later: with what they heard so far in the sample as payload.
ImageBuilder waiting(const std::vector<std::int32_t>& values, const Shape& shape) {
    ImageBuilder builder;
    const std::uint32_t relay = builder.program(
        program({read(Opcode::kRdc, s(0), 0), alu(Opcode::kAdd, s(1), s(1), s(0)),
                 compare(isa::Comparison::kNe, s(0), kZero), if_set(spike(s(1), 2))}));
    const std::uint32_t input = builder.input(sampled(InputKind::kLatency, values));
    for (std::uint32_t n = 0; n < 2; ++n) {
        const std::size_t core = n < shape.cores ? builder.core(2 * n + 1) : 0;
        const NeuronId neuron = builder.group(core, relay, 1);
        if (n < shape.cores) builder.format(core, {.weight_exponent = 0, .delay_bits = 4});
        const std::uint32_t at = builder.compartment(neuron);
        std::vector<ImageBuilder::Synapse> synapses{{1, n == 0 ? 0U : 2U, at}};
        if (n == 0 && shape.echo != 0) synapses.push_back({1, shape.echo, at});
        builder.connect_input(input, 0, builder.axon(core, {{0, synapses}}));
    }
    isa::DatasetImage& dataset = builder.raw().dataset;
    dataset.samples = static_cast<std::uint32_t>(values.size());
    dataset.steps_per_sample = kSteps + shape.blank;
    dataset.blank = shape.blank;
    dataset.reset = shape.reset;
    dataset.until = 0;
    dataset.until_members = shape.members;
    return builder;
}

using Lengths = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a sample ends with the first spike of the population it waits for", "[early_end]") {
    const isa::Image image = waiting({3, 0, 5, 1}, {}).build();
    const auto run = play_all(image);
    CHECK(lengths(run) == Lengths{3, 6, 1, 5});
    for (std::size_t t = 0; t < run.size(); ++t) {
        const bool last = t + 1 == run.size() || run[t + 1].start;
        INFO("step " << t);
        CHECK(run[t].end == last);
        CHECK(run[t].start == (run[t].local == 0));
    }
    // Neuron 1 hears its input two steps after neuron 0 has ended the sample: not any more.
    CHECK(run[2].spikes == std::vector<std::int64_t>{0, 1});
    CHECK(run[3].spikes.empty());
}

TEST_CASE("blank steps follow a sample that ended early", "[early_end]") {
    const isa::Image image = waiting({3, 0, 5, 1}, {.blank = 2}).build();
    const auto run = play_all(image);
    CHECK(lengths(run) == Lengths{3 + 2, 6 + 2, 1 + 2, 5 + 2});
    CHECK_FALSE(run[2].end);
    CHECK(run[3].local == kSteps);
    CHECK(run[4].local == kSteps + 1);
    CHECK(run[4].end);
    CHECK(run[4].spikes == std::vector<std::int64_t>{1, 1});  // in the last blank step
}

TEST_CASE("spikes in blank steps do not end a sample", "[early_end]") {
    const isa::Image image = waiting({5, 5}, {.blank = 4, .echo = 2}).build();
    const auto run = play_all(image);
    CHECK(run[2].spikes == std::vector<std::int64_t>{0, 2, 1, 1});
    CHECK(lengths(run) == Lengths{1 + 4, 1 + 4});
}

TEST_CASE("only the neurons that are named end a sample, or all of the population", "[early_end]") {
    CHECK(lengths(play_all(waiting({5, 4}, {.members = {1}}).build())) == Lengths{3, 4});
    CHECK(lengths(play_all(waiting({5, 4}, {.members = {}}).build())) == Lengths{1, 2});
}

TEST_CASE("early ends are the same on other cores and with threads", "[early_end]") {
    const std::vector<std::int32_t> values{3, 0, 5, 1, 2, 2};
    for (const bool reset : {true, false}) {
        for (const std::uint32_t blank : {0U, 3U}) {
            const Shape shape{.blank = blank, .reset = reset, .members = {1}};
            Shape spread = shape;
            spread.cores = 2;
            const auto expected = play_all(waiting(values, shape).build());
            for (const std::uint32_t threads : {1U, 2U, 3U}) {
                CHECK(play_all(waiting(values, spread).build(), threads) == expected);
            }
        }
    }
}

TEST_CASE("what a sample gets does not depend on how early those before it ended", "[early_end]") {
    ImageBuilder builder = waiting({3, 0, 5, 1}, {.blank = 1});
    for (const InputKind kind : {InputKind::kPoisson, InputKind::kPhasedRate, InputKind::kRate}) {
        isa::InputImage input = sampled(kind, {2, 3, 2, 3, 3, 2, 3, 2});
        input.size = 2;
        builder.input(input);
    }
    isa::InputImage graded = sampled(InputKind::kGraded, {});
    isa::InputImage raster = sampled(InputKind::kRaster, {});
    for (std::int32_t i = 0; i < 4 * std::int32_t{kSteps}; ++i) {
        graded.samples.push_back(i + 1);
        raster.samples.push_back(i % 3 == 0 ? 1 : 0);
    }
    builder.input(graded);
    builder.input(raster);
    isa::InputImage events;
    events.kind = InputKind::kTimedEvents;
    events.size = 1;
    events.events.bin = 1.0;
    for (std::uint64_t i = 0; i < 4 * (kSteps + 1); ++i) {
        if (i % (kSteps + 1) == kSteps) continue;
        events.spike_steps.push_back(i);
        events.spike_payloads.push_back(static_cast<std::int32_t>(i) + 7);
    }
    events.spike_sources.assign(events.spike_steps.size(), 0);
    builder.input(events);
    std::map<std::pair<std::uint32_t, std::uint32_t>, Played> whole;
    isa::Image image = builder.build();
    const isa::DatasetImage early = image.dataset;
    image.dataset.until = isa::DatasetImage::kNobody;
    image.dataset.until_members.clear();
    for (const Played& step : play_all(image)) whole[{step.sample, step.local}] = step;
    REQUIRE(whole.size() == 28);
    image.dataset = early;
    const auto run = play_all(image);
    REQUIRE(run.size() == 19);
    for (const Played& step : run) {
        INFO("sample " << step.sample << " step " << step.local);
        const Played& other = whole.at({step.sample, step.local});
        CHECK(step.host == other.host);
        // A spike on its way when input ends is heard in other blank steps, no others.
        if (step.local < kSteps) CHECK(step.spikes == other.spikes);
    }
}

TEST_CASE("inputs without a dataset count the steps of the run", "[early_end]") {
    ImageBuilder builder = waiting({5, 5, 5, 0}, {});
    isa::InputImage listed;
    listed.kind = InputKind::kSpikes;
    listed.size = 1;
    listed.spike_steps = {1, 3, 8};
    listed.spike_sources = {0, 0, 0};
    builder.input(listed);
    const auto run = play_all(builder.build());
    REQUIRE(run.size() == 9);
    for (std::size_t t = 0; t < run.size(); ++t) {
        const std::array<std::int64_t, 3> spike{1, 0, 1};
        const bool heard = std::count(run[t].host.begin(), run[t].host.end(), spike) != 0;
        CHECK(heard == (t == 1 || t == 3 || t == 8));
    }
}

TEST_CASE("a reward of a sample's last step is given where the sample ends", "[early_end]") {
    for (const std::uint32_t blank : {0U, 2U}) {
        const std::uint64_t steps = kSteps + blank;
        ImageBuilder builder = waiting({3, 0, 5, 1}, {.blank = blank});
        builder.input(rewards({steps - 1, 2 * steps - 1, 3 * steps - 1, 4 * steps - 1}));
        builder.raw().dataset.until_rewards = {1};
        std::vector<std::int64_t> given;
        for (const Played& step : play_all(builder.build())) {
            if (step.end) given.push_back(step.rewards[0]);
            if (!step.end) CHECK(step.rewards[0] == 0);
        }
        CHECK(given == std::vector<std::int64_t>{1, 2, 3, 4});
    }
}

TEST_CASE("a reward of a step that is skipped is not given, one of the run's steps is",
          "[early_end]") {
    ImageBuilder builder = waiting({3, 0, 5, 1}, {});
    builder.input(rewards({4, 10, 16, 22}));  // step 4 of each sample
    builder.input(rewards({0, 14}));
    builder.raw().dataset.until_rewards = {1};
    const auto run = play_all(builder.build());
    REQUIRE(run.size() == 15);
    for (std::size_t t = 0; t < run.size(); ++t) {
        INFO("step " << t);
        std::int64_t expected = t == 0 ? 1 : t == 14 ? 2 : 0;
        if (run[t].local == 4) expected += run[t].sample + 1;
        CHECK(run[t].rewards[0] == expected);
    }
    CHECK(run[3 + 4].rewards[0] == 2);
    CHECK(run[14].rewards[0] == 4 + 2);
}

TEST_CASE("a state within samples that ended early goes on bit for bit", "[early_end]") {
    for (const bool reset : {true, false}) {
        ImageBuilder builder = waiting({3, 0, 5, 1, 2}, {.blank = 1, .reset = reset});
        builder.input(rewards({6, 13, 20, 27, 34}));
        builder.raw().dataset.until_rewards = {1};
        const isa::Image image = builder.build();
        const auto whole = play_all(image);
        for (std::size_t stop = 0; stop < whole.size(); ++stop) {
            emu::Machine first{image, {}};
            for (std::size_t t = 0; t < stop; ++t) (void)first.step();
            emu::Machine second{image, {}};
            (void)second.step();
            second.load(first.save());
            CHECK(second.save() == first.save());
            const auto rest = play_all(second);
            CHECK(rest == std::vector<Played>(whole.begin() + static_cast<std::ptrdiff_t>(stop),
                                              whole.end()));
        }
        emu::Machine again{image, {}};
        (void)play_all(again);
        again.restart();
        CHECK(play_all(again) == whole);
    }
}

TEST_CASE("a state with skipped steps is refused where no sample ends early", "[early_end]") {
    isa::Image image = waiting({3, 0}, {}).build();
    emu::Machine machine{image, {}};
    for (int t = 0; t < 4; ++t) (void)machine.step();
    const emu::MachineState state = machine.save();
    CHECK(state.step == 4);
    CHECK(state.skipped == 3);
    image.dataset.until = isa::DatasetImage::kNobody;
    emu::Machine other{image, {}};
    CHECK_THROWS_WITH(other.load(state), "steps that were skipped");
}

TEST_CASE("samples end where a machine is told, whoever spikes", "[early_end]") {
    const isa::Image image = waiting({3, 0, 5, 1}, {}).build();
    const std::vector<std::uint64_t> ends{1, 9};
    emu::Machine machine{image, {.sample_ends = &ends}};
    CHECK(lengths(play_all(machine)) == Lengths{2, 6, 2, 6});
}
