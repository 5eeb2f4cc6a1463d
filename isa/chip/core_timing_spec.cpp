#include "isa/chip/core_timing_spec.hpp"

#include <fmt/format.h>

#include <vector>

#include "isa/chip/cited.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::isa {
namespace {

constexpr std::array<std::string_view, kStages> kStageNames{
    "update", "spike_out", "axon_out", "axon_in", "synapse_fetch", "accumulate", "learning"};
constexpr std::int64_t kMostFetchWords = 1024;

void read_overlap(const YamlNode& overlap, CoreTimingSpec& spec) {
    if (!overlap.is_sequence()) {
        overlap.error(
            "YML-TYPE", "'overlap' must be a list of stages",
            fmt::format("of {}", fmt::join(kStageNames.begin() + 1, kStageNames.end(), ", ")));
        return;
    }
    // The first stage has none before it.
    const std::vector<std::string> names{kStageNames.begin() + 1, kStageNames.end()};
    spec.overlaps = {};
    for (const YamlNode& stage : overlap.items()) {
        if (const auto index = stage.choice("overlap", names)) spec.overlaps[*index + 1] = true;
    }
}

}  // namespace

std::string_view name_of(Stage stage) {
    return kStageNames[static_cast<std::size_t>(stage)];
}

void read_core_timing(const YamlNode& core, CitedReader& cited, CoreTimingSpec& spec) {
    if (const YamlNode overlap = cited.value(core, "core", "overlap")) read_overlap(overlap, spec);
    cited.integer(core, "core", "fetch_words", spec.fetch_words, 1, kMostFetchWords);
    core.finish();
}

void write_core_timing(const CoreTimingSpec& spec,
                       const std::function<void(const std::string&, const std::string&)>& number) {
    std::vector<std::string_view> overlapping;
    for (std::size_t i = 0; i < kStages; ++i) {
        if (spec.overlaps[i]) overlapping.push_back(kStageNames[i]);
    }
    number("overlap", fmt::format("[{}]", fmt::join(overlapping, ", ")));
    number("fetch_words", fmt::format("{}", spec.fetch_words));
}

}  // namespace seamount::isa
