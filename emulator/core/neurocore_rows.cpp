// The synapse memory of a Neurocore: what its rows hold and cost, and how they are unpacked.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <unordered_map>

#include "emulator/core/neurocore.hpp"
#include "isa/base/assert.hpp"
#include "isa/image/pool_cost.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {
namespace {

/// Words of nothing that a run may hold between two targets rather than end.
constexpr std::uint32_t kMostGap = 8;
constexpr std::uint32_t kLongestRun = 0xFFFF;  ///< increments

/// Appends increments to a memory, in runs (kernels.hpp) of targets that follow one another but for
/// small gaps.
class RunWriter {
public:
    explicit RunWriter(std::vector<std::uint32_t>& to) : to_{to} {}

    void add(std::uint32_t target, std::int32_t increment) {
        const std::uint32_t next = first_ + length_;
        if (length_ == 0 || target < next || target - next > kMostGap ||
            target - first_ >= kLongestRun) {
            run_ = to_.size();
            to_.push_back(0);
            first_ = target;
            length_ = 0;
        }
        while (length_ < target - first_) put(0);
        put(static_cast<std::int16_t>(increment));
        to_[run_] = first_ | length_ << kRunLengthShift;
    }

private:
    void put(std::int16_t increment) {
        if (length_ % kRunStep == 0) to_.resize(to_.size() + kRunStepWords);
        auto* const bytes = reinterpret_cast<std::byte*>(to_.data() + run_ + 1);
        std::memcpy(bytes + length_ * sizeof increment, &increment, sizeof increment);
        ++length_;
    }

    std::vector<std::uint32_t>& to_;
    std::size_t run_ = 0;  ///< its first word in to_
    std::uint32_t first_ = 0;
    std::uint32_t length_ = 0;
};

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

/// Whether blocks of the format are unpacked into runs: neighbours without delay, whose increments
/// are known.
bool Neurocore::runs_in_parallel(const isa::SynapseFormat& format) {
    return (format.flags & isa::SynapseFormat::kDense) != 0 &&
           (format.flags & isa::SynapseFormat::kOnSum) == 0 && format.delay_bits == 0 &&
           format.rule() == isa::Accumulate::kSum;
}

/// Whether, besides, each field of such a block is a synapse.
bool Neurocore::has_no_holes(const isa::SynapseFormat& format) {
    return runs_in_parallel(format) && (format.flags & isa::SynapseFormat::kHoles) == 0;
}

/// Reads synapse memory once: counts the synapses of each row, finds the formats with delays,
/// unpacks dense blocks, copies what learns. Returns the longest delay.
std::uint32_t Neurocore::scan_rows() {
    const std::vector<std::uint32_t>& rows = image_->rows;
    unpack_ = std::any_of(
        image_->formats.begin(), image_->formats.end(), [](const isa::SynapseFormat& format) {
            return format.plastic != 0 || (format.flags & isa::SynapseFormat::kDense) != 0;
        });
    const bool shared =
        std::adjacent_find(rows.begin(), rows.end(), std::greater_equal<>{}) != rows.end();
    std::unordered_map<std::uint32_t, std::uint32_t> known;  // offset -> row, if rows are shared
    std::uint32_t longest = 0;
    rows_.reserve(rows.size());
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
        if (shared) {
            const auto [at, is_new] = known.try_emplace(rows[r], r);
            if (!is_new) {
                rows_.push_back(rows_[at->second]);
                continue;
            }
        }
        Row row{.offset = unpack_ ? static_cast<std::uint32_t>(unpacked_.size()) : rows[r]};
        const std::uint32_t* block = image_->synapses.data() + rows[r];
        for (bool last = false; !last;) {
            const std::uint32_t header = block[0];
            const std::uint32_t count = isa::BlockHeader::count(header);
            const std::uint32_t index = isa::BlockHeader::format(header);
            const isa::SynapseFormat& format = image_->formats[index];
            if (format.plastic != 0) note_plastic(block);
            std::uint32_t delay = 0;
            std::uint32_t synapses = 0;
            if (has_no_holes(format)) {
                synapses = count;
            } else {
                isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& synapse) {
                    delay = std::max(delay, synapse.delay);
                    ++synapses;
                });
            }
            if (unpack_) unpack(index, block);
            if (delay != 0) formats_[index].delayed = true;
            longest = std::max(longest, delay);
            row.synapses += synapses;
            const auto words = static_cast<std::uint32_t>(isa::block_words(format, count));
            if ((format.flags & isa::SynapseFormat::kDense) != 0) row.dense += synapses;
            row.words += words;
            block += words;
            last = isa::BlockHeader::last(header);
        }
        rows_.push_back(row);
    }
    memory_ = unpack_ ? std::span<const std::uint32_t>{unpacked_} : image_->synapses;
    return longest;
}

/// Appends a block to the unpacked memory: as synapse words, or as runs of increments that can be
/// added side by side.
void Neurocore::unpack(std::uint32_t index, const std::uint32_t* block) {
    if ((image_->formats[index].flags & isa::SynapseFormat::kDense) == 0) {  // they are words
        unpacked_.insert(unpacked_.end(), block, block + 1 + isa::BlockHeader::count(block[0]));
        return;
    }
    const std::size_t header = unpacked_.size();
    unpacked_.push_back(0);
    formats_[index].runs ? unpack_runs(index, block) : unpack_words(index, block);
    const std::size_t words = unpacked_.size() - header - 1;
    unpacked_[header] = isa::BlockHeader::pack(isa::BlockHeader::last(block[0]), index,
                                               static_cast<std::uint32_t>(words));
}

void Neurocore::unpack_words(std::uint32_t index, const std::uint32_t* block) {
    isa::for_each_synapse(image_->formats[index], block, [this](const isa::StoredSynapse& synapse) {
        unpacked_.push_back(isa::SynapseWord::pack(synapse.weight, synapse.delay, synapse.target));
    });
}

void Neurocore::unpack_runs(std::uint32_t index, const std::uint32_t* block) {
    const isa::SynapseFormat& format = image_->formats[index];
    const auto increment = [&own = formats_[index]](std::int32_t weight) {
        return own.increment(isa::SynapseWord::pack(weight, 0, 0));
    };
    RunWriter writer{unpacked_};
    if (has_no_holes(format)) {
        const isa::DenseField field{format};
        const std::uint32_t first = isa::SynapseWord::target(block[1]);
        const std::uint32_t count = isa::BlockHeader::count(block[0]);
        for (std::uint32_t i = 0; i < count; ++i) {
            writer.add(first + i, increment(field.weight(field.get(block + 2, i))));
        }
    } else {
        isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& synapse) {
            writer.add(synapse.target, increment(synapse.weight));
        });
    }
}

/// Notes where the plastic block at `block` of the image will stand in unpacked_.
void Neurocore::note_plastic(const std::uint32_t* block) {
    const std::vector<isa::PlasticBlock>& blocks = image_->plastic.blocks;
    const auto header = static_cast<std::uint32_t>(block - image_->synapses.data());
    const auto at = std::lower_bound(
        blocks.begin(), blocks.end(), header,
        [](const isa::PlasticBlock& b, std::uint32_t offset) { return b.header < offset; });
    SM_ASSERT(at != blocks.end() && at->header == header, "a plastic block is not listed");
    plastic_headers_.resize(blocks.size());
    plastic_headers_[static_cast<std::size_t>(at - blocks.begin())] =
        static_cast<std::uint32_t>(unpacked_.size());
}

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

void Neurocore::find_rows_of_runs() {
    for (Row& row : rows_) {
        const std::uint32_t header = memory_[row.offset];
        const Format& format = formats_[isa::BlockHeader::format(header)];
        if (!format.only_runs || !isa::BlockHeader::last(header)) continue;
        row.run_words = isa::BlockHeader::count(header);
        row.accumulator = format.accumulator;
    }
}

SynapseRow Neurocore::row(std::uint32_t axon, std::uint32_t atom) const {
    const isa::InputAxon& input = image_->input_axons[axon];
    SynapseRow all;
    isa::for_each_visit(*image_, input, [&](std::uint32_t first, std::uint32_t base, bool) {
        const Row& row = rows_[first + atom];
        all.offset = row.offset;
        all.synapses += row.synapses;
        all.dense += row.dense;
        all.words += row.words;
        all.base = base;
    });
    if (input.has_visits()) {
        all.offset = SynapseRow::kVisits | axon;
        all.base = atom;
    }
    return all;
}

PlainRow Neurocore::plain_row(std::uint32_t offset, std::uint32_t base) const {
    if ((offset & SynapseRow::kVisits) != 0 || learning_ || memory_.empty()) return {};
    const std::uint32_t* const header = memory_.data() + offset;
    const Format& format = formats_[isa::BlockHeader::format(*header)];
    if (!format.simple || !isa::BlockHeader::last(*header)) return {};
    return {
        {header + 1, isa::BlockHeader::count(*header)}, format.accumulator + base, format.shift};
}

}  // namespace seamount::emu
