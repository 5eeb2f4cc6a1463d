#include "tools/explore/report/export.hpp"

#include <fmt/format.h>

#include <set>

#include "tools/base/table.hpp"
#include "tools/explore/runs/measure.hpp"
#include "tools/explore/runs/scores.hpp"

namespace seamount::explore {
namespace {

std::string value_in(const Assignment& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : to_string(found->second);
}

}  // namespace

std::string csv_of(const std::vector<Run>& runs, const std::vector<std::string>& objectives,
                   bool times) {
    std::set<std::string> parameters;
    std::set<std::string> counters;
    std::vector<Assignment> summaries;
    for (const Run& run : runs) {
        for (const auto& [path, value] : run.parameters) parameters.insert(path);
        summaries.push_back(run.result.summary.empty() ? Assignment{}
                                                       : flatten(run.result.summary));
        for (const auto& [key, value] : summaries.back()) counters.insert(key);
    }
    std::vector<std::string> head{"point", "stage", "seed", "status"};
    head.insert(head.end(), parameters.begin(), parameters.end());
    for (const std::string& objective : objectives) head.push_back("objective." + objective);
    for (const std::string& counter : counters) head.push_back("summary." + counter);
    head.insert(head.end(), {"reason", "key"});
    if (times) head.insert(head.end(), {"attempts", "cached", "process_s", "process_rss_bytes"});
    std::string text = tools::csv_line(head);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Run& run = runs[i];
        std::vector<std::string> line{std::to_string(run.point),
                                      std::string{name_of(kStageNames, run.stage)}, run.seed,
                                      std::string{name_of(kStatusNames, run.result.status)}};
        for (const std::string& path : parameters) line.push_back(value_in(run.parameters, path));
        const auto values = values_of(run.result);
        for (const std::string& objective : objectives) {
            const auto value = values.find(objective);
            line.push_back(value == values.end() ? "" : fmt::format("{}", value->second));
        }
        for (const std::string& counter : counters) {
            line.push_back(value_in(summaries[i], counter));
        }
        line.insert(line.end(), {run.result.reason, run.key});
        if (times) {
            line.insert(line.end(), {std::to_string(run.attempts), run.cached ? "1" : "0",
                                     fmt::format("{}", run.result.wall_s),
                                     std::to_string(run.result.peak_rss_bytes)});
        }
        text += tools::csv_line(line);
    }
    return text;
}

}  // namespace seamount::explore
