#pragma once

#include <vector>

#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/random.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// Makes places from places, as each parameter of a space allows: along an interval by simulated
/// binary crossover and polynomial mutation (Deb et al. 2002, distribution indices 10), among
/// levels by exchange and by steps of a few levels, among words by exchange and by chance.
class Variation {
public:
    Variation(const Space& space, Random& random) : space_{space}, random_{random} {}

    /// A place with some coordinates of each.
    [[nodiscard]] Place crossed(const Place& a, const Place& b);
    /// Moves each coordinate with this probability, and one of them in any case.
    void mutate(Place& place, double probability);
    /// The place with every level at the middle of its share, so that distances count levels.
    [[nodiscard]] Place centred(Place place) const;
    /// Up to `most` corners of the space, each with the first or the last value of every parameter.
    [[nodiscard]] std::vector<Place> corners(std::size_t most);

private:
    void move(double& unit, const Domain& domain);
    [[nodiscard]] double stepped(double unit, const Domain& domain);

    const Space& space_;
    Random& random_;
};

}  // namespace seamount::explore
