#include <algorithm>
#include <numeric>

#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// What twins have in common. Equal for vertices that are none with negligible probability, which
/// would cost packets and nothing else.
std::vector<std::uint64_t> signatures(const Hypergraph& graph) {
    std::vector<std::uint64_t> signature(graph.vertex_count());
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const std::uint32_t home = graph.home[net];
        const std::uint64_t key = scramble(net);
        std::uint64_t targets = 0;
        for (const std::uint32_t pin : graph.pins_of(net)) {
            if (pin == home) continue;
            signature[pin] += key;
            targets += scramble(pin + (std::uint64_t{1} << 32));
        }
        if (home != Hypergraph::kNone) signature[home] += scramble(targets);
    }
    for (std::uint32_t vertex = 0; vertex < graph.vertex_count(); ++vertex) {
        signature[vertex] += scramble(graph.kind[vertex] + (std::uint64_t{1} << 33));
        const bool fixed = graph.fixed[vertex] != Hypergraph::kNone;
        if (fixed) signature[vertex] = scramble(vertex + (std::uint64_t{1} << 34));
    }
    return signature;
}

/// How many of these vertices make a group: some 4 to 10 groups fill a part with little left over.
std::uint32_t group_size(const Hypergraph& graph, std::uint32_t vertex, const PartLimits& limits) {
    std::uint64_t most = 0xFFFFFFFFU;
    const auto bound = [&most](std::uint64_t limit, std::uint64_t each) {
        if (limit != 0 && each != 0) most = std::min(most, limit / each);
    };
    bound(limits.compartments, graph.compartments[vertex]);
    bound(limits.synapses, graph.synapses[vertex]);
    bound(limits.bits, graph.bits[vertex]);
    std::uint64_t best = 1;
    std::uint64_t used = 0;
    for (std::uint64_t groups = 4; groups <= 10; ++groups) {
        const std::uint64_t size = most / groups;
        if (size * groups > used) {
            best = size;
            used = size * groups;
        }
    }
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(best, 1));
}

}  // namespace

std::uint32_t find_twins(const Hypergraph& graph, const PartLimits& limits,
                         std::vector<std::uint32_t>& group_of) {
    const std::vector<std::uint64_t> signature = signatures(graph);
    std::vector<std::uint32_t> order(graph.vertex_count());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&signature](std::uint32_t a, std::uint32_t b) {
        return signature[a] != signature[b] ? signature[a] < signature[b] : a < b;
    });
    group_of.assign(graph.vertex_count(), 0);
    std::uint32_t groups = 0;
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && signature[order[end]] == signature[order[i]]) ++end;
        const std::uint32_t size = group_size(graph, order[i], limits);
        for (std::size_t k = i; k < end; ++k) {
            group_of[order[k]] = groups + static_cast<std::uint32_t>((k - i) / size);
        }
        groups += static_cast<std::uint32_t>((end - i + size - 1) / size);
        i = end;
    }
    return groups;
}

}  // namespace seamount::compiler
