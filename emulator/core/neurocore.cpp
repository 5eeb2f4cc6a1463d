#include "emulator/core/neurocore.hpp"

#include <algorithm>
#include <bit>

#include "emulator/core/kernels.hpp"
#include "isa/assert.hpp"

namespace seamount::emu {
namespace {

/// Rows ahead of the one in work whose first lines are fetched: a row comes from a distant cache or
/// from memory, and its 8 to 128 synapses take 5 to 80 ns.
constexpr std::size_t kPrefetchRows = 12;

std::int32_t add_wrapping(std::int32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + b);
}

std::int32_t initial_word(const isa::NeuronGroup& group, std::uint32_t word, std::size_t lane) {
    if (word >= group.state.size() || group.state[word].empty()) return 0;
    const std::vector<std::int32_t>& values = group.state[word];
    return values.size() == 1 ? values[0] : values[lane];
}

}  // namespace

Neurocore::Neurocore(const isa::CoreImage& image, std::span<const LockstepProgram> programs)
    : image_{&image}, compartments_{static_cast<std::uint32_t>(image.neurons.size())} {
    for (const isa::NeuronGroup& group : image.groups) {
        const LockstepProgram& program = programs[group.program];
        const std::uint32_t words =
            std::max(program.state_words(), static_cast<std::uint32_t>(group.state.size()));
        const std::size_t stride = (std::size_t{group.count} + kLanes - 1) / kLanes * kLanes;
        groups_.push_back({.image = &group,
                           .program = &program,
                           .words = words,
                           .stride = stride,
                           .state = LineVector<std::int32_t>(words * stride),
                           .traces = LineVector<std::int32_t>(
                               program.uses_traces() ? isa::kTraceRegisters * stride : 0)});
        accumulators_ |= program.read_accumulators() | program.pushed_accumulators();
    }
    for (const isa::SynapseFormat& format : image.formats) {
        accumulators_ |= 1U << format.accumulator;
        formats_.push_back({.accumulator = 0,
                            .shift = static_cast<std::uint8_t>(16 + 7 - format.weight_exponent),
                            .delayed = false,
                            .clipped = format.weight_exponent == 7,
                            .graded = (format.flags & isa::SynapseFormat::kGraded) != 0});
    }
    // Two slots at least: PSH and carried values go to the next step while this one is in work.
    slot_mask_ = std::bit_ceil(std::max(scan_rows() + 1U, 2U)) - 1;
    std::uint32_t words = 0;
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        ring_first_[static_cast<std::size_t>(std::countr_zero(left))] = words;
        words += slots() * compartments_;
    }
    ring_.resize(words);
    for (std::size_t f = 0; f < formats_.size(); ++f) {
        formats_[f].accumulator = ring_first_[image.formats[f].accumulator];
    }
    reset();
}

/// Reads synapse memory once: counts the synapses of each row, finds the formats with delays.
/// Returns the longest delay.
std::uint32_t Neurocore::scan_rows() {
    std::uint32_t longest = 0;
    row_synapses_.reserve(image_->rows.size());
    row_words_.reserve(image_->rows.size());
    for (const std::uint32_t offset : image_->rows) {
        std::uint32_t total = 0;
        const std::uint32_t* word = image_->synapses.data() + offset;
        for (bool last = false; !last;) {
            const std::uint32_t header = *word++;
            const std::uint32_t count = isa::BlockHeader::count(header);
            std::uint32_t delay = 0;
            for (std::uint32_t i = 0; i < count; ++i) {
                delay = std::max(delay, isa::SynapseWord::delay(word[i]));
            }
            if (delay != 0) formats_[isa::BlockHeader::format(header)].delayed = true;
            longest = std::max(longest, delay);
            total += count;
            word += count;
            last = isa::BlockHeader::last(header);
        }
        row_synapses_.push_back(total);
        row_words_.push_back(static_cast<std::uint32_t>(word - image_->synapses.data()) - offset);
    }
    return longest;
}

void Neurocore::reset() {
    std::fill(ring_.begin(), ring_.end(), 0);
    for (Group& group : groups_) {
        std::fill(group.traces.begin(), group.traces.end(), 0);
        for (std::uint32_t w = 0; w < group.words; ++w) {
            for (std::size_t i = 0; i < group.image->count; ++i) {
                group.state[w * group.stride + i] = initial_word(*group.image, w, i);
            }
        }
    }
}

void Neurocore::update(std::uint64_t step, const isa::RandomSource& random, Lockstep& engine,
                       CoreActivity& activity) {
    GroupView view;
    view.compartments = compartments_;
    for (std::uint32_t left = accumulators_; left != 0; left &= left - 1) {
        const int k = std::countr_zero(left);
        const auto index = static_cast<std::size_t>(k);
        view.now[index] = ring_.data() + slot(static_cast<std::uint32_t>(k), step);
        view.next[index] = ring_.data() + slot(static_cast<std::uint32_t>(k), step + 1);
    }
    for (Group& group : groups_) {
        view.program = group.program;
        view.params = group.image->params.data();
        view.neurons = image_->neurons.data() + group.image->first;
        view.first = group.image->first;
        view.count = group.image->count;
        view.state = group.state.data();
        view.traces = group.traces.data();
        view.stride = group.stride;
        engine.update(view, step, random, activity);
        empty_slot(group, step);
    }
}

/// Carries or drops what the group left in the slot of `step`.
void Neurocore::empty_slot(const Group& group, std::uint64_t step) {
    for (std::uint32_t left = accumulators_ & ~group.program->cleared_accumulators(); left != 0;
         left &= left - 1) {
        const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
        std::int32_t* const now = ring_.data() + slot(k, step) + group.image->first;
        std::int32_t* const next = ring_.data() + slot(k, step + 1) + group.image->first;
        if (((group.program->read_accumulators() >> k) & 1U) != 0) {
            for (std::uint32_t i = 0; i < group.image->count; ++i) {
                next[i] = add_wrapping(next[i], static_cast<std::uint32_t>(now[i]));
            }
        }
        std::fill_n(now, group.image->count, 0);
    }
}

SynapseRow Neurocore::row(std::uint32_t axon, std::uint32_t atom) const {
    const isa::InputAxon& input = image_->input_axons[axon];
    const std::uint32_t row = input.first_row + atom;
    return {.offset = image_->rows[row],
            .synapses = row_synapses_[row],
            .dense = 0,
            .words = row_words_[row],
            .base = input.base};
}

std::size_t Neurocore::slot(std::uint32_t accumulator, std::uint64_t step) const noexcept {
    return ring_first_[accumulator] + (step & slot_mask_) * static_cast<std::size_t>(compartments_);
}

template <bool kDelayed>
void Neurocore::integrate_block(const Format& format, std::span<const std::uint32_t> words,
                                std::uint32_t base, std::uint32_t payload, std::uint64_t step) {
    // (weight << 7) >> (7 - exponent), taken straight from the upper bits of the word.
    const auto increment_of = [shift = format.shift](std::uint32_t word) {
        return static_cast<std::int32_t>(word & 0xFF800000U) >> shift;
    };
    const std::uint32_t mask = slot_mask_;
    const std::size_t stride = compartments_;
    std::int32_t* const ring = ring_.data() + format.accumulator;
    std::int32_t* const due = ring + (step & mask) * stride + base;
    const auto at = [&](std::uint32_t word) -> std::int32_t& {
        if constexpr (kDelayed) {
            const std::uint64_t when = (step + isa::SynapseWord::delay(word)) & mask;
            return ring[when * stride + base + isa::SynapseWord::target(word)];
        } else {
            return due[isa::SynapseWord::target(word)];
        }
    };
    if (!format.clipped && !format.graded) {
        for (const std::uint32_t word : words) {
            std::int32_t& sum = at(word);
            sum = add_wrapping(sum, static_cast<std::uint32_t>(increment_of(word)));
        }
        return;
    }
    const std::uint32_t factor = format.graded ? payload : 1U;
    for (const std::uint32_t word : words) {
        const std::int32_t increment = std::max(increment_of(word), -32767);
        std::int32_t& sum = at(word);
        sum = add_wrapping(sum, static_cast<std::uint32_t>(increment) * factor);
    }
}

std::uint64_t Neurocore::integrate(std::span<const AxonArrival> arrivals, std::uint64_t step) {
    const std::uint32_t* const memory = image_->synapses.data();
    std::uint64_t events = 0;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        if (i + kPrefetchRows < arrivals.size()) {
            const std::uint32_t* const ahead = memory + arrivals[i + kPrefetchRows].offset;
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + 16);
        }
        const AxonArrival& arrival = arrivals[i];
        const std::uint32_t* word = memory + arrival.offset;
        for (bool last = false; !last;) {
            const std::uint32_t header = *word++;
            const std::uint32_t count = isa::BlockHeader::count(header);
            const Format& format = formats_[isa::BlockHeader::format(header)];
            const auto payload = static_cast<std::uint32_t>(arrival.payload);
            if (format.delayed) {
                integrate_block<true>(format, {word, count}, arrival.base, payload, step);
            } else {
                integrate_block<false>(format, {word, count}, arrival.base, payload, step);
            }
            events += count;
            word += count;
            last = isa::BlockHeader::last(header);
        }
    }
    return events;
}

const Neurocore::Group& Neurocore::group_of(std::uint32_t compartment) const {
    SM_ASSERT(compartment < compartments_, "compartment beyond the core");
    const auto after = std::upper_bound(
        groups_.begin(), groups_.end(), compartment,
        [](std::uint32_t c, const Group& group) { return c < group.image->first; });
    return *std::prev(after);
}

std::int32_t Neurocore::state(std::uint32_t compartment, std::uint32_t word) const {
    const Group& group = group_of(compartment);
    if (word >= group.words) return 0;
    return group.state[word * group.stride + (compartment - group.image->first)];
}

void Neurocore::write_state(std::uint32_t compartment, std::uint32_t word, std::int32_t value) {
    const Group& group = group_of(compartment);
    if (word >= group.words) return;
    groups_[static_cast<std::size_t>(&group - groups_.data())]
        .state[word * group.stride + (compartment - group.image->first)] = value;
}

std::int32_t Neurocore::parameter(std::uint32_t compartment, std::uint32_t index) const {
    return index < isa::kParameters ? group_of(compartment).image->params[index] : 0;
}

std::int32_t Neurocore::trace(std::uint32_t compartment, std::uint32_t index) const {
    const Group& group = group_of(compartment);
    const std::size_t at = index * group.stride + (compartment - group.image->first);
    return at < group.traces.size() ? group.traces[at] : 0;
}

std::int32_t Neurocore::accumulator(std::uint32_t compartment, std::uint32_t index,
                                    std::uint64_t step) const {
    if (((accumulators_ >> index) & 1U) == 0) return 0;
    return ring_[slot(index, step) + compartment];
}

std::size_t Neurocore::memory_bytes() const noexcept {
    std::size_t words = ring_.capacity() + row_synapses_.capacity() + row_words_.capacity();
    for (const Group& group : groups_) words += group.state.capacity() + group.traces.capacity();
    return words * sizeof(std::int32_t) + formats_.capacity() * sizeof(Format) +
           groups_.capacity() * sizeof(Group);
}

}  // namespace seamount::emu
