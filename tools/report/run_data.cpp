#include "tools/report/run_data.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/report/raster.hpp"
#include "tools/report/run_words.hpp"

namespace seamount::report {
namespace {

constexpr std::size_t kMostRows = 20'000;  ///< of a table: cores and links of large chips

/// Samples by label and answer, and how many there are of each.
Json confusion_json(tools::Rows& samples) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::uint64_t> counts;
    const tools::Cells* const label = samples.find("label");
    const tools::Cells* const predicted = samples.find("predicted");
    while (samples.next()) {
        for (std::size_t row = 0; row < samples.count(); ++row) {
            if (label->integers[row] == tools::kMissing) continue;
            const std::int64_t answer = predicted->integers[row];
            ++counts[{label->integers[row], answer == tools::kMissing ? -1 : answer}];
        }
    }
    Json json = Json::array();
    for (const auto& [pair, count] : counts) json.push_back({pair.first, pair.second, count});
    return json;
}

}  // namespace

StepRange complete_range(const tools::RunRecords& records) {
    if (!records.has("perf")) return {};
    StepRange range = range_of(*records.rows("perf"));
    if (records.is_complete()) return range;
    const std::uint64_t end = std::max(range.first, records.complete_steps());
    range.steps = std::min(range.steps, end - range.first);
    return range;
}

Json run_data(const tools::RunRecords& records) {
    Json json{{"folder", records.folder().string()},
              {"complete", records.is_complete()},
              {"complete_steps", records.complete_steps()},
              {"summary", records.summary()},
              {"about", records.about()}};
    const StepRange range = complete_range(records);
    if (records.has("perf")) json["steps"] = steps_json(*records.rows("perf"));
    if (records.has("spikes") && range.steps > 0) {
        Raster raster{raster_groups(records), range.first, range.steps};
        if (records.has("input_spikes")) raster.add(*records.rows("input_spikes"), true);
        raster.add(*records.rows("spikes"), false);
        json["raster"] = raster.json();
        json["activity"] = raster.activity();
    }
    if (records.has("potentials")) json["traces"] = traces_json(*records.rows("potentials"));
    for (const char* const table : {"cores", "stages", "links", "core_windows"}) {
        if (records.has(table)) json[table] = table_json(*records.rows(table), kMostRows);
    }
    if (records.has("samples")) {
        json["confusion"] = confusion_json(*records.rows("samples"));
        constexpr std::size_t kFewSamples = 1000;
        json["samples"] = table_json(*records.rows("samples"), kFewSamples);
    }
    json["range"] = {{"first", range.first}, {"steps", range.steps}};
    json["words"] = words_of(json);
    return json;
}

}  // namespace seamount::report
