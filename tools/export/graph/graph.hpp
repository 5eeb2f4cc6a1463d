#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::exporter {

/// A host input or a population, as sources and targets are named.
struct GraphGroup {
    std::string name;
    bool is_input = false;
    std::uint32_t size = 0;
    std::vector<std::uint32_t> cores{};  ///< of each neuron; empty: an input
};

/// A synapse of the mapped network. Groups are places in Graph::groups.
struct GraphEdge {
    std::uint32_t projection = 0;  ///< place in Graph::projections
    std::uint32_t source_group = 0;
    std::uint32_t source = 0;
    std::uint32_t target_group = 0;
    std::uint32_t target = 0;
    std::int32_t weight = 0;    ///< what an event adds to the accumulator
    std::int32_t mantissa = 0;  ///< as stored, -256..255
    std::int32_t exponent = 0;
    std::uint32_t delay = 0;  ///< steps
};

/// The network that an image holds: what is stored, where it is.
class Graph {
public:
    /// `image` must outlive it.
    explicit Graph(const isa::Image& image);

    [[nodiscard]] const std::vector<GraphGroup>& groups() const noexcept { return groups_; }
    /// Names; where several join the same populations and do not learn, the image does not tell
    /// their synapses apart: "a+b".
    [[nodiscard]] const std::vector<std::string>& projections() const noexcept {
        return projections_;
    }
    /// Calls `visit` for every synapse: inputs first, then populations, by source.
    void for_each_edge(const std::function<void(const GraphEdge&)>& visit) const;

private:
    [[nodiscard]] std::uint32_t projection_of(std::uint32_t from, std::uint32_t to) const;

    const isa::Image& image_;
    std::vector<GraphGroup> groups_;
    std::vector<std::string> projections_;
    std::vector<std::vector<std::uint32_t>> joined_;  ///< by source group and population
    std::vector<std::uint32_t> learning_;             ///< by entry of LearningImage::projections
};

}  // namespace seamount::exporter
