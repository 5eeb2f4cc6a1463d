#include "tests/unit/timing/micro_image.hpp"

#include "isa/assembly/assembler.hpp"
#include "isa/base/assert.hpp"

namespace seamount::test {

namespace {

constexpr const char* kSources[MicroImage::kPrograms] = {
    ".state s\nend\n",
    "spk #1\nend\n",
    ".acc input\nrdc r0, input, 0\ncmp.gt r0, #0\nspk?f #1\nend\n",
    (".acc input\n.state s\nrnd r0, 3\nrdc r1, input, 0\nand s, r0, #1\ncmp.eq r0, #0\nspk?f #1\n"
     "end\n"),
};

}  // namespace

MicroImage::MicroImage() {
    image_.network = "micro.yaml";
    for (const char* source : kSources) {
        const isa::Program program = isa::assemble(source, "micro.asm");
        isa::ProgramImage& added = image_.programs.emplace_back();
        added.name = "program" + std::to_string(image_.programs.size());
        added.words = program.words;
        added.lines = program.lines;
        for (const isa::WordDecl& state : program.states) added.states.push_back(state.name);
        added.accumulators = program.accumulators;
    }
}

std::uint16_t MicroImage::add_core(std::uint32_t core, Program program,
                                   std::uint32_t compartments) {
    const auto index = static_cast<std::uint32_t>(image_.cores.size());
    const NeuronId first_neuron{image_.neuron_count()};

    isa::PopulationImage& population = image_.populations.emplace_back();
    population.name = "core" + std::to_string(core);
    population.first_neuron = first_neuron;
    population.count = compartments;
    population.shape = {compartments};

    isa::CoreImage& added = image_.cores.emplace_back();
    added.core = CoreId{core};
    isa::NeuronGroup& group = added.groups.emplace_back();
    group.program = program;
    group.population = index;
    group.count = compartments;
    group.state.resize(image_.programs[program].states.size(), {0});
    for (std::uint32_t i = 0; i < compartments; ++i) added.neurons.push_back(first_neuron + i);
    added.formats.emplace_back();
    outputs_.emplace_back(compartments);
    return static_cast<std::uint16_t>(index);
}

std::uint16_t MicroImage::add_axon(std::uint16_t index, const std::vector<std::uint32_t>& targets) {
    isa::CoreImage& core = image_.cores[index];
    isa::InputAxon axon;
    axon.first_row = static_cast<std::uint32_t>(core.rows.size());
    core.rows.push_back(static_cast<std::uint32_t>(core.synapses.size()));
    core.synapses.push_back(
        isa::BlockHeader::pack(true, 0, static_cast<std::uint32_t>(targets.size())));
    for (const std::uint32_t target : targets) {
        core.synapses.push_back(isa::SynapseWord::pack(1, 0, target));
    }
    core.input_axons.push_back(axon);
    return static_cast<std::uint16_t>(core.input_axons.size() - 1);
}

void MicroImage::connect(std::uint16_t source, std::uint32_t compartment, std::uint16_t target,
                         std::uint16_t axon, bool graded) {
    isa::OutputAxon output = axon_of(target, axon);
    output.payload_bits = graded ? std::uint8_t{24} : std::uint8_t{0};
    outputs_[source][compartment].push_back(output);
}

isa::OutputAxon MicroImage::axon_of(std::uint16_t target, std::uint16_t axon) const {
    isa::OutputAxon output;
    output.core = image_.cores[target].core;
    output.axon = axon;
    return output;
}

void MicroImage::add_input(const std::vector<std::uint64_t>& steps,
                           const std::vector<isa::OutputAxon>& fan_out) {
    isa::InputImage& input = image_.inputs.emplace_back();
    input.name = "input" + std::to_string(image_.inputs.size());
    input.kind = isa::InputKind::kSpikes;
    input.size = 1;
    input.shape = {1};
    input.spike_steps = steps;
    input.spike_sources.assign(steps.size(), 0);
    input.output_first = {0, static_cast<std::uint32_t>(fan_out.size())};
    input.outputs = fan_out;
}

void MicroImage::add_writes(std::uint32_t count) {
    isa::InputImage& input = image_.inputs.emplace_back();
    input.name = "input" + std::to_string(image_.inputs.size());
    input.kind = isa::InputKind::kWrite;
    input.size = count;
    input.shape = {count};
    input.samples.assign(count, 7);
    for (std::uint32_t neuron = 0; neuron < count; ++neuron)
        input.writes.push_back({NeuronId{neuron}, 0});
}

isa::Image MicroImage::build() const {
    isa::Image image = image_;
    for (std::size_t core = 0; core < image.cores.size(); ++core) {
        isa::CoreImage& added = image.cores[core];
        added.output_first.push_back(0);
        for (const auto& list : outputs_[core]) {
            added.outputs.insert(added.outputs.end(), list.begin(), list.end());
            added.output_first.push_back(static_cast<std::uint32_t>(added.outputs.size()));
        }
    }
    for (const std::string& fault : isa::check_image(image)) SM_ASSERT(false, fault);
    return image;
}

}  // namespace seamount::test
