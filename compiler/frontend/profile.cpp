#include "compiler/frontend/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/frontend/context/quoted_file.hpp"
#include "compiler/frontend/context/values.hpp"

namespace seamount::compiler {
namespace {

constexpr double kMostSpikes = 9007199254740992.0;  // 2^53

struct Profile {
    const frontend::DataArray& data;
    const YamlNode& node;
};

bool is_list(const frontend::DataArray& data) {
    return data.shape().size() == 1 || (data.shape().size() == 2 && data.shape()[1] == 1);
}

/// One number per neuron.
std::vector<double> read_list(const Profile& profile, std::uint32_t neurons) {
    if (profile.data.count() != neurons) {
        profile.node.error("NET-SHAPE", fmt::format("the profile has {} values, the network has {} "
                                                    "neurons",
                                                    profile.data.count(), neurons));
        return {};
    }
    const frontend::ValueRange range{"spikes", "neuron", neurons, 0, kMostSpikes};
    if (!frontend::check_values(profile.data, profile.node, range, false)) return {};
    std::vector<double> spikes(neurons);
    for (std::uint32_t n = 0; n < neurons; ++n) spikes[n] = profile.data.number(n);
    return spikes;
}

/// A table `neuron,spikes`.
std::vector<double> read_table(const Profile& profile, std::uint32_t neurons) {
    const std::vector<std::string>& names = profile.data.columns();
    if (profile.data.shape().size() != 2 || profile.data.shape()[1] != 2) {
        profile.node.error("NET-SHAPE",
                           fmt::format("a profile has a value per neuron or the columns "
                                       "neuron,spikes; the array has shape {}",
                                       profile.data.shape_text()));
        return {};
    }
    if (!names.empty() && names != std::vector<std::string>{"neuron", "spikes"}) {
        profile.node.error("NET-COLUMN", fmt::format("the columns are {},{}, must be neuron,spikes",
                                                     names[0], names[1]));
        return {};
    }
    const auto ids =
        frontend::to_integers(profile.data.column(0), profile.node,
                              {"neuron", "row", 0, 0, static_cast<double>(neurons) - 1});
    const frontend::DataArray counts = profile.data.column(1);
    const frontend::ValueRange range{"spikes", "row", 0, 0, kMostSpikes};
    if (!ids || !frontend::check_values(counts, profile.node, range, false)) return {};
    std::vector<double> spikes(neurons);
    for (std::size_t i = 0; i < ids->size(); ++i) {
        spikes[static_cast<std::size_t>((*ids)[i])] += counts.number(i);
    }
    return spikes;
}

std::vector<std::uint32_t> weights_of(const std::vector<double>& spikes) {
    constexpr double kMean = 16.0;
    constexpr double kMost = 4095.0;
    double total = 0.0;
    for (const double count : spikes) total += count;
    if (total == 0.0) return {};
    const double scale = kMean * static_cast<double>(spikes.size()) / total;
    std::vector<std::uint32_t> weights;
    weights.reserve(spikes.size());
    for (const double count : spikes) {
        weights.push_back(
            static_cast<std::uint32_t>(std::clamp(std::round(count * scale), 1.0, kMost)));
    }
    return weights;
}

}  // namespace

std::vector<std::uint32_t> read_profile(const std::filesystem::path& file, const std::string& where,
                                        std::uint32_t neurons) {
    Diagnostics found;
    const YamlFile yaml = frontend::naming_file("profile", file, where, found);
    frontend::DataStore store{yaml, found};
    const YamlNode node = yaml.root()["profile"];
    std::vector<double> spikes;
    if (const auto data = store.read(node)) {
        const Profile profile{*data, node};
        spikes = is_list(*data) ? read_list(profile, neurons) : read_table(profile, neurons);
    }
    found.throw_if_errors();
    return weights_of(spikes);
}

}  // namespace seamount::compiler
