#include "compiler/frontend/rows/topology/distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "compiler/frontend/data/storage.hpp"
#include "isa/base/assert.hpp"

namespace seamount::compiler::frontend {

namespace {

/// One axis of the unit square.
struct Axis {
    std::uint32_t extent = 1;
    friend bool operator==(const Axis&, const Axis&) = default;
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
    friend bool operator==(const Plane&, const Plane&) = default;
    Axis x;
    Axis y;
};

/// Thresholds by how many places two neurons of planes of one shape lie apart, so that a pair takes
/// neither a root nor a look into the long table of the profile. They are those of the profile at
/// the rounded coordinates, whatever these are: where rounding might decide, the profile is asked.
class Offsets {
public:
    Offsets(const Plane& plane, const DistanceProfile& profile)
        : reach_x_{reach(plane.x, profile.radius())},
          reach_y_{reach(plane.y, profile.radius())},
          asked_(std::size_t{reach_y_} + 1) {
        thresholds_.resize(asked_.size() * (2 * std::size_t{reach_x_} + 1));
        for (std::uint32_t v = 0; v <= reach_y_; ++v) {
            for (std::uint32_t u = 0; u <= reach_x_; ++u) {
                const auto known = profile.known_threshold(std::hypot(plane.x.at(u), plane.y.at(v)),
                                                           kErrorOfDistance);
                if (!known) asked_[v].push_back(u);
                line(v)[u] = known.value_or(0);
                line(v)[-static_cast<std::ptrdiff_t>(u)] = known.value_or(0);
            }
        }
    }

    /// Whether a table is small enough for the cache next to the processor, or the one after it.
    [[nodiscard]] static bool pays(const Plane& plane, double radius) {
        return (std::uint64_t{reach(plane.x, radius)} + 1) * (reach(plane.y, radius) + 1) <= kMost;
    }
    /// Of neighbours in x whose y differs by `v`, from the one at the same x: [-reach_x, reach_x].
    [[nodiscard]] const std::uint64_t* of(std::uint32_t v) const {
        SM_ASSERT(v <= reach_y_, "a pair beyond the radius");
        return thresholds_.data() + v * (2 * std::size_t{reach_x_} + 1) + reach_x_;
    }
    /// Distances in x, ascending, at which the profile must be asked if y differs by `v`.
    [[nodiscard]] std::span<const std::uint32_t> asked(std::uint32_t v) const { return asked_[v]; }
    [[nodiscard]] std::uint32_t reach_x() const noexcept { return reach_x_; }

private:
    static constexpr std::uint64_t kMost = std::uint64_t{1} << 16;
    /// Two coordinates, their difference, two squares, their sum and its root are rounded, here and
    /// where the profile is asked: each time by at most 2^-53 of a number that is at most 2.
    static constexpr double kErrorOfDistance = 0x1p-47;

    /// Places that a neuron within the radius may be away: Axis::near may name two more.
    [[nodiscard]] static std::uint32_t reach(const Axis& axis, double radius) {
        const double last = axis.extent - 1.0;
        return static_cast<std::uint32_t>(std::min(std::floor(radius * last) + 2.0, last));
    }
    [[nodiscard]] std::uint64_t* line(std::uint32_t v) {
        return thresholds_.data() + v * (2 * std::size_t{reach_x_} + 1) + reach_x_;
    }

    std::uint32_t reach_x_;
    std::uint32_t reach_y_;
    std::vector<std::vector<std::uint32_t>> asked_;  // per distance in y
    std::vector<std::uint64_t> thresholds_;          // 0 where the profile must be asked
};

class Distance : public Topology {
public:
    Distance(const Ends& ends, const FormulaEnds& shapes, DistanceProfile profile,
             const RowRandom& random)
        : ends_{ends},
          source_{shapes.source_shape},
          target_{shapes.target_shape},
          profile_{std::move(profile)},
          random_{random} {
        if (source_ == target_ && Offsets::pays(target_, profile_.radius())) {
            offsets_.emplace(target_, profile_);
        }
        expected_ = expect();
    }

    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        row.clear();
        std::vector<std::uint32_t> hits(std::size_t{target_.x.extent} + 2 * kWords);
        for_each_line(source, [&](std::uint32_t first, std::span<const std::uint64_t> thresholds,
                                  std::size_t /*pairs*/) {
            const std::size_t found = draw(source, first, thresholds, hits);
            for (std::size_t i = 0; i < found; ++i) row.emplace_back().target = hits[i];
        });
    }
    [[nodiscard]] std::uint64_t synapses() const noexcept override { return expected_.synapses; }
    [[nodiscard]] std::uint64_t tries() const noexcept override { return expected_.pairs; }

private:
    static constexpr std::uint32_t kWords = 4;  ///< of a draw

    /// Writes those of the targets from `first` on, a multiple of kWords, that are drawn. Without a
    /// branch, which nothing could foretell.
    std::size_t draw(std::uint32_t source, std::uint32_t first,
                     std::span<const std::uint64_t> thresholds,
                     std::vector<std::uint32_t>& hits) const {
        std::size_t found = 0;
        for (std::size_t i = 0; i < thresholds.size(); i += kWords) {
            const std::uint32_t target = first + static_cast<std::uint32_t>(i);
            const RowRandom::Draw draw = random_.draw(source, target / kWords);
            const auto take = [&](std::uint32_t k, std::uint64_t word) {
                hits[found] = target + k;
                found += static_cast<std::size_t>(word < thresholds[i + k]);
            };
            take(0, draw.first & 0xFFFFFFFFU);
            take(1, draw.first >> 32U);
            take(2, draw.second & 0xFFFFFFFFU);
            take(3, draw.second >> 32U);
        }
        return found;
    }

    /// Calls visit(first, thresholds, pairs) for each line that the radius reaches, lines
    /// ascending: the thresholds of the targets from `first` on, which is a multiple of kWords, as
    /// many as make whole draws; 0 for all but `pairs` of them, which are out of reach.
    template <class Visit>
    void for_each_line(std::uint32_t source, Visit&& visit) const {
        const double x = source_.x.at(source % source_.x.extent);
        const double y = source_.y.at(source / source_.x.extent % source_.y.extent);
        const auto [first_y, end_y] = target_.y.near(y, profile_.radius());
        const std::uint32_t plane = target_.x.extent * target_.y.extent;
        std::vector<std::uint64_t> thresholds;
        for (std::uint32_t base = 0; base < ends_.targets; base += plane) {
            for (std::uint32_t v = first_y; v < end_y; ++v) {
                const double dy = target_.y.at(v) - y;
                const double rest = profile_.radius() * profile_.radius() - dy * dy;
                if (rest < 0.0) continue;
                const auto [first_x, end_x] = target_.x.near(x, std::sqrt(rest));
                const std::uint32_t first = base + v * target_.x.extent + first_x;
                const std::uint32_t before = first % kWords;
                const std::uint32_t all = before + end_x - first_x;
                thresholds.assign((all + kWords - 1) / kWords * kWords, 0);
                const std::span of{thresholds.data() + before, std::size_t{end_x - first_x}};
                fill(source, v, first_x, of);
                const bool leaves_out = !ends_.self && source - first < of.size();
                if (leaves_out) of[source - first] = 0;
                visit(first - before, std::span<const std::uint64_t>{thresholds},
                      leaves_out ? of.size() - 1 : of.size());
            }
        }
    }

    /// The thresholds of the targets from `first_x` on in line `v` of a plane.
    void fill(std::uint32_t source, std::uint32_t v, std::uint32_t first_x,
              std::span<std::uint64_t> thresholds) const {
        const std::uint32_t own_x = source % source_.x.extent;
        const std::uint32_t own_y = source / source_.x.extent % source_.y.extent;
        const double dy = target_.y.at(v) - source_.y.at(own_y);
        const auto ask = [&](std::size_t i) {
            const double dx =
                target_.x.at(first_x + static_cast<std::uint32_t>(i)) - source_.x.at(own_x);
            thresholds[i] = profile_.threshold(std::sqrt(dx * dx + dy * dy));
        };
        if (!offsets_) {
            for (std::size_t i = 0; i < thresholds.size(); ++i) ask(i);
            return;
        }
        const auto nearest = std::ptrdiff_t{own_x} - std::ptrdiff_t{first_x};
        const auto size = static_cast<std::ptrdiff_t>(thresholds.size());
        const auto reach = std::ptrdiff_t{offsets_->reach_x()};
        SM_ASSERT(nearest <= reach && size - 1 - nearest <= reach, "a pair beyond the radius");
        const std::uint32_t apart = v > own_y ? v - own_y : own_y - v;
        std::copy_n(offsets_->of(apart) - nearest, size, thresholds.begin());
        for (const std::uint32_t u : offsets_->asked(apart)) {
            for (const std::ptrdiff_t i :
                 {nearest - std::ptrdiff_t{u}, nearest + std::ptrdiff_t{u}}) {
                if (i >= 0 && i < size) ask(static_cast<std::size_t>(i));
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
            for_each_line(source, [&](std::uint32_t, std::span<const std::uint64_t> thresholds,
                                      std::size_t in_reach) {
                for (const std::uint64_t threshold : thresholds) sum += threshold;
                pairs += in_reach;
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
    std::optional<Offsets> offsets_;  // of planes of one shape
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

std::optional<std::uint64_t> DistanceProfile::known_threshold(double distance,
                                                              double error) const noexcept {
    constexpr double kErrorOfStep = 0x1p-34;  // of products up to kSteps, many times over
    const double step = distance * steps_per_unit_;
    const double margin = error * steps_per_unit_ + kErrorOfStep;
    const double whole = std::floor(step);
    if (step - whole < margin || whole + 1.0 - step < margin) return std::nullopt;
    return threshold(distance);
}

std::shared_ptr<const Topology> distance_rule(const Ends& ends, const FormulaEnds& shapes,
                                              DistanceProfile profile, const RowRandom& random) {
    return std::make_shared<Distance>(ends, shapes, std::move(profile), random);
}

}  // namespace seamount::compiler::frontend
