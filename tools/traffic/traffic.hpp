#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/base/name_table.hpp"
#include "isa/base/random_domain.hpp"

namespace seamount::traffic {

/// Where the packets of a node go.
enum class Pattern : std::uint8_t {
    kUniform,    ///< any node, with equal probability
    kTranspose,  ///< (x, y) to (y, x); square meshes only
    kBitcomp,    ///< node n to nodes - 1 - n: the complement of its bits if nodes is 2^k
    kNeighbor,   ///< (x, y) to (x + 1, y + 1), around the edges
    kHotspot10,  ///< one in ten to the hot node, the rest uniform
    kTornado,    ///< ceil(k / 2) - 1 further in each dimension of k nodes, around the edges
    kShuffle,    ///< the bits of the node number rotated left by one
    kBitrev,     ///< the bits of the node number in reverse order
    kBitrot,     ///< the bits of the node number rotated right by one
};
inline constexpr auto kPatternNames = name_table<Pattern>({
    {Pattern::kUniform, "uniform"},
    {Pattern::kTranspose, "transpose"},
    {Pattern::kBitcomp, "bitcomp"},
    {Pattern::kNeighbor, "neighbor"},
    {Pattern::kHotspot10, "hotspot10"},
    {Pattern::kTornado, "tornado"},
    {Pattern::kShuffle, "shuffle"},
    {Pattern::kBitrev, "bitrev"},
    {Pattern::kBitrot, "bitrot"},
});

/// True if `pattern` permutes the bits of node numbers, so that nodes must be a power of two.
[[nodiscard]] bool permutes_bits(Pattern pattern) noexcept;
/// The node in the middle: ((width - 1) / 2, (height - 1) / 2), rounded down.
[[nodiscard]] std::uint32_t middle_node(std::uint32_t width, std::uint32_t height) noexcept;

/// Bernoulli traffic of all nodes of a mesh.
struct TrafficParams {
    Pattern pattern = Pattern::kUniform;
    std::uint32_t width = 8;
    std::uint32_t height = 8;
    double rate = 0.1;          ///< flits per node and cycle; at most one packet per node and cycle
    std::uint32_t flits = 1;    ///< per packet
    bool exclude_self = false;  ///< uniform and hotspot10: nobody sends to himself at random
    std::optional<std::uint32_t> hotspot;  ///< hot node of hotspot10; none: the middle_node
    std::uint64_t seed = 1;
};

/// Makes packets with geometric gaps. Draws are keyed by (seed, node, number of the packet), so a
/// node's traffic does not depend on who asks when.
class Traffic {
public:
    explicit Traffic(const TrafficParams& params);

    /// Calls `put(packet)` for each packet made before `until` and not before, in order of time for
    /// each node.
    template <class Put>
    void generate(std::uint64_t until, Put put) {
        for (std::uint32_t node = 0; node < next_.size(); ++node) {
            while (next_[node].inject_ps < until) {
                put(next_[node]);
                draw(node);
            }
        }
    }

private:
    void draw(std::uint32_t node);
    [[nodiscard]] std::uint32_t target(std::uint32_t node, std::uint32_t any,
                                       std::uint32_t hot) const;
    [[nodiscard]] std::uint32_t permuted(std::uint32_t node) const;
    [[nodiscard]] std::uint32_t uniform(std::uint32_t node, std::uint32_t any) const;

    TrafficParams params_;
    RandomStream random_;
    std::uint32_t hotspot_;
    double log_miss_;                    ///< log(1 - probability of a packet in a cycle)
    std::vector<emu::MeshPacket> next_;  ///< by node
    std::vector<std::uint64_t> made_;    ///< by node
};

}  // namespace seamount::traffic
