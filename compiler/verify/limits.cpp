#include <algorithm>
#include <set>

#include "compiler/verify/parts.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::compiler::verifier {
namespace {

/// Bits of synapse memory that a block takes on the chip: it is cut into blocks of at most 64
/// synapses, each with 4 bits of format and 6 of count, in whole 64-bit words.
std::uint64_t block_bits(const isa::SynapseFormat& format, std::uint64_t synapses) {
    const std::uint64_t each =
        std::uint64_t{format.weight_bits} + format.delay_bits + format.tag_bits + format.index_bits;
    std::uint64_t words = 0;
    for (std::uint64_t left = synapses; left != 0;) {
        const std::uint64_t now = std::min<std::uint64_t>(left, 64);
        words += (now * each + 4 + 6 + 63) / 64;
        left -= now;
    }
    return words * 64;
}

/// What the rows of a core need; rows that start at the same place are stored once.
struct RowsNeed {
    std::uint64_t bits = 0;
    std::uint64_t synapses = 0;
    std::uint32_t longest_delay = 0;
};

RowsNeed need_of_rows(const isa::CoreImage& core) {
    std::vector<std::uint32_t> rows = core.rows;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    RowsNeed need;
    for (std::size_t at : rows) {
        for (bool last = false; !last;) {
            const std::uint32_t header = core.synapses[at];
            const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(header)];
            const std::uint32_t count = isa::BlockHeader::count(header);
            need.bits += block_bits(format, count);
            need.synapses += count;
            if (format.delay_bits != 0) {
                isa::for_each_synapse(
                    format, core.synapses.data() + at, [&need](const isa::StoredSynapse& synapse) {
                        need.longest_delay = std::max(need.longest_delay, synapse.delay);
                    });
            }
            last = isa::BlockHeader::last(header);
            at += isa::block_words(format, count);
        }
    }
    return need;
}

std::uint64_t microcode_words(const isa::Image& image, const isa::CoreImage& core) {
    std::set<std::uint32_t> programs;
    for (const isa::NeuronGroup& group : core.groups) programs.insert(group.program);
    std::uint64_t words = 0;
    for (const std::uint32_t program : programs) words += image.programs[program].words.size();
    return words;
}

void check_core(Subject& subject, const isa::CoreImage& core) {
    const isa::ChipSpec& chip = subject.chip;
    if (core.core.value() >= chip.cores() || !chip.core_works(core.core)) {
        subject.findings.add("VFY-CHIP", "core {} is {} on chip '{}'", core.core,
                             core.core.value() >= chip.cores() ? "not" : "dead", chip.name);
        return;
    }
    const isa::CoreLimits limits = chip.limits_of(core.core);
    const auto check = [&](const char* what, std::uint64_t need, std::uint64_t limit) {
        if (limit == 0 || need <= limit) return;
        subject.findings.add("VFY-LIMIT", "core {} needs {} {}, limit {} on chip '{}'", core.core,
                             need, what, limit, chip.name);
    };
    check("compartments", core.neurons.size(), limits.compartments);
    check("input axons", core.input_axons.size(), limits.input_axons);
    check("output axons", core.outputs.size(), limits.output_axons);
    check("synapse formats", core.formats.size(), limits.synapse_formats);
    check("neuron groups", core.groups.size(), limits.neuron_groups);
    check("microcode words", microcode_words(subject.image, core), limits.microcode_words);
    const RowsNeed rows = need_of_rows(core);
    check("steps of delay", rows.longest_delay, limits.max_delay);
    check("synapses", rows.synapses, limits.synapses);
    // A core whose words are all dead has a limit of 0.
    if (chip.limits.synapse_bits == 0 || rows.bits <= limits.synapse_bits) return;
    subject.findings.add("VFY-LIMIT", "core {} needs {} synapse bits, limit {} on chip '{}'",
                         core.core, rows.bits, limits.synapse_bits, chip.name);
}

}  // namespace

void check_limits(Subject& subject) {
    if (subject.image.chip != subject.chip.resolved) {
        subject.findings.add("VFY-CHIP",
                             "the image carries another chip description than chip '{}' of the "
                             "check",
                             subject.chip.name);
    }
    for (const isa::CoreImage& core : subject.image.cores) check_core(subject, core);
}

}  // namespace seamount::compiler::verifier
