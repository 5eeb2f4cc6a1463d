#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/verify/parts.hpp"

namespace seamount::compiler::verifier {

/// A synapse onto a compartment that fills a tile up: it stands for nothing, but is counted.
struct PaddingSynapse {
    CoreSlot slot;
    std::int32_t weight = 0;
    friend auto operator<=>(const PaddingSynapse&, const PaddingSynapse&) = default;
};

/// A feature map in the image that is cut into equal tiles, alone on their cores, but for smaller
/// ones at its right and lower edge.
struct Tiles {
    MapShape map;
    std::uint32_t height = 1;  ///< of a tile
    std::uint32_t width = 1;
    std::vector<CoreSlot> slots;  ///< of the tiles, by row, then column

    [[nodiscard]] std::uint32_t across() const noexcept { return (map.width + width - 1) / width; }
    [[nodiscard]] std::uint32_t down() const noexcept { return (map.height + height - 1) / height; }
    [[nodiscard]] bool are_whole() const noexcept {
        return map.width % width == 0 && map.height % height == 0;
    }
};

/// The map that the convolutions at a population agree on, if there is one.
[[nodiscard]] std::optional<MapShape> map_at(const Network& network, std::uint32_t population);

/// How the image cuts a population; nothing if not so.
[[nodiscard]] std::optional<Tiles> tiles_of(const Subject& subject, std::uint32_t population);

/// The synapses onto what fills tiles up: on chips with a pool, those of a kernel onto the places
/// beyond the edge, as if the map went on.
class ExpectedPadding {
public:
    explicit ExpectedPadding(const Subject& subject);

    /// Replaces `row` with those of a source; unsorted.
    void row(SourceRef source, std::uint32_t index, std::vector<PaddingSynapse>& row) const;

private:
    struct Kernel {
        SourceRef from;
        Tiles tiles;
        Convolution beyond;                 ///< onto the map that is filled up
        std::vector<std::int32_t> weights;  ///< stored mantissas by number
    };
    std::vector<Kernel> kernels_;
};

}  // namespace seamount::compiler::verifier
