#include "compiler/ir/shared_rows.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "isa/base/assert.hpp"
#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {

/// A synapse of a group. Items sort by what they share a row and a block with, then by target.
struct SharedRows::Item {
    ShardId shard;
    std::uint8_t channel = 0;
    std::uint16_t atom = 0;
    std::uint32_t format = 0;  ///< the sparse one
    std::uint32_t target = 0;  ///< compartment
    std::int16_t weight = 0;
    std::uint8_t delay = 0;
    friend auto operator<=>(const Item&, const Item&) = default;
};

namespace {

constexpr std::size_t kMaxAtoms = 65535;  // InputAxon::rows

isa::SynapseFormat dense_twin(isa::SynapseFormat format) {
    format.flags |= isa::SynapseFormat::kDense;
    format.index_bits = 0;
    return format;
}

/// The first item that differs in `key` from the first of `items`, as a count.
template <class Item, class Key>
std::size_t stretch(std::span<const Item> items, Key key) {
    std::size_t n = 1;
    while (n < items.size() && key(items[n]) == key(items[0])) ++n;
    return n;
}

/// Groups of sources, by atom: the channels of a place, or each source alone.
std::vector<std::vector<std::uint32_t>> groups_of(const Lowered& lowered, SourceRef from,
                                                  std::uint32_t size) {
    std::vector<std::vector<std::uint32_t>> groups;
    for (const LoweredProjection& p : lowered.projections) {
        if (p.from != from || !p.share || !p.convolution) continue;
        const MapShape& map = p.convolution->in;
        if (map.channels > kMaxAtoms) continue;
        for (std::uint32_t place = 0; place < map.places(); ++place) {
            auto& group = groups.emplace_back();
            for (std::uint32_t c = 0; c < map.channels; ++c) group.push_back(map.index(c, place));
        }
        return groups;
    }
    for (std::uint32_t source = 0; source < size; ++source) groups.push_back({source});
    return groups;
}

}  // namespace

std::vector<std::uint32_t> shared_groups(const Lowered& lowered, SourceRef from) {
    const std::uint32_t size = lowered.network.source_size(from);
    std::vector<std::uint32_t> group_of(size);
    std::uint32_t number = 0;
    for (const auto& group : groups_of(lowered, from, size)) {
        for (const std::uint32_t source : group) group_of[source] = number;
        ++number;
    }
    return group_of;
}

std::size_t SharedRows::HashWords::operator()(
    const std::vector<std::uint32_t>& words) const noexcept {
    std::uint64_t hash = 0xCBF29CE484222325U ^ words.size();
    for (const std::uint32_t word : words) {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 29;
    }
    return hash;
}

SharedRows::SharedRows(const Lowered& lowered, const Layout& layout)
    : layout_{layout},
      shards_(layout.neurons.size()),
      known_rows_(layout.neurons.size()),
      known_lists_(layout.neurons.size()) {
    for (const LoweredProjection& p : lowered.projections) {
        if (shares_rows(lowered, p.from)) format_number(p.format);
    }
    const auto inputs = static_cast<std::uint32_t>(lowered.network.inputs.size());
    const auto populations = static_cast<std::uint32_t>(lowered.populations.size());
    for (std::uint32_t i = 0; i < inputs; ++i) add_origin(lowered, {true, i});
    for (std::uint32_t i = 0; i < populations; ++i) add_origin(lowered, {false, i});
    std::stable_sort(links_.begin(), links_.end(), [](const Link& a, const Link& b) {
        return std::tuple{!a.from.is_input, a.from.index, a.index} <
               std::tuple{!b.from.is_input, b.from.index, b.index};
    });
    known_rows_ = {};
    known_lists_ = {};
}

std::uint32_t SharedRows::format_number(const isa::SynapseFormat& format) {
    const auto found = std::find(formats_.begin(), formats_.end(), format);
    const auto number = static_cast<std::uint32_t>(found - formats_.begin());
    if (found == formats_.end()) {
        formats_.push_back(format);
        formats_.push_back(dense_twin(format));
    }
    return number;
}

void SharedRows::add_origin(const Lowered& lowered, SourceRef from) {
    if (!shares_rows(lowered, from)) return;
    struct Outgoing {
        const LoweredProjection* projection;
        NeuronId first_target;
        std::uint32_t format;
    };
    std::vector<Outgoing> all;
    for (const LoweredProjection& p : lowered.projections) {
        if (p.from != from) continue;
        all.push_back({&p, lowered.populations[p.to].first_neuron, format_number(p.format)});
    }
    std::vector<Item> items;
    for (const auto& group : groups_of(lowered, from, lowered.network.source_size(from))) {
        items.clear();
        for (std::size_t atom = 0; atom < group.size(); ++atom) {
            for (const Outgoing& out : all) {
                const SynapseTable& table = out.projection->synapses;
                for (std::uint64_t e = table.first[group[atom]]; e < table.first[group[atom] + 1];
                     ++e) {
                    const NeuronId target = out.first_target + table.target[e];
                    items.push_back({layout_.shard_of[target], out.projection->channel,
                                     static_cast<std::uint16_t>(atom), out.format,
                                     layout_.compartment_of[target], table.weight[e],
                                     table.delay.empty() ? std::uint8_t{0} : table.delay[e]});
                }
            }
        }
        add_group(from, group, items);
    }
}

/// Cuts the synapses of a group into those of each axon.
void SharedRows::add_group(SourceRef from, std::span<const std::uint32_t> sources,
                           std::vector<Item>& items) {
    std::sort(items.begin(), items.end());
    for (std::span<const Item> left{items}; !left.empty();) {
        const std::size_t n = stretch(left, [](const Item& i) {
            return std::pair{i.shard, i.channel};
        });
        add_axon(from, sources, left.first(n));
        left = left.subspan(n);
    }
}

void SharedRows::add_axon(SourceRef from, std::span<const std::uint32_t> sources,
                          std::span<const Item> items) {
    const ShardId shard = items[0].shard;
    const std::uint8_t channel = items[0].channel;
    Shard& home = shards_[shard];
    const auto axon = static_cast<std::uint32_t>(home.axons.size());
    std::uint32_t base = std::numeric_limits<std::uint32_t>::max();
    for (const Item& item : items) base = std::min(base, item.target);

    // An atom without synapses here needs a row too: one block of none.
    Row empty;
    empty.words = {items[0].format, isa::BlockHeader::pack(false, 0, 0)};
    std::vector<std::uint32_t> list;
    for (std::size_t atom = 0; atom < sources.size(); ++atom) {
        if (items.empty() || items[0].atom != atom) {
            list.push_back(row_number(shard, empty));
            continue;
        }
        const std::size_t n = stretch(items, [](const Item& i) { return i.atom; });
        const std::span<const Item> own = items.first(n);
        items = items.subspan(n);
        list.push_back(row_number(shard, encode(own, base)));
        const bool graded = std::any_of(own.begin(), own.end(), [this](const Item& i) {
            return (formats_[i.format].flags & isa::SynapseFormat::kGraded) != 0;
        });
        links_.push_back(
            {from, sources[atom], shard, axon, static_cast<std::uint16_t>(atom), channel, graded});
    }
    const auto first = static_cast<std::uint32_t>(home.row_of.size());
    const auto [known, is_new] = known_lists_[shard].try_emplace(list, first);
    if (is_new) home.row_of.insert(home.row_of.end(), list.begin(), list.end());
    home.axons.push_back({known->second, static_cast<std::uint16_t>(sources.size()),
                          static_cast<std::uint16_t>(base)});
}

std::uint32_t SharedRows::row_number(ShardId shard, Row row) {
    Shard& owner = shards_[shard];
    const auto [known, is_new] =
        known_rows_[shard].try_emplace(row.words, static_cast<std::uint32_t>(owner.rows.size()));
    if (is_new) {
        owner.bits += row.bits;
        owner.rows.push_back(std::move(row));
    }
    return known->second;
}

SharedRows::Row SharedRows::encode(std::span<const Item> items, std::uint32_t base) const {
    Row row;
    while (!items.empty()) {
        const std::size_t n = stretch(items, [](const Item& i) { return i.format; });
        append_blocks(items.first(n), base, row);
        items = items.subspan(n);
    }
    return row;
}

/// The synapses of one format: as they come, or with runs of neighbours taken out, whichever needs
/// less synapse memory.
void SharedRows::append_blocks(std::span<const Item> items, std::uint32_t base, Row& row) const {
    const isa::SynapseFormat& sparse = formats_[items[0].format];
    const isa::SynapseFormat& dense = formats_[items[0].format + 1];
    std::vector<std::span<const Item>> runs;
    std::vector<Item> rest;
    std::uint64_t mixed_bits = 0;
    for (std::span<const Item> left = items; !left.empty();) {
        std::size_t n = 1;
        while (n < left.size() && left[n].target == left[n - 1].target + 1) ++n;
        const std::uint64_t bits = synapse_bits(dense, n);
        if (bits < synapse_bits(sparse, n)) {
            runs.push_back(left.first(n));
            mixed_bits += bits;
        } else {
            rest.insert(rest.end(), left.begin(), left.begin() + static_cast<std::ptrdiff_t>(n));
        }
        left = left.subspan(n);
    }
    mixed_bits += synapse_bits(sparse, rest.size());
    if (mixed_bits >= synapse_bits(sparse, items.size())) return append_sparse(items, base, row);
    for (const auto& run : runs) append_dense(run, base, row);
    if (!rest.empty()) append_sparse(rest, base, row);
}

void SharedRows::append_sparse(std::span<const Item> items, std::uint32_t base, Row& row) const {
    row.bits += isa::synapse_bits(formats_[items[0].format], items.size());
    row.words.push_back(items[0].format);
    row.words.push_back(isa::BlockHeader::pack(false, 0, static_cast<std::uint32_t>(items.size())));
    for (const Item& item : items) {
        row.words.push_back(isa::SynapseWord::pack(item.weight, item.delay, item.target - base));
    }
}

void SharedRows::append_dense(std::span<const Item> items, std::uint32_t base, Row& row) const {
    const isa::SynapseFormat& format = formats_[items[0].format + 1];
    row.bits += isa::synapse_bits(format, items.size());
    row.words.push_back(items[0].format + 1);
    const std::size_t header = row.words.size();
    row.words.resize(header + isa::block_words(format, items.size()));
    row.words[header] = isa::BlockHeader::pack(false, 0, static_cast<std::uint32_t>(items.size()));
    row.words[header + 1] = items[0].target - base;
    const isa::DenseField field{format};
    for (std::size_t i = 0; i < items.size(); ++i) {
        field.put(row.words.data() + header + 2, i, field.pack(items[i].weight, items[i].delay));
    }
}

}  // namespace seamount::compiler
