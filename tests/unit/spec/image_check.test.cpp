#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

#include <functional>
#include <limits>

#include "isa/image/image.hpp"
#include "isa/microcode/instruction.hpp"
#include "tests/unit/spec/random_image.hpp"

using namespace seamount;
using namespace seamount::isa;
using seamount::isa::test::random_image;

namespace {

/// The sound image of a seed whose first core has enough of everything to be damaged.
Image sound() {
    for (std::uint32_t seed = 1;; ++seed) {
        Image image = random_image(seed, 3);
        CoreImage& core = image.cores[0];
        if (core.neurons.size() > 2 && core.outputs.size() > 2 && core.rows.size() > 2 &&
            image.inputs[0].outputs.size() > 2 && image.inputs[0].size > 1 &&
            image.cores[0].synapses.size() > 8 && BlockHeader::count(core.synapses[0]) > 1 &&
            BlockHeader::format(core.synapses[0]) != 2 && image.dataset.blank > 0 &&
            image.dataset.samples > 1) {
            return image;
        }
    }
}

InputImage& events_of(Image& image) {
    return *std::find_if(image.inputs.begin(), image.inputs.end(),
                         [](const auto& in) { return in.kind == InputKind::kTimedEvents; });
}

struct Damage {
    const char* what;  ///< words that the sentence must contain
    std::function<void(Image&)> apply;
};

}  // namespace

TEST_CASE("each damage to an image is found and named", "[image_check]") {
    const Image good = sound();
    REQUIRE(check_image(good).empty());
    const std::vector<Damage> damages{
        {"program 0", [](Image& i) { i.programs[0].words.clear(); }},
        {"program 1", [](Image& i) { i.programs[1].words = {0xFFFFFFFF}; }},
        {"source lines", [](Image& i) { i.programs[0].lines.push_back(3); }},
        {"parameters", [](Image& i) { i.programs[0].params.resize(17); }},
        {"cannot be parsed", [](Image& i) { i.programs[0].views[0].expression = "v +"; }},
        {"no state word", [](Image& i) { i.programs[0].views[0].expression = "w + 1"; }},
        {"starts at neuron", [](Image& i) { ++i.populations[1].first_neuron; }},
        {"its shape", [](Image& i) { i.populations[0].shape.push_back(2); }},
        {"its shape",
         [](Image& i) {
             i.populations[0].shape = {65536, 65536, 65536, 65536, 65536};
         }},
        {"each must have one", [](Image& i) { ++i.populations.back().count; }},
        {"steps that switch learning",
         [](Image& i) {
             i.learning.switches = {5, 4};
         }},
        {"rounding or treatment", [](Image& i) { i.learning.rules[0].mode = LearnMode{9}; }},
        {"an epoch of 0", [](Image& i) { i.learning.rules[0].epoch = 0; }},
        {"normalises weights to 16777217",
         [](Image& i) { i.learning.rules[0].normal_sum = (1U << 24U) + 1; }},
        {"in every 0th", [](Image& i) { i.learning.rules[0].normal_every = 0; }},
        {"normalises weights to 5",
         [](Image& i) {
             i.learning.rules[0].normal_sum = 5;
             i.learning.rules[0].mode = LearnMode::kNengo;
         }},
        {"leaves 7 bits", [](Image& i) { i.learning.rules[0].traces[4].whole[9] = 128; }},
        {"learning rule 0", [](Image& i) { i.learning.rules[0].words.pop_back(); }},
        {"learning projection 0", [](Image& i) { i.learning.projections[0].rule = 7; }},
        {"goes to channel 2", [](Image& i) { i.learning.rewards[0].channel = 2; }},
        {"is a second one",
         [](Image& i) { events_of(i).spike_steps.front() = events_of(i).spike_steps.back(); }},
        {"outside of the driven steps", [](Image& i) { ++events_of(i).spike_steps.back(); }},
        {"events in bins of 0", [](Image& i) { events_of(i).events.bin = 0.0; }},
        {"0 steps", [](Image& i) { i.learning.probes[0].every = 0; }},
        {"switch learning rule 7", [](Image& i) { i.learning.rule_spikes[0].rule = 7; }},
        {"which starts as 2", [](Image& i) { i.learning.rule_spikes[0].start = 2; }},
        {"spikes of populations 99", [](Image& i) { i.learning.rule_spikes[0].from = 99; }},
        {"switch learning rule 0",
         [](Image& i) { i.learning.rule_spikes.push_back(i.learning.rule_spikes[0]); }},
        {"is not listed",
         [](Image& i) {
             for (CoreImage& core : i.cores) core.plastic = {};
         }},
        {"in two rows", [](Image& i) { i.cores[0].rows.push_back(i.cores[0].rows.back()); }},
        {"do not ascend",
         [](Image& i) {
             auto& blocks = i.cores[0].plastic.blocks;
             blocks.push_back(blocks[0]);
         }},
        {"is none", [](Image& i) { i.cores[0].plastic.blocks[0].header = 1U << 30U; }},
        {"comes from source 5 of 5", [](Image& i) { i.cores[0].plastic.blocks[0].source = 5; }},
        {"synapse 100 of a projection of 100", [](Image& i) { i.cores[0].plastic.ids[0] = 100; }},
        {"plastic synapses", [](Image& i) { i.cores[0].plastic.tags.push_back(3); }},
        {"do not fit into",
         [](Image& i) {
             i.cores[0].formats[3].delay_bits = 5;
             i.learning.rules[0].max_delay = 40;
         }},
        {"reaches a plastic row", [](Image& i) { i.cores[0].input_axons.back().base = 1; }},
        {"numbers must ascend", [](Image& i) { i.cores[1].core = i.cores[0].core; }},
        {"numbers must ascend", [](Image& i) { i.cores.back().core = CoreId{65536}; }},
        {"numbers must ascend",
         [](Image& i) {
             i.chip = "prices: none\ntopology: {width: 1, height: 1, cores_per_tile: 1}\n";
             i.cores[0].core = CoreId{0};
         }},
        {"chip description", [](Image& i) { i.chip = "what: ever\n"; }},
        {"chip description: 'extends'", [](Image& i) { i.chip = "extends: /dev/null\n"; }},
        {"must follow at", [](Image& i) { ++i.cores[0].groups[0].first; }},
        {"must follow at", [](Image& i) { i.cores[0].groups[0].count = 0; }},
        {"neuron ids", [](Image& i) { i.cores[0].neurons.pop_back(); }},
        {"runs program", [](Image& i) { i.cores[0].groups[0].program = 2; }},
        {"another program", [](Image& i) { i.cores.back().groups[0].program ^= 1U; }},
        {"belongs to population", [](Image& i) { i.cores[0].groups[0].population = 99; }},
        {"outside population", [](Image& i) { i.cores[0].neurons[1] = NeuronId{1000000}; }},
        {"lives in another", [](Image& i) { i.cores[0].neurons[1] = i.cores[0].neurons[0]; }},
        {"state words", [](Image& i) { i.cores[0].groups[0].state.resize(17, {0}); }},
        {"initial values",
         [](Image& i) {
             i.cores[0].groups[0].state[0] = {1, 2};
         }},
        {"initial values", [](Image& i) { i.cores[0].groups[0].state[0].clear(); }},
        {"synapse formats", [](Image& i) { i.cores[0].formats.resize(129); }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].weight_bits = 7; }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].weight_exponent = 8; }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].sign_mode = 0; }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].accumulator = 4; }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].flags = 8; }},
        {"synapse format 1", [](Image& i) { i.cores[0].formats[1].flags = 0; }},  // has a sum
        {"synapse format 2", [](Image& i) { i.cores[0].formats[2].index_bits = 9; }},
        {"uses synapse format", [](Image& i) { i.cores[0].synapses[0] |= 0x7F000000U; }},
        {"runs past",
         [](Image& i) {
             i.cores[0].rows[1] = static_cast<std::uint32_t>(i.cores[0].synapses.size());
         }},
        {"block of 16777215", [](Image& i) { i.cores[0].synapses[0] |= 0xFFFFFFU; }},
        {"runs past",
         [](Image& i) {
             const auto last = i.cores[0].rows.back();
             i.cores[0].synapses.resize(last);
             i.cores[0].synapses.push_back(BlockHeader::pack(false, 0, 0));
         }},
        {"reaches compartment", [](Image& i) { i.cores[0].synapses[1] |= 0xFFFFU; }},
        {"reaches compartment", [](Image& i) { i.cores[0].input_axons[0].base = 65535; }},
        {"delay of 63",
         [](Image& i) {
             i.cores[0].formats[0].delay_bits = 5;
             i.cores[0].synapses[0] =
                 BlockHeader::pack(BlockHeader::last(i.cores[0].synapses[0]), 0,
                                   BlockHeader::count(i.cores[0].synapses[0]));
             i.cores[0].synapses[1] = SynapseWord::pack(1, 63, 0);
         }},
        {"its format allows 0",
         [](Image& i) {
             i.cores[0].synapses[0] =
                 BlockHeader::pack(BlockHeader::last(i.cores[0].synapses[0]), 1,
                                   BlockHeader::count(i.cores[0].synapses[0]));
             i.cores[0].synapses[1] = SynapseWord::pack(1, 1, 0);
         }},
        {"input axon 0", [](Image& i) { i.cores[0].input_axons[0].rows = 0; }},
        {"input axon 0", [](Image& i) { i.cores[0].input_axons[0].first_row = 0xFFFFFFFF; }},
        {"fan-out offsets", [](Image& i) { i.cores[0].output_first.clear(); }},
        {"fan-out offsets", [](Image& i) { i.cores[0].output_first[0] = 1; }},
        {"fan-out offsets", [](Image& i) { i.cores[0].output_first[1] = 0xFFFFFFFF; }},
        {"fan-out offsets", [](Image& i) { ++i.cores[0].output_first.back(); }},
        {"no such axon", [](Image& i) { i.cores[0].outputs[1].core = CoreId{999}; }},
        {"no such axon", [](Image& i) { i.cores[0].outputs[1].axon = 999; }},
        {"out of range", [](Image& i) { i.cores[0].outputs[1].atom = 999; }},
        {"out of range", [](Image& i) { i.cores[0].outputs[1].channel = 32; }},
        {"out of range", [](Image& i) { i.cores[0].outputs[1].payload_bits = 33; }},
        {"kind 7", [](Image& i) { i.inputs[0].kind = static_cast<InputKind>(7); }},
        {"fan-out offsets", [](Image& i) { i.inputs[0].output_first.pop_back(); }},
        {"no such axon", [](Image& i) { i.inputs[0].outputs[0].axon = 999; }},
        {"its shape",
         [](Image& i) {
             i.inputs[0].shape = {i.inputs[0].size, 2};
         }},
        {"comes from source", [](Image& i) { i.inputs[0].spike_sources[0] = 99; }},
        {"not sorted", [](Image& i) { i.inputs[0].spike_steps[4] = 0; }},
        {"not sorted",
         [](Image& i) {
             i.inputs[0].spike_steps[1] = i.inputs[0].spike_steps[0];
             i.inputs[0].spike_sources[0] = 1;
             i.inputs[0].spike_sources[1] = 0;
         }},
        {"spike steps", [](Image& i) { i.inputs[0].spike_steps.pop_back(); }},
        {"spike steps",
         [](Image& i) {
             i.inputs[1].spike_steps = {0};
             i.inputs[1].spike_sources = {0};
         }},
        {"spike payloads", [](Image& i) { i.inputs[0].spike_payloads.pop_back(); }},
        {"spike payloads", [](Image& i) { i.inputs[1].spike_payloads = {1}; }},
        {"rates", [](Image& i) { i.inputs[1].rates.pop_back(); }},
        {"rates", [](Image& i) { i.inputs[2].rates = {1}; }},
        {"sample values", [](Image& i) { i.inputs[0].samples = {1}; }},
        {"sample values", [](Image& i) { i.inputs[2].samples.pop_back(); }},
        {"sample values", [](Image& i) { i.inputs[3].samples.clear(); }},
        {"sample values", [](Image& i) { i.inputs[4].samples.push_back(0); }},
        {"sample values in", [](Image& i) { i.inputs[2].samples[0] = 256; }},
        {"sample values in", [](Image& i) { i.inputs[3].samples[0] = -1; }},
        {"sample values in", [](Image& i) { i.inputs[4].samples[0] = 2; }},
        {"full scale", [](Image& i) { i.inputs[2].full_scale = 0; }},
        {"values to write", [](Image& i) { i.inputs[6].samples.pop_back(); }},
        {"places to write", [](Image& i) { i.inputs[5].writes.pop_back(); }},
        {"places to write",
         [](Image& i) {
             i.inputs[0].writes.push_back({NeuronId{0}, 0});
         }},
        {"no such place", [](Image& i) { i.inputs[5].writes[0].neuron = NeuronId{1000000}; }},
        {"no such place", [](Image& i) { i.inputs[5].writes[0].state = 16; }},
        {"leave none", [](Image& i) { i.dataset.blank = i.dataset.steps_per_sample; }},
        {"labels", [](Image& i) { i.dataset.labels = {1}; }},
        {"population 99 of", [](Image& i) { i.dataset.until = 99; }},
        {"of 0 samples", [](Image& i) { i.dataset.samples = 0; }},
        {"some of its neurons do", [](Image& i) { i.dataset.until = DatasetImage::kNobody; }},
        {"neurons that end samples", [](Image& i) { i.dataset.until_members = {1000000}; }},
        {"neurons that end samples",
         [](Image& i) {
             i.dataset.until_members = {0, 0};
         }},
        {"inputs that follow its samples", [](Image& i) { i.dataset.until_rewards = {99}; }},
        {"inputs that follow its samples", [](Image& i) { i.dataset.until_rewards = {0}; }},
        {"readout: kind", [](Image& i) { i.readout.by = static_cast<ReadoutBy>(4); }},
        {"readout: population",
         [](Image& i) {
             i.readout.by = ReadoutBy::kSpikeCount;
             i.readout.population = 99;
         }},
        {"readout: state", [](Image& i) { i.readout.state = 16; }},
        {"classes combine by rule 3", [](Image& i) { i.readout.combine = static_cast<Vote>(3); }},
        {"readout: channel 32 of 32", [](Image& i) { i.readout.channel = 32; }},
        {"1 classes for",
         [](Image& i) {
             i.readout.by = ReadoutBy::kSpikeCount;
             i.populations[0].count = 2;
             i.readout.classes = {0};
         }},
        {"classes in [-2, ",
         [](Image& i) {
             i.readout.by = ReadoutBy::kSpikeCount;
             i.readout.classes.assign(i.populations[0].count, -2);
         }},
        {"weights in [1025, ",
         [](Image& i) {
             i.readout.by = ReadoutBy::kSpikeCount;
             i.readout.weights.assign(i.populations[0].count, 1025);
         }},
        {"accuracy", [](Image& i) { i.readout.reference_accuracy = 1.5; }},
        {"accuracy",
         [](Image& i) { i.readout.reference_accuracy = std::numeric_limits<double>::quiet_NaN(); }},
        {"probe 0: population", [](Image& i) { i.probes[0].population = 99; }},
        {"no word of population", [](Image& i) { i.probes[0].variable = "w"; }},
        {"probe 0: neuron", [](Image& i) { i.probes[0].neurons = {100000}; }},
        {"every 0", [](Image& i) { i.probes[0].every = 0; }},
        {"ends at population 99 of", [](Image& i) { i.projections[0].to = 99; }},
    };
    for (std::size_t d = 0; d < damages.size(); ++d) {
        CAPTURE(d, damages[d].what);
        Image image = good;
        damages[d].apply(image);
        const std::vector<std::string> faults = check_image(image);
        std::string all;
        for (const std::string& fault : faults) all += fault + "\n";
        CHECK_THAT(all, Catch::Contains(damages[d].what));
    }
}

TEST_CASE("a ruined image gives a bounded list of faults", "[image_check]") {
    Image image = sound();
    for (CoreImage& core : image.cores) {
        core.outputs.assign(100000, {CoreId{999}, 999, 999, 99, 99});
        core.neurons.assign(100000, NeuronId{12345678});
    }
    CHECK(check_image(image).size() == 100);
}

TEST_CASE("rows and axons that share synapses cannot make the check long", "[image_check]") {
    Image image = sound();
    CoreImage& core = image.cores[0];
    core.synapses.assign(100000, BlockHeader::pack(false, 0, 0));
    core.synapses.back() = BlockHeader::pack(true, 0, 0);
    core.rows.resize(100000);
    std::iota(core.rows.begin(), core.rows.end(), 0U);
    const auto faults = check_image(image);
    REQUIRE_FALSE(faults.empty());
    CHECK_THAT(faults[0], Catch::Contains("share too many"));
}
