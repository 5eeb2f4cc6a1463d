#include "emulator/machine/ranks/division.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "emulator/machine/ranks/image_parts.hpp"
#include "emulator/machine/ranks/step_words.hpp"

using namespace seamount;

namespace {

isa::Image cores_of(const std::vector<std::size_t>& neurons) {
    isa::Image image;
    for (const std::size_t count : neurons) image.cores.emplace_back().neurons.resize(count);
    return image;
}

}  // namespace

TEST_CASE("ranks get neighbouring cores of about the same work", "[division]") {
    CHECK(emu::first_cores(cores_of({10, 10, 10, 10}), 1) == std::vector<std::uint32_t>{0, 4});
    CHECK(emu::first_cores(cores_of({10, 10, 10, 10}), 2) == std::vector<std::uint32_t>{0, 2, 4});
    CHECK(emu::first_cores(cores_of({30, 10, 10, 10}), 2) == std::vector<std::uint32_t>{0, 1, 4});
    CHECK(emu::first_cores(cores_of({1, 1, 1, 30}), 2) == std::vector<std::uint32_t>{0, 3, 4});
    // More ranks than cores: some have none.
    CHECK(emu::first_cores(cores_of({5}), 3).size() == 4);
    CHECK(emu::first_cores(cores_of({5}), 3).back() == 1);
    CHECK(emu::first_cores(cores_of({}), 2) == std::vector<std::uint32_t>{0, 0, 0});
    for (std::uint32_t ranks = 1; ranks < 20; ++ranks) {
        const auto first = emu::first_cores(cores_of({3, 9, 2, 2, 40, 1, 7, 7, 7, 12, 5}), ranks);
        CHECK(first.size() == ranks + 1);
        CHECK(first.front() == 0);
        CHECK(first.back() == 11);
        CHECK(std::is_sorted(first.begin(), first.end()));
    }
}

TEST_CASE("spikes and counts of cores come out of a message as they went in", "[division]") {
    std::vector<emu::CoreActivity> cores(3);
    cores[0].spikes = {{7, -3, 2, 8, 5, 123'456'789'012}, {9, 1, 0, 10, 6, 123'456'789'013}};
    cores[2].spikes = {{0xFFFF, 2'000'000'000, 255, 1, 1, 1}};
    cores[1].updates = 3;
    cores[1].overflows = 5;
    cores[2].learning.synapse_updates = 7;
    cores[2].learning.saturations = 9;
    for (const bool moments : {false, true}) {
        std::vector<emu::CoreActivity> read(3);
        emu::take_spikes(emu::spike_words(cores, moments), moments, read);
        for (std::size_t c = 0; c < cores.size(); ++c) {
            REQUIRE(read[c].spikes.size() == cores[c].spikes.size());
            for (std::size_t s = 0; s < cores[c].spikes.size(); ++s) {
                const emu::EmittedSpike& expected = cores[c].spikes[s];
                const emu::EmittedSpike& found = read[c].spikes[s];
                CHECK(found.compartment == expected.compartment);
                CHECK(found.payload == expected.payload);
                CHECK(found.channel == expected.channel);
                CHECK(found.updates_done == (moments ? expected.updates_done : 0));
                CHECK(found.active_done == (moments ? expected.active_done : 0));
                CHECK(found.cycles_done == (moments ? expected.cycles_done : 0));
            }
        }
    }
    isa::ByteWriter words;
    emu::write_counts(cores, words);
    std::vector<emu::CoreActivity> read(3);
    isa::ByteReader reader{words.bytes()};
    emu::read_counts(reader, read);
    CHECK(reader.left() == 0);
    CHECK(read[1].updates == 3);
    CHECK(read[1].overflows == 5);
    CHECK(read[2].learning == cores[2].learning);
}

TEST_CASE("a part has all of the rank's cores, and of others who reaches these", "[division]") {
    isa::CoreImage core;
    core.core = CoreId{4};
    core.neurons = {NeuronId{0}, NeuronId{1}, NeuronId{2}};
    core.synapses = {1, 2, 3};
    core.output_first = {0, 2, 2, 4};
    core.outputs.resize(4);
    for (std::uint16_t i = 0; i < 4; ++i) {
        core.outputs[i].core = CoreId{i == 2 ? 4U : 9U};
        core.outputs[i].axon = i;
    }
    const auto own = [](CoreId id) { return id == CoreId{4}; };
    CHECK(emu::part_of(core, own) == core);
    const isa::CoreImage part = emu::part_of(core, [](CoreId id) { return id == CoreId{9}; });
    CHECK(part.neurons == core.neurons);
    CHECK(part.synapses.empty());
    CHECK(part.output_first == std::vector<std::uint32_t>{0, 2, 2, 3});
    CHECK(part.outputs.back().axon == 3);
    CHECK(emu::cores_of_bytes(emu::bytes_of_cores({core, part})) ==
          std::vector<isa::CoreImage>{core, part});
}
