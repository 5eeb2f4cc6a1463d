#pragma once

#include <set>

#include "tools/explore/design.hpp"
#include "tools/explore/random.hpp"
#include "tools/explore/strategy.hpp"

namespace seamount::explore {

/// NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6(2), 2002): non-dominated sorting, crowding
/// distance, binary tournaments; simulated binary crossover and polynomial mutation in the unit
/// cube (distribution indices 10), uniform crossover and random reset for levels without order.
///
/// A child that was asked for before is replaced by a mutated one, so that evaluations are not
/// spent twice; what does not run (infeasible, failed) is worse than everything that does. The
/// first generation is a Latin hypercube.
class Nsga2 final : public Strategy {
public:
    explicit Nsga2(const Sweep& sweep);

    std::vector<Assignment> ask(std::size_t room) override;
    void tell(const Told& told) override;
    [[nodiscard]] bool finished() const override;
    [[nodiscard]] std::size_t size() const override;

private:
    struct Individual {
        Place place;
        Costs costs;  ///< empty: does not run
        std::size_t front = 0;
        double crowding = 0.0;
    };

    [[nodiscard]] std::vector<Place> first_generation();
    [[nodiscard]] std::vector<Place> children();
    [[nodiscard]] const Individual& tournament();
    [[nodiscard]] std::pair<Place, Place> crossed(const Place& a, const Place& b);
    void mutate(Place& place, double probability);
    /// The assignment of a place if it is allowed and new.
    [[nodiscard]] std::optional<Assignment> fresh(const Place& place);
    void select();

    const Sweep& sweep_;
    Random random_;
    std::vector<Individual> parents_;
    std::vector<Individual> generation_;  ///< being evaluated
    std::set<std::string> seen_;
    std::size_t first_number_ = 0;  ///< of generation_
    std::size_t untold_ = 0;
    std::size_t generations_ = 0;
    bool exhausted_ = false;  ///< nothing new was found
};

/// Sorts into fronts by costs (empty ones last) and gives each its crowding distance, for tests.
[[nodiscard]] std::vector<double> crowding_of(const std::vector<Costs>& front);

}  // namespace seamount::explore
