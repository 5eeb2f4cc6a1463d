#include <algorithm>
#include <array>
#include <set>
#include <utility>

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

/// Of the rule by which synapses of the format learn; 0 if they do not, or not by one that is
/// there.
std::uint32_t epoch_of(const isa::SynapseFormat& format, const isa::LearningImage& learning) {
    if (format.plastic == 0 || format.plastic > learning.projections.size()) return 0;
    const std::uint32_t rule = learning.projections[format.plastic - 1U].rule;
    return rule < learning.rules.size() ? learning.rules[rule].epoch : 0U;
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
            isa::for_each_synapse(
                format, core.synapses.data() + at, [&need](const isa::StoredSynapse& synapse) {
                    ++need.synapses;
                    need.longest_delay = std::max(need.longest_delay, synapse.delay);
                });
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

/// Groups of compartments with one program and one set of parameters, whatever their population.
std::uint64_t neuron_groups(const isa::CoreImage& core) {
    std::set<std::pair<std::uint32_t, std::array<std::int32_t, isa::kParameters>>> groups;
    for (const isa::NeuronGroup& group : core.groups) groups.insert({group.program, group.params});
    return groups.size();
}

/// What a core needs of each thing that chips limit, counted from the image alone.
isa::CoreAmounts need_of(const isa::Image& image, const isa::CoreImage& core,
                         const RowsNeed& rows) {
    isa::CoreAmounts need;
    need.compartments = core.neurons.size();
    need.input_axons = core.input_axons.size();
    need.output_axons = core.outputs.size();
    need.synapse_bits = rows.bits;
    need.synapses = rows.synapses;
    need.synapse_formats = core.formats.size();
    need.neuron_groups = neuron_groups(core);
    need.microcode_words = microcode_words(image, core);
    return need;
}

void check_core(Subject& subject, const isa::CoreImage& core) {
    const isa::ChipSpec& chip = subject.chip;
    if (core.core.value() >= chip.cores() || !chip.core_works(core.core)) {
        subject.findings.add("VFY-CHIP", "core {} is {} on chip '{}'", core.core,
                             core.core.value() >= chip.cores() ? "not" : "dead", chip.name);
        return;
    }
    const isa::CoreLimits limits = chip.limits_of(core.core);
    const auto exceeds = [&](std::string_view what, std::uint64_t need, std::uint64_t limit) {
        subject.findings.add("VFY-LIMIT", "core {} needs {} {}, limit {} on chip '{}'", core.core,
                             need, what, limit, chip.name);
    };
    const RowsNeed rows = need_of_rows(core);
    isa::CoreAmounts need = need_of(subject.image, core, rows);
    if (!subject.pool.empty()) {
        const auto slot = static_cast<std::size_t>(&core - subject.image.cores.data());
        const isa::PoolUse& use = subject.pool[slot];
        need.input_axons = use.input_axons;
        need.synapse_words = use.synapse_words;
        need.synapse_bits = std::uint64_t{use.synapse_words} * isa::ChipSpec::kSynapseWordBits;
        need.axon_map = use.axon_map;
        need.axon_memory = use.axon_memory;
        need.pool_words = need.compartments + subject.padding[slot] + use.input_axons +
                          use.synapse_words + use.axon_map + use.axon_memory;
    }
    for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
        // Only the chip's own 0 is no limit: a core whose memory is all dead has 0 left.
        const bool unlimited = chip.limits.*row.amount == 0;
        const std::uint64_t limit = limits.*row.amount;
        if (!unlimited && need.*row.amount > limit) exceeds(row.words, need.*row.amount, limit);
    }
    if (limits.max_delay != 0 && rows.longest_delay > limits.max_delay) {
        exceeds("steps of delay", rows.longest_delay, limits.max_delay);
    }
    for (const isa::SynapseFormat& format : core.formats) {
        const std::uint32_t epoch = epoch_of(format, subject.image.learning);
        if (epoch > limits.learning_epoch) {
            exceeds("steps of an epoch", epoch, limits.learning_epoch);
        }
    }
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
