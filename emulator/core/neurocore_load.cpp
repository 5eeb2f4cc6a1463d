// How a Neurocore is laid out from its image: groups, formats, rows, rings, and its first state.
#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>
#include <unordered_map>

#include "isa/base/assert.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {
namespace {

/// Words of nothing that a run may hold between two targets rather than end.
constexpr std::uint32_t kMostGap = 8;
constexpr std::uint32_t kLongestRun = 0xFFFF;  ///< increments

std::int32_t initial_word(const isa::NeuronGroup& group, std::uint32_t word, std::size_t lane) {
    if (word >= group.state.size() || group.state[word].empty()) return 0;
    const std::vector<std::int32_t>& values = group.state[word];
    return values.size() == 1 ? values[0] : values[lane];
}

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

Neurocore::Neurocore(const isa::CoreImage& image, std::span<const LockstepProgram> programs,
                     const Learning& learning)
    : image_{&image},
      compartments_{static_cast<std::uint32_t>(image.neurons.size())},
      add_runs_{run_adder(default_kernels())} {
    for (const isa::NeuronGroup& group : image.groups) {
        const LockstepProgram& program = programs[group.program];
        const std::uint32_t words =
            std::max(program.state_words(), static_cast<std::uint32_t>(group.state.size()));
        const std::size_t stride =
            (std::size_t{group.count} + kLaneStride - 1) / kLaneStride * kLaneStride;
        groups_.push_back(
            {.image = &group,
             .program = &program,
             .words = words,
             .kept = group.population < learning.kept.size() ? learning.kept[group.population] : 0,
             .stride = stride,
             .state = LineVector<std::int32_t>(words * stride),
             .traces = LineVector<std::int32_t>(
                 program.uses_traces() ? isa::kTraceRegisters * stride : 0)});
        accumulators_ |= program.read_accumulators() | program.pushed_accumulators();
    }
    for (const isa::SynapseFormat& format : image.formats) {
        accumulators_ |= 1U << format.accumulator;
        formats_.push_back(
            {.accumulator = 0,
             .shift = static_cast<std::uint8_t>(16 + 7 - format.weight_exponent),
             .delayed = false,
             .clipped = format.weight_exponent == 7,
             .graded = (format.flags & isa::SynapseFormat::kGraded) != 0,
             .sum = kNoSum,
             .plastic = learning.image != nullptr && learning.active && format.plastic != 0,
             .runs = runs_in_parallel(format),
             .rule = format.rule()});
    }
    std::uint32_t longest = learning.synapses ? scan_rows() : 0;
    if (learning.synapses && learning.access_words != 0) count_pool_words(learning.access_words);
    if (!plastic_headers_.empty() && learning.image != nullptr) {
        learning_ = std::make_unique<CoreLearning>(*learning.image, image, plastic_headers_,
                                                   unpacked_, learning.seed);
        longest = std::max(longest, learning_->longest_delay());
        // Delays that are 0 now may be learned.
        for (Format& format : formats_) {
            format.delayed = format.delayed || (format.plastic && learning_->longest_delay() != 0);
        }
    }
    find_sums(longest + 1);
    slot_mask_ =
        std::bit_ceil(longest == 0 && needs_one_slot() ? 1U : std::max(longest + 1U, 2U)) - 1;
    std::uint32_t words = 0;
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        ring_first_[static_cast<std::size_t>(std::countr_zero(left))] = words;
        words += slots() * compartments_;
    }
    ring_.resize(words + kRunStep);
    for (std::size_t f = 0; f < formats_.size(); ++f) {
        formats_[f].accumulator = ring_first_[image.formats[f].accumulator];
    }
    find_safe_formats(programs);
    find_rows_of_runs();
    find_rules();
    reset();
}

/// Whether no program pushes, or leaves a value for the next step while this one is in work.
bool Neurocore::needs_one_slot() const noexcept {
    return std::all_of(groups_.begin(), groups_.end(), [](const Group& group) {
        const LockstepProgram& program = *group.program;
        return program.pushed_accumulators() == 0 &&
               (program.read_accumulators() & ~program.cleared_accumulators()) == 0;
    });
}

void Neurocore::find_uniform(Group& group) {
    group.uniform = 0;
    for (std::uint32_t w = 0; w < group.words && w < isa::kStateWords; ++w) {
        const auto first = group.state.begin() + static_cast<std::ptrdiff_t>(w * group.stride);
        const bool same =
            std::all_of(first, first + static_cast<std::ptrdiff_t>(group.image->count),
                        [first](std::int32_t value) { return value == *first; });
        if (same && ((group.program->written_states() >> w) & 1U) == 0) group.uniform |= 1U << w;
    }
}

/// Formats whose accumulators hold nothing but what the spikes of one step add, and never enough of
/// it to leave 32 bits, need not be watched.
void Neurocore::find_safe_formats(std::span<const LockstepProgram> programs) {
    std::uint32_t unsafe = 0;
    for (const Group& group : groups_) {
        const LockstepProgram& program = *group.program;
        unsafe |= program.pushed_accumulators() |
                  (program.read_accumulators() & ~program.cleared_accumulators());
    }
    for (std::size_t f = 0; f < formats_.size(); ++f) {
        if (formats_[f].graded || formats_[f].sum != kNoSum) {
            unsafe |= 1U << image_->formats[f].accumulator;
        }
    }
    // Every SPK of a source's program may send its own spike; learned delays move synapses from a
    // step's slot to one that they have been added to before.
    std::int64_t repeats = learning_ && learning_->longest_delay() != 0 ? isa::kMaxDelay + 1 : 1;
    int spikes = 1;
    for (const LockstepProgram& program : programs) spikes = std::max(spikes, program.spike_ops());
    repeats *= spikes;
    const bool fits = most_of_a_sum() <= std::numeric_limits<std::int32_t>::max() / repeats;
    for (std::size_t f = 0; f < formats_.size(); ++f) {
        const bool alone = ((unsafe >> image_->formats[f].accumulator) & 1U) == 0;
        Format& format = formats_[f];
        format.can_wrap = !(alone && fits);
        format.simple = !format.can_wrap && !format.delayed && !format.clipped && !format.plastic &&
                        !format.runs && format.sum == kNoSum &&
                        format.rule == isa::Accumulate::kSum;
        format.only_runs = format.runs && !format.can_wrap && !format.plastic;
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

/// An upper bound of what the synapses of the core add to one accumulator of one compartment if
/// each arrives once and has the largest weight of its format, without payloads.
std::int64_t Neurocore::most_of_a_sum() const {
    const auto largest = [](const isa::SynapseFormat& format) {
        const int exponent = format.weight_exponent;
        return std::int64_t{exponent < 0 ? std::max(256 >> -exponent, 1) : 256 << exponent};
    };
    if (rows_.empty()) return 0;
    std::int64_t any = 0;
    for (const isa::SynapseFormat& format : image_->formats) any = std::max(any, largest(format));
    const auto for_each_row = [this](const auto& visit) {
        for (const isa::InputAxon& axon : image_->input_axons) {
            isa::for_each_visit(*image_, axon,
                                [&](std::uint32_t first, std::uint32_t base, bool padding) {
                                    for (std::uint32_t r = 0; r < axon.rows && !padding; ++r) {
                                        visit(first + r, base);
                                    }
                                });
        }
    };
    std::int64_t synapses = 0;
    for_each_row([&](std::uint32_t row, std::uint32_t) { synapses += rows_[row].synapses; });
    if (synapses * any <= std::numeric_limits<std::int32_t>::max()) return synapses * any;
    std::vector<std::int64_t> most(std::size_t{isa::kAccumulators} * compartments_);
    for_each_row([&](std::uint32_t row, std::uint32_t base) {
        if (rows_[row].synapses == 0) return;
        const std::uint32_t* block = image_->synapses.data() + image_->rows[row];
        for (bool last = false; !last;) {
            const isa::SynapseFormat& format = image_->formats[isa::BlockHeader::format(block[0])];
            std::int64_t* const sums =
                most.data() + std::size_t{format.accumulator} * compartments_ + base;
            isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& synapse) {
                sums[synapse.target] += largest(format);
            });
            last = isa::BlockHeader::last(block[0]);
            block += isa::block_words(format, isa::BlockHeader::count(block[0]));
        }
    });
    return most.empty() ? 0 : *std::max_element(most.begin(), most.end());
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

/// Formats with the exponent on the sum add up in words of their own.
void Neurocore::find_sums(std::uint32_t delays) {
    for (std::size_t f = 0; f < formats_.size(); ++f) {
        const isa::SynapseFormat& format = image_->formats[f];
        if ((format.flags & isa::SynapseFormat::kOnSum) == 0) continue;
        const auto same = std::find_if(sums_.begin(), sums_.end(), [&](const Sum& sum) {
            return sum.accumulator == format.accumulator && sum.sum == format.sum &&
                   sum.exponent == format.weight_exponent;
        });
        formats_[f].sum = static_cast<std::uint32_t>(same - sums_.begin());
        if (same != sums_.end()) continue;
        sums_.push_back({.accumulator = format.accumulator,
                         .sum = format.sum,
                         .exponent = format.weight_exponent,
                         .used = false,
                         .add = std::vector<std::int32_t>(std::size_t{delays} * compartments_)});
    }
}

void Neurocore::restart(bool keeps) {
    std::fill(ring_.begin(), ring_.end(), 0);
    wraps_.clear();
    for (Sum& sum : sums_) {
        std::fill(sum.add.begin(), sum.add.end(), 0);
        sum.used = false;
    }
    if (learning_) learning_->reset();
    quiet_from_ = 0;
    for (Group& group : groups_) {
        group.at_rest = false;
        std::fill(group.traces.begin(), group.traces.end(), 0);
        for (std::uint32_t w = 0; w < group.words; ++w) {
            if (keeps && w < isa::kStateWords && ((group.kept >> w) & 1U) != 0) continue;
            for (std::size_t i = 0; i < group.image->count; ++i) {
                group.state[w * group.stride + i] = initial_word(*group.image, w, i);
            }
        }
        find_uniform(group);
    }
}

}  // namespace seamount::emu
