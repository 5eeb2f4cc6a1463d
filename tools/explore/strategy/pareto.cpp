#include "tools/explore/strategy/pareto.hpp"

#include <algorithm>

namespace seamount::explore {

bool dominates(const Costs& a, const Costs& b) {
    bool better = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!(a[i] <= b[i])) return false;
        better = better || a[i] < b[i];
    }
    return better;
}

std::vector<std::size_t> fronts_of(const std::vector<Costs>& points) {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> fronts(points.size(), kNone);
    std::vector<std::size_t> left(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) left[i] = i;
    // In lexicographic order no point is dominated by a later one.
    std::sort(left.begin(), left.end(),
              [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
    for (std::size_t front = 0; !left.empty(); ++front) {
        std::vector<std::size_t> members;
        std::vector<std::size_t> rest;
        for (const std::size_t i : left) {
            const bool beaten = std::any_of(members.begin(), members.end(), [&](std::size_t m) {
                return dominates(points[m], points[i]);
            });
            (beaten ? rest : members).push_back(i);
        }
        for (const std::size_t i : members) fronts[i] = front;
        left = std::move(rest);
    }
    return fronts;
}

double hypervolume(std::vector<Costs> points, const Costs& reference) {
    const std::size_t dimensions = reference.size();
    std::erase_if(points, [&](const Costs& point) {
        for (std::size_t d = 0; d < dimensions; ++d) {
            if (!(point[d] < reference[d])) return true;
        }
        return false;
    });
    if (points.empty()) return 0.0;
    if (dimensions == 1) {
        return reference[0] - std::min_element(points.begin(), points.end())->front();
    }
    // Slices along the last objective: each is the volume of those points that reach into it.
    std::sort(points.begin(), points.end(),
              [](const Costs& a, const Costs& b) { return a.back() < b.back(); });
    const Costs base{reference.begin(), reference.end() - 1};
    double volume = 0.0;
    std::vector<Costs> reaching;
    for (std::size_t i = 0; i < points.size(); ++i) {
        reaching.emplace_back(points[i].begin(), points[i].end() - 1);
        const double end = i + 1 < points.size() ? points[i + 1].back() : reference.back();
        if (end > points[i].back()) {
            volume += hypervolume(reaching, base) * (end - points[i].back());
        }
    }
    return volume;
}

}  // namespace seamount::explore
