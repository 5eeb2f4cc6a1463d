#include "compiler/ir/rows/shared_rows.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "compiler/ir/rows/shared_rows_item.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::compiler {
namespace {

constexpr std::size_t kMaxAtoms = 65535;  // InputAxon::rows

isa::SynapseFormat dense_twin(isa::SynapseFormat format, bool holes) {
    format.flags |= isa::SynapseFormat::kDense;
    if (holes) format.flags |= isa::SynapseFormat::kHoles;
    format.index_bits = 0;
    return format;
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

SharedRows::SharedRows(const Lowered& lowered, const Layout& layout, const std::vector<bool>* only)
    : layout_{layout},
      only_{only},
      pool_{lowered.pool},
      holes_{lowered.drops_zeros},
      paddings_{tile_paddings(lowered, layout.shard_of)},
      shards_(layout.neurons.size()),
      known_rows_(layout.neurons.size()),
      known_lists_(layout.neurons.size()),
      known_visits_(layout.neurons.size()) {
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
    known_visits_ = {};
}

std::uint32_t SharedRows::format_number(const isa::SynapseFormat& format) {
    const auto found = std::find(formats_.begin(), formats_.end(), format);
    const auto number = static_cast<std::uint32_t>(found - formats_.begin());
    if (found == formats_.end()) {
        formats_.push_back(format);
        formats_.push_back(dense_twin(format, holes_));
    }
    return number;
}

/// A projection of an origin.
struct SharedRows::Outgoing {
    const LoweredProjection* projection = nullptr;
    NeuronId first_target;
    std::uint32_t format = 0;
    std::uint32_t first_visit = 0;  ///< of its target places, if it has some
    const TilePadding* padding = nullptr;
    Convolution padded{};              ///< its geometry onto the map that is filled up
    std::vector<std::int16_t> kernel;  ///< with padding: its weights by number
    std::uint8_t delay = 0;            ///< of all of them

    [[nodiscard]] bool has_visits() const noexcept { return padded.out.places() != 0; }
    /// Reads the kernel from the synapses: each weight is that of some synapse, or 0.
    void read_kernel();
};

void SharedRows::Outgoing::read_kernel() {
    const Convolution& geometry = *projection->convolution;
    const SynapseTable& table = projection->synapses;
    kernel.assign(geometry.weights(), 0);
    if (!table.delay.empty() && !table.target.empty()) delay = table.delay.front();
    for (std::uint32_t s = 0; s + 1 < table.first.size(); ++s) {
        std::uint64_t e = table.first[s];
        geometry.for_each_target(s, [&](std::uint32_t target, std::uint32_t number) {
            if (e == table.first[s + 1] || table.target[e] != target) return;  // was dropped
            kernel[number] = table.weight[e++];
        });
    }
}

void SharedRows::add_origin(const Lowered& lowered, SourceRef from) {
    if (!shares_rows(lowered, from)) return;
    std::vector<Outgoing> all;
    std::uint32_t visits = 1;  // 0: what is no kernel
    for (const LoweredProjection& p : lowered.projections) {
        if (p.from != from) continue;
        Outgoing& out = all.emplace_back();
        out.projection = &p;
        out.first_target = lowered.populations[p.to].first_neuron;
        out.format = format_number(p.format);
        out.padded.out = MapShape{0, 0, 0, false};
        if (!pool_ || !p.share || !p.convolution) continue;
        out.padded = *p.convolution;
        if (const auto& cut = paddings_[p.to]; cut && cut->map == p.convolution->out) {
            out.padding = &*cut;
            out.padded.out = cut->padded();
            out.read_kernel();
        }
        out.first_visit = visits;
        visits += out.padded.out.places();
    }
    constexpr std::size_t kCompartments = 65536;
    packs_ = layout_.neurons.size() < std::size_t{1} << 20 && formats_.size() <= 128 &&
             visits < std::uint32_t{1} << 24 &&
             std::ranges::all_of(layout_.neurons, [](const auto& neurons) {
                 return neurons.size() <= kCompartments;
             });
    std::vector<Item> items;
    for (const auto& group : groups_of(lowered, from, lowered.network.source_size(from))) {
        items.clear();
        for (std::size_t atom = 0; atom < group.size(); ++atom) {
            for (const Outgoing& out : all) {
                add_items(out, group[atom], static_cast<std::uint16_t>(atom), items);
                if (out.padding != nullptr) {
                    add_padding(out, group[atom], static_cast<std::uint16_t>(atom), items);
                }
            }
        }
        add_group(from, group, items);
    }
}

std::uint64_t SharedRows::order_of(const Item& item) const {
    if (!packs_) return 0;
    const std::uint64_t front = std::uint64_t{item.shard.value()} << 44U |
                                std::uint64_t{item.channel} << 39U;  // channels are 0..31
    if (pool_) {
        return front | std::uint64_t{item.visit} << 15U | std::uint64_t{item.padding} << 14U |
               std::uint64_t{item.atom} >> 2U;
    }
    return front | std::uint64_t{item.atom} << 23U | std::uint64_t{item.format} << 16U |
           item.target;
}

void SharedRows::add_items(const Outgoing& out, std::uint32_t source, std::uint16_t atom,
                           std::vector<Item>& items) const {
    const LoweredProjection& p = *out.projection;
    const SynapseTable& table = p.synapses;
    for (std::uint64_t e = table.first[source]; e < table.first[source + 1]; ++e) {
        const NeuronId target = out.first_target + table.target[e];
        const ShardId shard = layout_.shard_of[target];
        if (only_ != nullptr && !(*only_)[shard.index()]) continue;
        std::uint32_t visit = 0;
        if (out.has_visits()) {
            const std::uint32_t place = p.convolution->out.place(table.target[e]);
            const std::uint32_t width = p.convolution->out.width;
            visit = out.first_visit + place / width * out.padded.out.width + place % width;
        }
        items.push_back({0, shard, p.channel, visit, false, atom, out.format,
                         layout_.compartment_of[target], table.weight[e],
                         table.delay.empty() ? std::uint8_t{0} : table.delay[e]});
        items.back().order = order_of(items.back());
    }
}

/// The synapses onto the places beyond the edge, as if these stood where the first place of their
/// tile does: so that the rows are those of the tile.
void SharedRows::add_padding(const Outgoing& out, std::uint32_t source, std::uint16_t atom,
                             std::vector<Item>& items) const {
    const TilePadding& cut = *out.padding;
    const MapShape& padded = out.padded.out;
    out.padded.for_each_target(source, [&](std::uint32_t target, std::uint32_t number) {
        const std::uint32_t place = padded.place(target);
        const std::uint32_t y = place / padded.width;
        const std::uint32_t x = place % padded.width;
        if ((y < cut.map.height && x < cut.map.width) || out.kernel[number] == 0) return;
        const ShardId shard = cut.shard_at(y, x);
        if (only_ != nullptr && !(*only_)[shard.index()]) return;
        const std::uint32_t corner = y / cut.tile_height * cut.tile_height * cut.map.width +
                                     x / cut.tile_width * cut.tile_width;
        const NeuronId stand_in = out.first_target + cut.map.index(padded.channel(target), corner);
        items.push_back({0, shard, out.projection->channel, out.first_visit + place, true, atom,
                         out.format, layout_.compartment_of[stand_in], out.kernel[number],
                         out.delay});
        items.back().order = order_of(items.back());
    });
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
    Shard& home = shards_[shard];
    std::uint32_t base = std::numeric_limits<std::uint32_t>::max();
    for (const Item& item : items) base = std::min(base, item.target);
    // Which atoms have synapses here, and whether they use payloads.
    std::vector<std::optional<bool>> sends(sources.size());
    for (const Item& item : items) {
        auto& uses = sends[item.atom];
        uses = uses.value_or(false) || graded({&item, 1});
    }
    std::uint32_t first = 0;
    if (pool_) {
        std::vector<std::uint32_t> words;  // of the visits, to find equal ones
        std::vector<isa::RowVisit> visits;
        for (std::span<const Item> left = items; !left.empty();) {
            const std::size_t n = stretch(left, [](const Item& i) { return i.visit; });
            std::uint32_t lowest = left[0].target;
            for (const Item& item : left.first(n)) lowest = std::min(lowest, item.target);
            isa::RowVisit& visit = visits.emplace_back();
            visit.first_row = add_rows(sources, left.first(n), lowest);
            if (left[0].padding) visit.flags = isa::RowVisit::kPadding;
            if (!left[0].padding) visit.base = static_cast<std::uint16_t>(lowest - base);
            left = left.subspan(n);
            if (left.empty()) visit.flags |= isa::RowVisit::kLast;
            words.push_back(visit.first_row);
            words.push_back(std::uint32_t{visit.base} << 16 | visit.flags);
        }
        const auto [known, is_new] =
            known_visits_[shard].try_emplace(words, static_cast<std::uint32_t>(home.visits.size()));
        if (is_new) home.visits.insert(home.visits.end(), visits.begin(), visits.end());
        first = known->second;
    } else {
        first = add_rows(sources, items, base);
    }
    const auto axon = static_cast<std::uint32_t>(home.axons.size());
    home.axons.push_back(
        {first, static_cast<std::uint16_t>(sources.size()), static_cast<std::uint16_t>(base)});
    for (std::size_t atom = 0; atom < sources.size(); ++atom) {
        if (!sends[atom]) continue;
        links_.push_back({from, sources[atom], shard, axon, static_cast<std::uint16_t>(atom),
                          items[0].channel, *sends[atom]});
    }
}

bool SharedRows::graded(std::span<const Item> items) const {
    return std::any_of(items.begin(), items.end(), [this](const Item& i) {
        return (formats_[i.format].flags & isa::SynapseFormat::kGraded) != 0;
    });
}

/// The rows of all atoms, from the first of them in Shard::row_of on.
std::uint32_t SharedRows::add_rows(std::span<const std::uint32_t> sources,
                                   std::span<const Item> items, std::uint32_t base) {
    const ShardId shard = items[0].shard;
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
        list.push_back(row_number(shard, encode(items.first(n), base)));
        items = items.subspan(n);
    }
    Shard& home = shards_[shard];
    const auto first = static_cast<std::uint32_t>(home.row_of.size());
    const auto [known, is_new] = known_lists_[shard].try_emplace(list, first);
    if (is_new) home.row_of.insert(home.row_of.end(), list.begin(), list.end());
    return known->second;
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

}  // namespace seamount::compiler
