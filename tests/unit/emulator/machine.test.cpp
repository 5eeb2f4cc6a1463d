#include "emulator/machine/machine.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <tuple>

#include <catch2/catch.hpp>

#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using isa::Opcode;
using testing::ImageBuilder;

namespace {

/// s0 = input, s1 = sum of all inputs, spikes with its input as payload on channel 2 if it had any.
std::vector<std::uint32_t> relay() {
    return program({read(Opcode::kRdc, s(0), 0), alu(Opcode::kAdd, s(1), s(1), s(0)),
                    compare(isa::Comparison::kNe, s(0), kZero), if_set(spike(s(0), 2))});
}

isa::InputImage listed(std::vector<std::uint64_t> steps, std::vector<std::uint32_t> sources,
                       std::uint32_t size) {
    isa::InputImage input;
    input.kind = isa::InputKind::kSpikes;
    input.size = size;
    input.spike_steps = std::move(steps);
    input.spike_sources = std::move(sources);
    return input;
}

using Spike = std::tuple<std::uint64_t, NeuronId, std::int32_t>;  // step, neuron, payload

struct Run {
    std::vector<Spike> spikes;  ///< sorted
    std::vector<std::uint64_t> counts;
    std::vector<std::int32_t> states;
    std::vector<std::vector<std::uint32_t>> packets;  ///< every field, in order
    friend bool operator==(const Run&, const Run&) = default;
};

Run run(const isa::Image& image, std::uint64_t steps, std::uint32_t threads) {
    Run all;
    emu::Machine machine{image, {.threads = threads, .seed = 11}};
    for (std::uint64_t t = 0; t < steps; ++t) {
        const emu::StepActivity& step = machine.step();
        std::uint64_t active = 0;
        std::uint64_t cycles = 0;
        std::uint64_t packets_in = 0;
        for (std::uint32_t c = 0; c < step.cores.size(); ++c) {
            const emu::CoreActivity& core = step.cores[c];
            for (const emu::EmittedSpike& s : core.spikes) {
                all.spikes.emplace_back(t, machine.neuron(CoreSlot{c}, s.compartment), s.payload);
            }
            active += core.active_updates;
            cycles += core.cycles;
            packets_in += core.packets_in;
        }
        std::uint64_t synapses = 0;
        for (const emu::SpikePacket& p : step.packets) {
            all.packets.push_back(
                {p.source_core.value(), p.spike, p.target_core.value(), p.synapses, p.graded()});
            synapses += p.synapses;
        }
        REQUIRE(synapses == step.synaptic_events);
        REQUIRE(packets_in == step.packets.size());
        for (const std::uint64_t count : {step.spikes, step.synaptic_events, step.host_spikes,
                                          step.host_packets, active, cycles}) {
            all.counts.push_back(count);
        }
    }
    std::sort(all.spikes.begin(), all.spikes.end());
    for (const NeuronId n : IdRange<NeuronId>{image.neuron_count()}) {
        for (std::uint32_t w = 0; w < 3; ++w) all.states.push_back(machine.state(n, w));
    }
    return all;
}

/// A noisy recurrent network of 300 neurons with delays and Poisson input; `core_of` places them.
isa::Image noisy_network(std::uint32_t cores,
                         const std::function<std::uint32_t(std::uint32_t)>& core_of) {
    constexpr std::uint32_t kNeurons = 300;
    auto words = lif();
    words.insert(words.begin(), {isa::encode(random_bits(r(5), 9)),
                                 isa::encode(alu(Opcode::kAdd, s(1), s(1), r(5)))});
    ImageBuilder builder;
    const std::uint32_t program = builder.program(words);
    for (std::uint32_t c = 0; c < cores; ++c) {
        const std::size_t core = builder.core(3 * c + 1);
        std::vector<NeuronId> ids;
        for (std::uint32_t n = 0; n < kNeurons; ++n) {
            if (core_of(n) == c) ids.emplace_back(n);
        }
        builder.group_of(core, program, ids, {3000, 3900, 900 * 64}, {{0}, {0}, {1000}});
        builder.format(core, {.weight_exponent = 0});
        builder.format(core, {.weight_exponent = 0, .delay_bits = 4});
    }
    isa::InputImage poisson;
    poisson.kind = isa::InputKind::kPoisson;
    poisson.size = 20;
    poisson.rates.assign(20, std::uint64_t{0x30000000} << 32U);
    const std::uint32_t input = builder.input(poisson);

    std::mt19937 random{4};
    const auto fan_out = [&](const std::function<void(ImageBuilder::Axon)>& connect) {
        std::vector<std::vector<ImageBuilder::SynapseBlock>> rows(cores, {{0, {}}, {1, {}}});
        for (int i = 0; i < 12; ++i) {
            const auto target = static_cast<std::uint32_t>(random() % kNeurons);
            const auto weight = static_cast<std::int32_t>(random() % 300) - 140;
            const auto delay = static_cast<std::uint32_t>(random() % 12);
            const std::size_t block = random() % 2;
            rows[core_of(target)][block].synapses.push_back(
                {weight, block == 0 ? 0 : delay, builder.compartment(NeuronId{target})});
        }
        for (std::uint32_t c = 0; c < cores; ++c) {
            if (rows[c][0].synapses.empty() && rows[c][1].synapses.empty()) continue;
            connect(builder.axon(c, rows[c]));
        }
    };
    for (std::uint32_t n = 0; n < kNeurons; ++n) {
        fan_out([&](ImageBuilder::Axon axon) { builder.connect(NeuronId{n}, axon); });
    }
    for (std::uint32_t i = 0; i < poisson.size; ++i) {
        fan_out([&](ImageBuilder::Axon axon) { builder.connect_input(input, i, axon); });
    }
    return builder.build();
}

}  // namespace

TEST_CASE("a host spike acts in its own step, a neuron's spike in the next one plus delay",
          "[machine]") {
    ImageBuilder builder;
    const std::uint32_t words = builder.program(relay());
    const std::size_t first = builder.core(2);
    const std::size_t second = builder.core(7);
    const NeuronId a = builder.group(first, words, 1);
    const NeuronId b = builder.group(second, words, 1);
    const NeuronId d = builder.group(second, words, 1);
    builder.format(first, {.weight_exponent = 0});
    builder.format(second,
                   {.weight_exponent = 0, .delay_bits = 2, .flags = isa::SynapseFormat::kGraded});
    builder.connect_input(builder.input(listed({1}, {0}, 1)), 0,
                          builder.axon(first, {{0, {{6, 0, 0}}}}));
    builder.connect(a, builder.axon(second, {{0, {{2, 0, 0}, {3, 3, 1}}}}), 2, true);
    builder.connect(a, builder.axon(second, {{0, {{99, 0, 0}}}}), 1);  // another channel
    const isa::Image image = builder.build();
    emu::Machine machine{image, {}};
    std::vector<std::array<std::int32_t, 3>> seen;
    for (int t = 0; t < 7; ++t) {
        const emu::StepActivity& step = machine.step();
        seen.push_back({machine.state(a, 0), machine.state(b, 0), machine.state(d, 0)});
        if (t != 1) continue;
        REQUIRE(step.packets.size() == 2);
        CHECK(step.packets[0].source_core == CoreSlot{0});
        CHECK(step.packets[0].target_core == CoreSlot{1});
        CHECK(step.packets[0].synapses == 2);
        CHECK(step.packets[0].graded());
        CHECK(step.packets[0].payload_bits == 24);
        CHECK(step.packets[1].source_core == emu::SpikePacket::kFromHost);
        CHECK(step.packets[1].target_core == CoreSlot{0});
        CHECK(step.packets[1].synapses == 1);
        CHECK(step.host_spikes == 1);
        CHECK(step.host_packets == 1);
        CHECK(step.synaptic_events == 3);
        CHECK(step.cores[1].packets_in == 1);
    }
    using Row = std::array<std::int32_t, 3>;
    CHECK(seen ==
          std::vector<Row>{
              {0, 0, 0}, {6, 0, 0}, {0, 12, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 18}, {0, 0, 0}});
    CHECK(machine.steps_done() == 7);
    CHECK(machine.state(d, 1) == 18);
    CHECK(machine.state(d, 9) == 0);
}

TEST_CASE("the payload of a host spike multiplies graded weights and no others", "[machine]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    const NeuronId neurons = builder.group(core, builder.program(relay()), 2);
    builder.format(core, {.weight_exponent = 0});
    builder.format(core, {.weight_exponent = 0, .flags = isa::SynapseFormat::kGraded});
    isa::InputImage spikes = listed({0, 0, 2}, {0, 0, 0}, 1);
    spikes.spike_payloads = {-100, 30, 1 << 20};
    const std::uint32_t input = builder.input(spikes);
    builder.connect_input(input, 0, builder.axon(core, {{0, {{5, 0, 0}}}}));
    builder.connect_input(input, 0, builder.axon(core, {{1, {{-3, 0, 1}}}}), true);
    const isa::Image image = builder.build();
    emu::Machine machine{image, {}};
    std::vector<std::array<std::int32_t, 2>> seen;
    for (int t = 0; t < 3; ++t) {
        machine.step();
        seen.push_back({machine.state(neurons, 0), machine.state(neurons + 1, 0)});
    }
    CHECK(seen == std::vector<std::array<std::int32_t, 2>>{{10, 210}, {0, 0}, {5, -3 * (1 << 20)}});
}

TEST_CASE("the result does not depend on the number of threads", "[machine]") {
    const isa::Image image = noisy_network(7, [](std::uint32_t n) { return n % 7; });
    const Run one = run(image, 60, 1);
    CHECK(one.spikes.size() > 500);
    for (const std::uint32_t threads : {2U, 3U, 8U}) CHECK(run(image, 60, threads) == one);
}

TEST_CASE("spikes, states and counts do not depend on the mapping", "[machine]") {
    Run one = run(noisy_network(1, [](std::uint32_t) { return 0U; }), 60, 1);
    one.packets.clear();
    const auto functional = [](const Run& r) {
        auto counts = r.counts;
        for (std::size_t i = 3; i < counts.size(); i += 6) counts[i] = 0;  // host packets do
        return std::tuple{r.spikes, r.states, counts};
    };
    const Run blocks = run(noisy_network(3, [](std::uint32_t n) { return n / 100; }), 60, 1);
    const Run mixed = run(noisy_network(5, [](std::uint32_t n) { return n * 7 % 5; }), 60, 2);
    CHECK(functional(blocks) == functional(one));
    CHECK(functional(mixed) == functional(one));
}

TEST_CASE("a different seed gives different noise", "[machine]") {
    const isa::Image image = noisy_network(2, [](std::uint32_t n) { return n % 2; });
    emu::Machine a{image, {.seed = 1}};
    emu::Machine b{image, {.seed = 2}};
    a.step();
    b.step();
    bool differ = false;
    for (const NeuronId n : IdRange<NeuronId>{300})
        differ = differ || a.state(n, 1) != b.state(n, 1);
    CHECK(differ);
}

TEST_CASE("a dataset reset restores state, empties the ring and repeats constant writes",
          "[machine]") {
    for (const bool reset : {true, false}) {
        ImageBuilder builder;
        const std::size_t core = builder.core(0);
        const NeuronId n =
            builder.group(core, builder.program(relay()), 3, {}, {{0}, {100, 200, 300}});
        builder.format(core, {.weight_exponent = 0, .delay_bits = 3});
        isa::InputImage latency;
        latency.kind = isa::InputKind::kLatency;
        latency.size = 1;
        latency.full_scale = 10;
        latency.samples = {10, 10, 0};  // at the start of samples 0 and 1
        // Acts in step 2 of the sample and, unless reset, in step 1 of the next one.
        builder.connect_input(builder.input(latency), 0,
                              builder.axon(core, {{0, {{1, 2, 0}, {5, 5, 1}}}}));
        isa::InputImage constant;
        constant.kind = isa::InputKind::kWrite;
        constant.size = 1;
        constant.writes = {{n + 2, 1}};
        constant.samples = {7};
        builder.input(constant);
        builder.raw().dataset.samples = 3;
        builder.raw().dataset.steps_per_sample = 4;
        builder.raw().dataset.reset = reset;
        const isa::Image image = builder.build();
        emu::Machine machine{image, {}};
        std::vector<std::array<std::int32_t, 3>> ends;
        std::uint64_t writes = 0;
        for (std::uint64_t t = 0; t < 14; ++t) {
            const emu::StepActivity& step = machine.step();
            CHECK(step.sample_start == (t % 4 == 0 && t < 12));
            CHECK(step.sample_end == (t % 4 == 3 && t < 12));
            CHECK(step.step == t);
            writes += step.host_writes;
            if (step.sample_end) {
                ends.push_back(
                    {machine.state(n, 1), machine.state(n + 1, 1), machine.state(n + 2, 1)});
            }
        }
        using Row = std::array<std::int32_t, 3>;
        INFO("reset " << reset);
        if (reset) {
            CHECK(ends == std::vector<Row>{{101, 200, 7}, {101, 200, 7}, {100, 200, 7}});
            CHECK(writes == 3);
        } else {
            CHECK(ends == std::vector<Row>{{101, 200, 7}, {102, 205, 7}, {102, 210, 7}});
            CHECK(writes == 1);
        }
    }
}

TEST_CASE("a dataset reset leaves the state words that a population keeps", "[machine]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    const NeuronId n = builder.group(core, builder.program(relay()), 2, {}, {{0}, {100, 200}});
    builder.format(core, {.weight_exponent = 0});
    isa::InputImage latency;
    latency.kind = isa::InputKind::kLatency;
    latency.size = 1;
    latency.full_scale = 10;
    latency.samples = {10, 10, 10};
    builder.connect_input(builder.input(latency), 0,
                          builder.axon(core, {{0, {{1, 0, 0}, {5, 0, 1}}}}));
    builder.raw().dataset.samples = 3;
    builder.raw().dataset.steps_per_sample = 4;
    for (const std::uint32_t kept : {0U, 1U, 2U, 3U}) {
        builder.raw().dataset.kept = {kept};
        const isa::Image image = builder.build();
        emu::Machine machine{image, {}};
        for (int t = 0; t < 12; ++t) machine.step();
        INFO("kept " << kept);
        const bool sums = (kept & 2U) != 0;
        CHECK(machine.state(n, 1) == (sums ? 103 : 101));
        CHECK(machine.state(n + 1, 1) == (sums ? 215 : 205));
    }
}

TEST_CASE("axons of a population share rows and add their base", "[machine]") {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(relay()), 6);
    builder.format(core, {.weight_exponent = 0});
    const auto row_a = builder.axon(core, {{0, {{1, 0, 0}}}});
    builder.axon(core, {{0, {{2, 0, 1}}}});
    const std::uint32_t input = builder.input(listed({0, 0}, {0, 1}, 2));
    builder.connect_input(input, 0, row_a);
    builder.connect_input(input, 1, row_a);
    isa::Image image = builder.build();
    image.cores[0].input_axons[0] = {0, 2, 4};  // rows 0 and 1, from compartment 4 on
    image.inputs[input].outputs[1].atom = 1;    // the second source names row 1
    emu::Machine machine{image, {}};
    machine.step();
    CHECK(machine.state(NeuronId{4}, 0) == 1);
    CHECK(machine.state(NeuronId{5}, 0) == 2);
    CHECK(machine.state(NeuronId{0}, 0) == 0);
}

TEST_CASE("parameters and neuron ids can be read back", "[machine]") {
    const isa::Image image = noisy_network(3, [](std::uint32_t n) { return n % 3; });
    const emu::Machine machine{image, {}};
    CHECK(machine.parameter(NeuronId{299}, 2) == 900 * 64);
    CHECK(machine.neuron(CoreSlot{2}, 1) == NeuronId{5});
    CHECK(machine.state(NeuronId{17}, 2) == 1000);
}
