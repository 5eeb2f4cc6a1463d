#include "compiler/partition/greedy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/dice.hpp"
#include "compiler/ir/fanout.hpp"
#include "compiler/ir/pool_use.hpp"
#include "compiler/partition/fill/open_core.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

/// A neuron that does not fit on a core of its own.
struct Misfit {
    std::uint32_t neuron = 0;  ///< within its population
    LimitExcess worst;
    std::uint32_t neurons = 0;  ///< how many of the population
};

struct Attempt {
    IdVector<NeuronId, ShardId> shard_of;
    std::uint32_t shards = 0;
    using Misfits = std::map<isa::CoreLimit, Misfit, ByKey>;
    std::map<isa::CoreLimit, std::uint32_t, ByKey> closed_by;  ///< limit -> cores that it filled
    std::map<std::uint32_t, Misfits> misfits;                  ///< by population
    std::optional<std::uint32_t> beyond;  ///< population that first needs a core too many
};

/// The order in which the neurons of a population are taken: its own for seed 1, else blocks of
/// neighbours (which often share sources) in an order drawn from the seed. Units stay whole.
std::vector<std::uint32_t> order_of(const LoweredPopulation& population, std::uint64_t seed) {
    std::vector<std::uint32_t> order = population.order;
    if (order.empty()) {
        order.resize(population.size);
        std::iota(order.begin(), order.end(), 0U);
    }
    if (seed == 1) return order;
    const std::uint32_t neighbours = std::clamp<std::uint32_t>(population.size / 64, 1, 64);
    const std::uint32_t block =
        (neighbours + population.unit - 1) / population.unit * population.unit;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;  // key, place in `order`
    keyed.reserve(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        keyed.emplace_back(
            scramble(seed ^ scramble(population.first_neuron.value() + std::uint64_t{i / block})),
            i);
    }
    std::sort(keyed.begin(), keyed.end());
    std::vector<std::uint32_t> mixed;
    mixed.reserve(order.size());
    for (const auto& [key, i] : keyed) mixed.push_back(order[i]);
    return mixed;
}

struct Room {
    isa::CoreLimits limits;   ///< of each core
    std::uint32_t cores = 0;  ///< of the chip
    const WorkCap& cap;
};

/// One attempt to pack all neurons without a shard.
class NextFit {
public:
    /// `uses_pinned`: the shards of `start` are filled before others are opened.
    NextFit(const Lowered& lowered, const Incoming& incoming, const Room& room,
            const Mapping& start, bool uses_pinned,
            IdSpan<NeuronId, const std::uint32_t> output_axons)
        : room_{room},
          attempt_{start.shard_of, start.shards, {}, {}, {}},
          core_{lowered, incoming, room_.limits, output_axons} {
        if (!uses_pinned) return;
        members_.resize(start.shards);
        for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
            const LoweredPopulation& population = lowered.populations[p];
            for (std::uint32_t i = 0; i < population.size; ++i) {
                const NeuronId id = population.first_neuron + i;
                const ShardId shard = start.shard_of[id];
                if (shard != Mapping::kNoShard) members_[shard.index()].push_back({id, p});
            }
        }
        open_pinned();
    }

    /// Puts neurons on the open core, or on a new one, all on the same. False, with nothing
    /// changed but a new core, if they do not fit on a core of their own.
    bool add(std::span<const OpenCore::Neuron> neurons) {
        excess_.clear();
        const std::uint64_t work = work_of(neurons);
        while (exceeds_cap(work) && open_next()) continue;
        excess_ = core_.add(neurons);
        while (!excess_.empty() && open_next()) excess_ = core_.add(neurons);
        if (!excess_.empty()) return false;
        work_ += work;
        const bool is_pinned = pinned_ < members_.size();
        for (const OpenCore::Neuron& neuron : neurons) {
            attempt_.shard_of[neuron.id] =
                ShardId{is_pinned ? static_cast<std::uint32_t>(pinned_) : attempt_.shards};
            if (!is_pinned && attempt_.shards >= room_.cores && !attempt_.beyond) {
                attempt_.beyond = neuron.population;
            }
        }
        return true;
    }

    /// Takes down why the last add() failed. `neuron` counts within its population.
    void misfit(std::uint32_t population, std::uint32_t neuron) {
        for (const LimitExcess& e : excess_) {
            Misfit& misfit = attempt_.misfits[population][e.limit];
            if (misfit.neurons++ == 0 || e.need > misfit.worst.need) {
                misfit.neuron = neuron;
                misfit.worst = e;
            }
        }
    }

    [[nodiscard]] bool is_placed(NeuronId neuron) const {
        return attempt_.shard_of[neuron] != Mapping::kNoShard;
    }
    [[nodiscard]] Attempt take() {
        if (pinned_ >= members_.size() && !core_.empty()) ++attempt_.shards;
        return std::move(attempt_);
    }

private:
    [[nodiscard]] std::uint64_t work_of(std::span<const OpenCore::Neuron> neurons) const {
        std::uint64_t work = 0;
        if (!room_.cap.given()) return work;
        for (const OpenCore::Neuron& neuron : neurons) work += room_.cap.of[neuron.id];
        return work;
    }
    [[nodiscard]] bool exceeds_cap(std::uint64_t work) const {
        return room_.cap.given() && work_ != 0 && work_ + work > room_.cap.most;
    }

    /// False if the open core is a new one and empty.
    bool open_next() {
        if (pinned_ < members_.size()) {
            ++pinned_;
            core_.clear();
            work_ = 0;
            open_pinned();
            return true;
        }
        if (core_.empty()) return false;
        if (!excess_.empty()) ++attempt_.closed_by[excess_.front().limit];
        ++attempt_.shards;
        core_.clear();
        work_ = 0;
        return true;
    }
    void open_pinned() {
        if (pinned_ >= members_.size()) return;
        core_.force(members_[pinned_]);
        work_ = work_of(members_[pinned_]);
    }

    const Room& room_;
    Attempt attempt_;
    OpenCore core_;
    std::vector<std::vector<OpenCore::Neuron>> members_;  ///< of the shards that are filled first
    std::size_t pinned_ = 0;                              ///< which of them is open
    std::vector<LimitExcess> excess_;
    std::uint64_t work_ = 0;  ///< of the open core
};

/// The populations whose neurons are compartments of the same cells, ascending.
std::vector<std::uint32_t> tree_of(const Lowered& lowered, std::uint32_t root) {
    std::vector<std::uint32_t> tree;
    for (std::uint32_t p = 0; p <= root; ++p) {
        if (lowered.populations[p].root == root) tree.push_back(p);
    }
    return tree;
}

/// All compartments of a cell on one core, or none.
void fit_tree(const Lowered& lowered, const std::vector<std::uint32_t>& tree,
              const std::vector<std::uint32_t>& order, NextFit& fit) {
    std::vector<OpenCore::Neuron> cell;
    for (const std::uint32_t i : order) {
        cell.clear();
        for (const std::uint32_t p : tree) {
            cell.push_back({lowered.populations[p].first_neuron + i, p});
        }
        if (!fit.is_placed(cell.front().id) && !fit.add(cell)) fit.misfit(tree.back(), i);
    }
}

Attempt next_fit(const Lowered& lowered, const Incoming& incoming, const Room& room,
                 std::uint64_t seed, const Mapping& start, bool uses_pinned,
                 const IdVector<NeuronId, std::uint32_t>& output_axons) {
    NextFit fit{lowered, incoming, room, start, uses_pinned, output_axons};
    std::vector<OpenCore::Neuron> unit;
    for (std::uint32_t p = 0; p < lowered.populations.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        const std::vector<std::uint32_t> tree = tree_of(lowered, population.root);
        if (tree.size() > 1) {
            if (p == tree.front()) fit_tree(lowered, tree, order_of(population, seed), fit);
            continue;
        }
        const std::vector<std::uint32_t> order = order_of(population, seed);
        for (std::size_t i = 0; i < order.size(); i += population.unit) {
            unit.clear();
            const std::size_t end = std::min(order.size(), i + population.unit);
            for (std::size_t k = i; k < end; ++k) {
                const OpenCore::Neuron neuron{population.first_neuron + order[k], p};
                if (!fit.is_placed(neuron.id)) unit.push_back(neuron);
            }
            if (unit.empty() || fit.add(unit)) continue;
            for (const OpenCore::Neuron& neuron : unit) {
                if (!fit.add({&neuron, 1})) fit.misfit(p, neuron.id - population.first_neuron);
            }
        }
    }
    return fit.take();
}

/// Raises `output_axons` to what the neurons need in this attempt; true if some core of it has too
/// few.
bool raise_output_axons(const Lowered& lowered, const Attempt& attempt, std::uint32_t first_shard,
                        std::uint64_t limit, IdVector<NeuronId, std::uint32_t>& output_axons) {
    IdVector<ShardId, std::uint64_t> needs(attempt.shards);
    Fanout fanout{lowered, attempt.shard_of, attempt.shards};
    fanout.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        if (source.neuron == Fanout::kFromHost) return;
        std::uint32_t cores = 1;
        for (std::size_t i = 1; i < groups.size(); ++i) {
            if (!fanout.same_axon(groups[i], groups[i - 1])) ++cores;
        }
        needs[attempt.shard_of[source.neuron]] += cores;
        auto& expected = output_axons[source.neuron];
        expected = std::max(expected, cores);
    });
    return std::any_of(needs.begin() + first_shard, needs.end(),
                       [limit](std::uint64_t need) { return need > limit; });
}

/// The same for axon memory of chips with a pool; true if some core of the attempt exceeds a limit.
bool raise_axon_memory(const Lowered& lowered, const Attempt& attempt, std::uint32_t first_shard,
                       const isa::CoreLimits& limits, IdVector<NeuronId, std::uint32_t>& expected) {
    const auto needs = axon_memory_of(lowered, attempt.shard_of, attempt.shards);
    for (const NeuronId neuron : needs.ids()) {
        expected[neuron] = std::max(expected[neuron], needs[neuron]);
    }
    Mapping mapping;
    mapping.shard_of = attempt.shard_of;
    mapping.shards = attempt.shards;
    const auto fills = count_fills(lowered, mapping);
    return std::any_of(fills.begin() + first_shard, fills.end(),
                       [&limits](const CoreFill& fill) { return !exceeded(fill, limits).empty(); });
}

void report_misfits(const Lowered& lowered, const Attempt& attempt, Diagnostics& diagnostics) {
    for (const auto& [index, misfits] : attempt.misfits) {
        const LoweredPopulation& population = lowered.populations[index];
        for (const auto& [limit, misfit] : misfits) {
            diagnostics.error(
                "CMP-FIT", population.where,
                fmt::format("population '{}' does not fit: neuron {} alone needs {} {}, limit {} "
                            "per core ({} such neuron{})",
                            population.name, misfit.neuron, grouped(misfit.worst.need),
                            isa::name_of(limit), grouped(misfit.worst.allowed),
                            grouped(misfit.neurons), misfit.neurons == 1 ? "" : "s"),
                remedy(limit, LimitCase::kNeuron));
        }
    }
}

/// `outside` of the `start` shards are no cores; the others are kept for pinned neurons or regions.
void report_cores(const Lowered& lowered, const Attempt& attempt, const isa::ChipSpec& chip,
                  std::uint32_t start, std::uint32_t outside, Diagnostics& diagnostics) {
    const std::uint32_t kept = start - outside;
    SM_ASSERT(attempt.beyond, "no neuron lies beyond the last core");
    const LoweredPopulation& population = lowered.populations[*attempt.beyond];
    const auto cores_are = [](std::uint32_t cores) {
        return fmt::format("{} core{}", cores, cores == 1 ? " is" : "s are");
    };
    const bool has_regions = std::ranges::any_of(
        lowered.populations, [](const LoweredPopulation& p) { return !p.region.empty(); });
    std::string why = kept == 0 ? ""
                                : cores_are(kept) + (has_regions ? " kept for other regions"
                                                                 : " kept for pinned neurons");
    for (const auto& [limit, cores] : attempt.closed_by) {
        why += fmt::format("{}{} full by {}", why.empty() ? "" : ", ", cores_are(cores),
                           isa::name_of(limit));
    }
    const auto worst =
        std::max_element(attempt.closed_by.begin(), attempt.closed_by.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    std::string hint = worst == attempt.closed_by.end() ? "use a chip with more cores"
                                                        : remedy(worst->first, LimitCase::kCores);
    if (kept != 0) {
        hint = (has_regions ? "cores of a region hold nothing else: make regions smaller; or "
                            : "use --partitioner greedy, which ignores pinned cores; or ") +
               hint;
    }
    diagnostics.error(
        "CMP-CORES", population.where,
        fmt::format("the network needs {} cores, chip '{}' has {}: population '{}' is beyond the "
                    "last one ({})",
                    attempt.shards - outside, chip.name, chip.cores(), population.name, why),
        hint);
}

}  // namespace

void partition_greedily(const Lowered& lowered, const isa::ChipSpec& chip, std::uint64_t seed,
                        std::uint32_t overhead_percent, bool last_is_outside, bool uses_pinned,
                        Mapping& mapping, Diagnostics& diagnostics, const WorkCap& cap) {
    const std::uint32_t outside = last_is_outside ? 1 : 0;
    const Room room{effective_limits(chip.limits), chip.cores() + outside, cap};
    const std::uint64_t output_limit = room.limits.output_axons;
    const Incoming incoming{lowered, overhead_percent};

    // How many output axons a neuron needs is known only when all its targets have a core. So the
    // first attempt expects none; if that overfills a core, the next ones reserve what was needed
    // until now. Expectations only grow, hence few attempts do.
    constexpr int kAttempts = 8;
    const std::uint32_t first = uses_pinned ? 0 : mapping.shards;
    IdVector<NeuronId, std::uint32_t> output_axons(lowered.neuron_count());
    Attempt attempt;
    for (int i = 0; i < kAttempts; ++i) {
        attempt = next_fit(lowered, incoming, room, seed, mapping, uses_pinned, output_axons);
        if (!attempt.misfits.empty()) break;
        if (lowered.pool) {
            if (!raise_axon_memory(lowered, attempt, first, room.limits, output_axons)) break;
            continue;
        }
        if (output_limit == 0) break;
        if (!raise_output_axons(lowered, attempt, first, output_limit, output_axons)) break;
    }
    report_misfits(lowered, attempt, diagnostics);
    if (attempt.shards > room.cores)
        report_cores(lowered, attempt, chip, mapping.shards, outside, diagnostics);
    mapping.shard_of = std::move(attempt.shard_of);
    mapping.shards = attempt.shards;
    mapping.core_of.resize(attempt.shards, Mapping::kUnplaced);
}

}  // namespace seamount::compiler
