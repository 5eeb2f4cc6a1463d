#include "tests/unit/spec/random_image.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "isa/microcode/instruction.hpp"

namespace seamount::isa::test {
namespace {

class Maker {
public:
    Maker(std::uint32_t seed, std::uint32_t scale) : random_{seed}, scale_{scale} {}

    Image make() {
        image_.network = text();
        image_.seed = random_();
        image_.dataset = {pick(1, 3), pick(3, 5), pick(0, 2), pick(0, 1) == 1, {}};
        if (pick(0, 1) == 1) image_.dataset.labels = values(image_.dataset.samples, -1, 70000);
        programs();
        populations();
        if (pick(0, 1) == 1) image_.dataset.kept.assign(image_.populations.size(), pick(0, 15));
        cores();
        inputs();
        image_.readout.by = static_cast<ReadoutBy>(pick(0, 3));
        image_.readout.state = pick(0, 15);
        image_.readout.reference_accuracy = 0.5;
        image_.readout.reference = text();
        image_.probes.push_back({0, "v", {0}, pick(1, 9), place()});
        image_.probes.push_back({1, "view", {}, 1, place()});
        for (std::uint32_t i = 0; i < pick(1, 3); ++i) {
            image_.projections.push_back({text(), text(), pick(0, 1),
                                          (std::uint64_t{random_()} << 32) + random_(), place()});
        }
        learning();
        events();
        votes();
        image_.dataset.until = 0;
        if (image_.dataset.reset) image_.dataset.until_members = {0};
        return std::move(image_);
    }

private:
    std::uint32_t pick(std::uint32_t low, std::uint32_t high) {
        return low + static_cast<std::uint32_t>(random_() % (high - low + 1));
    }

    std::string text() {
        std::string out(pick(0, 12), ' ');
        for (char& c : out) c = static_cast<char>(pick(1, 127));
        return out;
    }

    std::vector<std::int32_t> values(std::size_t count, std::int32_t low, std::int32_t high) {
        std::vector<std::int32_t> out(count);
        for (auto& v : out) v = std::uniform_int_distribution<std::int32_t>{low, high}(random_);
        return out;
    }

    SourceLocation place() { return {"net.yaml", pick(1, 99), pick(1, 99)}; }

    void votes() {
        ReadoutImage& readout = image_.readout;
        if (readout.by == ReadoutBy::kNone || pick(0, 1) == 0) return;
        readout.channel = static_cast<std::uint8_t>(pick(0, 31));
        readout.combine = static_cast<Vote>(pick(0, 2));
        const std::uint32_t cells = image_.populations[0].count;
        if (pick(0, 1) == 1) readout.classes = values(cells, -1, ReadoutImage::kMostClass);
        if (pick(0, 1) == 1) {
            readout.weights = values(cells, -ReadoutImage::kMostWeight, ReadoutImage::kMostWeight);
        }
    }

    void programs() {
        Instruction end;
        for (int i = 0; i < 2; ++i) {
            ProgramImage p{text(), "p.asm",    {encode(end)}, {pick(1, 9)},
                           {"k"},  {"v", "u"}, {"a"},         {}};
            p.views.push_back({"view", "v + 2 * k"});
            if (pick(0, 1) == 1) p.combine[pick(0, 3)] = static_cast<Accumulate>(pick(1, 3));
            image_.programs.push_back(std::move(p));
        }
    }

    void populations() {
        NeuronId first;
        for (std::uint32_t i = 0; i < pick(2, 4); ++i) {
            const std::uint32_t width = pick(1, 5) * scale_;
            const std::uint32_t height = pick(1, 3);
            image_.populations.push_back({text(), first, width * height, {height, width}, place()});
            first = first + width * height;
        }
    }

    /// One core per population, and two for the last one.
    void cores() {
        std::uint32_t core = pick(0, 3);
        const auto populations = static_cast<std::uint32_t>(image_.populations.size());
        for (std::uint32_t p = 0; p < populations; ++p) {
            const PopulationImage& population = image_.populations[p];
            const std::uint32_t half = p + 1 == populations ? population.count / 2 : 0;
            for (const auto& [from, to] :
                 {std::pair{0U, half}, std::pair{half, population.count}}) {
                if (from == to) continue;
                CoreImage c;
                c.core = CoreId{core};
                core += pick(1, 3);
                for (std::uint32_t n = from; n < to; ++n) {
                    c.neurons.push_back(population.first_neuron + n);
                }
                c.groups.push_back({p % 2, p, 0, to - from, {}, {{7}, {}}});
                c.groups[0].params[3] = static_cast<std::int32_t>(random_());
                c.groups[0].state[1] = values(to - from, -9, 9);
                synapses(c);
                image_.cores.push_back(std::move(c));
            }
        }
        for (CoreImage& c : image_.cores) outputs(c.neurons.size(), c.output_first, c.outputs);
    }

    void synapses(CoreImage& c) {
        c.formats.push_back({-3, 8, 6, 0, 7, 1, 2, SynapseFormat::kGraded});
        c.formats.push_back({0, 5, 0, 0, 0, 2, 0, SynapseFormat::kOnSum, 3});
        c.formats.push_back({1, 4, 2, 0, 0, 1, 0, SynapseFormat::kDense});
        SynapseFormat learns{1, 8, 6, 9, 10, 1, 0, 0};
        learns.plastic = 1;
        c.formats.push_back(learns);
        const auto compartments = static_cast<std::uint32_t>(c.neurons.size());
        const std::uint32_t base = compartments > 1 ? 1 : 0;
        for (std::uint32_t a = 0; a < pick(1, 3) * scale_; ++a) {
            const std::uint32_t rows = pick(1, 3);
            c.input_axons.push_back({static_cast<std::uint32_t>(c.rows.size()),
                                     static_cast<std::uint16_t>(rows),
                                     static_cast<std::uint16_t>(base)});
            for (std::uint32_t r = 0; r < rows; ++r) {
                c.rows.push_back(static_cast<std::uint32_t>(c.synapses.size()));
                const std::uint32_t blocks = pick(1, 2);
                for (std::uint32_t b = 0; b < blocks; ++b) {
                    const std::uint32_t count = pick(0, 4) * scale_;
                    const std::uint32_t format = pick(0, 2);
                    if (format == 2) {
                        dense_block(c, b + 1 == blocks, std::min(count, compartments - base));
                        continue;
                    }
                    c.synapses.push_back(BlockHeader::pack(b + 1 == blocks, format, count));
                    for (std::uint32_t s = 0; s < count; ++s) {
                        c.synapses.push_back(SynapseWord::pack(
                            static_cast<std::int32_t>(pick(0, 511)) - 256,
                            format == 0 ? pick(0, 62) : 0, pick(0, compartments - 1 - base)));
                    }
                }
            }
        }
    }

    /// Four bits of weight and two of delay each.
    void dense_block(CoreImage& c, bool last, std::uint32_t count) {
        c.synapses.push_back(BlockHeader::pack(last, 2, count));
        c.synapses.push_back(0);
        for (std::uint32_t word = 0; word < (count * 6 + 31) / 32; ++word) {
            c.synapses.push_back(static_cast<std::uint32_t>(random_()));
        }
    }

    /// An axon without base whose rows learn.
    void plastic_synapses(CoreImage& c) {
        const auto compartments = static_cast<std::uint32_t>(c.neurons.size());
        c.input_axons.push_back({static_cast<std::uint32_t>(c.rows.size()), 1, 0});
        c.rows.push_back(static_cast<std::uint32_t>(c.synapses.size()));
        const std::uint32_t count = pick(1, 4) * scale_;
        c.plastic.blocks.push_back({static_cast<std::uint32_t>(c.synapses.size()), pick(0, 4)});
        c.synapses.push_back(BlockHeader::pack(true, 3, count));
        for (std::uint32_t s = 0; s < count; ++s) {
            c.synapses.push_back(SynapseWord::pack(static_cast<std::int32_t>(pick(0, 511)) - 256,
                                                   pick(0, 20), pick(0, compartments - 1)));
            c.plastic.ids.push_back(pick(0, 99));
            c.plastic.tags.push_back(static_cast<std::int16_t>(pick(0, 500)) - 250);
        }
    }

    void learning() {
        LearningImage& learning = image_.learning;
        learning.enabled = pick(0, 1) == 1;
        learning.switches = {pick(1, 9), pick(10, 99)};
        LearningRuleImage rule;
        rule.name = text();
        rule.text[0] = "x0 + x1*y0";
        rule.mode = static_cast<LearnMode>(pick(0, 1));
        rule.rounding = static_cast<LearnRounding>(pick(0, 3));
        rule.epoch = static_cast<std::uint8_t>(pick(1, 255));
        if (rule.mode == LearnMode::kExact) rule.normal_sum = 3U * rule.epoch;
        rule.normal_every = 1U + rule.epoch % 9U;
        rule.max_delay = 20;
        rule.moves_delay = true;
        rule.threshold = static_cast<std::uint32_t>(random_());
        rule.traces[1].impulse = pick(0, 127);
        rule.traces[1].whole[127] = static_cast<std::uint8_t>(pick(0, 127));
        rule.traces[1].fraction[127] = static_cast<std::uint32_t>(random_());
        rule.words = encode(std::vector<LearnProduct>{
            {}, {LearnTarget::kTag, LearnGate::kY0, 0, {{LearnVariable::kX1, 3, false}}, -2, -3}});
        rule.where = place();
        learning.rules.push_back(std::move(rule));
        learning.projections.push_back({0, 0, 5});
        learning.rewards.push_back({pick(0, 1), 0});
        learning.rule_spikes.push_back(
            {.from = 0, .clear_tags = 0, .start = learning.enabled ? 1U : 0U});
        learning.probes.push_back({0, pick(1, 9), pick(0, 16)});
        image_.projections[0].synapses = 100;
        for (CoreImage& c : image_.cores) plastic_synapses(c);
    }

    void outputs(std::size_t sources, std::vector<std::uint32_t>& first,
                 std::vector<OutputAxon>& outputs) {
        first.push_back(0);
        const auto cores = static_cast<std::uint32_t>(image_.cores.size());
        for (std::size_t i = 0; i < sources; ++i) {
            for (std::uint32_t k = pick(0, 2); k > 0; --k) {
                const CoreImage& c = image_.cores[pick(0, cores - 1)];
                const auto axon = pick(0, static_cast<std::uint32_t>(c.input_axons.size()) - 1);
                const auto atom = pick(0, c.input_axons[axon].rows - 1U);
                outputs.push_back({c.core, static_cast<std::uint16_t>(axon),
                                   static_cast<std::uint16_t>(atom),
                                   static_cast<std::uint8_t>(pick(0, 31)),
                                   static_cast<std::uint8_t>(pick(0, 32))});
            }
            first.push_back(static_cast<std::uint32_t>(outputs.size()));
        }
    }

    InputImage& input(InputKind kind) {
        InputImage in;
        in.name = text();
        in.kind = kind;
        in.size = pick(1, 4) * scale_;
        if (pick(0, 1) == 1) in.shape = {in.size, 1};
        in.where = place();
        if (kind != InputKind::kWrite) outputs(in.size, in.output_first, in.outputs);
        image_.inputs.push_back(std::move(in));
        return image_.inputs.back();
    }

    void inputs() {
        const DatasetImage& data = image_.dataset;
        InputImage& spikes = input(InputKind::kSpikes);
        for (std::uint64_t step = 0; step < 5; ++step) {
            spikes.spike_steps.push_back(step << 33);
            spikes.spike_sources.push_back(pick(0, spikes.size - 1));
            spikes.spike_payloads.push_back(-70000 + static_cast<std::int32_t>(pick(0, 140000)));
        }
        InputImage& rate = input(InputKind::kRate);
        for (std::uint32_t i = 0; i < rate.size; ++i) {
            rate.rates.push_back(isa::InputImage::kAlways - pick(0, 1));
        }
        InputImage& poisson = input(InputKind::kPoisson);
        poisson.full_scale = 255;
        poisson.samples = values(std::size_t{data.samples} * poisson.size, 0, 255);
        InputImage& latency = input(InputKind::kLatency);
        latency.full_scale = 32767;
        latency.samples = values(std::size_t{data.samples} * latency.size, 0, 32767);
        InputImage& raster = input(InputKind::kRaster);
        raster.samples = values(
            std::size_t{data.samples} * (data.steps_per_sample - data.blank) * raster.size, 0, 1);
        for (const std::uint32_t samples : {1U, data.samples}) {
            InputImage& write = input(InputKind::kWrite);
            for (std::uint32_t i = 0; i < write.size; ++i) {
                write.writes.push_back({NeuronId{pick(0, image_.neuron_count() - 1)}, pick(0, 15)});
            }
            write.samples = values(std::size_t{samples} * write.size, -2000000000, 2000000000);
        }
    }

    void events() {
        const DatasetImage& data = image_.dataset;
        InputImage& events = input(InputKind::kTimedEvents);
        events.events = {.bin = 0.25, .counts = data.reset, .from_first = !data.reset};
        const std::uint64_t last =
            std::uint64_t{data.samples} * data.steps_per_sample - data.blank - 1;
        events.spike_steps =
            last == 0 ? std::vector<std::uint64_t>{0} : std::vector<std::uint64_t>{0, last};
        events.spike_sources.assign(events.spike_steps.size(), 0);
    }

    std::mt19937 random_;
    std::uint32_t scale_;
    Image image_;
};

}  // namespace

Image random_image(std::uint32_t seed, std::uint32_t scale) {
    return Maker{seed, scale}.make();
}

}  // namespace seamount::isa::test
