#include <metis.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <numeric>
#include <span>

#include "compiler/partition/seeds/seeds.hpp"
#include "compiler/partition/seeds/sigterm_watch.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

/// A graph in METIS' compressed rows, each edge in both directions.
struct Edges {
    std::vector<idx_t> first;
    std::vector<idx_t> to;
    std::vector<idx_t> weight;
};

[[nodiscard]] bool draws(std::uint64_t targets, const PairGraph& pairs) {
    return pairs.most_targets != 0 && targets > pairs.most_targets;
}

/// Calls `visit(target)` for the targets that METIS is told of: one of each stretch where there are
/// too many.
template <class Visit>
void for_targets(std::span<const std::uint32_t> targets, const PairGraph& pairs, MappingDice& dice,
                 Visit&& visit) {
    if (!draws(targets.size(), pairs)) {
        for (const std::uint32_t target : targets) visit(target);
        return;
    }
    for (std::size_t i = 0; i < pairs.most_targets; ++i) {
        const std::size_t first = targets.size() * i / pairs.most_targets;
        const std::size_t end = targets.size() * (i + 1) / pairs.most_targets;
        visit(targets[first + dice.below(static_cast<std::uint32_t>(end - first))]);
    }
}

/// Calls `visit(a, b, weight)` for every pair; the same pairs in the same order for the same seed.
template <class Visit>
void for_each_pair(const Hypergraph& graph, const PairGraph& pairs, std::uint64_t seed,
                   Visit&& visit) {
    MappingDice dice{seed};
    std::vector<std::uint32_t> ring;
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const std::span<const std::uint32_t> pins = graph.pins_of(net);
        const auto weight = static_cast<idx_t>(std::min(graph.rate[net], 1U << 16));
        if (pins.size() < 2) continue;
        if (pairs.synapses && graph.home[net] != Hypergraph::kNone) {
            for_targets(pins.subspan(1), pairs, dice,
                        [&](std::uint32_t pin) { visit(pins.front(), pin, weight); });
        }
        for (std::uint32_t r = 0; r < pairs.rings; ++r) {
            ring.assign(pins.begin(), pins.end());
            shuffle(ring, dice);
            for (std::size_t i = 0; i + 1 < ring.size(); ++i) visit(ring[i], ring[i + 1], weight);
            if (ring.size() > 2) visit(ring.back(), ring.front(), weight);
        }
    }
}

/// Entries of the rows before parallel edges are merged.
std::uint64_t count_entries(const Hypergraph& graph, const PairGraph& pairs) {
    std::uint64_t entries = 2 * std::uint64_t{pairs.rings} * graph.pins.size();
    if (!pairs.synapses) return entries;
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const std::uint64_t pins = graph.pins_of(net).size();
        entries += 2 * (draws(pins, pairs) ? pairs.most_targets : pins);
    }
    return entries;
}

/// Merges parallel edges in place.
void merge_parallel(Edges& edges) {
    const std::size_t vertices = edges.first.size() - 1;
    std::vector<idx_t> place(vertices, -1);
    idx_t end = 0;
    idx_t row = 0;
    for (std::size_t v = 0; v < vertices; ++v) {
        const idx_t begin = end;
        for (idx_t i = row; i < edges.first[v + 1]; ++i) {
            const auto from = static_cast<std::size_t>(i);
            idx_t& known = place[static_cast<std::size_t>(edges.to[from])];
            if (known >= begin) {
                edges.weight[static_cast<std::size_t>(known)] += edges.weight[from];
                continue;
            }
            known = end;
            edges.to[static_cast<std::size_t>(end)] = edges.to[from];
            edges.weight[static_cast<std::size_t>(end)] = edges.weight[from];
            ++end;
        }
        row = edges.first[v + 1];
        edges.first[v + 1] = end;
    }
    edges.to.resize(static_cast<std::size_t>(end));
    edges.weight.resize(static_cast<std::size_t>(end));
}

Edges collect_edges(const Hypergraph& graph, const PairGraph& pairs, std::uint64_t seed) {
    Edges edges;
    edges.first.assign(std::size_t{graph.vertex_count()} + 1, 0);
    for_each_pair(graph, pairs, seed, [&](std::uint32_t a, std::uint32_t b, idx_t) {
        ++edges.first[std::size_t{a} + 1];
        ++edges.first[std::size_t{b} + 1];
    });
    std::partial_sum(edges.first.begin(), edges.first.end(), edges.first.begin());
    edges.to.resize(static_cast<std::size_t>(edges.first.back()));
    edges.weight.resize(edges.to.size());
    std::vector<idx_t> next(edges.first.begin(), edges.first.end() - 1);
    for_each_pair(graph, pairs, seed, [&](std::uint32_t a, std::uint32_t b, idx_t weight) {
        const auto from = static_cast<std::size_t>(next[a]++);
        edges.to[from] = static_cast<idx_t>(b);
        edges.weight[from] = weight;
        const auto back = static_cast<std::size_t>(next[b]++);
        edges.to[back] = static_cast<idx_t>(a);
        edges.weight[back] = weight;
    });
    merge_parallel(edges);
    return edges;
}

/// What METIS balances: the mean share that a vertex has of the limited resources. One constraint
/// for all of them is several times faster than one each; what then exceeds a limit, refinement
/// moves.
struct Balance {
    std::vector<idx_t> weights;
    real_t slack = 1.0F;  ///< how much more than the average the tightest resource allows
};

Balance balance_of(const Hypergraph& graph, std::uint32_t parts, const PartLimits& limits) {
    constexpr double kScale = 1e9;  // the weights add up to this
    constexpr double kTightest = 1.01;
    std::vector<double> share(graph.vertex_count());
    double slack = 2.0;
    double resources = 0.0;
    const auto add = [&](std::uint64_t limit, const auto& amount) {
        std::uint64_t total = 0;
        for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
            if (graph.fixed[v] == Hypergraph::kNone) total += amount[v];
        }
        if (limit == 0 || total == 0) return;
        const auto all = static_cast<double>(total);
        slack = std::min(slack, static_cast<double>(limit) * parts / all);
        resources += 1.0;
        for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
            if (graph.fixed[v] == Hypergraph::kNone) {
                share[v] += static_cast<double>(amount[v]) / all;
            }
        }
    };
    add(limits.compartments, graph.compartments);
    add(limits.synapses, graph.synapses);
    add(limits.bits, graph.bits);
    Balance balance;
    balance.slack = static_cast<real_t>(std::max(slack, kTightest));
    balance.weights.reserve(share.size());
    for (const double s : share) {
        balance.weights.push_back(static_cast<idx_t>(s / std::max(resources, 1.0) * kScale));
    }
    return balance;
}

}  // namespace

std::vector<std::uint32_t> metis_seed(const Hypergraph& graph, std::uint32_t parts,
                                      const PartLimits& limits, const PairGraph& pairs,
                                      std::uint64_t seed) {
    const std::uint32_t closed = graph.fixed_parts();
    SM_ASSERT(closed < parts, "no part is open");
    const std::uint32_t open = parts - closed;
    // METIS fails on graphs with few vertices per part.
    constexpr std::uint64_t kFewest = 20;
    if (graph.vertex_count() < kFewest * open) return streaming_seed(graph, parts, limits);
    // Its numbers of edges have idx_t too.
    if (count_entries(graph, pairs) >
        static_cast<std::uint64_t>(std::numeric_limits<idx_t>::max())) {
        return streaming_seed(graph, parts, limits);
    }
    Edges edges = collect_edges(graph, pairs, seed);
    if (edges.to.empty()) return streaming_seed(graph, parts, limits);
    std::vector<idx_t> part(graph.vertex_count());
    if (open > 1) {
        Balance balance = balance_of(graph, open, limits);
        std::array<idx_t, METIS_NOPTIONS> options{};
        METIS_SetDefaultOptions(options.data());
        options[METIS_OPTION_SEED] = static_cast<idx_t>(seed & 0x3FFFFFFF);
        options[METIS_OPTION_NUMBERING] = 0;
        auto vertices = static_cast<idx_t>(graph.vertex_count());
        idx_t constraints = 1;
        auto count = static_cast<idx_t>(open);
        idx_t cut = 0;
        const SigtermWatch watch;
        const int status =
            METIS_PartGraphKway(&vertices, &constraints, edges.first.data(), edges.to.data(),
                                balance.weights.data(), nullptr, edges.weight.data(), &count,
                                nullptr, &balance.slack, options.data(), &cut, part.data());
        if (status == METIS_ERROR_MEMORY) throw std::bad_alloc{};
        SM_ASSERT(status == METIS_OK, "METIS refused the graph");
    }
    std::vector<std::uint32_t> part_of(part.size());
    for (std::size_t v = 0; v < part.size(); ++v) {
        part_of[v] = graph.fixed[v] != Hypergraph::kNone
                         ? graph.fixed[v]
                         : closed + static_cast<std::uint32_t>(part[v]);
    }
    return part_of;
}

}  // namespace seamount::compiler
