#include "tools/explore/strategy/strategy.hpp"

#include <fmt/core.h>

#include <array>
#include <unordered_set>
#include <utility>

#include "tools/explore/strategy/design.hpp"

namespace seamount::explore {

// Each in its own file.
#define SM_DESIGN(name, text, takes, places) std::vector<Place> places(const Sweep& sweep);
#define SM_SEARCH(name, text, takes, make) std::unique_ptr<Strategy> make(const Sweep& sweep);
#include "tools/explore/sweep/strategies.def"

namespace {

/// What a row of the table of strategies leads to: one of the two.
struct Row {
    std::vector<Place> (*places)(const Sweep&) = nullptr;
    std::unique_ptr<Strategy> (*make)(const Sweep&) = nullptr;
};

const Row& row_of(StrategyKind kind) {
    static constexpr std::array<Row, kStrategyNames.size()> kRows{{
#define SM_DESIGN(name, text, takes, places) {places, nullptr},
#define SM_SEARCH(name, text, takes, make) {nullptr, make},
#include "tools/explore/sweep/strategies.def"
    }};
    return kRows[kStrategyNames.index_of(kind)];
}

/// All points of a design, at once.
class Design final : public Strategy {
public:
    explicit Design(std::vector<Assignment> points)
        : points_{std::move(points)}, size_{points_.size()} {}

    std::vector<Assignment> ask(std::size_t /*room*/) override {
        return std::exchange(points_, {});
    }
    void tell(const Told& /*told*/) override {}
    bool finished() const override { return points_.empty(); }
    std::size_t size() const override { return size_; }
    bool is_static() const override { return true; }

private:
    std::vector<Assignment> points_;
    std::size_t size_;
};

}  // namespace

std::vector<Assignment> points_of(const Sweep& sweep) {
    std::vector<Assignment> points;
    std::unordered_set<std::string> seen;
    try {
        for (const Place& place : row_of(sweep.strategy.kind).places(sweep)) {
            auto point = sweep.space.at(place);
            if (point && seen.insert(to_string(*point)).second) points.push_back(std::move(*point));
        }
    } catch (const FormulaError& error) {
        throw InputError{Diagnostic{"EXP-FORMULA",
                                    {sweep.file.string(), 0, 0},
                                    fmt::format("a formula has no value: {}", error.what()),
                                    "",
                                    Severity::kError}};
    }
    if (points.empty()) {
        const SourceLocation where = sweep.space.constraints.empty()
                                         ? SourceLocation{sweep.file.string(), 0, 0}
                                         : sweep.space.constraints.front().where;
        throw InputError{Diagnostic{"EXP-EMPTY", where, "the constraints exclude every point",
                                    "loosen a constraint or give the parameters other values",
                                    Severity::kError}};
    }
    return points;
}

std::unique_ptr<Strategy> make_strategy(const Sweep& sweep) {
    if (is_design(sweep.strategy.kind)) return std::make_unique<Design>(points_of(sweep));
    return row_of(sweep.strategy.kind).make(sweep);
}

}  // namespace seamount::explore
