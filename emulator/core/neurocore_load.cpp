// How a Neurocore is laid out from its image: groups, formats, rings, and its first state.
#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "isa/base/assert.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::emu {
namespace {

std::int32_t initial_word(const isa::NeuronGroup& group, std::uint32_t word, std::size_t lane) {
    if (word >= group.state.size() || group.state[word].empty()) return 0;
    const std::vector<std::int32_t>& values = group.state[word];
    return values.size() == 1 ? values[0] : values[lane];
}

}  // namespace

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
