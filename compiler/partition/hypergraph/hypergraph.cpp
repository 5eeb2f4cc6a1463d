#include "compiler/partition/hypergraph/hypergraph.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "compiler/base/huge_pages.hpp"

namespace seamount::compiler {
namespace {

/// The nets as contraction makes them, before equal ones are merged: one for each of the finer
/// graph.
struct RawNets {
    std::vector<std::uint64_t> first{0};
    std::vector<std::uint32_t> pins;
    std::vector<std::uint64_t> hash;
    std::vector<std::uint8_t> home_is_target;

    [[nodiscard]] std::span<const std::uint32_t> pins_of(std::uint32_t net) const {
        return {pins.data() + first[net], first[net + 1] - first[net]};
    }
};

/// The nets of `graph` with clusters for pins: home first, then the others ascending.
RawNets map_nets(const Hypergraph& graph, std::span<const std::uint32_t> cluster_of,
                 std::uint32_t clusters) {
    RawNets raw;
    std::vector<std::uint32_t> seen(clusters, Hypergraph::kNone);
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const std::span<const std::uint32_t> pins = graph.pins_of(net);
        const std::size_t start = raw.pins.size();
        const bool has_home = graph.home[net] != Hypergraph::kNone;
        bool home_is_target = graph.home_is_target[net] != 0;
        std::uint64_t hash = 0;
        for (std::size_t i = 0; i < pins.size(); ++i) {
            const std::uint32_t cluster = cluster_of[pins[i]];
            if (seen[cluster] == net) {
                home_is_target = home_is_target || (has_home && cluster == raw.pins[start]);
                continue;
            }
            seen[cluster] = net;
            raw.pins.push_back(cluster);
            hash += scramble(cluster + (has_home && i == 0 ? std::uint64_t{1} << 32 : 0));
        }
        std::sort(raw.pins.begin() + static_cast<std::ptrdiff_t>(start + (has_home ? 1 : 0)),
                  raw.pins.end());
        raw.first.push_back(raw.pins.size());
        raw.hash.push_back(hash + (home_is_target ? 1 : 0));
        raw.home_is_target.push_back(home_is_target ? 1 : 0);
    }
    return raw;
}

}  // namespace

std::uint32_t Hypergraph::fixed_parts() const noexcept {
    std::uint32_t parts = 0;
    for (const std::uint32_t part : fixed) {
        if (part != kNone) parts = std::max(parts, part + 1);
    }
    return parts;
}

void Hypergraph::connect_vertices() {
    first_net.assign(std::size_t{vertex_count()} + 1, 0);
    for (const std::uint32_t pin : pins) ++first_net[pin + 1];
    std::partial_sum(first_net.begin(), first_net.end(), first_net.begin());
    nets.reserve(pins.size());
    want_huge_pages(nets);
    nets.resize(pins.size());
    std::vector<std::uint64_t> next(first_net.begin(), first_net.end() - 1);
    for (std::uint32_t net = 0; net < net_count(); ++net) {
        for (const std::uint32_t pin : pins_of(net)) nets[next[pin]++] = net;
    }
}

Hypergraph contract(const Hypergraph& graph, std::span<const std::uint32_t> cluster_of,
                    std::uint32_t clusters) {
    Hypergraph coarse;
    coarse.features_of_kind = graph.features_of_kind;
    coarse.features = graph.features;
    coarse.compartments.assign(clusters, 0);
    coarse.synapses.assign(clusters, 0);
    coarse.bits.assign(clusters, 0);
    coarse.fixed.assign(clusters, Hypergraph::kNone);
    coarse.kind.assign(clusters, Hypergraph::kNone);
    std::vector<bool> begun(clusters);
    for (std::uint32_t vertex = 0; vertex < graph.vertex_count(); ++vertex) {
        const std::uint32_t cluster = cluster_of[vertex];
        coarse.compartments[cluster] += graph.compartments[vertex];
        coarse.synapses[cluster] += graph.synapses[vertex];
        coarse.bits[cluster] += graph.bits[vertex];
        if (graph.fixed[vertex] != Hypergraph::kNone) coarse.fixed[cluster] = graph.fixed[vertex];
        if (!begun[cluster]) {
            coarse.kind[cluster] = graph.kind[vertex];
        } else if (coarse.kind[cluster] != graph.kind[vertex]) {
            coarse.kind[cluster] = Hypergraph::kNone;
        }
        begun[cluster] = true;
    }

    const RawNets raw = map_nets(graph, cluster_of, clusters);
    std::vector<std::uint32_t> order(graph.net_count());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&raw](std::uint32_t a, std::uint32_t b) {
        return raw.hash[a] != raw.hash[b] ? raw.hash[a] < raw.hash[b] : a < b;
    });
    // The first of equal nets stands for all; which are equal is found among equal hashes.
    std::vector<std::uint32_t> stands_for(graph.net_count());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i + 1;
        while (end < order.size() && raw.hash[order[end]] == raw.hash[order[i]]) ++end;
        for (std::size_t j = i; j < end; ++j) {
            stands_for[order[j]] = order[j];
            for (std::size_t k = i; k < j; ++k) {
                const std::uint32_t first = order[k];
                if (stands_for[first] != first ||
                    !std::ranges::equal(raw.pins_of(first), raw.pins_of(order[j]))) {
                    continue;
                }
                stands_for[order[j]] = first;
                break;
            }
        }
        i = end;
    }
    std::vector<std::uint32_t> coarse_of(graph.net_count(), Hypergraph::kNone);
    coarse.first_pin.push_back(0);
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        if (stands_for[net] != net) {
            coarse.rate[coarse_of[stands_for[net]]] += graph.rate[net];
            coarse.axons[coarse_of[stands_for[net]]] += graph.axons[net];
            continue;
        }
        const std::span<const std::uint32_t> pins = raw.pins_of(net);
        coarse_of[net] = coarse.net_count();
        coarse.rate.push_back(graph.rate[net]);
        coarse.axons.push_back(graph.axons[net]);
        coarse.home.push_back(graph.home[net] == Hypergraph::kNone ? Hypergraph::kNone
                                                                   : pins.front());
        coarse.home_is_target.push_back(raw.home_is_target[net]);
        coarse.pins.insert(coarse.pins.end(), pins.begin(), pins.end());
        coarse.first_pin.push_back(coarse.pins.size());
    }
    coarse.connect_vertices();
    return coarse;
}

Hypergraph reorder(const Hypergraph& graph, std::span<const std::uint32_t> vertices) {
    Hypergraph sorted;
    sorted.features_of_kind = graph.features_of_kind;
    sorted.features = graph.features;
    std::vector<std::uint32_t> new_of(graph.vertex_count());
    for (std::uint32_t i = 0; i < vertices.size(); ++i) new_of[vertices[i]] = i;
    const auto rearrange = [&vertices](const auto& from, auto& to) {
        to.reserve(from.size());
        for (const std::uint32_t vertex : vertices) to.push_back(from[vertex]);
    };
    rearrange(graph.compartments, sorted.compartments);
    rearrange(graph.synapses, sorted.synapses);
    rearrange(graph.bits, sorted.bits);
    rearrange(graph.kind, sorted.kind);
    rearrange(graph.fixed, sorted.fixed);

    std::vector<std::pair<std::uint32_t, std::uint32_t>> nets;  // (new home, net)
    nets.reserve(graph.net_count());
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const std::uint32_t home = graph.home[net];
        nets.emplace_back(home == Hypergraph::kNone ? home : new_of[home], net);
    }
    std::sort(nets.begin(), nets.end());
    sorted.first_pin.push_back(0);
    sorted.pins.reserve(graph.pins.size());
    for (const auto& [home, net] : nets) {
        sorted.rate.push_back(graph.rate[net]);
        sorted.axons.push_back(graph.axons[net]);
        sorted.home.push_back(home);
        sorted.home_is_target.push_back(graph.home_is_target[net]);
        for (const std::uint32_t pin : graph.pins_of(net)) sorted.pins.push_back(new_of[pin]);
        sorted.first_pin.push_back(sorted.pins.size());
    }
    sorted.connect_vertices();
    return sorted;
}

}  // namespace seamount::compiler
