#include "compiler/codegen/synapse_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>

#include "compiler/ir/fanout.hpp"
#include "compiler/ir/pool_use.hpp"
#include "compiler/ir/rows/shared_rows.hpp"
#include "compiler/ir/tile_padding.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint64_t kMaxAxons = 65536;     // OutputAxon::axon has 16 bits
constexpr std::uint64_t kMaxBlock = 0xFFFFFF;  // 24-bit count of BlockHeader

/// Whether payloads change the traces of the synapses of a format.
bool learns_payloads(const isa::Image& image, const isa::SynapseFormat& format) {
    if (format.plastic == 0) return false;
    const isa::LearningImage& learning = image.learning;
    return learning.rules[learning.projections[format.plastic - 1U].rule].graded !=
           isa::GradedTrace::kImpulse;
}

/// Writes what sources send and where it arrives. Sources with rows of their own come first; the
/// rows and axons of SharedRows stand behind theirs on every core.
class Writer {
public:
    Writer(const Lowered& lowered, const Layout& layout, isa::Image& image)
        : lowered_{lowered},
          layout_{layout},
          image_{image},
          fanout_{lowered, layout.shard_of, static_cast<std::uint32_t>(image.cores.size())},
          kinds_{fanout_.kinds().size()},
          shared_{lowered, layout},
          needs_(image.cores.size()),
          cursor_(image.cores.size() * kinds_),
          plastic_cursor_(image.cores.size() * kinds_),
          words_(image.cores.size()) {}

    void count();
    void fill();
    void fill_shared();

private:
    struct Need {
        std::uint64_t axons = 0;
        std::uint64_t rows = 0;
        std::uint64_t words = 0;
    };
    /// The next word or field of an open block.
    struct Cursor {
        std::uint32_t word = 0;   ///< of a dense block: behind its first target
        std::uint32_t field = 0;  ///< dense blocks
    };

    [[nodiscard]] isa::CoreImage& core_at(CoreSlot slot) const {
        return image_.cores[slot.index()];
    }
    /// Whose (core, kind) this is.
    [[nodiscard]] CoreSlot core_of(std::size_t slot) const {
        return CoreSlot{static_cast<std::uint32_t>(slot / kinds_)};
    }
    /// Only chips without a limit on synapse memory get here.
    [[noreturn]] void too_large(CoreSlot core, std::string_view what, std::uint64_t need,
                                std::uint64_t allowed) const;
    void count_own();
    void count_shared();
    void use_format(CoreSlot core, const isa::SynapseFormat& format);
    [[nodiscard]] std::uint32_t local_format(CoreSlot core, const isa::SynapseFormat& format) const;
    [[nodiscard]] std::uint32_t& entries_of(SourceRef from, std::uint32_t index);
    /// The fan-out list of a source.
    [[nodiscard]] isa::OutputAxon* outputs_of(SourceRef from, std::uint32_t index);
    /// Appends headers, axons and fan-out entries of a source and points the cursors behind them.
    void write_headers(const Fanout::Source& source, std::span<const FanoutGroup> groups,
                       isa::OutputAxon* output);
    void write_synapse(std::size_t slot, NeuronId target, std::int16_t weight, std::uint8_t delay,
                       std::uint32_t id);

    const Lowered& lowered_;
    const Layout& layout_;
    isa::Image& image_;
    Fanout fanout_;
    std::size_t kinds_;
    SharedRows shared_;
    IdVector<CoreSlot, Need> needs_;
    std::vector<Cursor> cursor_;                 // per (core, kind)
    std::vector<std::uint32_t> plastic_cursor_;  // per (core, kind): next of the plastic synapses
    IdVector<CoreSlot, std::uint32_t> words_;    // words written so far
};

void Writer::too_large(CoreSlot core, std::string_view what, std::uint64_t need,
                       std::uint64_t allowed) const {
    const isa::PopulationImage& population =
        image_.populations[core_at(core).groups.front().population];
    throw InputError(Diagnostic{
        "CMP-FIT", population.where,
        fmt::format("population '{}' on core {} needs {} {}, an image holds {}", population.name,
                    core_at(core).core, grouped(need), what, grouped(allowed)),
        "use fewer connections"});
}

void Writer::use_format(CoreSlot core, const isa::SynapseFormat& format) {
    std::vector<isa::SynapseFormat>& formats = core_at(core).formats;
    const auto at = std::lower_bound(formats.begin(), formats.end(), format);
    if (at == formats.end() || *at != format) formats.insert(at, format);
}

std::uint32_t Writer::local_format(CoreSlot core, const isa::SynapseFormat& format) const {
    const std::vector<isa::SynapseFormat>& formats = core_at(core).formats;
    return static_cast<std::uint32_t>(std::lower_bound(formats.begin(), formats.end(), format) -
                                      formats.begin());
}

std::uint32_t& Writer::entries_of(SourceRef from, std::uint32_t index) {
    if (from.is_input) return image_.inputs[from.index].output_first[index + 1];
    const NeuronId neuron = image_.populations[from.index].first_neuron + index;
    isa::CoreImage& core = core_at(slot_of(layout_.shard_of[neuron]));
    return core.output_first[std::size_t{layout_.compartment_of[neuron]} + 1];
}

void Writer::count_own() {
    std::vector<bool> used(needs_.size() * kinds_);
    fanout_.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.shares) return;
        std::uint32_t entries = 0;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const FanoutGroup& group = groups[g];
            const CoreSlot core = slot_of(group.shard);
            if (group.count > kMaxBlock)
                too_large(core, "words of synapse memory for one row", group.count, kMaxBlock);
            Need& need = needs_[core];
            need.words += isa::block_words(fanout_.kinds()[group.kind].format, group.count);
            used[core.index() * kinds_ + group.kind] = true;
            if (g != 0 && fanout_.same_axon(group, groups[g - 1])) continue;
            ++need.axons;
            ++need.rows;
            ++entries;
        }
        entries_of(source.ref, source.index) = entries;
    });
    for (std::size_t slot = 0; slot < used.size(); ++slot) {
        if (used[slot]) use_format(core_of(slot), fanout_.kinds()[slot % kinds_].format);
    }
}

void Writer::count_shared() {
    for (const ShardId shard : shared_.shards().ids()) {
        const SharedRows::Shard& held = shared_.shards()[shard];
        const CoreSlot core = slot_of(shard);
        needs_[core].axons += held.axons.size();
        needs_[core].rows += held.row_of.size();
        for (const SharedRows::Row& row : held.rows) {
            for (std::size_t at = 0; at < row.words.size();) {
                const isa::SynapseFormat& format = shared_.formats()[row.words[at]];
                const std::uint64_t words =
                    isa::block_words(format, isa::BlockHeader::count(row.words[at + 1]));
                use_format(core, format);
                needs_[core].words += words;
                at += 1 + words;
            }
        }
    }
    for (const SharedRows::Link& link : shared_.links()) ++entries_of(link.from, link.index);
}

void Writer::count() {
    for (isa::CoreImage& core : image_.cores) core.output_first.assign(core.neurons.size() + 1, 0);
    for (isa::InputImage& input : image_.inputs) {
        input.output_first.assign(std::size_t{input.size} + 1, 0);
    }
    count_own();
    count_shared();
    const auto allocate = [](std::vector<std::uint32_t>& first,
                             std::vector<isa::OutputAxon>& outputs) {
        for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
        outputs.resize(first.back());
    };
    for (const CoreSlot c : needs_.ids()) {
        isa::CoreImage& core = core_at(c);
        if (needs_[c].axons > kMaxAxons) too_large(c, "input axons", needs_[c].axons, kMaxAxons);
        SM_ASSERT(core.formats.size() <= 128, "formats beyond the image's 7 bits");
        constexpr std::uint64_t kMaxWords = std::numeric_limits<std::uint32_t>::max();
        if (needs_[c].words > kMaxWords)
            too_large(c, "words of synapse memory", needs_[c].words, kMaxWords);
        core.input_axons.reserve(needs_[c].axons);
        core.rows.reserve(needs_[c].rows);
        core.synapses.resize(needs_[c].words);
        allocate(core.output_first, core.outputs);
    }
    for (isa::InputImage& input : image_.inputs) allocate(input.output_first, input.outputs);
}

isa::OutputAxon* Writer::outputs_of(SourceRef from, std::uint32_t index) {
    if (from.is_input) {
        isa::InputImage& input = image_.inputs[from.index];
        return input.outputs.data() + input.output_first[index];
    }
    const NeuronId neuron = image_.populations[from.index].first_neuron + index;
    isa::CoreImage& core = core_at(slot_of(layout_.shard_of[neuron]));
    return core.outputs.data() + core.output_first[layout_.compartment_of[neuron]];
}

void Writer::write_headers(const Fanout::Source& source, std::span<const FanoutGroup> groups,
                           isa::OutputAxon* output) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const FanoutGroup& group = groups[g];
        const SynapseKind& kind = fanout_.kinds()[group.kind];
        const CoreSlot at = slot_of(group.shard);
        const std::size_t slot = at.index() * kinds_ + group.kind;
        isa::CoreImage& core = core_at(at);
        std::uint32_t& words = words_[at];
        const bool first = g == 0 || !fanout_.same_axon(groups[g - 1], group);
        const bool last = g + 1 == groups.size() || !fanout_.same_axon(groups[g + 1], group);
        if (first) {
            const auto axon = static_cast<std::uint16_t>(core.input_axons.size());
            core.input_axons.push_back({static_cast<std::uint32_t>(core.rows.size()), 1, 0});
            core.rows.push_back(words);
            *output = {core.core, axon, 0, kind.channel, 0};
        }
        if ((kind.format.flags & isa::SynapseFormat::kGraded) != 0 ||
            learns_payloads(image_, kind.format)) {
            output->payload_bits = lowered_.payload_bits(source.ref, kind.channel);
        }
        if (kind.format.plastic != 0) {
            isa::PlasticMemory& plastic = core.plastic;
            plastic.blocks.push_back({words, source.index});
            plastic_cursor_[slot] = static_cast<std::uint32_t>(plastic.ids.size());
            plastic.ids.resize(plastic.ids.size() + group.count);
        }
        core.synapses[words] =
            isa::BlockHeader::pack(last, local_format(at, kind.format), group.count);
        cursor_[slot] = {words + (kind.dense != 0 ? 2 : 1), 0};
        words += static_cast<std::uint32_t>(isa::block_words(kind.format, group.count));
        if (last) ++output;
    }
}

void Writer::write_synapse(std::size_t slot, NeuronId target, std::int16_t weight,
                           std::uint8_t delay, std::uint32_t id) {
    const SynapseKind& kind = fanout_.kinds()[slot % kinds_];
    std::uint32_t* const memory = core_at(core_of(slot)).synapses.data();
    Cursor& cursor = cursor_[slot];
    const std::uint32_t compartment = layout_.compartment_of[target];
    if (kind.format.plastic != 0) {
        core_at(core_of(slot)).plastic.ids[plastic_cursor_[slot]++] = id;
    }
    if (kind.dense == 0) {
        memory[cursor.word++] = isa::SynapseWord::pack(weight, delay, compartment);
        return;
    }
    if (cursor.field == 0) memory[cursor.word - 1] = compartment;
    SM_ASSERT(memory[cursor.word - 1] + cursor.field == compartment,
              "targets of a dense block are no neighbours");
    const isa::DenseField field{kind.format};
    field.put(memory + cursor.word, cursor.field++, field.pack(weight, delay));
}

void Writer::fill() {
    fanout_.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.shares) return;
        write_headers(source, groups, outputs_of(source.ref, source.index));
        fanout_.for_each_synapse(
            source,
            [this](std::size_t slot, NeuronId target, std::int16_t weight, std::uint8_t delay,
                   std::uint32_t id) { write_synapse(slot, target, weight, delay, id); });
    });
}

void Writer::fill_shared() {
    IdVector<ShardId, std::uint32_t> first_axon;
    for (const ShardId shard : shared_.shards().ids()) {
        const CoreSlot c = slot_of(shard);
        isa::CoreImage& core = core_at(c);
        const SharedRows::Shard& shared = shared_.shards()[shard];
        std::vector<std::uint32_t> offset;
        for (const SharedRows::Row& row : shared.rows) {
            offset.push_back(words_[c]);
            for (std::size_t at = 0; at < row.words.size();) {
                const isa::SynapseFormat& format = shared_.formats()[row.words[at]];
                const std::uint32_t count = isa::BlockHeader::count(row.words[at + 1]);
                const auto words = static_cast<std::uint32_t>(isa::block_words(format, count));
                std::copy_n(row.words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words,
                            core.synapses.begin() + words_[c]);
                at += 1 + words;
                core.synapses[words_[c]] =
                    isa::BlockHeader::pack(at == row.words.size(), local_format(c, format), count);
                words_[c] += words;
            }
        }
        const auto first_row = static_cast<std::uint32_t>(core.rows.size());
        for (const std::uint32_t row : shared.row_of) core.rows.push_back(offset[row]);
        core.visits = shared.visits;
        for (isa::RowVisit& visit : core.visits) visit.first_row += first_row;
        first_axon.push_back(static_cast<std::uint32_t>(core.input_axons.size()));
        for (const SharedRows::Axon& axon : shared.axons) {
            const std::uint32_t first = lowered_.pool ? isa::InputAxon::kVisits | axon.first_row
                                                      : first_row + axon.first_row;
            core.input_axons.push_back({first, axon.rows, axon.base});
        }
    }
    isa::OutputAxon* output = nullptr;
    const SharedRows::Link* before = nullptr;
    for (const SharedRows::Link& link : shared_.links()) {
        if (before == nullptr || before->from != link.from || before->index != link.index) {
            output = outputs_of(link.from, link.index);
        }
        before = &link;
        *output++ = {
            core_at(slot_of(link.shard)).core,
            static_cast<std::uint16_t>(first_axon[link.shard] + link.axon), link.atom, link.channel,
            link.graded ? lowered_.payload_bits(link.from, link.channel) : std::uint8_t{0}};
    }
}

}  // namespace

void write_synapse_memory(const Lowered& lowered, const Layout& layout, isa::Image& image) {
    const auto shards = static_cast<std::uint32_t>(image.cores.size());
    const auto pool = pool_use(lowered, layout.shard_of, shards);
    const auto padding = padding_of_shards(tile_paddings(lowered, layout.shard_of), shards);
    for (const ShardId shard : pool.ids()) {
        isa::CoreImage& core = image.cores[slot_of(shard).index()];
        core.pool = pool[shard];
        core.padding = padding[shard];
    }
    Writer writer{lowered, layout, image};
    writer.count();
    writer.fill();
    writer.fill_shared();
}

}  // namespace seamount::compiler
