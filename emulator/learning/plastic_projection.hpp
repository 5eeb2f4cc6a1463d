#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "emulator/learning/learning_state.hpp"
#include "emulator/learning/normaliser.hpp"
#include "emulator/learning/trace_bank.hpp"
#include "emulator/learning/update_kernel.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// A synapse that learns, as it is now.
struct PlasticSynapse {
    std::uint32_t source = 0;  ///< index within the input or population
    std::uint32_t target = 0;  ///< compartment
    std::uint32_t id = 0;      ///< within its projection
    std::int32_t weight = 0;
    std::int32_t delay = 0;
    std::int32_t tag = 0;
    std::int32_t second_tag = 0;
};

/// The part of one plastic projection that is in one core: traces, tags, the lists of what was
/// active in the epoch, and its epoch's end.
///
/// An epoch touches the rows whose source spiked if there are x0 products, the columns whose target
/// spiked if there are y0 products, and everything only if a u product is due; each synapse once.
class PlasticProjection {
public:
    struct Block {
        std::uint32_t words = 0;  ///< offset of its first synapse word
        std::uint32_t first = 0;  ///< index of its first synapse, into `ids` and the tags
        std::uint32_t count = 0;
        std::uint32_t source = 0;
    };
    struct Params {
        const isa::LearningRuleImage* rule = nullptr;
        isa::SynapseFormat format;
        std::uint32_t projection = 0;  ///< index into Image::projections
        std::uint64_t seed = 1;        ///< of the run
        std::vector<Block> blocks;
        std::vector<std::uint32_t> ids;
        std::vector<std::int16_t> tags;
        std::vector<std::int16_t> second_tags;
        const std::vector<NeuronId>* neurons = nullptr;  ///< of each compartment
        bool tied = false;  ///< its weights are those of another projection: it learns nothing
    };
    /// `words` is the core's synapse memory; it and what Params points to must outlive the object.
    PlasticProjection(Params params, std::span<std::uint32_t> words);

    /// A spike arrived at block `block` in step `step`.
    void pre_spike(std::uint32_t block, std::int32_t payload, std::uint64_t step);
    /// A compartment spiked; one that no synapse reaches is ignored.
    void post_spike(std::uint32_t compartment, std::uint64_t step);
    /// Trace registers y1..y3 of a compartment after the neuron program of `step`.
    void post_traces(std::uint32_t compartment, std::array<std::int32_t, 3> values,
                     std::uint64_t step);
    /// Ends step `step` and, if it is its last one, the epoch. Synapses change only if `enabled`.
    void end_step(std::uint64_t step, const std::array<std::int64_t, isa::kRewards>& rewards,
                  bool enabled, LearningActivity& activity);
    /// Traces, spikes and rewards of the epoch to zero; synapses keep what they learned.
    void reset();
    /// Traces and spikes of the epoch to zero, and spikes that would count in the next step.
    void clear_traces();
    /// Tags (t, and d where it is no delay) to zero; returns how many synapses had another value.
    std::uint64_t clear_tags();
    /// Whether its synapses have tags.
    [[nodiscard]] bool has_tags() const noexcept {
        return kernel_.uses(isa::LearnTarget::kTag) ||
               (kernel_.uses(isa::LearnTarget::kDelay) && !rule_->moves_delay);
    }
    [[nodiscard]] std::size_t synapses() const noexcept { return ids_.size(); }
    /// Compartments where one of its synapses ends.
    [[nodiscard]] std::size_t targets() const;

    /// Adds what this part of the projection holds between two steps to `state`, whose synapses are
    /// as many as those of the whole projection.
    void save(ProjectionState& state) const;
    /// The reverse, from a state in order that fits: traces and late neurons ascend.
    void load(const ProjectionState& state);

    [[nodiscard]] const isa::LearningRuleImage& rule() const noexcept { return *rule_; }
    [[nodiscard]] std::uint32_t projection() const noexcept { return projection_; }
    /// Whether its weights are those of another projection (tied_weights.hpp): it has no traces.
    [[nodiscard]] bool tied() const noexcept { return tied_; }
    /// Compartments that its synapses may reach: [first, first + count).
    [[nodiscard]] std::uint32_t first_post() const noexcept { return first_post_; }
    [[nodiscard]] std::uint32_t post_count() const noexcept { return post_.entries(); }
    [[nodiscard]] const TraceBank& pre() const noexcept { return pre_; }
    [[nodiscard]] const TraceBank& post() const noexcept { return post_; }
    [[nodiscard]] std::span<const Block> blocks() const noexcept { return blocks_; }
    /// Tags of the synapses of a block; each span has one element per synapse.
    void copy_tags(std::uint32_t block, std::span<std::int16_t> tags,
                   std::span<std::int16_t> second_tags) const;
    void for_each(const std::function<void(const PlasticSynapse&)>& visit) const;
    /// Calls `visit(source, id, word)` for the SynapseWord of each synapse, which it may change.
    template <class Visit>
    void for_each_word(Visit visit) {
        for (const Block& block : blocks_) {
            for (std::uint32_t i = 0; i < block.count; ++i) {
                visit(block.source, ids_[block.first + i], words_[block.words + i]);
            }
        }
    }

private:
    void index_columns();
    void update(const EpochView& epoch, LearningActivity& activity);
    void normalise(std::uint64_t step, LearningActivity& activity);
    void update_row(std::uint32_t block, const EpochView& epoch, LearningActivity& activity);
    void update_column(std::uint32_t post, bool rows_done, const EpochView& epoch,
                       LearningActivity& activity);
    void gather(std::uint32_t block, std::uint32_t synapse);
    void flush(const EpochView& epoch, LearningActivity& activity);
    [[nodiscard]] std::uint32_t& word_of(std::uint32_t block, std::uint32_t synapse) const {
        return words_[blocks_[block].words + (synapse - blocks_[block].first)];
    }

    const isa::LearningRuleImage* rule_;
    std::uint32_t projection_;
    bool tied_;
    std::span<std::uint32_t> words_;
    std::vector<Block> blocks_;
    std::vector<std::uint32_t> ids_;
    std::vector<std::int16_t> tags_;         ///< empty if the rule has no use for them
    std::vector<std::int16_t> second_tags_;  ///< the same
    std::uint32_t first_post_ = 0;
    std::vector<std::uint8_t> is_target_;  ///< by post entry: some synapse ends there
    Rounder rounder_;
    TraceBank pre_;
    TraceBank post_;
    UpdateKernel kernel_;
    Normaliser normaliser_;
    std::array<std::int64_t, isa::kRewards> rewards_{};
    std::vector<std::uint32_t> late_post_;  ///< of brian2loihi: spikes that count in the next step

    /// For y0 products: the synapses of each post entry.
    std::vector<std::uint32_t> column_first_;
    struct ColumnEntry {
        std::uint32_t block;
        std::uint32_t synapse;
    };
    std::vector<ColumnEntry> columns_;

    SynapseLanes lanes_;
    std::array<std::uint32_t, SynapseLanes::kMax> lane_block_{};
    std::array<std::uint32_t, SynapseLanes::kMax> lane_synapse_{};
};

}  // namespace seamount::emu
