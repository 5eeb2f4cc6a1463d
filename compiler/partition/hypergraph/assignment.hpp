#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/partition/hypergraph/hypergraph.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// What a part may hold at most; 0: no limit.
struct PartLimits {
    std::uint64_t compartments = 0;
    std::uint64_t synapses = 0;
    std::uint64_t bits = 0;  ///< compared with Hypergraph::bits, so without the overhead of blocks
    std::uint64_t input_axons = 0;
    std::uint64_t output_axons = 0;
    std::array<std::uint64_t, kSharedResources> shared{};
};

/// What a part holds.
struct PartLoad {
    std::uint64_t compartments = 0;
    std::uint64_t synapses = 0;
    std::uint64_t bits = 0;
    std::uint64_t input_axons = 0;
    std::uint64_t output_axons = 0;
    std::array<std::uint64_t, kSharedResources> shared{};
};

/// A partition of a hypergraph under change: knows the exact cost and the exact load of every part
/// after every move.
///
/// Takes memory for one counter per net and part. Not thread-safe; the graph must outlive it.
class Assignment {
public:
    static constexpr std::uint32_t kNone = Hypergraph::kNone;

    /// Fixed vertices are in their parts, all others in none.
    Assignment(const Hypergraph& graph, std::uint32_t parts, const PartLimits& limits);
    /// `part_of` gives the parts of the vertices that are not fixed.
    Assignment(const Hypergraph& graph, std::uint32_t parts, const PartLimits& limits,
               std::span<const std::uint32_t> part_of);

    /// Puts a vertex into another part, or into its first one. Keeps no limit.
    void move(std::uint32_t vertex, std::uint32_t to);

    /// True if the part keeps all limits with the vertex. Output axons that a move adds in other
    /// parts are looked at one net at a time, so that several together can exceed the limit there.
    [[nodiscard]] bool fits(std::uint32_t vertex, std::uint32_t part) const;
    [[nodiscard]] bool overfull(std::uint32_t part) const;
    [[nodiscard]] bool any_overfull() const;

    /// Sum of rate * (parts - 1) over the nets. Every vertex must have a part.
    [[nodiscard]] std::uint64_t cost() const noexcept { return connected_rate_ - total_rate_; }
    [[nodiscard]] const std::vector<std::uint32_t>& part_of() const noexcept { return part_of_; }
    [[nodiscard]] const PartLoad& load(std::uint32_t part) const { return loads_[part]; }
    [[nodiscard]] std::uint32_t parts() const noexcept { return parts_; }
    [[nodiscard]] const Hypergraph& graph() const noexcept { return graph_; }
    [[nodiscard]] const PartLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] bool is_closed(std::uint32_t part) const { return closed_[part] != 0; }

    /// Masks over the parts, words() words each: in which a net has a pin, and in which exactly
    /// one.
    [[nodiscard]] std::uint32_t words() const noexcept { return words_; }
    [[nodiscard]] const std::uint64_t* connected(std::uint32_t net) const noexcept {
        return &masks_[std::size_t{net} * 2 * words_];
    }
    [[nodiscard]] const std::uint64_t* single(std::uint32_t net) const noexcept {
        return connected(net) + words_;
    }

private:
    void enter(std::uint32_t vertex, std::uint32_t part);
    void leave(std::uint32_t vertex, std::uint32_t part);
    void count_features(std::uint32_t vertex, std::uint32_t part, bool enters);
    /// A net begins or ceases to have targets in a part.
    void count_axons(std::uint32_t net, std::uint32_t part, bool begins);
    [[nodiscard]] std::uint32_t targets(std::uint32_t net, std::uint32_t part) const;
    [[nodiscard]] bool is_target(std::uint32_t vertex, std::uint32_t net) const {
        return graph_.home[net] != vertex || graph_.home_is_target[net] != 0;
    }
    /// Parts with a pin of the net.
    [[nodiscard]] std::uint64_t reach(std::uint32_t net) const;
    [[nodiscard]] bool fits_axons(std::uint32_t vertex, std::uint32_t part) const;

    const Hypergraph& graph_;
    std::uint32_t parts_;
    std::uint32_t words_;
    PartLimits limits_;
    bool counts_axons_;
    bool may_exceed_axons_ = false;  // no part can, if it holds those of all nets
    std::vector<std::uint32_t> part_of_;
    std::vector<PartLoad> loads_;
    std::vector<std::uint8_t> closed_;          // per part: holds fixed vertices
    std::vector<std::uint32_t> pins_;           // per net and part
    std::vector<std::uint64_t> masks_;          // per net: connected, single
    std::vector<std::uint32_t> feature_users_;  // per feature and part
    std::uint64_t connected_rate_ = 0;
    std::uint64_t total_rate_ = 0;
};

}  // namespace seamount::compiler
