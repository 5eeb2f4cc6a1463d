#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "tools/import/nir/graph/node.hpp"

namespace seamount::importer::nir {

/// y[i] = weight[i] * x[i], `delay[i]` steps later. One value stands for all.
struct Elementwise {
    std::vector<double> weight;
    std::vector<std::uint32_t> delay;
};

/// A convolution from (C, H, W) to (O, H', W'), cross-correlation as in torch.
struct Convolved {
    Shape in;
    Shape out;
    Window window;
    std::vector<double> kernel;  ///< (O, C / groups, y, x)
    std::uint32_t delay = 0;
};

/// y = W x, the same delay for all.
struct Dense {
    std::vector<double> weight;  ///< (outputs, inputs)
    std::uint32_t delay = 0;
};

/// An entry of a matrix that is mostly empty.
struct Synapse {
    std::uint32_t source;
    std::uint32_t target;
    std::uint32_t delay;
    double weight;
};

/// What lies between two neurons: linear, without a state but delays.
struct LinearMap {
    std::uint64_t inputs = 0;
    std::uint64_t outputs = 0;
    std::variant<Elementwise, Convolved, Dense, std::vector<Synapse>> form;

    /// Numbers that it takes to write it down.
    [[nodiscard]] std::uint64_t weights() const;
    [[nodiscard]] std::uint32_t longest_delay() const;
};

/// y = x.
[[nodiscard]] LinearMap identity(std::uint64_t size);
/// One factor for all, or one per element.
[[nodiscard]] LinearMap factors(std::uint64_t size, std::vector<double> weight);

/// Largest number of entries of a matrix; throws std::length_error beyond.
inline constexpr std::uint64_t kMaxEntries = std::uint64_t{1} << 27U;

/// `second` after `first`, in the form that is cheapest to write down among those that are exact.
[[nodiscard]] LinearMap compose(const LinearMap& first, const LinearMap& second);

/// All entries whose weight is not 0, by target.
[[nodiscard]] std::vector<Synapse> entries_of(const LinearMap& map);

/// y for one x, in double precision; delays do not count.
[[nodiscard]] std::vector<double> image_of(const LinearMap& map, const std::vector<double>& x);

}  // namespace seamount::importer::nir
