#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "isa/image/image_check.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::isa {
namespace {

void check_rule(std::size_t index, const LearningRuleImage& rule, Faults& faults) {
    const auto fault = [&](const std::string& text) {
        faults.add(fmt::format("learning rule {} '{}': {}", index, rule.name, text));
    };
    if (kLearnModeNames.index_of(rule.mode) >= kLearnModeNames.size() ||
        kLearnRoundingNames.index_of(rule.rounding) >= kLearnRoundingNames.size() ||
        kGradedTraceNames.index_of(rule.graded) >= kGradedTraceNames.size()) {
        fault("its mode, rounding or treatment of payloads is unknown");
    }
    if (rule.epoch < 1 || rule.epoch > kMaxEpoch ||
        (rule.mode == LearnMode::kBrian2Loihi && rule.epoch != 1)) {
        fault(fmt::format("an epoch of {} steps", rule.epoch));
    }
    if (rule.normal_sum > kMaxNormalSum || rule.normal_every == 0 ||
        (rule.normal_sum != 0 && rule.mode != LearnMode::kExact)) {
        fault(fmt::format("normalises weights to {} in every {}th epoch", rule.normal_sum,
                          rule.normal_every));
    }
    if (rule.max_delay > kMaxDelay) {
        fault(fmt::format("delays up to {}, at most {}", rule.max_delay, kMaxDelay));
    }
    for (const TraceImage& trace : rule.traces) {
        const bool decays = std::all_of(trace.whole.begin(), trace.whole.end(),
                                        [](std::uint8_t h) { return h <= kMaxTrace; });
        if (trace.impulse > kMaxTrace || trace.impulse_fraction > 255 || !decays) {
            fault("a trace leaves 7 bits");
        }
    }
    const bool exact = rule.mode == LearnMode::kExact || rule.mode == LearnMode::kBrian2Loihi;
    for (const std::string& text : check_learning(rule.words, exact)) fault(text);
}

void check_projections(const Image& image, Faults& faults) {
    const LearningImage& learning = image.learning;
    if (learning.projections.size() > 255) {
        faults.add(fmt::format("{} projections learn, at most 255", learning.projections.size()));
    }
    std::vector<bool> seen(image.projections.size(), false);
    for (std::size_t i = 0; i < learning.projections.size() && !faults.full(); ++i) {
        const PlasticImage& plastic = learning.projections[i];
        if (plastic.projection >= image.projections.size() ||
            plastic.rule >= learning.rules.size() || seen[plastic.projection]) {
            faults.add(fmt::format("learning projection {} is projection {} with rule {}", i,
                                   plastic.projection, plastic.rule));
            continue;
        }
        seen[plastic.projection] = true;
    }
    for (const WeightProbeImage& probe : learning.probes) {
        if (probe.entry < learning.projections.size() && probe.every != 0 &&
            probe.bins <= kMaxWeightBins) {
            continue;
        }
        if (!faults.add(
                fmt::format("a probe of learning projection {} with {} bins, every {} steps",
                            probe.entry, probe.bins, probe.every))) {
            return;
        }
    }
    for (const RewardImage& reward : learning.rewards) {
        if (reward.channel < kRewards && reward.population < image.populations.size()) continue;
        if (!faults.add(fmt::format("a reward of population {} goes to channel {}",
                                    reward.population, reward.channel))) {
            return;
        }
    }
}

bool names_population(const Image& image, std::uint32_t index) {
    return index == RuleSpikesImage::kNobody || index < image.populations.size();
}

void check_rule_spikes(const Image& image, Faults& faults) {
    const std::vector<RuleSpikesImage>& all = image.learning.rule_spikes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const RuleSpikesImage& one = all[i];
        const bool ascends = i == 0 || all[i - 1].rule < one.rule;
        if (ascends && one.rule < image.learning.rules.size() && one.start <= 1 &&
            names_population(image, one.from) && names_population(image, one.until) &&
            names_population(image, one.clear_tags)) {
            continue;
        }
        if (!faults.add(fmt::format("spikes of populations {}, {} and {} switch learning rule {}, "
                                    "which starts as {}",
                                    one.from, one.until, one.clear_tags, one.rule, one.start))) {
            return;
        }
    }
}

/// A synapse that learns or is tied, by its ends within their populations.
struct EndedSynapse {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint32_t id = 0;
    std::int32_t weight = 0;
    std::uint8_t sign_mode = 0;
    friend auto operator<=>(const EndedSynapse&, const EndedSynapse&) = default;
};

/// Those of an entry of LearningImage::projections in order; `turned`: source and target exchanged.
std::vector<EndedSynapse> synapses_of(const Image& image, std::uint32_t entry, bool turned) {
    const ProjectionImage& projection =
        image.projections[image.learning.projections[entry].projection];
    const std::uint32_t first = image.populations[projection.to].first_neuron.value();
    std::vector<EndedSynapse> synapses;
    for (const CoreImage& core : image.cores) {
        std::size_t at = 0;  // of PlasticMemory::ids
        for (const PlasticBlock& block : core.plastic.blocks) {
            const std::uint32_t* const header = core.synapses.data() + block.header;
            const SynapseFormat& format = core.formats[BlockHeader::format(*header)];
            const std::uint32_t count = BlockHeader::count(*header);
            for (std::uint32_t i = 0; i < count && format.plastic == entry + 1; ++i) {
                const std::uint32_t word = header[1 + i];
                const std::uint32_t compartment = SynapseWord::target(word);
                if (compartment >= core.neurons.size()) continue;  // of a row that no axon reaches
                const std::uint32_t target = core.neurons[compartment].value() - first;
                synapses.push_back({turned ? target : block.source, turned ? block.source : target,
                                    core.plastic.ids[at + i], SynapseWord::weight(word),
                                    format.sign_mode});
            }
            at += count;
        }
    }
    std::sort(synapses.begin(), synapses.end());
    return synapses;
}

/// Whether the synapses of one are those of the other turned around, with the same weights.
bool are_transposed(const Image& image, const TieImage& tie) {
    const auto learner = synapses_of(image, tie.learner, false);
    const auto tied = synapses_of(image, tie.tied, true);
    return std::equal(learner.begin(), learner.end(), tied.begin(), tied.end(),
                      [](const EndedSynapse& a, const EndedSynapse& b) {
                          return a.source == b.source && a.target == b.target &&
                                 a.weight == b.weight && a.sign_mode == b.sign_mode;
                      });
}

/// Plastic memory of one core against its blocks.
class PlasticCheck {
public:
    PlasticCheck(const CoreImage& core, CheckContext& context) : core_{core}, context_{context} {}

    void run() {
        const PlasticMemory& memory = core_.plastic;
        std::uint64_t synapses = 0;
        for (std::size_t b = 0; b < memory.blocks.size(); ++b) {
            if (b != 0 && memory.blocks[b].header <= memory.blocks[b - 1].header) {
                fault("its plastic blocks do not ascend");
                return;
            }
            const std::uint32_t* const header = header_of(memory.blocks[b]);
            if (header == nullptr) return;
            synapses += BlockHeader::count(*header);
            if (!check_block(memory.blocks[b], *header, synapses)) return;
        }
        if (synapses != memory.ids.size() ||
            (!memory.tags.empty() && memory.tags.size() != synapses) ||
            (!memory.second_tags.empty() && memory.second_tags.size() != synapses)) {
            fault(fmt::format("{} plastic synapses, {} ids, {} and {} tags", synapses,
                              memory.ids.size(), memory.tags.size(), memory.second_tags.size()));
        }
        check_rows();
    }

private:
    bool fault(const std::string& text) {
        return context_.faults.add(fmt::format("core {}: {}", core_.core, text));
    }

    const std::uint32_t* header_of(const PlasticBlock& block) {
        const std::vector<std::uint32_t>& words = core_.synapses;
        const std::uint32_t* const header =
            block.header < words.size() ? words.data() + block.header : nullptr;
        if (header == nullptr || BlockHeader::format(*header) >= core_.formats.size() ||
            BlockHeader::count(*header) >= words.size() - block.header) {
            fault(fmt::format("its plastic block at word {} is none", block.header));
            return nullptr;
        }
        const std::uint8_t plastic = core_.formats[BlockHeader::format(*header)].plastic;
        if (plastic == 0 || plastic > context_.image.learning.projections.size()) {
            fault(fmt::format("its plastic block at word {} has a static format", block.header));
            return nullptr;
        }
        return header;
    }

    bool check_block(const PlasticBlock& block, std::uint32_t header, std::uint64_t end) {
        const Image& image = context_.image;
        const PlasticMemory& memory = core_.plastic;
        const SynapseFormat& format = core_.formats[BlockHeader::format(header)];
        const PlasticImage& plastic = image.learning.projections[format.plastic - 1U];
        if (plastic.projection >= image.projections.size() ||
            plastic.rule >= image.learning.rules.size()) {
            return false;  // reported
        }
        const LearningRuleImage& rule = image.learning.rules[plastic.rule];
        const std::uint64_t synapses = image.projections[plastic.projection].synapses;
        if (block.source >= plastic.sources) {
            fault(fmt::format("a plastic block comes from source {} of {}", block.source,
                              plastic.sources));
        }
        if (rule.moves_delay && rule.max_delay >= (1U << std::min<int>(format.delay_bits, 6))) {
            fault(fmt::format("delays up to {} do not fit into {} bits", rule.max_delay,
                              format.delay_bits));
        }
        const std::uint64_t first = end - BlockHeader::count(header);
        for (std::uint64_t i = first; i < std::min<std::uint64_t>(end, memory.ids.size()); ++i) {
            if (memory.ids[i] < synapses) continue;
            return fault(fmt::format("synapse {} of a projection of {}", memory.ids[i], synapses));
        }
        return true;
    }

    /// Every block of a plastic format must be listed, belong to one row and be reached without a
    /// base.
    void check_rows() {
        const std::vector<std::uint32_t>& rows = core_.rows;
        std::vector<std::uint32_t> order(rows.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return rows[a] < rows[b]; });
        std::vector<std::uint32_t> plastic_row(rows.size() + 1, 0);
        std::vector<bool> seen(core_.plastic.blocks.size(), false);
        for (std::size_t i = 0; i < order.size(); ++i) {
            const bool again = i != 0 && rows[order[i]] == rows[order[i - 1]];
            if (again && plastic_row[order[i - 1] + 1] == 0) continue;
            if (!check_row(order[i], seen, plastic_row[order[i] + 1])) return;
        }
        std::partial_sum(plastic_row.begin(), plastic_row.end(), plastic_row.begin());
        for (const InputAxon& axon : core_.input_axons) {
            const std::size_t end = std::size_t{axon.first_row} + axon.rows;
            if (axon.base == 0 || plastic_row[end] == plastic_row[axon.first_row]) continue;
            fault(fmt::format("an axon with base {} reaches a plastic row", axon.base));
            return;
        }
    }

    bool check_row(std::size_t r, std::vector<bool>& seen, std::uint32_t& plastic) {
        std::uint64_t at = core_.rows[r];
        for (bool last = false; !last;) {
            const std::uint32_t header = core_.synapses[at];
            last = BlockHeader::last(header);
            const SynapseFormat& format = core_.formats[BlockHeader::format(header)];
            if (format.plastic != 0) {
                plastic = 1;
                const std::optional<std::size_t> block = listed(at);
                if (!block || seen[*block]) {
                    fault(fmt::format("its plastic block at word {} is {}", at,
                                      block ? "in two rows" : "not listed"));
                    return false;
                }
                seen[*block] = true;
            }
            at += block_words(format, BlockHeader::count(header));
        }
        return true;
    }

    /// Index of the plastic block with this header.
    [[nodiscard]] std::optional<std::size_t> listed(std::uint64_t header) const {
        const auto& blocks = core_.plastic.blocks;
        const auto found = std::lower_bound(
            blocks.begin(), blocks.end(), header,
            [](const PlasticBlock& block, std::uint64_t h) { return block.header < h; });
        if (found == blocks.end() || found->header != header) return std::nullopt;
        return static_cast<std::size_t>(found - blocks.begin());
    }

    const CoreImage& core_;
    CheckContext& context_;
};

}  // namespace

void check_learning_image(CheckContext& context) {
    const LearningImage& learning = context.image.learning;
    if (!std::is_sorted(learning.switches.begin(), learning.switches.end())) {
        context.faults.add("the steps that switch learning do not ascend");
    }
    for (std::size_t r = 0; r < learning.rules.size() && !context.faults.full(); ++r) {
        check_rule(r, learning.rules[r], context.faults);
    }
    check_projections(context.image, context.faults);
    check_rule_spikes(context.image, context.faults);
}

void check_ties(CheckContext& context) {
    const Image& image = context.image;
    const LearningImage& learning = image.learning;
    const std::vector<TieImage>& ties = learning.ties;
    const auto is_tied = [&ties](std::uint32_t entry) {
        return std::any_of(ties.begin(), ties.end(),
                           [entry](const TieImage& tie) { return tie.tied == entry; });
    };
    for (std::size_t i = 0; i < ties.size(); ++i) {
        const TieImage& tie = ties[i];
        const std::size_t entries = learning.projections.size();
        if (tie.learner >= entries || tie.tied >= entries || is_tied(tie.learner) ||
            (i != 0 && ties[i - 1].tied >= tie.tied)) {
            context.faults.add(fmt::format("learning projection {} of {} is tied to {}", tie.tied,
                                           entries, tie.learner));
            return;
        }
        if (are_transposed(image, tie)) continue;
        context.faults.add(
            fmt::format("learning projection {} is tied to {}, but its synapses are not those of "
                        "it turned around",
                        tie.tied, tie.learner));
    }
}

void check_plastic_memory(const CoreImage& core, CheckContext& context) {
    const bool plastic = std::any_of(core.formats.begin(), core.formats.end(),
                                     [](const SynapseFormat& f) { return f.plastic != 0; });
    const PlasticMemory& memory = core.plastic;
    if (!plastic && memory.blocks.empty() && memory.ids.empty() && memory.tags.empty() &&
        memory.second_tags.empty()) {
        return;
    }
    PlasticCheck{core, context}.run();
}

}  // namespace seamount::isa
