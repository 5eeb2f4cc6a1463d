#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/explore/strategy/pareto.hpp"
#include "tools/explore/sweep/status.hpp"
#include "tools/explore/sweep/sweep.hpp"

namespace seamount::explore {

/// What a strategy learns about a point that it asked for.
struct Told {
    std::size_t number = 0;         ///< in the order of asking, from 0
    Status status = Status::kDone;  ///< done, failed or infeasible
    std::string reason;
    std::vector<double> values;  ///< of the objectives; empty unless done
    Costs costs;                 ///< the same, smaller is better
};

/// Chooses points. Given the same answers it asks for the same points, whatever the order and the
/// time of the answers: so a sweep that was interrupted is replayed from its store.
class Strategy {
public:
    virtual ~Strategy() = default;
    /// Points to run next, at most about `room`; none: tell it more first, or it has finished.
    [[nodiscard]] virtual std::vector<Assignment> ask(std::size_t room) = 0;
    virtual void tell(const Told& told) = 0;
    [[nodiscard]] virtual bool finished() const = 0;
    /// Points that it will ask for in all, or an upper bound.
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// Asked while a program of the user's is waited for: true lets ask() return with nothing.
    virtual void give_up_when(std::function<bool()> /*over*/) {}
    /// True if all points are known before the first result.
    [[nodiscard]] virtual bool is_static() const { return false; }
};

/// The distinct points of a sweep whose strategy is a design, in order. Throws InputError
/// (EXP-FORMULA) if a formula has no value, (EXP-EMPTY) if the constraints exclude every point.
[[nodiscard]] std::vector<Assignment> points_of(const Sweep& sweep);

/// The strategy of a sweep. Throws InputError if the sweep has no points.
[[nodiscard]] std::unique_ptr<Strategy> make_strategy(const Sweep& sweep);

}  // namespace seamount::explore
