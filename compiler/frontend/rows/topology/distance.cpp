#include "compiler/frontend/rows/topology/distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/frontend/data/storage.hpp"

namespace seamount::compiler::frontend {

namespace {

/// One axis of the unit square.
struct Axis {
    std::uint32_t extent = 1;
    [[nodiscard]] double at(std::uint32_t index) const {
        return extent > 1 ? static_cast<double>(index) / (extent - 1) : 0.0;
    }
    /// Indices [first, end) that hold all places within `reach` of `place`.
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> near(double place, double reach) const {
        const double last = extent - 1.0;
        const double first = std::clamp(std::floor((place - reach) * last), 0.0, last);
        const double end = std::clamp(std::ceil((place + reach) * last), 0.0, last);
        return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end) + 1};
    }
};

/// The last two dimensions of a shape.
struct Plane {
    explicit Plane(const std::vector<std::uint32_t>& shape) {
        if (!shape.empty()) x.extent = shape.back();
        if (shape.size() > 1) y.extent = shape[shape.size() - 2];
    }
    Axis x;
    Axis y;
};

class Distance : public Topology {
public:
    Distance(const Ends& ends, const FormulaEnds& shapes, DistanceProfile profile,
             const RowRandom& random)
        : ends_{ends},
          source_{shapes.source_shape},
          target_{shapes.target_shape},
          profile_{std::move(profile)},
          random_{random},
          expected_{expect()} {}

    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.clear();
        std::uint32_t drawn = 0xFFFFFFFFU;
        RowRandom::Draw draw{};
        for_each_near(source, [&](std::uint32_t target, std::uint64_t threshold) {
            if (target / 4 != drawn) {
                drawn = target / 4;
                draw = random_.draw(source, drawn);
            }
            const std::uint64_t pair = (target & 2U) == 0 ? draw.first : draw.second;
            const std::uint64_t word = (target & 1U) == 0 ? pair & 0xFFFFFFFFU : pair >> 32U;
            if (word >= threshold) return;
            row.emplace_back().target = target;
        });
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override { return expected_.synapses; }
    [[nodiscard]] std::uint64_t tries() const noexcept override { return expected_.pairs; }

private:
    /// Calls visit(target, threshold) for all targets within the radius, ascending.
    template <class Visit>
    void for_each_near(std::uint32_t source, Visit&& visit) const {
        const double x = source_.x.at(source % source_.x.extent);
        const double y = source_.y.at(source / source_.x.extent % source_.y.extent);
        const auto [first_y, end_y] = target_.y.near(y, profile_.radius());
        const std::uint32_t plane = target_.x.extent * target_.y.extent;
        for (std::uint32_t base = 0; base < ends_.targets; base += plane) {
            for (std::uint32_t v = first_y; v < end_y; ++v) {
                const double dy = target_.y.at(v) - y;
                const double rest = profile_.radius() * profile_.radius() - dy * dy;
                if (rest < 0.0) continue;
                const auto [first_x, end_x] = target_.x.near(x, std::sqrt(rest));
                for (std::uint32_t u = first_x; u < end_x; ++u) {
                    const double dx = target_.x.at(u) - x;
                    const std::uint32_t target = base + v * target_.x.extent + u;
                    if (target == source && !ends_.self) continue;
                    visit(target, profile_.threshold(std::sqrt(dx * dx + dy * dy)));
                }
            }
        }
    }

    /// Of all rows.
    struct Expected {
        std::uint64_t synapses = 0;
        std::uint64_t pairs = 0;  ///< within the radius
    };

    /// From some of the rows.
    [[nodiscard]] Expected expect() const {
        const std::uint32_t rows =
            std::min({ends_.sources, 256U, (1U << 24U) / std::max(ends_.targets, 1U) + 1});
        std::uint64_t sum = 0;
        std::uint64_t pairs = 0;
        for (std::uint32_t k = 0; k < rows; ++k) {
            const auto source =
                static_cast<std::uint32_t>(std::uint64_t{ends_.sources} * (2 * k + 1) / (2 * rows));
            for_each_near(source, [&](std::uint32_t, std::uint64_t t) {
                sum += t;
                ++pairs;
            });
        }
        const double of_all = static_cast<double>(ends_.sources) / rows;
        return {static_cast<std::uint64_t>(std::ldexp(static_cast<double>(sum), -32) / rows *
                                           ends_.sources),
                static_cast<std::uint64_t>(static_cast<double>(pairs) * of_all)};
    }

    Ends ends_;
    Plane source_;
    Plane target_;
    DistanceProfile profile_;
    RowRandom random_;
    Expected expected_;
};

}  // namespace

DistanceProfile::DistanceProfile(double radius,
                                 const std::function<double(double distance)>& probability)
    : radius_{radius}, steps_per_unit_{kSteps / radius}, thresholds_(kSteps + 1) {
    for (std::uint32_t step = 0; step <= kSteps; ++step) {
        const double distance = step / steps_per_unit_;
        const double value = probability(distance);
        if (!(value >= 0.0 && value <= 1.0)) {
            throw DataError{
                "NET-VALUE",
                fmt::format("the probability at distance {:.4g} is {}, must be in [0, 1]", distance,
                            value)};
        }
        thresholds_[step] = static_cast<std::uint64_t>(std::llround(std::ldexp(value, 32)));
    }
}

std::shared_ptr<const Topology> distance_rule(const Ends& ends, const FormulaEnds& shapes,
                                              DistanceProfile profile, const RowRandom& random) {
    return std::make_shared<Distance>(ends, shapes, std::move(profile), random);
}

}  // namespace seamount::compiler::frontend
