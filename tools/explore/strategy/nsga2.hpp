#pragma once

#include <set>

#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/random.hpp"
#include "tools/explore/strategy/strategy.hpp"
#include "tools/explore/strategy/variation.hpp"

namespace seamount::explore {

/// NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6(2), 2002): non-dominated sorting, crowding
/// distance, binary tournaments; what does not run (infeasible, failed) is worse than everything
/// that does. Made for few evaluations:
///
/// - no point is evaluated twice;
/// - the first generation holds corners of the space, where the ends of a front often are, and a
///   Latin hypercube;
/// - half of the children are neighbours of a parent, the others are crossed and mutated
///   (Variation);
/// - eight times as many children as needed are made, and those kept that are best by what a
///   Surrogate expects, sorted and crowded among the points evaluated so far; one in ten is kept
///   whatever is expected.
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
    };

    [[nodiscard]] std::vector<Place> first_generation();
    [[nodiscard]] std::vector<Place> children();
    [[nodiscard]] Place child();
    [[nodiscard]] const Individual& tournament();
    /// A place that is allowed and new, found from this one; nothing if there seems to be none.
    [[nodiscard]] std::optional<Place> made_fresh(Place place, const std::set<std::string>& also);
    /// The assignment of a place as text, if a constraint does not exclude it.
    [[nodiscard]] std::string text_of(const Place& place) const;
    void select();

    const Sweep& sweep_;
    Random random_;
    Variation variation_;
    std::vector<Individual> parents_;  ///< the best first
    std::vector<Individual> known_;    ///< evaluated, the last kMostKnown

    std::vector<Individual> generation_;  ///< being evaluated
    std::set<std::string> seen_;          ///< assignments that were asked for
    std::size_t first_number_ = 0;        ///< of generation_
    std::size_t untold_ = 0;
    std::size_t generations_ = 0;
    bool exhausted_ = false;  ///< nothing new was found
};

[[nodiscard]] std::unique_ptr<Strategy> make_nsga2(const Sweep& sweep);

/// Crowding distance of each member of a front.
[[nodiscard]] std::vector<double> crowding_of(const std::vector<Costs>& front);

}  // namespace seamount::explore
