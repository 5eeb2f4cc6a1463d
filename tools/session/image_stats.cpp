#include "tools/session/image_stats.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::session {
namespace {

using isa::BlockHeader;

/// Follows fan-out lists to the synapses they reach.
class Walker {
public:
    explicit Walker(const isa::Image& image) : image_{image}, reached_(image.populations.size()) {
        for (std::size_t i = 0; i < image.cores.size(); ++i) {
            core_at_.emplace(image.cores[i].core, i);
            auto& populations = population_of_.emplace_back();
            for (const isa::NeuronGroup& group : image.cores[i].groups) {
                populations.insert(populations.end(), group.count, group.population);
            }
        }
    }

    void follow(std::span<const isa::OutputAxon> outputs, ImageStats& stats) {
        for (const isa::OutputAxon& output : outputs) {
            const std::size_t index = core_at_.at(output.core);
            const isa::CoreImage& core = image_.cores[index];
            isa::for_each_visit(core, core.input_axons.at(output.axon),
                                [&](std::uint32_t first, std::uint32_t base, bool padding) {
                                    if (!padding)
                                        follow_row(index, first + output.atom, base, stats);
                                });
        }
    }

    /// Neurons of the populations reached since the last call.
    std::uint64_t take_reached() {
        std::uint64_t neurons = 0;
        for (std::size_t p = 0; p < reached_.size(); ++p) {
            if (reached_[p] != 0) neurons += image_.populations[p].count;
            reached_[p] = 0;
        }
        return neurons;
    }

private:
    void follow_row(std::size_t index, std::uint32_t row, std::uint32_t base, ImageStats& stats) {
        const isa::CoreImage& core = image_.cores[index];
        const std::vector<std::uint32_t>& population = population_of_[index];
        std::size_t at = core.rows.at(row);
        for (bool last = false; !last;) {
            const std::uint32_t header = core.synapses.at(at);
            last = BlockHeader::last(header);
            const isa::SynapseFormat& format = core.formats.at(BlockHeader::format(header));
            isa::for_each_synapse(format, core.synapses.data() + at,
                                  [&](const isa::StoredSynapse& synapse) {
                                      reached_[population.at(base + synapse.target)] = 1;
                                      ++stats.synapses;
                                      stats.nonzero_synapses += synapse.weight != 0 ? 1U : 0U;
                                  });
            at += isa::block_words(format, BlockHeader::count(header));
        }
    }

    const isa::Image& image_;
    std::unordered_map<CoreId, std::size_t> core_at_;        ///< index into Image::cores
    std::vector<std::vector<std::uint32_t>> population_of_;  ///< per core and compartment
    std::vector<std::uint8_t> reached_;                      ///< per population
};

std::span<const isa::OutputAxon> fan_out(const std::vector<isa::OutputAxon>& outputs,
                                         const std::vector<std::uint32_t>& first, std::size_t i) {
    return std::span{outputs}.subspan(first.at(i), first.at(i + 1) - first.at(i));
}

/// Sources are visited population by population, so that one row of `reached` is enough.
void measure_inputs(const isa::Image& image, Walker& walker, ImageStats& stats) {
    for (const isa::InputImage& input : image.inputs) {
        if (input.output_first.empty()) continue;
        walker.follow(input.outputs, stats);
        stats.possible_connections += input.size * walker.take_reached();
    }
}

void measure_populations(const isa::Image& image, Walker& walker, ImageStats& stats) {
    for (std::size_t p = 0; p < image.populations.size(); ++p) {
        for (const isa::CoreImage& core : image.cores) {
            for (const isa::NeuronGroup& group : core.groups) {
                if (group.population != p) continue;
                for (std::uint32_t i = 0; i < group.count; ++i) {
                    walker.follow(fan_out(core.outputs, core.output_first, group.first + i), stats);
                }
            }
        }
        stats.possible_connections += image.populations[p].count * walker.take_reached();
    }
}

/// What the rows of a core need; rows that start at the same place are stored once.
struct SynapseNeed {
    std::uint64_t bits = 0;
    std::uint64_t synapses = 0;
    std::uint32_t delay = 0;  ///< the longest, in steps
};

SynapseNeed synapse_need(const isa::CoreImage& core) {
    SynapseNeed need;
    const std::set<std::uint32_t> rows(core.rows.begin(), core.rows.end());
    for (std::size_t at : rows) {
        for (bool last = false; !last;) {
            const std::uint32_t header = core.synapses.at(at);
            last = BlockHeader::last(header);
            const std::size_t count = BlockHeader::count(header);
            const isa::SynapseFormat& format = core.formats.at(BlockHeader::format(header));
            need.bits += isa::synapse_bits(format, count);
            const bool holes = (format.flags & isa::SynapseFormat::kHoles) != 0;
            if (!holes) need.synapses += count;
            if (holes || format.delay_bits != 0) {
                isa::for_each_synapse(format, core.synapses.data() + at,
                                      [&](const isa::StoredSynapse& synapse) {
                                          need.delay = std::max(need.delay, synapse.delay);
                                          if (holes) ++need.synapses;
                                      });
            }
            at += isa::block_words(format, count);
        }
    }
    return need;
}

}  // namespace

double ImageStats::connection_sparsity() const noexcept {
    if (possible_connections == 0) return 0.0;
    const double density =
        static_cast<double>(nonzero_synapses) / static_cast<double>(possible_connections);
    return std::max(0.0, 1.0 - density);  // parallel projections can exceed all pairs
}

ImageStats measure(const isa::Image& image) {
    ImageStats stats;
    stats.neurons = image.neuron_count();
    stats.cores = image.cores.size();
    for (const isa::CoreImage& core : image.cores) stats.footprint_bytes += core_bytes(core, image);
    Walker walker{image};
    measure_inputs(image, walker, stats);
    measure_populations(image, walker, stats);
    return stats;
}

/// Blocks stand one behind the other.
std::map<isa::SynapseFormat, Stored> stored_by_format(std::span<const isa::CoreImage> cores) {
    std::map<isa::SynapseFormat, Stored> stored;
    for (const isa::CoreImage& core : cores) {
        for (const isa::SynapseFormat& format : core.formats) stored[format];
        for (std::size_t at = 0; at < core.synapses.size();) {
            const std::uint32_t header = core.synapses[at];
            const isa::SynapseFormat& format = core.formats.at(isa::BlockHeader::format(header));
            const std::uint32_t count = isa::BlockHeader::count(header);
            stored[format].synapses += count;
            ++stored[format].blocks;
            at += isa::block_words(format, count);
        }
    }
    return stored;
}

std::uint64_t microcode_words(const isa::CoreImage& core, const isa::Image& image) {
    std::set<std::uint32_t> programs;
    for (const isa::NeuronGroup& group : core.groups) programs.insert(group.program);
    std::uint64_t words = 0;
    for (const std::uint32_t program : programs) words += image.programs.at(program).words.size();
    return words;
}

std::uint64_t core_bytes(const isa::CoreImage& core, const isa::Image& image) {
    std::uint64_t words = core.synapses.size() + core.rows.size() + microcode_words(core, image);
    for (const isa::NeuronGroup& group : core.groups) {
        const isa::ProgramImage& program = image.programs.at(group.program);
        words += program.params.size();
        words += std::uint64_t{group.count} *
                 (program.states.size() + std::max<std::size_t>(1, program.accumulators.size()));
    }
    return 4 * words + 8 * (core.input_axons.size() + core.visits.size() + core.outputs.size());
}

namespace {

/// Groups of compartments with one program and one set of parameters, whatever their population.
std::uint64_t neuron_groups(const isa::CoreImage& core) {
    std::set<std::pair<std::uint32_t, std::array<std::int32_t, isa::kParameters>>> groups;
    for (const isa::NeuronGroup& group : core.groups) groups.insert({group.program, group.params});
    return groups.size();
}

/// What a core needs of each thing that chips limit.
isa::CoreAmounts amounts(const isa::CoreImage& core, const isa::Image& image,
                         const SynapseNeed& synapses) {
    isa::CoreAmounts need;
    need.compartments = core.neurons.size();
    need.input_axons = core.input_axons.size();
    need.output_axons = core.outputs.size();
    need.synapse_bits = synapses.bits;
    need.synapses = synapses.synapses;
    need.synapse_formats = core.formats.size();
    need.neuron_groups = neuron_groups(core);
    need.microcode_words = microcode_words(core, image);
    const isa::PoolUse& pool = core.pool;
    if (pool == isa::PoolUse{}) return need;
    // On chips with a pool a place of a feature map is no axon of its own.
    need.input_axons = pool.input_axons;
    need.synapse_words = pool.synapse_words;
    need.synapse_bits = std::uint64_t{pool.synapse_words} * isa::ChipSpec::kSynapseWordBits;
    need.axon_map = pool.axon_map;
    need.axon_memory = pool.axon_memory;
    need.pool_words = std::uint64_t{pool.input_axons} + need.compartments + core.padding +
                      pool.synapse_words + pool.axon_map + pool.axon_memory;
    return need;
}

}  // namespace

isa::CoreAmounts core_amounts(const isa::CoreImage& core, const isa::Image& image) {
    return amounts(core, image, synapse_need(core));
}

namespace {

/// Of the rules by which synapses of the core learn.
std::uint64_t longest_epoch(const isa::CoreImage& core, const isa::Image& image) {
    std::uint64_t longest = 0;
    for (const isa::SynapseFormat& format : core.formats) {
        if (format.plastic == 0) continue;
        const isa::PlasticImage& entry = image.learning.projections[format.plastic - 1U];
        longest = std::max<std::uint64_t>(longest, image.learning.rules[entry.rule].epoch);
    }
    return longest;
}

}  // namespace

void check_fit(const isa::Image& image, const isa::ChipSpec& chip, const std::string& name) {
    Diagnostics found;
    const SourceLocation where{name, 0, 0};
    const std::string hint = "recompile the network for this chip: seamount compile --chip";
    for (const isa::CoreImage& core : image.cores) {
        const auto check = [&](std::string_view what, std::uint64_t need, std::uint64_t allowed) {
            if (allowed == 0 || need <= allowed) return;
            found.error("CHIP-LIMIT", where,
                        fmt::format("core {} needs {} {}, chip '{}' has {}", core.core, need, what,
                                    chip.name, allowed),
                        hint);
        };
        if (core.core.value() >= chip.cores()) {
            found.error("CHIP-CORE", where,
                        fmt::format("the image uses core {}, chip '{}' has cores 0..{}", core.core,
                                    chip.name, chip.cores() - 1),
                        hint);
        }
        const SynapseNeed synapses = synapse_need(core);
        const isa::CoreAmounts need = amounts(core, image, synapses);
        for (const isa::CoreLimitInfo& row : isa::kCoreLimitTable) {
            check(row.words, need.*row.amount, chip.limits.*row.amount);
        }
        check("steps of delay", synapses.delay, chip.limits.max_delay);
        check("steps of an epoch", longest_epoch(core, image), chip.limits.learning_epoch);
    }
    found.throw_if_errors();
}

}  // namespace seamount::session
