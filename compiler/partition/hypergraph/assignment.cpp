#include "compiler/partition/hypergraph/assignment.hpp"

#include <bit>

#include "isa/base/assert.hpp"

namespace seamount::compiler {
namespace {

bool within(std::uint64_t need, std::uint64_t limit) {
    return limit == 0 || need <= limit;
}

}  // namespace

Assignment::Assignment(const Hypergraph& graph, std::uint32_t parts, const PartLimits& limits)
    : Assignment{graph, parts, limits, {}} {}

Assignment::Assignment(const Hypergraph& graph, std::uint32_t parts, const PartLimits& limits,
                       std::span<const std::uint32_t> part_of)
    : graph_{graph},
      parts_{parts},
      words_{(parts + 63) / 64},
      limits_{limits},
      counts_axons_{limits.input_axons != 0 || limits.output_axons != 0},
      part_of_(graph.vertex_count(), kNone),
      loads_(parts),
      closed_(parts),
      pins_(std::size_t{graph.net_count()} * parts),
      masks_(std::size_t{graph.net_count()} * 2 * words_),
      feature_users_(graph.features.size() * parts) {
    std::uint64_t axons = 0;
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        total_rate_ += graph.rate[net];
        axons += graph.axons[net];
    }
    may_exceed_axons_ =
        limits.output_axons != 0 || (limits.input_axons != 0 && axons > limits.input_axons);
    for (std::uint32_t vertex = 0; vertex < graph.vertex_count(); ++vertex) {
        const std::uint32_t fixed = graph.fixed[vertex];
        if (fixed != kNone) {
            closed_[fixed] = 1;
            enter(vertex, fixed);
        } else if (!part_of.empty()) {
            enter(vertex, part_of[vertex]);
        }
    }
}

std::uint32_t Assignment::targets(std::uint32_t net, std::uint32_t part) const {
    const std::uint32_t pins = pins_[std::size_t{net} * parts_ + part];
    const std::uint32_t home = graph_.home[net];
    const bool counts_home =
        home != kNone && graph_.home_is_target[net] == 0 && part_of_[home] == part;
    return pins - (counts_home ? 1 : 0);
}

std::uint64_t Assignment::reach(std::uint32_t net) const {
    std::uint64_t parts = 0;
    for (std::uint32_t w = 0; w < words_; ++w) {
        parts += static_cast<std::uint64_t>(std::popcount(connected(net)[w]));
    }
    return parts;
}

void Assignment::count_axons(std::uint32_t net, std::uint32_t part, bool begins) {
    const std::uint64_t axons = graph_.axons[net];
    const std::uint32_t home = graph_.home[net];
    const std::uint32_t from = home == kNone ? kNone : part_of_[home];
    if (begins) {
        loads_[part].input_axons += axons;
        if (from != kNone) loads_[from].output_axons += axons;
    } else {
        loads_[part].input_axons -= axons;
        if (from != kNone) loads_[from].output_axons -= axons;
    }
}

void Assignment::count_features(std::uint32_t vertex, std::uint32_t part, bool enters) {
    const std::uint32_t kind = graph_.kind[vertex];
    if (kind == kNone) return;
    for (const std::uint32_t f : graph_.features_of_kind[kind]) {
        std::uint32_t& users = feature_users_[std::size_t{f} * parts_ + part];
        const Feature& feature = graph_.features[f];
        auto& shared = loads_[part].shared[static_cast<std::size_t>(feature.resource)];
        if (enters) {
            if (users++ == 0) shared += feature.amount;
        } else {
            if (--users == 0) shared -= feature.amount;
        }
    }
}

void Assignment::enter(std::uint32_t vertex, std::uint32_t part) {
    SM_ASSERT(part < parts_, "no such part");
    PartLoad& load = loads_[part];
    load.compartments += graph_.compartments[vertex];
    load.synapses += graph_.synapses[vertex];
    load.bits += graph_.bits[vertex];
    count_features(vertex, part, true);
    const std::uint32_t word = part / 64;
    const std::uint64_t bit = std::uint64_t{1} << (part % 64);
    part_of_[vertex] = part;
    for (const std::uint32_t net : graph_.nets_of(vertex)) {
        std::uint64_t* connected = &masks_[std::size_t{net} * 2 * words_];
        const bool is_home = graph_.home[net] == vertex;
        if (counts_axons_ && is_home) load.output_axons += reach(net) * graph_.axons[net];
        const std::uint32_t pins = ++pins_[std::size_t{net} * parts_ + part];
        if (pins == 1) {
            connected[word] |= bit;
            connected[words_ + word] |= bit;
            connected_rate_ += graph_.rate[net];
        } else if (pins == 2) {
            connected[words_ + word] &= ~bit;
        }
        if (counts_axons_ && is_target(vertex, net) && targets(net, part) == 1) {
            count_axons(net, part, true);
        }
    }
}

void Assignment::leave(std::uint32_t vertex, std::uint32_t part) {
    PartLoad& load = loads_[part];
    load.compartments -= graph_.compartments[vertex];
    load.synapses -= graph_.synapses[vertex];
    load.bits -= graph_.bits[vertex];
    count_features(vertex, part, false);
    const std::uint32_t word = part / 64;
    const std::uint64_t bit = std::uint64_t{1} << (part % 64);
    for (const std::uint32_t net : graph_.nets_of(vertex)) {
        std::uint64_t* connected = &masks_[std::size_t{net} * 2 * words_];
        if (counts_axons_ && is_target(vertex, net) && targets(net, part) == 1) {
            count_axons(net, part, false);
        }
        const std::uint32_t pins = --pins_[std::size_t{net} * parts_ + part];
        if (pins == 0) {
            connected[word] &= ~bit;
            connected[words_ + word] &= ~bit;
            connected_rate_ -= graph_.rate[net];
        } else if (pins == 1) {
            connected[words_ + word] |= bit;
        }
        const bool is_home = graph_.home[net] == vertex;
        if (counts_axons_ && is_home) load.output_axons -= reach(net) * graph_.axons[net];
    }
    part_of_[vertex] = kNone;
}

void Assignment::move(std::uint32_t vertex, std::uint32_t to) {
    if (part_of_[vertex] != kNone) leave(vertex, part_of_[vertex]);
    enter(vertex, to);
}

bool Assignment::fits(std::uint32_t vertex, std::uint32_t part) const {
    if (closed_[part] != 0) return false;
    const PartLoad& load = loads_[part];
    if (!within(load.compartments + graph_.compartments[vertex], limits_.compartments) ||
        !within(load.synapses + graph_.synapses[vertex], limits_.synapses) ||
        !within(load.bits + graph_.bits[vertex], limits_.bits)) {
        return false;
    }
    const std::uint32_t kind = graph_.kind[vertex];
    if (kind != kNone) {
        std::array<std::uint64_t, kSharedResources> shared = load.shared;
        for (const std::uint32_t f : graph_.features_of_kind[kind]) {
            if (feature_users_[std::size_t{f} * parts_ + part] != 0) continue;
            const Feature& feature = graph_.features[f];
            shared[static_cast<std::size_t>(feature.resource)] += feature.amount;
        }
        for (std::size_t i = 0; i < kSharedResources; ++i) {
            if (!within(shared[i], limits_.shared[i])) return false;
        }
    }
    return !may_exceed_axons_ || fits_axons(vertex, part);
}

bool Assignment::fits_axons(std::uint32_t vertex, std::uint32_t part) const {
    const std::uint32_t from = part_of_[vertex];
    std::uint64_t inputs = loads_[part].input_axons;
    std::uint64_t outputs = loads_[part].output_axons;
    for (const std::uint32_t net : graph_.nets_of(vertex)) {
        const std::uint64_t axons = graph_.axons[net];
        const std::uint32_t home = graph_.home[net];
        const bool begins = is_target(vertex, net) && targets(net, part) == 0;
        const bool leaves_none = from != kNone && pins_[std::size_t{net} * parts_ + from] == 1;
        if (begins) inputs += axons;
        if (home == vertex) {
            outputs += (reach(net) - (leaves_none ? 1 : 0) + (begins ? 1 : 0)) * axons;
        } else if (begins && !leaves_none && home != kNone && part_of_[home] != kNone) {
            const std::uint64_t there = loads_[part_of_[home]].output_axons;
            if (!within(there + axons, limits_.output_axons)) return false;
        }
    }
    return within(inputs, limits_.input_axons) && within(outputs, limits_.output_axons);
}

bool Assignment::overfull(std::uint32_t part) const {
    if (closed_[part] != 0) return false;
    const PartLoad& load = loads_[part];
    for (std::size_t i = 0; i < kSharedResources; ++i) {
        if (!within(load.shared[i], limits_.shared[i])) return true;
    }
    return !within(load.compartments, limits_.compartments) ||
           !within(load.synapses, limits_.synapses) || !within(load.bits, limits_.bits) ||
           !within(load.input_axons, limits_.input_axons) ||
           !within(load.output_axons, limits_.output_axons);
}

bool Assignment::any_overfull() const {
    for (std::uint32_t part = 0; part < parts_; ++part) {
        if (overfull(part)) return true;
    }
    return false;
}

}  // namespace seamount::compiler
