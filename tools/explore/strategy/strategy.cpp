#include "tools/explore/strategy/strategy.hpp"

#include <utility>

#include "tools/explore/strategy/ask_tell.hpp"
#include "tools/explore/strategy/design.hpp"
#include "tools/explore/strategy/nsga2.hpp"

namespace seamount::explore {
namespace {

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

std::unique_ptr<Strategy> make_strategy(const Sweep& sweep) {
    if (sweep.strategy.name == "nsga2") return std::make_unique<Nsga2>(sweep);
    if (sweep.strategy.name == "ask_tell") return std::make_unique<AskTell>(sweep);
    return std::make_unique<Design>(points_of(sweep));
}

}  // namespace seamount::explore
