#include "emulator/machine/spike_rows.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <tuple>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using namespace seamount::testing::mc;
using testing::ImageBuilder;

namespace {

constexpr std::uint32_t kCores = 5;
constexpr std::uint32_t kPerCore = 70;
/// A source with more has no rows by source, and then nobody has.
constexpr std::uint32_t kMostRoutes = (1U << 14U) - 1;

/// LIF neurons on five cores, recurrently connected; each row is of one of three formats: plain,
/// plain with an exponent, or with delays, and some packets carry payloads. A host input starts
/// them off at the steps `steps`. A neuron on a core of its own never spikes and has `routes`, to a
/// row of format `silent_format`.
isa::Image network(std::int32_t bias, std::vector<std::uint64_t> steps, std::uint32_t routes = 1,
                   std::uint32_t silent_format = 0) {
    ImageBuilder builder;
    const std::uint32_t program = builder.program(lif());
    for (std::uint32_t c = 0; c < kCores; ++c) {
        const std::size_t core = builder.core(2 * c + 1);
        builder.group(core, program, kPerCore, {3000, 3900, 300 * 64}, {{0}, {0}, {bias}});
        builder.format(core, {.weight_exponent = 0});
        builder.format(core, {.weight_exponent = 3});
        builder.format(core, {.weight_exponent = 0, .delay_bits = 4});
    }
    builder.group(builder.core(2 * kCores + 1), program, 1, {3000, 3900, 300 * 64},
                  {{0}, {0}, {0}});
    std::mt19937 random{7};
    const auto axon = [&](std::uint32_t core, bool host = false) {
        // Without bias the network is to fall silent: only the host's rows are strong.
        const bool any = bias != 0 || host;
        const auto format = static_cast<std::uint32_t>(any ? random() % 3 : random() % 2 * 2);
        std::vector<ImageBuilder::Synapse> synapses;
        for (std::uint32_t i = 0; i < 1 + random() % 9; ++i) {
            const auto target = static_cast<std::uint32_t>(random() % kPerCore);
            const auto weight = static_cast<std::int32_t>(random() % 250) - (any ? 90 : 170);
            const auto delay = format == 2 ? static_cast<std::uint32_t>(random() % 9) : 0;
            synapses.push_back({weight, delay, target});
        }
        return builder.axon(core, {{format, synapses}});
    };
    for (std::uint32_t n = 0; n < kCores * kPerCore; ++n) {
        for (std::uint32_t k = 0; k < 3; ++k) {
            builder.connect(NeuronId{n}, axon(static_cast<std::uint32_t>(random() % kCores)), 0,
                            n % 11 == 0);
        }
    }
    const std::vector<ImageBuilder::Synapse> one{{50, 0, 0}};
    const auto silent = builder.axon(0, {{silent_format, one}});
    for (std::uint32_t k = 0; k < routes; ++k) {
        builder.connect(NeuronId{kCores * kPerCore}, silent, 0, false);
    }
    isa::InputImage input;
    input.kind = isa::InputKind::kSpikes;
    input.size = 20;
    for (const std::uint64_t step : steps) {
        for (std::uint32_t source = 0; source < input.size; ++source) {
            input.spike_steps.push_back(step);
            input.spike_sources.push_back(source);
        }
    }
    const std::uint32_t index = builder.input(input);
    for (std::uint32_t source = 0; source < input.size; ++source) {
        builder.connect_input(index, source, axon(source % kCores, true));
    }
    return builder.build();
}

using Spike = std::tuple<std::uint32_t, std::int32_t, std::uint32_t, std::uint64_t, std::uint32_t>;

/// All that a core did in a step, packets apart.
struct CoreSeen {
    std::vector<std::uint64_t> counts;
    std::vector<Spike> spikes;
    friend bool operator==(const CoreSeen&, const CoreSeen&) = default;
};

std::vector<CoreSeen> seen(const emu::StepActivity& step) {
    std::vector<CoreSeen> all;
    for (const emu::CoreActivity& core : step.cores) {
        CoreSeen& at = all.emplace_back();
        at.counts = {core.updates,       core.active_updates,  core.instructions,
                     core.cycles,        core.packets_in,      core.synaptic_events,
                     core.overflows,     core.padding_updates, core.padding_cycles,
                     core.dropped_pushes};
        for (const emu::EmittedSpike& s : core.spikes) {
            at.spikes.emplace_back(s.compartment, s.payload, s.updates_done, s.cycles_done,
                                   s.active_done);
        }
    }
    return all;
}

bool same_packets(const emu::StepActivity& a, const emu::StepActivity& b) {
    return std::equal(a.packets.begin(), a.packets.end(), b.packets.begin(), b.packets.end(),
                      [](const emu::SpikePacket& x, const emu::SpikePacket& y) {
                          return x.source_core == y.source_core && x.spike == y.spike &&
                                 x.target_core == y.target_core && x.synapses == y.synapses &&
                                 x.dense == y.dense && x.words == y.words &&
                                 x.payload_bits == y.payload_bits && x.value_bits == y.value_bits;
                      });
}

}  // namespace

TEST_CASE("spikes that are routed by source give the packets, sums and counts of those by core",
          "[spike_rows]") {
    const isa::Image image = network(700, {0, 3}, kMostRoutes);
    const isa::Image too_many = network(700, {0, 3}, kMostRoutes + 1);
    // Nine of ten rows have delays: no rows by source either.
    const isa::Image delayed = network(700, {0, 3}, kMostRoutes, 2);
    const auto threads = GENERATE(1U, 2U, 3U);
    emu::Machine by_source{image, {.threads = threads}};
    emu::Machine by_core{too_many, {.threads = 4 - threads}};
    emu::Machine delayed_by_core{delayed, {.threads = threads}};
    emu::Machine counted{image, {.threads = threads, .packets = false}};
    emu::Machine counted_by_core{too_many, {.threads = threads, .packets = false}};
    std::uint64_t spikes = 0;
    for (int t = 0; t < 80; ++t) {
        INFO("step " << t);
        const emu::StepActivity& expected = by_core.step();
        const emu::StepActivity& found = by_source.step();
        spikes += expected.spikes;
        REQUIRE(seen(found) == seen(expected));
        REQUIRE(same_packets(found, expected));
        REQUIRE(found.packet_count == found.packets.size());
        const emu::StepActivity& others = delayed_by_core.step();
        REQUIRE(seen(others) == seen(expected));
        REQUIRE(same_packets(others, expected));
        for (emu::Machine* const machine : {&counted, &counted_by_core}) {
            const emu::StepActivity& step = machine->step();
            REQUIRE(seen(step) == seen(expected));
            REQUIRE(step.packets.empty());
            REQUIRE(step.packet_count == expected.packets.size());
            REQUIRE(step.synaptic_events == expected.synaptic_events);
        }
    }
    CHECK(spikes > 1000);
    for (const NeuronId n : IdRange<NeuronId>{image.neuron_count()}) {
        for (std::uint32_t w = 0; w < 2; ++w) {
            REQUIRE(by_source.state(n, w) == by_core.state(n, w));
            REQUIRE(counted.state(n, w) == by_core.state(n, w));
        }
    }
}

TEST_CASE("neurons at rest are counted as if they were updated, and wake with their input",
          "[spike_rows]") {
    // Two volleys, with time to come to rest before, between and after them.
    const isa::Image image = network(0, {40, 41, 300});
    emu::Machine resting{image, {}};
    emu::Machine updated{image, {}};
    std::uint64_t quiet = 0;
    std::uint64_t spikes = 0;
    for (std::uint64_t t = 0; t < 700; ++t) {
        INFO("step " << t);
        // Whose state was written is updated.
        for (const NeuronId n : IdRange<NeuronId>{image.neuron_count()}) {
            updated.write_state(n, 0, updated.state(n, 0));
        }
        if (t == 600) {
            resting.write_state(NeuronId{3}, 0, 5000);
            updated.write_state(NeuronId{3}, 0, 5000);
        }
        const emu::StepActivity& expected = updated.step();
        REQUIRE(seen(resting.step()) == seen(expected));
        spikes += expected.spikes;
        std::uint64_t active = 0;
        for (const emu::CoreActivity& core : expected.cores) active += core.active_updates;
        quiet += active == 0 ? 1U : 0U;
    }
    CHECK(spikes > 20);
    CHECK(quiet > 100);
    CHECK(quiet < 650);
    for (const NeuronId n : IdRange<NeuronId>{image.neuron_count()}) {
        REQUIRE(resting.state(n, 1) == updated.state(n, 1));
    }
}
