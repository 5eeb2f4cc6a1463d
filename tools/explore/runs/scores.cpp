#include "tools/explore/runs/scores.hpp"

#include <cmath>

#include "isa/base/json.hpp"

namespace seamount::explore {

std::map<std::string, double> values_of(const Result& result) {
    std::map<std::string, double> values;
    const auto json = parse_json(result.measures);
    if (!json.is_object()) return values;
    for (const auto& [name, value] : json.items()) {
        if (value.is_number()) values[name] = value.get<double>();
    }
    return values;
}

std::vector<Score> scores_of(const std::vector<Run>& runs, Stage stage,
                             const std::vector<std::string>& objectives) {
    std::vector<Score> scores;
    std::vector<std::vector<double>> samples;  // of the current point, by objective
    const auto close = [&] {
        if (scores.empty() || scores.back().status != Status::kDone) return;
        for (const std::vector<double>& values : samples) {
            double sum = 0.0;
            for (const double value : values) sum += value;
            const double mean = sum / static_cast<double>(values.size());
            double squares = 0.0;
            for (const double value : values) squares += (value - mean) * (value - mean);
            const auto count = static_cast<double>(values.size());
            scores.back().mean.push_back(mean);
            scores.back().deviation.push_back(count > 1 ? std::sqrt(squares / (count - 1)) : 0.0);
        }
    };
    for (const Run& run : runs) {
        if (run.stage != stage) continue;
        if (scores.empty() || scores.back().point != run.point) {
            close();
            scores.push_back({run.point, run.result.status, {}, {}});
            samples.assign(objectives.size(), {});
        }
        Status& status = scores.back().status;
        if (run.result.status == Status::kDone) {
            const auto values = values_of(run.result);
            for (std::size_t i = 0; i < objectives.size(); ++i) {
                const auto value = values.find(objectives[i]);
                samples[i].push_back(value == values.end() ? std::nan("") : value->second);
            }
        } else if (status == Status::kDone || run.result.status == Status::kFailed) {
            status = run.result.status;
        }
    }
    close();
    return scores;
}

Costs costs_of(const Score& score, const std::vector<Direction>& directions) {
    Costs costs = score.mean;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (directions[i] == Direction::kMaximize) costs[i] = -costs[i];
    }
    return costs;
}

}  // namespace seamount::explore
