#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/ir/fanout.hpp"
#include "compiler/ir/layout.hpp"
#include "compiler/ir/tile_padding.hpp"

namespace seamount::compiler {

/// The group of each source of an input or population with shares_rows(): sources of a group reach
/// a core through one axon, as its atoms.
[[nodiscard]] std::vector<std::uint32_t> shared_groups(const Lowered& lowered, SourceRef from);

/// The rows of all sources with shares_rows(), each distinct row of a shard once.
///
/// Sources of such a population or input are reached in groups: the channels of a place of a
/// feature map (any other source alone). A group has one population axon per core that it reaches:
/// its base is the group's lowest target there, its atoms are the channels, its rows hold targets
/// relative to the base. Groups whose lists of rows are equal use the same ones, and equal rows
/// start at the same offset: away from borders all places of a feature map do. Nothing about the
/// projection is assumed, so whatever a core holds of the targets gives right rows; how many of
/// them are equal depends on it.
///
/// On chips with a pool (Lowered::pool) a packet visits one row for each tap of a kernel that it
/// reaches: of each target place, its channels relative to the lowest of its compartments. All
/// places of a tile have these rows in common whatever the stride and the border. A packet also
/// visits the rows of places beyond the edge of a map that its last tile is filled up with
/// (compiler/ir/tile_padding.hpp).
///
/// Each row keeps its synapses by target. Neighbouring ones become dense blocks where that makes
/// the row smaller by the cost formula; the others form one block per format.
class SharedRows {
public:
    /// A row as codegen writes it: for each block the index of its format in formats(), then its
    /// words, the header without format and last mark.
    struct Row {
        std::vector<std::uint32_t> words;
        std::uint64_t bits = 0;  ///< of synapse memory, by the cost formula
    };
    struct Axon {
        std::uint32_t first_row = 0;  ///< index into Shard::row_of; with a pool, into Shard::visits
        std::uint16_t rows = 1;
        std::uint16_t base = 0;
    };
    struct Shard {
        std::vector<Row> rows;              ///< distinct
        std::vector<std::uint32_t> row_of;  ///< rows of the axons, by index into `rows`
        std::vector<Axon> axons;
        std::vector<isa::RowVisit> visits;  ///< with a pool, of the axons; rows by Shard::row_of
        std::uint64_t bits = 0;             ///< sum over `rows`
    };
    /// A packet that a source sends. Links ascend by source, then shard, then channel.
    struct Link {
        SourceRef from;
        std::uint32_t index = 0;  ///< of the source within its input or population
        ShardId shard;
        std::uint32_t axon = 0;  ///< index into Shard::axons
        std::uint16_t atom = 0;
        std::uint8_t channel = 0;
        bool graded = false;
    };

    /// `layout` must outlive the object. With `only`, a flag for each shard, the others are left
    /// empty, which is all the faster.
    SharedRows(const Lowered& lowered, const Layout& layout,
               const std::vector<bool>* only = nullptr);

    [[nodiscard]] const std::vector<isa::SynapseFormat>& formats() const noexcept {
        return formats_;
    }
    [[nodiscard]] const IdVector<ShardId, Shard>& shards() const noexcept { return shards_; }
    [[nodiscard]] const std::vector<Link>& links() const noexcept { return links_; }

private:
    struct Item;
    struct Outgoing;
    struct HashWords {
        std::size_t operator()(const std::vector<std::uint32_t>& words) const noexcept;
    };
    using Known = std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, HashWords>;

    void add_origin(const Lowered& lowered, SourceRef from);
    void add_items(const Outgoing& out, std::uint32_t source, std::uint16_t atom,
                   std::vector<Item>& items) const;
    void add_padding(const Outgoing& out, std::uint32_t source, std::uint16_t atom,
                     std::vector<Item>& items) const;
    [[nodiscard]] std::uint32_t add_rows(std::span<const std::uint32_t> sources,
                                         std::span<const Item> items, std::uint32_t base);
    void add_group(SourceRef from, std::span<const std::uint32_t> sources,
                   std::vector<Item>& items);
    void add_axon(SourceRef from, std::span<const std::uint32_t> sources,
                  std::span<const Item> items);
    [[nodiscard]] Row encode(std::span<const Item> items, std::uint32_t base) const;
    void append_blocks(std::span<const Item> items, std::uint32_t base, Row& row) const;
    void append_sparse(std::span<const Item> items, std::uint32_t base, Row& row) const;
    void append_dense(std::span<const Item> items, std::uint32_t base, Row& row) const;
    std::uint32_t row_number(ShardId shard, Row row);
    std::uint32_t format_number(const isa::SynapseFormat& format);
    [[nodiscard]] bool graded(std::span<const Item> items) const;

    /// What sorts as the first members of an item do; 0 if they do not fit.
    [[nodiscard]] std::uint64_t order_of(const Item& item) const;

    const Layout& layout_;
    const std::vector<bool>* only_;
    bool packs_ = false;  ///< order_of() has room for shards, formats, compartments and visits
    bool pool_;
    bool holes_;  ///< synapses of weight 0 are dropped: dense blocks may have holes
    std::vector<std::optional<TilePadding>> paddings_;
    std::vector<isa::SynapseFormat> formats_;  ///< each sparse one, then its dense twin
    IdVector<ShardId, Shard> shards_;
    std::vector<Link> links_;
    IdVector<ShardId, Known> known_rows_;
    IdVector<ShardId, Known> known_lists_;   // rows of an axon or visit -> the first one
    IdVector<ShardId, Known> known_visits_;  // visits of an axon, as words -> the first one
};

}  // namespace seamount::compiler
