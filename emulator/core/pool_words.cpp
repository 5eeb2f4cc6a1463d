#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "emulator/core/neurocore.hpp"
#include "isa/image/pool_cost.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {
namespace {

/// Calls `visit(format index, block)` for each block of the row at `block`.
template <class Visit>
void for_each_block(const isa::CoreImage& core, const std::uint32_t* block, const Visit& visit) {
    for (bool last = false; !last;) {
        const std::uint32_t index = isa::BlockHeader::format(block[0]);
        visit(index, block);
        last = isa::BlockHeader::last(block[0]);
        block += isa::block_words(core.formats[index], isa::BlockHeader::count(block[0]));
    }
}

/// Bits of a synapse in the pool by format: the narrowest that hold the weights of the core.
std::vector<std::uint32_t> bits_in_pool(const isa::CoreImage& core) {
    std::vector<std::uint32_t> largest(core.formats.size());
    std::unordered_map<std::uint32_t, bool> seen;
    for (const std::uint32_t offset : core.rows) {
        if (!seen.try_emplace(offset, true).second) continue;
        for_each_block(core, core.synapses.data() + offset,
                       [&](std::uint32_t index, const std::uint32_t* block) {
                           isa::for_each_synapse(
                               core.formats[index], block, [&](const isa::StoredSynapse& synapse) {
                                   const std::int32_t w = synapse.weight;
                                   largest[index] = std::max(
                                       largest[index], static_cast<std::uint32_t>(w < 0 ? -w : w));
                               });
                       });
    }
    std::vector<std::uint32_t> bits;
    for (std::size_t f = 0; f < core.formats.size(); ++f) {
        const isa::SynapseFormat& format = core.formats[f];
        const std::uint32_t weight =
            format.plastic != 0
                ? format.weight_bits
                : isa::pool::weight_bits(largest[f], static_cast<isa::SignMode>(format.sign_mode));
        bits.push_back(weight + format.delay_bits + format.tag_bits);
    }
    return bits;
}

}  // namespace

void Neurocore::count_pool_words(std::uint32_t access_words) {
    const std::vector<std::uint32_t> bits = bits_in_pool(*image_);
    std::unordered_map<std::uint32_t, std::uint32_t> known;  // offset -> words
    for (std::size_t r = 0; r < image_->rows.size(); ++r) {
        const auto [at, is_new] = known.try_emplace(image_->rows[r], 0);
        if (is_new) {
            std::uint64_t words = 0;  // of 64 bits
            const std::uint32_t* const row = image_->synapses.data() + image_->rows[r];
            for_each_block(*image_, row, [&](std::uint32_t index, const std::uint32_t* block) {
                const std::uint32_t count = isa::BlockHeader::count(block[0]);
                const bool kernel =
                    (image_->formats[index].flags & isa::SynapseFormat::kDense) != 0;
                words += kernel ? isa::pool::kernel_row_words(count, bits[index])
                                : isa::pool::list_row_words(count, bits[index]);
            });
            const std::uint64_t accesses = (2 * words + access_words - 1) / access_words;
            at->second = static_cast<std::uint32_t>(accesses * access_words);
        }
        rows_[r].words = at->second;
    }
}

}  // namespace seamount::emu
