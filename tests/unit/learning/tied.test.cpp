#include <fmt/core.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/driver/driver.hpp"
#include "emulator/machine/machine.hpp"
#include "tests/unit/frontend/support.hpp"
#include "tests/unit/learning/random_rule.hpp"

using namespace seamount;
using Catch::Matchers::Contains;
using testing::Numbers;

namespace {

const std::string kNetwork = R"(network: tied
populations:
  a: {neuron: lif, size: 17, params: {vth: 900, leak: 300}}
  b: {neuron: lif, size: 23, params: {vth: 900, leak: 300}}
inputs:
  in: {size: 20, poisson: 0.2}
learning:
  enabled: [[0, true], [150, false], [170, true]]
  rules:
    stdp: {dw: "2^-2*x1*y0 - 2^-3*y1*x0", epoch: 3, x1: {impulse: 30, tau: 8}, y1: {impulse: 30, tau: 8}}
    fast: {dw: "2^-2*x1*y0 - 2^-3*y1*x0", dd: "2^-3*x1*y0 - 2^-1*u2*d", dt: x0, epoch: 2, delay: {max: 9}, normalise: {sum: 300, every: 5},
           x1: {impulse: 20, tau: 5}, y1: {impulse: 30, tau: 8}}
projections:
  - {from: in, to: a, rule: fixed_probability, probability: 0.4, weights: {uniform: [20, 90]}}
  - {from: in, to: b, rule: fixed_probability, probability: 0.4, weights: {uniform: [20, 90]}}
  - {from: b, to: a, name: back, tied: forth, delay: 2}
  - {from: a, to: b, name: forth, rule: list, edges: {file: edges.npy}, sign: mixed, learning: stdp}
  - {from: a, to: a, name: inner, rule: fixed_probability, probability: 0.3, weights: {uniform: [5, 60]}, learning: fast}
  - {from: a, to: a, name: turned, tied: inner}
)";

/// Pairs of neurons of a and b with weights; some pairs come more than once.
std::vector<std::byte> edges(Numbers& numbers) {
    std::vector<std::int32_t> values;
    for (int i = 0; i < 150; ++i) {
        values.insert(values.end(), {numbers.in(0, 16), numbers.in(0, 22), numbers.in(-60, 120)});
    }
    return test::npy_i4({150, 3}, values);
}

/// The network with edges of a seed; its neurons are on one core or spread over several.
isa::Image image_of(std::uint32_t seed, std::uint32_t mapping, const std::string& text = kNetwork) {
    const test::TemporaryFolder folder;
    Numbers numbers{seed};
    folder.write("edges.npy", edges(numbers));
    compiler::Network network = test::read(folder, text);
    network.seed = seed;
    Numbers where{mapping};
    for (compiler::Population& population : network.populations) {
        for (std::uint32_t i = 0; i < population.size; ++i) {
            population.pinned.list.emplace_back(
                mapping == 0
                    ? 0U
                    : static_cast<std::uint32_t>(where.in(0, 4 * static_cast<int>(mapping))));
        }
    }
    const auto compiled = compiler::compile(std::move(network), isa::ChipSpec{}, {});
    return isa::deserialize(isa::serialize(compiled.image), "tied.smi");
}

/// Source, target and weight of each synapse of a projection; `turned`: target and source. Those of
/// one pair stay in their order.
using Weights = std::vector<std::array<std::int64_t, 4>>;

Weights weights_of(const isa::Image& image, const emu::Machine& machine, const std::string& name,
                   bool turned) {
    Weights all;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
        if (learning == nullptr) continue;
        for (const emu::PlasticProjection& part : learning->projections()) {
            const isa::ProjectionImage& projection = image.projections[part.projection()];
            if (projection.name != name) continue;
            const NeuronId first = image.populations[projection.to].first_neuron;
            part.for_each([&](const emu::PlasticSynapse& s) {
                const std::int64_t target =
                    machine.neuron(CoreSlot{c}, s.target).value() - first.value();
                all.push_back(
                    {turned ? target : s.source, turned ? s.source : target, s.id, s.weight});
            });
        }
    }
    std::sort(all.begin(), all.end());
    for (auto& synapse : all) synapse[2] = 0;  // ids differ
    return all;
}

std::size_t changes(const Weights& before, const Weights& after) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < after.size(); ++i) count += before[i] != after[i] ? 1U : 0U;
    return count;
}

struct Result {
    std::vector<std::uint64_t> spikes;  ///< by step
    std::vector<std::uint64_t> writes;  ///< of the host, by step
    Weights back;
    Weights turned;
    std::uint64_t synapse_updates = 0;
    friend bool operator==(const Result&, const Result&) = default;
};

void go_on(const isa::Image& image, emu::Machine& machine, int steps, Result& result) {
    for (int step = 0; step < steps; ++step) {
        const emu::StepActivity& activity = machine.step();
        result.spikes.push_back(activity.spikes);
        result.writes.push_back(activity.host_writes);
        for (const emu::CoreActivity& core : activity.cores) {
            result.synapse_updates += core.learning.synapse_updates;
        }
    }
    result.back = weights_of(image, machine, "back", false);
    result.turned = weights_of(image, machine, "turned", false);
}

Result run(const isa::Image& image, const emu::Machine::Params& params, int steps = 240) {
    emu::Machine machine{image, params};
    Result result;
    go_on(image, machine, steps, result);
    return result;
}

std::uint64_t sum(const std::vector<std::uint64_t>& values) {
    std::uint64_t total = 0;
    for (const std::uint64_t value : values) total += value;
    return total;
}

/// Of one synapse of an entry of LearningImage::projections.
void change_weight(isa::Image& image, std::uint32_t entry) {
    for (isa::CoreImage& core : image.cores) {
        for (const isa::PlasticBlock& block : core.plastic.blocks) {
            const std::uint32_t header = core.synapses[block.header];
            if (core.formats[isa::BlockHeader::format(header)].plastic != entry + 1) continue;
            std::uint32_t& word = core.synapses[block.header + 1];
            word = isa::SynapseWord::pack(isa::SynapseWord::weight(word) ^ 1,
                                          isa::SynapseWord::delay(word),
                                          isa::SynapseWord::target(word));
            return;
        }
    }
    FAIL("no synapse");
}

}  // namespace

TEST_CASE("a tied projection has the transposed weights of the one that learns, after every epoch",
          "[tied]") {
    const std::uint32_t seed = GENERATE(1U, 2U, 3U);
    const isa::Image image = image_of(seed, 3);
    REQUIRE(image.cores.size() > 5);
    emu::Machine machine{image, {.threads = 1, .seed = seed}};
    Weights forth = weights_of(image, machine, "forth", false);
    Weights inner = weights_of(image, machine, "inner", false);
    CHECK(forth.size() == 150);
    std::size_t learned = 0;
    std::size_t changed_before = 0;
    for (std::uint64_t step = 0; step < 240; ++step) {
        // The host has a message for each synapse that changed in the step before.
        CHECK(machine.step().host_writes == changed_before);
        const Weights forth_now = weights_of(image, machine, "forth", false);
        const Weights inner_now = weights_of(image, machine, "inner", false);
        const std::size_t of_forth = changes(forth, forth_now);
        const std::size_t of_inner = changes(inner, inner_now);
        if ((step + 1) % 3 != 0) CHECK(of_forth == 0);
        CHECK(weights_of(image, machine, "back", true) == forth_now);
        CHECK(weights_of(image, machine, "turned", true) == inner_now);
        changed_before = of_forth + of_inner;
        learned += changed_before;
        forth = forth_now;
        inner = inner_now;
    }
    CHECK(learned > 2000);
}

TEST_CASE("tied weights, spikes and writes of the host do not depend on mapping and threads",
          "[tied]") {
    const Result expected = run(image_of(4, 0), {.threads = 1, .seed = 5});
    CHECK(sum(expected.spikes) > 500);
    CHECK(sum(expected.writes) > 2000);
    for (const std::uint32_t mapping : {1U, 3U}) {
        const isa::Image spread = image_of(4, mapping);
        CHECK(spread.cores.size() > mapping);
        CHECK(run(spread, {.threads = 1, .seed = 5}) == expected);
        CHECK(run(spread, {.threads = 2, .seed = 5}) == expected);
    }
}

TEST_CASE("a tied projection acts by the weights that were learned", "[tied]") {
    // The same network, in which the projection back keeps the weights it starts with.
    std::string text = kNetwork;
    text.replace(text.find("tied: forth, delay: 2"), 21,
                 "rule: list, edges: {file: turned.npy}, sign: mixed, delay: 2");
    const test::TemporaryFolder folder;
    Numbers numbers{4};
    folder.write("edges.npy", edges(numbers));
    Numbers again{4};
    std::vector<std::int32_t> values;
    for (int i = 0; i < 150; ++i) {
        const int source = again.in(0, 16);
        const int target = again.in(0, 22);
        values.insert(values.end(), {target, source, again.in(-60, 120)});
    }
    folder.write("turned.npy", test::npy_i4({150, 3}, values));
    compiler::Network network = test::read(folder, text);
    network.seed = 4;
    const isa::Image fixed = compiler::compile(std::move(network), isa::ChipSpec{}, {}).image;
    const Result alone = run(fixed, {.threads = 1, .seed = 5});
    const Result tied = run(image_of(4, 0), {.threads = 1, .seed = 5});
    const auto differ = std::mismatch(tied.spikes.begin(), tied.spikes.end(), alone.spikes.begin());
    CHECK(differ.first != tied.spikes.end());
    CHECK(differ.first - tied.spikes.begin() > 3);  // before, nothing was learned and arrived
}

TEST_CASE("a tied projection learns nothing itself: it has no traces and costs no updates",
          "[tied]") {
    // What the tied ones send goes to an accumulator that the program does not read.
    std::string text = kNetwork;
    const std::string back = "tied: forth, delay: 2";
    const std::string turned = "  - {from: a, to: a, name: turned, tied: inner}\n";
    text.replace(text.find(back), back.size(), back + ", accumulator: other");
    text.replace(text.find(turned), turned.size(),
                 "  - {from: a, to: a, name: turned, tied: inner, accumulator: other}\n");
    const isa::Image image = image_of(7, 3, text);
    text = kNetwork;
    text.erase(text.find(turned), turned.size());
    text.replace(text.find(back), back.size(), "rule: all_to_all, weights: 0, accumulator: other");
    const isa::Image without = image_of(7, 3, text);

    emu::Machine machine{image, {.threads = 1, .seed = 5}};
    emu::Machine other{without, {.threads = 1, .seed = 5}};
    emu::LearningActivity learned;
    emu::LearningActivity expected;
    for (int step = 0; step < 100; ++step) {
        for (const emu::CoreActivity& core : machine.step().cores) learned += core.learning;
        for (const emu::CoreActivity& core : other.step().cores) expected += core.learning;
    }
    CHECK(learned.synapse_writes > 500);
    CHECK(learned == expected);
    const emu::MachineState state = machine.save();
    REQUIRE(state.learned.size() == 4);
    CHECK((state.learned[0].pre.empty() && state.learned[0].post.empty()));
    CHECK_FALSE(state.learned[1].pre.empty());
    // The host clears traces of those that have some.
    const auto messages_of = [&machine](std::uint32_t entry) {
        const std::uint64_t before = machine.save().learning_messages;
        machine.clear_traces(entry);
        return machine.save().learning_messages - before;
    };
    CHECK(messages_of(0) == 0);
    CHECK(messages_of(1) > 30);
}

TEST_CASE("without learning, tied weights stay and the host writes nothing", "[tied]") {
    const isa::Image image = image_of(4, 3);
    emu::Machine off{image, {.threads = 1, .seed = 5, .learning = false}};
    emu::Machine switched{image, {.threads = 1, .seed = 5}};
    switched.set_learning(false);
    std::uint64_t writes = 0;
    std::uint64_t switched_writes = 0;
    for (int step = 0; step < 60; ++step) {
        writes += off.step().host_writes;
        switched_writes += switched.step().host_writes;
    }
    CHECK(writes == 0);
    CHECK(switched_writes == 1);  // that of set_learning
    isa::Image after = image;
    off.store_learned(after);
    CHECK(after == image);
    switched.store_learned(after);
    CHECK(after == image);
    // Here and in the first test the schedule has it off from step 150 to 169.
    const Result whole = run(image, {.threads = 1, .seed = 5});
    for (std::size_t step = 151; step < 171; ++step) CHECK(whole.writes[step] == 0);
    CHECK(whole.writes[150] + whole.writes[149] + whole.writes[148] > 0);
}

TEST_CASE("a saved state goes on with tied weights, in another mapping too", "[tied]") {
    const isa::Image here = image_of(4, 3);
    const isa::Image there = image_of(4, 1);
    const Result expected = run(here, {.threads = 1, .seed = 5});
    // After step 101 an epoch of both rules has ended: its messages are still to come.
    for (const int stop : {102, 103}) {
        emu::Machine first{here, {.threads = 1, .seed = 5}};
        Result result;
        go_on(here, first, stop, result);
        const emu::MachineState state = first.save();
        if (stop == 102) CHECK(state.learning_messages > 0);
        for (const isa::Image* image : {&here, &there}) {
            emu::Machine second{*image, {.threads = 2, .seed = 5}};
            second.load(state);
            Result whole = result;
            go_on(*image, second, 240 - stop, whole);
            CHECK(whole == expected);
        }
    }
}

TEST_CASE("an image with what was learned has it in both directions", "[tied]") {
    const isa::Image image = image_of(4, 3);
    emu::Machine machine{image, {.threads = 1, .seed = 5}};
    for (int step = 0; step < 100; ++step) machine.step();
    isa::Image learned = image;
    machine.store_learned(learned);
    CHECK_FALSE(learned == image);
    CHECK(isa::check_image(learned).empty());
    const isa::Image again = isa::deserialize(isa::serialize(learned), "learned.smi");
    emu::Machine resumed{again, {.threads = 1, .seed = 5}};
    CHECK(weights_of(again, resumed, "back", true) == weights_of(image, machine, "forth", false));
    CHECK(weights_of(again, resumed, "turned", false) ==
          weights_of(image, machine, "turned", false));
}

TEST_CASE("each damage to the ties of an image is found and named", "[tied]") {
    const isa::Image good = image_of(4, 3);
    const std::vector<isa::TieImage> ties{{1, 0}, {2, 3}};
    REQUIRE(good.learning.ties == ties);
    REQUIRE(isa::check_image(good).empty());
    const auto fault = [&good](const std::vector<isa::TieImage>& damaged) {
        isa::Image image = good;
        image.learning.ties = damaged;
        const std::vector<std::string> faults = isa::check_image(image);
        return faults.empty() ? std::string{} : faults.front();
    };
    CHECK_THAT(fault({{9, 0}}), Contains("learning projection 0 of 4 is tied to 9"));
    CHECK_THAT(fault({{1, 9}}), Contains("learning projection 9 of 4 is tied to 1"));
    CHECK_THAT(fault({{0, 0}}), Contains("is tied to 0"));
    CHECK_THAT(fault({{2, 3}, {1, 0}}), Contains("is tied to"));          // not in order
    CHECK_THAT(fault({{1, 0}, {1, 0}}), Contains("is tied to"));          // twice
    CHECK_THAT(fault({{1, 0}, {0, 3}}), Contains("is tied to"));          // to a tied one
    CHECK_THAT(fault({{2, 0}}), Contains("its synapses are not those"));  // of others
    CHECK(fault({}).empty());

    isa::Image image = good;
    change_weight(image, 0);
    REQUIRE(isa::check_image(image).size() == 1);
    CHECK_THAT(isa::check_image(image).front(), Contains("is tied to 1"));
    CHECK_THROWS_WITH(isa::deserialize(isa::serialize(image), "x.smi"), Contains("is tied to 1"));
}

TEST_CASE("only images with tied projections say so", "[tied]") {
    isa::Image image = image_of(4, 1);
    const auto size = isa::serialize(image).size();
    image.learning.ties.clear();
    const auto without = isa::serialize(image);
    CHECK(without.size() < size);
    const std::string text{reinterpret_cast<const char*>(without.data()), without.size()};
    CHECK_THAT(text, !Contains("LTIE"));
}
