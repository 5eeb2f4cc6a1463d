#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "emulator/base/memory.hpp"
#include "emulator/core/core_activity.hpp"
#include "emulator/core/kernels.hpp"
#include "emulator/core/lockstep.hpp"
#include "emulator/core/program/lockstep_program.hpp"
#include "emulator/core/sum_wraps.hpp"
#include "emulator/learning/core_learning.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::emu {

/// The synapses that a packet reaches, looked up once: where they are, what they cost.
struct SynapseRow {
    /// Of the row's first header in the core's synapse memory; with kVisits, the axon.
    std::uint32_t offset = 0;
    std::uint32_t synapses = 0;  ///< in all blocks, those of padding included
    std::uint32_t dense = 0;     ///< of these, in blocks of a dense format
    std::uint32_t words = 0;     ///< of 32 bits; see Neurocore::Learning::access_words
    std::uint32_t base = 0;      ///< added to each target; with kVisits, the atom

    static constexpr std::uint32_t kVisits = 0x80000000U;  ///< several rows: isa::RowVisit
};

/// A packet at the synapse stage of its target core.
struct AxonArrival {
    std::uint32_t offset = 0;  ///< see SynapseRow
    std::uint32_t base = 0;
    std::int32_t payload = 1;
    std::uint32_t synapses = 0;  ///< of a single row

    [[nodiscard]] bool has_visits() const noexcept { return (offset & SynapseRow::kVisits) != 0; }
};

/// A row that is one block whose words add their shifted weights, and no more.
struct PlainRow {
    std::span<const std::uint32_t> words;  ///< isa::SynapseWord; empty: the row is another one
    std::uint32_t first = 0;               ///< of target 0, behind Neurocore::due
    int shift = 0;  ///< arithmetic, of word & 0xFF800000, which makes it the increment
};

/// One neurocore: compartments in groups, dendritic accumulators, synapse memory. Plain C++ without
/// time.
///
/// Dendritic accumulators are a ring of slots, one per step up to the longest delay. What a step
/// does not read and clear (RDC) it carries to the next step's slot if its program reads that
/// accumulator at all (PEEK, or an RDC that the compartment skipped), and drops otherwise: so the
/// slot of a step is empty after its update, and a compartment sees accumulators that persist, as
/// isa::Lane has them. Sums wrap modulo 2^32; a step's sum that did is counted with the overflows
/// of that step, and so is a maximum, minimum or union that does not fit (isa::Accumulate).
///
/// Not thread-safe; different cores may be used by different threads.
class Neurocore {
public:
    /// What a core needs beside its image and programs: mostly if its synapses learn.
    struct Learning {
        const isa::LearningImage* image = nullptr;
        std::uint64_t seed = 1;  ///< of the run
        bool active = true;      ///< false: synapses keep their values and cost nothing more
        /// How SynapseRow::words counts: 0: as the image stores rows; else as a chip does that
        /// keeps its tables in one pool (isa/image/pool_cost.hpp), each row in whole accesses of so
        /// many words of 32 bits.
        std::uint32_t access_words = 0;
        /// isa::DatasetImage::kept.
        std::span<const std::uint32_t> kept{};
        /// False: the rows of the core are not looked at, nothing arrives and nothing learns. For
        /// who keeps what the compartments of a core hold that is computed elsewhere.
        bool synapses = true;
    };

    /// `image` (checked) and `programs` (one per Image::programs) must outlive the core; synapse
    /// memory is used in place, unless it has dense blocks, which are unpacked into a copy, or
    /// synapses that learn, which change it.
    Neurocore(const isa::CoreImage& image, std::span<const LockstepProgram> programs)
        : Neurocore{image, programs, Learning{}} {}
    Neurocore(const isa::CoreImage& image, std::span<const LockstepProgram> programs,
              const Learning& learning);

    /// State to its initial values; accumulators and traces to zero. What synapses learned stays.
    void reset() { restart(false); }
    /// The same before another sample: the state words that the dataset keeps stay too.
    void next_sample() { restart(true); }

    /// Runs all compartments through step `step`; adds to `activity` and appends the spikes.
    void update(std::uint64_t step, const isa::RandomSource& random, Lockstep& engine,
                CoreActivity& activity);

    /// The row of a packet (axon, atom).
    [[nodiscard]] SynapseRow row(std::uint32_t axon, std::uint32_t atom) const;

    /// Adds the synapses of all arrivals into slot `step` + delay and counts them, and those of
    /// padding. The order of the arrivals never matters. `step` is the next step to be updated.
    void integrate(std::span<const AxonArrival> arrivals, std::uint64_t step,
                   CoreActivity& activity);

    /// Adds what the formats with the exponent on the sum (SynapseFormat::kOnSum) got from all
    /// calls of integrate() since the last one, all of which were for `step`.
    void settle(std::uint64_t step);
    /// The row of SynapseRow::offset and base, if it is a plain one that never changes.
    [[nodiscard]] PlainRow plain_row(std::uint32_t offset, std::uint32_t base) const;
    /// The ring in the slot of `step`: the target PlainRow::first of a plain row without delay.
    /// Whoever adds to it calls expect_input.
    [[nodiscard]] std::int32_t* due(std::uint64_t step) noexcept {
        return ring_.data() + (step & slot_mask_) * std::size_t{compartments_};
    }
    /// Something was added to slots of `step` or later.
    void expect_input(std::uint64_t step) noexcept {
        quiet_from_ = std::max(quiet_from_, step + slots());
    }

    /// Ends `step` for the synapses that learn: after update() and the integration of all packets
    /// of the step.
    void learn(std::uint64_t step, const LearnSignals& signals, CoreActivity& activity);
    /// Writes what synapses learned into `image`, a copy of the core's own.
    void store_learned(isa::CoreImage& image) const;
    /// Null if no synapse of the core learns.
    [[nodiscard]] const CoreLearning* learning() const noexcept { return learning_.get(); }
    [[nodiscard]] CoreLearning* learning() noexcept { return learning_.get(); }

    [[nodiscard]] std::uint32_t compartments() const noexcept { return compartments_; }
    /// 0 if the program has no such word.
    [[nodiscard]] std::int32_t state(std::uint32_t compartment, std::uint32_t word) const;
    /// A word that the program does not have is left alone.
    void write_state(std::uint32_t compartment, std::uint32_t word, std::int32_t value);
    [[nodiscard]] std::int32_t parameter(std::uint32_t compartment, std::uint32_t index) const;
    /// Trace register of the learning engine, as the program last set it (TRC).
    [[nodiscard]] std::int32_t trace(std::uint32_t compartment, std::uint32_t index) const;
    /// Accumulator as it is due in step `step`; 0 if no program and no synapse names it.
    [[nodiscard]] std::int32_t accumulator(std::uint32_t compartment, std::uint32_t index,
                                           std::uint64_t step) const;
    [[nodiscard]] std::uint32_t slots() const noexcept { return slot_mask_ + 1; }
    /// Adds to the accumulator as it is due in step `step`. False, and nothing is added, if no
    /// program and no synapse names the accumulator.
    bool add_to_accumulator(std::uint32_t compartment, std::uint32_t index, std::uint64_t step,
                            std::int64_t value);
    /// It holds nothing then.
    void clear_accumulator(std::uint32_t compartment, std::uint32_t index, std::uint64_t step);
    /// What was added to that accumulator, which holds the lower 32 bits of it.
    [[nodiscard]] std::int64_t exact_sum(std::uint32_t compartment, std::uint32_t index,
                                         std::uint64_t step) const;
    /// How many state words, and trace registers, the compartment's program has.
    [[nodiscard]] std::uint32_t state_words(std::uint32_t compartment) const {
        return group_of(compartment).words;
    }
    [[nodiscard]] std::uint32_t trace_registers(std::uint32_t compartment) const {
        return group_of(compartment).traces.empty() ? 0 : isa::kTraceRegisters;
    }
    void write_trace(std::uint32_t compartment, std::uint32_t index, std::int32_t value);

private:
    struct Group {
        const isa::NeuronGroup* image;
        const LockstepProgram* program;
        std::uint32_t words;  ///< state words
        std::uint32_t kept;   ///< bit w: a new sample leaves word w as it is
        std::size_t stride;
        LineVector<std::int32_t> state;
        LineVector<std::int32_t> traces;
        std::uint32_t uniform = 0;  ///< as GroupView::uniform
        /// Without input, the next update changes nothing and does what this one did: the program
        /// depends on nothing but the state, which is the same.
        bool at_rest = false;
        CoreActivity resting{};  ///< what such an update counts
    };
    /// A synapse format as the integration loop needs it.
    struct Format {
        std::uint32_t accumulator = 0;  ///< first word of the accumulator's ring
        std::uint8_t shift = 16;        ///< arithmetic shift of word & 0xFF800000 -> increment
        bool delayed = false;           ///< some synapse of this format has a delay
        bool clipped = false;           ///< exponent 7: mantissa -256 clips to -32767
        bool graded = false;
        std::uint32_t sum = kNoSum;  ///< index into sums_
        bool plastic = false;
        bool runs = false;     ///< blocks are unpacked into runs of neighbouring targets
        bool can_wrap = true;  ///< the sums that it adds to may leave 32 bits
        isa::Accumulate rule = isa::Accumulate::kSum;
        bool simple = false;     ///< none of the above: a word adds its shifted weight, and no more
        bool only_runs = false;  ///< runs, and nothing else of the above

        /// (weight << 7) >> (7 - exponent), taken straight from the upper bits of the word.
        [[nodiscard]] std::int32_t increment(std::uint32_t word) const noexcept {
            const std::int32_t shifted = static_cast<std::int32_t>(word & 0xFF800000U) >> shift;
            return clipped ? std::max(shifted, -32767) : shifted;
        }
    };
    static constexpr std::uint32_t kNoSum = 0xFFFFFFFFU;
    /// What the spikes of one step add under one exponent, before it is applied.
    struct Sum {
        std::uint8_t accumulator = 0;
        std::uint8_t sum = 0;
        std::int8_t exponent = 0;
        bool used = false;              ///< since the last settle()
        std::vector<std::int32_t> add;  ///< [delay][compartment]
    };
    template <bool kDelayed, bool kCounted>
    void integrate_block(const Format& format, std::span<const std::uint32_t> words,
                         std::uint32_t base, std::int32_t payload, std::uint64_t step);
    void restart(bool keeps);
    /// Of a format whose rule is not kSum.
    void integrate_rule(const Format& format, std::span<const std::uint32_t> words,
                        std::uint32_t base, std::int32_t payload, std::uint64_t step);
    void find_rules();
    void add_to_sum(const Format& format, std::span<const std::uint32_t> words, std::uint32_t base,
                    std::int32_t payload, std::uint64_t step);
    /// Adds the row at `offset` of the memory. Blocks of simple formats are added here and now:
    /// most rows are a few words long, and a call costs as much as they do.
    void integrate_row(std::uint32_t offset, std::uint32_t base, std::int32_t payload,
                       std::uint64_t step);
    /// Integrates the first of `arrivals`, as long as their axons have visits, but no more than a
    /// batch. Returns how many it took.
    std::size_t integrate_visits(std::span<const AxonArrival> arrivals, std::uint64_t step,
                                 CoreActivity& activity);
    /// Adds the block at `header` of any format.
    void integrate_any(const std::uint32_t* header, std::uint32_t base, std::int32_t payload,
                       std::uint64_t step);
    /// Adds a block that was unpacked into runs of neighbouring targets, and watches its sums.
    void integrate_runs(const Format& format, std::span<const std::uint32_t> runs,
                        std::uint32_t base, std::int32_t payload, std::uint64_t step);
    void unpack(std::uint32_t format, const std::uint32_t* block);
    void unpack_words(std::uint32_t format, const std::uint32_t* block);
    void unpack_runs(std::uint32_t format, const std::uint32_t* block);
    [[nodiscard]] static bool runs_in_parallel(const isa::SynapseFormat& format);
    [[nodiscard]] static bool has_no_holes(const isa::SynapseFormat& format);
    struct Row {
        std::uint32_t offset = 0;  ///< in memory_
        std::uint32_t synapses = 0;
        std::uint32_t dense = 0;  ///< of these, in dense blocks
        std::uint32_t words = 0;  ///< of the physical memory, headers included
        /// Of a row that is one block of runs only: its words behind the header, and where the ring
        /// of its accumulator begins. Else 0.
        std::uint32_t run_words = 0;
        std::uint32_t accumulator = 0;
    };
    std::uint32_t scan_rows();
    /// Sets the words of the rows to those of a chip with a pool.
    void count_pool_words(std::uint32_t access_words);
    void note_plastic(const std::uint32_t* block);
    void find_sums(std::uint32_t delays);
    void find_rows_of_runs();
    void find_safe_formats(std::span<const LockstepProgram> programs);
    [[nodiscard]] std::int64_t most_of_a_sum() const;
    [[nodiscard]] const Group& group_of(std::uint32_t compartment) const;
    [[nodiscard]] std::size_t slot(std::uint32_t accumulator, std::uint64_t step) const noexcept;
    void empty_slot(const Group& group, std::uint64_t step);
    [[nodiscard]] bool needs_one_slot() const noexcept;
    static void find_uniform(Group& group);
    void update_group(Group& group, const GroupView& view, std::uint64_t step,
                      const isa::RandomSource& random, Lockstep& engine, CoreActivity& activity);
    [[nodiscard]] GroupView view_of_slots(std::uint64_t step);

    const isa::CoreImage* image_;
    std::uint32_t compartments_ = 0;
    std::uint32_t slot_mask_ = 0;
    std::uint64_t quiet_from_ = 0;    ///< from this step on all slots are empty
    std::uint32_t accumulators_ = 0;  ///< bit mask: in use
    std::array<std::uint32_t, isa::kAccumulators> ring_first_{};
    std::vector<Group> groups_;
    std::vector<Format> formats_;
    AddRuns add_runs_;
    std::vector<Row> rows_;                ///< as CoreImage::rows; empty without synapses
    std::vector<RowOfRuns> batch_;         ///< that are going to be added
    bool unpack_ = false;                  ///< some block is not used as it stands in the image
    std::vector<std::uint32_t> unpacked_;  ///< the core's copy of synapse memory, or empty
    std::span<const std::uint32_t> memory_;
    std::vector<std::uint32_t> plastic_headers_;  ///< in memory_, by block of PlasticMemory
    std::unique_ptr<CoreLearning> learning_;
    std::vector<Sum> sums_;
    std::vector<std::uint8_t> rules_;  ///< of each compartment; empty: everything is added
    SumWraps wraps_;                   ///< of ring_
    LineVector<std::int32_t> ring_;    ///< [accumulator in use][slot][compartment]
};

}  // namespace seamount::emu
