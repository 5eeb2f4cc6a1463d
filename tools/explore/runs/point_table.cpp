#include "tools/explore/runs/point_table.hpp"

#include "tools/explore/sweep/assignment_json.hpp"

namespace seamount::explore {

PointTable::PointTable(Store& store, std::vector<std::string> seeds, const Shard& shard)
    : store_{store}, seeds_{std::move(seeds)}, shard_{shard} {
    if (seeds_.empty()) seeds_.emplace_back();
}

void PointTable::load() {
    store_.recover();
    for (Run& run : store_.runs()) {
        run.result.summary.clear();  // the store has it
        numbers_.emplace(json_text(run.parameters), run.point);
        keep(std::move(run));
    }
}

void PointTable::keep(Run run) {
    runs_.push_back(std::move(run));
    Run& kept = runs_.back();
    Point& point = points_[{kept.stage, kept.point}];
    point.number = kept.point;
    point.runs.push_back(&kept);
}

std::int64_t PointTable::number_of(const Assignment& point) {
    const auto next = static_cast<std::int64_t>(numbers_.size()) + 1;
    return numbers_.try_emplace(json_text(point), next).first->second;
}

std::vector<Point*> PointTable::enter(const std::vector<Assignment>& points, Stage stage) {
    std::vector<Run> added;
    std::vector<Point*> entered;
    for (const Assignment& parameters : points) {
        const std::int64_t number = number_of(parameters);
        const auto [place, is_new] = points_.try_emplace({stage, number});
        entered.push_back(&place->second);
        if (!is_new) continue;
        place->second.number = number;
        if (!shard_.has(number)) continue;
        for (const std::string& seed : seeds_) {
            Run run;
            run.point = number;
            run.stage = stage;
            run.seed = seed;
            run.parameters = parameters;
            added.push_back(std::move(run));
        }
    }
    store_.add(added);
    for (Run& run : added) keep(std::move(run));
    return entered;
}

}  // namespace seamount::explore
