#include "tools/inspect/core_sheet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "isa/assembly/disassembler.hpp"
#include "isa/base/text.hpp"
#include "isa/image/synapse_block.hpp"
#include "tools/base/console.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

constexpr std::size_t kListed = 20;

std::string rest(std::size_t count, const char* what) {
    if (count <= kListed) return {};
    return fmt::format("  ... {} more {}\n", grouped(count - kListed), what);
}

std::string groups(const isa::Image& image, const isa::CoreImage& core) {
    Table table{{"compartments", "population", "program", "neurons", "parameters"}};
    for (const isa::NeuronGroup& group : core.groups) {
        const isa::ProgramImage& program = image.programs[group.program];
        const isa::PopulationImage& population = image.populations[group.population];
        std::string params;
        for (std::size_t p = 0; p < program.params.size(); ++p) {
            params += fmt::format("{}{}={}", p == 0 ? "" : " ", program.params[p], group.params[p]);
        }
        const std::uint32_t last = group.first + group.count - 1;
        table.add({fmt::format("{}..{}", group.first, last), population.name, program.name,
                   fmt::format("{}..{}", core.neurons[group.first] - population.first_neuron,
                               core.neurons[last] - population.first_neuron),
                   params});
    }
    return table.text();
}

std::string formats(const isa::CoreImage& core) {
    Table table{{"format", "weight bits", "exponent", "delay bits", "index bits", "sign mode",
                 "accumulator", "flags"}};
    for (std::size_t f = 0; f < core.formats.size(); ++f) {
        const isa::SynapseFormat& format = core.formats[f];
        std::string flags;
        if ((format.flags & isa::SynapseFormat::kGraded) != 0) flags += " graded";
        if ((format.flags & isa::SynapseFormat::kDense) != 0) flags += " dense";
        if (format.rule() != isa::Accumulate::kSum) {
            flags += fmt::format(" {}", name_of(isa::kAccumulateNames, format.rule()));
        }
        if ((format.flags & isa::SynapseFormat::kOnSum) != 0) {
            flags += fmt::format(" sum {}", format.sum);
        }
        table.add({fmt::format("{}", f), fmt::format("{}", format.weight_bits),
                   fmt::format("{}", format.weight_exponent), fmt::format("{}", format.delay_bits),
                   fmt::format("{}", format.index_bits), fmt::format("{}", format.sign_mode),
                   fmt::format("{}", format.accumulator), flags.empty() ? "" : flags.substr(1)});
    }
    return table.empty() ? "" : table.text();
}

/// Synapses and distinct formats of one row.
std::pair<std::uint64_t, std::set<std::uint32_t>> row_of(const isa::CoreImage& core,
                                                         std::size_t at) {
    std::uint64_t synapses = 0;
    std::set<std::uint32_t> used;
    for (bool last = false; !last;) {
        const std::uint32_t header = core.synapses[at];
        const std::uint32_t format = isa::BlockHeader::format(header);
        const std::uint32_t count = isa::BlockHeader::count(header);
        isa::for_each_synapse(core.formats[format], core.synapses.data() + at,
                              [&synapses](const isa::StoredSynapse&) { ++synapses; });
        used.insert(format);
        last = isa::BlockHeader::last(header);
        at += isa::block_words(core.formats[format], count);
    }
    return {synapses, used};
}

std::string input_axons(const isa::CoreImage& core) {
    Table table{{"input axon", "first row", "rows", "base", "synapses", "formats"}};
    for (std::size_t a = 0; a < std::min(core.input_axons.size(), kListed); ++a) {
        const isa::InputAxon& axon = core.input_axons[a];
        std::uint64_t synapses = 0;
        std::set<std::uint32_t> used;
        isa::for_each_visit(core, axon, [&](std::uint32_t first, std::uint32_t, bool padding) {
            for (std::uint32_t r = first; !padding && r < first + axon.rows; ++r) {
                const auto [count, formats_of_row] = row_of(core, core.rows[r]);
                synapses += count;
                used.insert(formats_of_row.begin(), formats_of_row.end());
            }
        });
        table.add({fmt::format("{}", a),
                   fmt::format("{}{}", axon.has_visits() ? "visit " : "", axon.first_visit()),
                   fmt::format("{}", axon.rows), fmt::format("{}", axon.base), grouped(synapses),
                   fmt::format("{}", fmt::join(used, " "))});
    }
    return table.empty() ? "" : table.text() + rest(core.input_axons.size(), "input axons");
}

std::string output_axons(const isa::CoreImage& core) {
    Table table{{"compartment", "output axons: core/axon[.atom][#channel] [payload bits]"}};
    for (std::size_t k = 0; k < std::min(core.neurons.size(), kListed); ++k) {
        std::string list;
        for (std::uint32_t o = core.output_first[k]; o < core.output_first[k + 1]; ++o) {
            const isa::OutputAxon& output = core.outputs[o];
            list += fmt::format("{}{}/{}", list.empty() ? "" : " ", output.core, output.axon);
            if (output.atom != 0) list += fmt::format(".{}", output.atom);
            if (output.channel != 0) list += fmt::format("#{}", output.channel);
            if (output.graded()) list += fmt::format("[{}]", output.payload_bits);
        }
        table.add({fmt::format("{}", k), list});
    }
    return table.text() + rest(core.neurons.size(), "compartments");
}

std::string microcode(const isa::Image& image, const isa::CoreImage& core) {
    std::set<std::uint32_t> programs;
    for (const isa::NeuronGroup& group : core.groups) programs.insert(group.program);
    std::string text;
    for (const std::uint32_t index : programs) {
        const isa::ProgramImage& program = image.programs[index];
        text +=
            fmt::format("microcode of {}: {} words\n{}", program.name, program.words.size(),
                        isa::disassemble(program.words, {program.params, program.states,
                                                         program.accumulators, program.combine}));
    }
    return text;
}

}  // namespace

std::string core_sheet(const isa::Image& image, CoreId core, const std::string& file) {
    const auto found = std::find_if(image.cores.begin(), image.cores.end(),
                                    [core](const auto& c) { return c.core == core; });
    if (found == image.cores.end()) {
        bad_input("CLI-CORE", file, fmt::format("the image does not use core {}", core),
                  "'seamount inspect IMAGE' lists the cores that it uses");
    }
    return fmt::format("core {}: {}, {}, {} words of synapse memory\n", core,
                       counted(found->neurons.size(), "compartment"),
                       counted(found->input_axons.size(), "input axon"),
                       grouped(found->synapses.size())) +
           groups(image, *found) + formats(*found) + input_axons(*found) + output_axons(*found) +
           microcode(image, *found);
}

}  // namespace seamount::tools
