#include "emulator/learning/plastic_projection.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace seamount::emu {
namespace {

using isa::LearnGate;
using isa::LearnTarget;
using isa::SynapseWord;

/// Synapses of a column ahead of the one in work whose words are fetched.
constexpr std::uint32_t kPrefetchSynapses = 16;

/// The smallest and largest target of all blocks, as a range.
std::pair<std::uint32_t, std::uint32_t> targets_of(std::span<const PlasticProjection::Block> blocks,
                                                   std::span<const std::uint32_t> words) {
    std::uint32_t low = 0xFFFFFFFF;
    std::uint32_t high = 0;
    for (const PlasticProjection::Block& block : blocks) {
        for (std::uint32_t i = 0; i < block.count; ++i) {
            const std::uint32_t target = SynapseWord::target(words[block.words + i]);
            low = std::min(low, target);
            high = std::max(high, target + 1);
        }
    }
    return high == 0 ? std::pair{0U, 0U} : std::pair{low, high};
}

std::vector<std::uint32_t> sources_of(std::span<const PlasticProjection::Block> blocks) {
    std::vector<std::uint32_t> keys;
    keys.reserve(blocks.size());
    for (const PlasticProjection::Block& block : blocks) keys.push_back(block.source);
    return keys;
}

std::vector<std::uint32_t> neurons_of(const PlasticProjection::Params& params,
                                      std::span<const std::uint32_t> words) {
    const auto [low, high] = targets_of(params.blocks, words);
    std::vector<std::uint32_t> numbers;
    numbers.reserve(static_cast<std::size_t>(high - low));
    std::transform(params.neurons->begin() + low, params.neurons->begin() + high,
                   std::back_inserter(numbers), [](NeuronId neuron) { return neuron.value(); });
    return numbers;
}

template <class T>
void keep_if(bool used, std::size_t count, std::vector<T>& values) {
    if (!used) {
        values = {};
    } else if (values.empty()) {
        values.resize(count);
    }
}

}  // namespace

PlasticProjection::PlasticProjection(Params params, std::span<std::uint32_t> words)
    : rule_{params.rule},
      projection_{params.projection},
      tied_{params.tied},
      words_{words},
      blocks_{params.blocks},
      ids_{std::move(params.ids)},
      tags_{std::move(params.tags)},
      second_tags_{std::move(params.second_tags)},
      first_post_{targets_of(blocks_, words).first},
      rounder_{*params.rule, params.seed, params.projection},
      pre_{{params.rule, false, sources_of(blocks_)}, rounder_},
      post_{{params.rule, true, neurons_of(params, words)}, rounder_},
      kernel_{*params.rule, params.format, rounder_},
      normaliser_{*params.rule, rounder_} {
    keep_if(kernel_.uses(LearnTarget::kTag), ids_.size(), tags_);
    keep_if(kernel_.uses(LearnTarget::kDelay) && !rule_->moves_delay, ids_.size(), second_tags_);
    is_target_.resize(post_.entries());
    for (const Block& block : blocks_) {
        for (std::uint32_t i = 0; i < block.count; ++i) {
            is_target_[SynapseWord::target(words_[block.words + i]) - first_post_] = 1;
        }
    }
    if (kernel_.uses(LearnGate::kY0)) index_columns();
}

void PlasticProjection::index_columns() {
    column_first_.assign(std::size_t{post_.entries()} + 1, 0);
    const auto for_all = [this](auto visit) {
        for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
            const Block& block = blocks_[b];
            for (std::uint32_t i = 0; i < block.count; ++i) {
                visit(b, block.first + i,
                      SynapseWord::target(words_[block.words + i]) - first_post_);
            }
        }
    };
    for_all([this](std::uint32_t, std::uint32_t, std::uint32_t post) {
        ++column_first_[std::size_t{post} + 1];
    });
    std::partial_sum(column_first_.begin(), column_first_.end(), column_first_.begin());
    columns_.resize(column_first_.back());
    std::vector<std::uint32_t> next = column_first_;
    for_all([&](std::uint32_t block, std::uint32_t synapse, std::uint32_t post) {
        columns_[next[post]++] = {block, synapse};
    });
}

void PlasticProjection::pre_spike(std::uint32_t block, std::int32_t payload, std::uint64_t step) {
    if (tied_) return;
    const auto q = static_cast<std::uint32_t>(step % rule_->epoch) + 1;
    pre_.graded_spike(block, q, payload, step);
}

void PlasticProjection::post_spike(std::uint32_t compartment, std::uint64_t step) {
    if (tied_) return;
    const std::uint32_t post = compartment - first_post_;  // wraps for those before
    if (post >= post_.entries() || is_target_[post] == 0) return;
    if (rule_->mode == isa::LearnMode::kBrian2Loihi) return late_post_.push_back(post);
    const auto q = static_cast<std::uint32_t>(step % rule_->epoch) + 1;
    // Two spikes of one program in one step are one action potential.
    if (post_.time(post) != q) post_.spike(post, q, step);
}

void PlasticProjection::post_traces(std::uint32_t compartment, std::array<std::int32_t, 3> values,
                                    std::uint64_t step) {
    const std::uint32_t post = compartment - first_post_;
    if (post >= post_.entries() || is_target_[post] == 0) return;
    const auto q = static_cast<std::uint32_t>(step % rule_->epoch) + 1;
    for (std::uint32_t k = 0; k < values.size(); ++k) post_.hold(post, k, values[k], q);
}

void PlasticProjection::end_step(std::uint64_t step,
                                 const std::array<std::int64_t, isa::kRewards>& rewards,
                                 bool enabled, LearningActivity& activity) {
    if (tied_) return;
    for (std::size_t r = 0; r < rewards.size(); ++r) rewards_[r] += rewards[r];
    if ((step + 1) % rule_->epoch != 0) return;
    activity.axon_trace_updates += pre_.close(step);
    activity.trace_updates += post_.close(step);
    if (enabled) {
        // brian2_loihi counts steps from 0, the others epochs from 1.
        const bool from_zero = rule_->mode == isa::LearnMode::kBrian2Loihi;
        EpochView epoch{&pre_, &post_, {}, from_zero ? step : (step + 1) / rule_->epoch, step};
        for (std::size_t r = 0; r < rewards.size(); ++r) {
            epoch.rewards[r] =
                static_cast<std::int32_t>(std::clamp<std::int64_t>(rewards_[r], -128, 127));
        }
        update(epoch, activity);
        if (normaliser_.due(epoch.number)) normalise(step, activity);
    }
    rewards_ = {};
    pre_.next_epoch();
    post_.next_epoch();
    for (const std::uint32_t post : late_post_) {
        if (post_.time(post) == 0) post_.spike(post, 1, step + 1);
    }
    late_post_.clear();
}

void PlasticProjection::update(const EpochView& epoch, LearningActivity& activity) {
    lanes_.count = 0;
    if (kernel_.sweeps(epoch.number)) {
        for (std::uint32_t b = 0; b < blocks_.size(); ++b) update_row(b, epoch, activity);
        return flush(epoch, activity);
    }
    const bool rows = kernel_.uses(LearnGate::kX0);
    if (rows) {
        for (const std::uint32_t block : pre_.active()) update_row(block, epoch, activity);
    }
    if (kernel_.uses(LearnGate::kY0)) {
        for (const std::uint32_t post : post_.active()) {
            update_column(post, rows, epoch, activity);
        }
    }
    flush(epoch, activity);
}

void PlasticProjection::normalise(std::uint64_t step, LearningActivity& activity) {
    normaliser_.begin(post_.entries());
    const auto for_all = [this](auto visit) {
        for (const Block& block : blocks_) {
            for (std::uint32_t i = 0; i < block.count; ++i) {
                std::uint32_t& word = words_[block.words + i];
                visit(word, SynapseWord::target(word) - first_post_, ids_[block.first + i]);
            }
        }
    };
    for_all([this](std::uint32_t word, std::uint32_t target, std::uint32_t) {
        normaliser_.add(target, SynapseWord::weight(word));
    });
    for_all([&](std::uint32_t& word, std::uint32_t target, std::uint32_t id) {
        const std::int32_t weight =
            normaliser_.scaled(target, SynapseWord::weight(word), id, step, activity);
        word = SynapseWord::pack(weight, SynapseWord::delay(word), SynapseWord::target(word));
    });
}

void PlasticProjection::update_row(std::uint32_t block, const EpochView& epoch,
                                   LearningActivity& activity) {
    for (std::uint32_t i = 0; i < blocks_[block].count; ++i) {
        if (lanes_.count == SynapseLanes::kMax) flush(epoch, activity);
        gather(block, blocks_[block].first + i);
    }
}

/// `rows_done`: the rows of sources that spiked were updated already, with this gate too.
void PlasticProjection::update_column(std::uint32_t post, bool rows_done, const EpochView& epoch,
                                      LearningActivity& activity) {
    const std::uint32_t end = column_first_[post + 1];
    for (std::uint32_t i = column_first_[post]; i < end; ++i) {
        if (i + kPrefetchSynapses < end) {
            const ColumnEntry& ahead = columns_[i + kPrefetchSynapses];
            __builtin_prefetch(&word_of(ahead.block, ahead.synapse), 1);
        }
        const auto [block, synapse] = columns_[i];
        if (rows_done && pre_.time(block) != 0) continue;
        if (lanes_.count == SynapseLanes::kMax) flush(epoch, activity);
        gather(block, synapse);
    }
}

void PlasticProjection::gather(std::uint32_t block, std::uint32_t synapse) {
    const std::uint32_t l = lanes_.count++;
    const std::uint32_t word = word_of(block, synapse);
    lane_block_[l] = block;
    lane_synapse_[l] = synapse;
    lanes_.pre[l] = block;
    lanes_.post[l] = SynapseWord::target(word) - first_post_;
    lanes_.id[l] = ids_[synapse];
    lanes_.value[0][l] = SynapseWord::weight(word);
    lanes_.value[1][l] = rule_->moves_delay ? static_cast<std::int32_t>(SynapseWord::delay(word))
                         : second_tags_.empty() ? 0
                                                : second_tags_[synapse];
    lanes_.value[2][l] = tags_.empty() ? 0 : tags_[synapse];
}

void PlasticProjection::flush(const EpochView& epoch, LearningActivity& activity) {
    if (lanes_.count == 0) return;
    kernel_.apply(lanes_, epoch, activity);
    for (std::uint32_t l = 0; l < lanes_.count; ++l) {
        std::uint32_t& word = word_of(lane_block_[l], lane_synapse_[l]);
        const std::uint32_t delay = rule_->moves_delay
                                        ? static_cast<std::uint32_t>(lanes_.value[1][l])
                                        : SynapseWord::delay(word);
        word = SynapseWord::pack(lanes_.value[0][l], delay, SynapseWord::target(word));
    }
    if (!tags_.empty()) {
        for (std::uint32_t l = 0; l < lanes_.count; ++l) {
            tags_[lane_synapse_[l]] = static_cast<std::int16_t>(lanes_.value[2][l]);
        }
    }
    if (!second_tags_.empty()) {
        for (std::uint32_t l = 0; l < lanes_.count; ++l) {
            second_tags_[lane_synapse_[l]] = static_cast<std::int16_t>(lanes_.value[1][l]);
        }
    }
    lanes_.count = 0;
}

void PlasticProjection::reset() {
    clear_traces();
    rewards_ = {};
}

void PlasticProjection::clear_traces() {
    pre_.reset();
    post_.reset();
    late_post_.clear();
}

std::size_t PlasticProjection::targets() const {
    return static_cast<std::size_t>(std::count(is_target_.begin(), is_target_.end(), 1));
}

std::uint64_t PlasticProjection::clear_tags() {
    std::uint64_t changed = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        const bool first = !tags_.empty() && tags_[i] != 0;
        const bool second = !second_tags_.empty() && second_tags_[i] != 0;
        if (first) tags_[i] = 0;
        if (second) second_tags_[i] = 0;
        changed += first || second ? 1U : 0U;
    }
    return changed;
}

void PlasticProjection::save(ProjectionState& state) const {
    for_each([&state](const PlasticSynapse& synapse) {
        state.synapses[synapse.id] = {
            static_cast<std::int16_t>(synapse.weight), static_cast<std::int16_t>(synapse.delay),
            static_cast<std::int16_t>(synapse.tag), static_cast<std::int16_t>(synapse.second_tag)};
    });
    std::vector<std::int16_t> no_history;
    pre_.save(state.pre, no_history);
    post_.save(state.post, state.post_history);
    state.rewards = rewards_;
    for (const std::uint32_t post : late_post_) state.late_post.push_back(post_.key(post));
}

void PlasticProjection::load(const ProjectionState& state) {
    for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
        for (std::uint32_t i = 0; i < blocks_[b].count; ++i) {
            const std::uint32_t at = blocks_[b].first + i;
            const SynapseState& synapse = state.synapses[ids_[at]];
            std::uint32_t& word = word_of(b, at);
            const std::uint32_t delay = rule_->moves_delay
                                            ? static_cast<std::uint32_t>(synapse.delay)
                                            : SynapseWord::delay(word);
            word = SynapseWord::pack(synapse.weight, delay, SynapseWord::target(word));
            if (!tags_.empty()) tags_[at] = synapse.tag;
            if (!second_tags_.empty()) second_tags_[at] = synapse.second_tag;
        }
    }
    pre_.load(state.pre, {});
    post_.load(state.post, state.post_history);
    rewards_ = state.rewards;
    late_post_.clear();
    for (std::uint32_t post = 0; post < post_.entries(); ++post) {
        const bool late =
            std::binary_search(state.late_post.begin(), state.late_post.end(), post_.key(post));
        if (late && is_target_[post] != 0) late_post_.push_back(post);
    }
}

void PlasticProjection::copy_tags(std::uint32_t block, std::span<std::int16_t> tags,
                                  std::span<std::int16_t> second_tags) const {
    const std::uint32_t first = blocks_[block].first;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        tags[i] = tags_.empty() ? std::int16_t{0} : tags_[first + i];
        second_tags[i] = second_tags_.empty() ? std::int16_t{0} : second_tags_[first + i];
    }
}

void PlasticProjection::for_each(const std::function<void(const PlasticSynapse&)>& visit) const {
    for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
        for (std::uint32_t i = 0; i < blocks_[b].count; ++i) {
            const std::uint32_t synapse = blocks_[b].first + i;
            const std::uint32_t word = word_of(b, synapse);
            visit({.source = blocks_[b].source,
                   .target = SynapseWord::target(word),
                   .id = ids_[synapse],
                   .weight = SynapseWord::weight(word),
                   .delay = static_cast<std::int32_t>(SynapseWord::delay(word)),
                   .tag = tags_.empty() ? 0 : tags_[synapse],
                   .second_tag = second_tags_.empty() ? 0 : second_tags_[synapse]});
        }
    }
}

}  // namespace seamount::emu
