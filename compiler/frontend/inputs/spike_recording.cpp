#include "compiler/frontend/inputs/spike_recording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "compiler/frontend/hdf5/recorded_spikes.hpp"

namespace seamount::compiler::frontend {
namespace {

/// Which population of the file is meant; nothing, with NET-NAME, if that is not clear.
std::optional<std::string> population_of(const Hdf5File& file, const YamlNode& node,
                                         const std::string& input) {
    const std::vector<std::string> names = spike_populations(file);
    if (names.empty()) return "";
    const auto has = [&](const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const YamlNode given = node["population"];
    if (!given) {
        if (has(input)) return input;
        if (names.size() == 1) return names.front();
        node.error(
            "NET-NAME",
            fmt::format("the file has spikes of several populations: {}", fmt::join(names, ", ")),
            "say which with population: NAME");
        return std::nullopt;
    }
    const std::string name = given.text();
    if (has(name)) return name;
    given.error("NET-NAME", fmt::format("the file has no spikes of '{}'", name),
                suggest(name, names));
    return std::nullopt;
}

}  // namespace

bool is_recording(const YamlNode& spikes) {
    if (!spikes.is_map()) return false;
    const YamlNode file = spikes["file"];
    return file && file.is_scalar() && is_hdf5_name(file.text());
}

std::vector<std::pair<std::uint64_t, std::uint32_t>> read_recording(Context& context,
                                                                    const YamlNode& node,
                                                                    const isa::InputImage& image) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> spikes;
    const std::filesystem::path path = context.yaml.resolve(node["file"].text());
    context.network.files_read.insert(path);
    const YamlNode dt_node = node.require("dt");
    const auto dt = dt_node ? dt_node.number("dt", kShortestStep, kLongestStep) : std::nullopt;
    (void)node["population"];
    node.finish();
    if (!dt) return spikes;
    try {
        const Hdf5File file{path};
        const std::optional<std::string> population = population_of(file, node, image.name);
        if (!population) return spikes;
        const RecordedSpikes recorded = read_recorded_spikes(file, *population);
        std::uint64_t strangers = 0;
        for (std::size_t i = 0; i < recorded.ids.size(); ++i) {
            const double step = std::round(recorded.times_ms[i] / *dt);
            if (step > static_cast<double>(kMaxStep)) {
                node.error("NET-SPIKES", fmt::format("a spike at {} ms is in step {}, must be at "
                                                     "most {}",
                                                     recorded.times_ms[i], step, kMaxStep));
                return spikes;
            }
            if (recorded.ids[i] >= image.size) {
                ++strangers;
                continue;
            }
            spikes.emplace_back(static_cast<std::uint64_t>(step),
                                static_cast<std::uint32_t>(recorded.ids[i]));
        }
        if (strangers != 0 && image.size != 0) {
            node.warning("NET-SPIKES",
                         fmt::format("{} of {} spikes have ids beyond the {} sources of '{}' and "
                                     "are left out",
                                     strangers, recorded.ids.size(), image.size, image.name));
        }
    } catch (const InputError& error) {
        context.diagnostics.add(error);
    }
    return spikes;
}

}  // namespace seamount::compiler::frontend
