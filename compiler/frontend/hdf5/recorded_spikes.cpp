#include "compiler/frontend/hdf5/recorded_spikes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace seamount::compiler::frontend {
namespace {

constexpr std::array<std::string_view, 2> kEndings{".h5", ".hdf5"};
constexpr const char* kRoot = "/spikes";
constexpr double kLargestId = 9007199254740992.0;  ///< 2^53

struct Unit {
    std::string_view name;
    double ms;
};
constexpr std::array kUnits{Unit{"ms", 1.0}, Unit{"milliseconds", 1.0}, Unit{"s", 1000.0}};

/// Milliseconds in one unit of the times.
double unit_of(const Hdf5File& file, const std::string& times, Diagnostics& found) {
    const std::optional<std::string> given = file.attribute_text(times, "units");
    if (!given) return 1.0;
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                   [&](const Unit& one) { return one.name == *given; });
    if (unit != kUnits.end()) return unit->ms;
    found.error("IMP-VALUE", file.at(times), fmt::format("times in '{}'", *given),
                "units are ms, as they are without an attribute 'units', or s");
    return 1.0;
}

void check(const Hdf5File& file, const std::string& object, const NumberArray& array, bool whole,
           Diagnostics& found) {
    if (array.shape.size() != 1) {
        found.error("IMP-VALUE", file.at(object),
                    fmt::format("{} dimensions, must be one", array.shape.size()));
        return;
    }
    const auto bad = std::find_if(array.values.begin(), array.values.end(), [whole](double value) {
        return !std::isfinite(value) || value < 0 ||
               (whole && (std::floor(value) != value || value > kLargestId));
    });
    if (bad == array.values.end()) return;
    found.error("IMP-VALUE", file.at(object),
                fmt::format("value {} is {}, must be {}", bad - array.values.begin(), *bad,
                            whole ? "a whole number from 0" : "a time from 0"));
}

}  // namespace

bool is_hdf5_name(const std::filesystem::path& file) {
    return std::find(kEndings.begin(), kEndings.end(), file.extension().string()) != kEndings.end();
}

std::vector<std::string> spike_populations(const Hdf5File& file) {
    const std::string root = kRoot;
    if (file.kind(root + "/timestamps") == Hdf5File::Kind::kDataset) return {};
    std::vector<std::string> names;
    for (const std::string& name : file.members(root)) {
        if (file.kind(root + "/" + name) == Hdf5File::Kind::kGroup) names.push_back(name);
    }
    if (names.empty()) {
        throw InputError{Diagnostic{"IMP-KEY", file.at(root), "no spikes of a population",
                                    "SONATA has /spikes/NAME/node_ids and timestamps"}};
    }
    return names;
}

RecordedSpikes read_recorded_spikes(const Hdf5File& file, const std::string& population) {
    const std::string group =
        population.empty() ? std::string{kRoot} : fmt::format("{}/{}", kRoot, population);
    const std::string ids = group + (population.empty() ? "/gids" : "/node_ids");
    const std::string times = group + "/timestamps";
    Diagnostics found;
    NumberArray id_values;
    NumberArray time_values;
    try {
        id_values = file.numbers(ids);
        check(file, ids, id_values, true, found);
    } catch (const InputError& error) {
        found.add(error);
    }
    try {
        time_values = file.numbers(times);
        check(file, times, time_values, false, found);
    } catch (const InputError& error) {
        found.add(error);
    }
    const double unit = unit_of(file, times, found);
    found.throw_if_errors();
    if (id_values.values.size() != time_values.values.size()) {
        throw InputError{Diagnostic{
            "IMP-VALUE",
            file.at(times),
            fmt::format("{} times for {} ids", time_values.values.size(), id_values.values.size()),
            {}}};
    }
    RecordedSpikes result;
    for (const double time : time_values.values) result.times_ms.push_back(time * unit);
    for (const double id : id_values.values) result.ids.push_back(static_cast<std::uint64_t>(id));
    return result;
}

}  // namespace seamount::compiler::frontend
