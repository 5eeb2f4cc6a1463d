// How the synapses of a shared row are written: in blocks of words, or in dense ones.

#include <algorithm>
#include <vector>

#include "compiler/ir/rows/shared_rows_item.hpp"
#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {

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
    if (holes_) {
        // One block with holes, if no target has two synapses and it is shorter.
        const bool repeats = std::adjacent_find(items.begin(), items.end(), [](auto& a, auto& b) {
                                 return a.target == b.target;
                             }) != items.end();
        const std::uint64_t span = items.back().target - items.front().target + 1;
        const bool shorter = isa::block_words(dense, span) < isa::block_words(sparse, items.size());
        if (!repeats && shorter) return append_dense(items, base, row);
        return append_sparse(items, base, row);
    }
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
    const std::uint32_t first = items.front().target;
    const std::uint32_t count = items.back().target - first + 1;  // more than items with holes
    row.bits += isa::synapse_bits(format, count);
    row.words.push_back(items[0].format + 1);
    const std::size_t header = row.words.size();
    row.words.resize(header + isa::block_words(format, count));
    row.words[header] = isa::BlockHeader::pack(false, 0, count);
    row.words[header + 1] = first - base;
    const isa::DenseField field{format};
    for (const Item& item : items) {
        field.put(row.words.data() + header + 2, item.target - first,
                  field.pack(item.weight, item.delay));
    }
}

}  // namespace seamount::compiler
