#include "compiler/frontend/inputs/inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/bias_writes.hpp"
#include "compiler/frontend/inputs/current.hpp"
#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/rate_units.hpp"
#include "compiler/frontend/inputs/reward_input.hpp"
#include "compiler/frontend/inputs/spike_list.hpp"

namespace seamount::compiler::frontend {

namespace {

/// The key that says what drives an input.
enum class Drive : std::uint8_t {
    kSpikes,
    kRate,
    kPoisson,
    kDataset,
    kBias,
    kCurrent,
    kReward,
    kLive
};
constexpr auto kDriveNames = name_table<Drive>({
    {Drive::kSpikes, "spikes"},
    {Drive::kRate, "rate"},
    {Drive::kPoisson, "poisson"},
    {Drive::kDataset, "dataset"},
    {Drive::kBias, "bias"},
    {Drive::kCurrent, "current"},
    {Drive::kReward, "reward"},
    {Drive::kLive, "live"},
});

std::string key_of(Drive drive) {
    return std::string{name_of(kDriveNames, drive)};
}

void read_rates(Context& context, const YamlNode& node, const std::string& name,
                isa::InputImage& image) {
    take_rate(context, node, name);
    const auto rates = read_numbers(
        context, node,
        {name, "source", image.size, 0.0, 1.0, ValueRange::of_input(context, image.shape)});
    if (!rates) return;
    image.rates.reserve(image.size);
    for (std::uint32_t i = 0; i < image.size; ++i) {
        image.rates.push_back(rate_units(rates->size() == 1 ? rates->front() : (*rates)[i]));
    }
}

/// An input that spikes.
void read_source(Context& context, const YamlNode& node, Drive drive, isa::InputImage& image) {
    if (const auto extent = read_extent(context, node)) {
        image.size = extent->size;
        image.shape = extent->shape;
    }
    const YamlNode phase = node["phase"];
    const bool drawn = phase && phase.choice("phase", kPhaseNames) == Phase::kRandom;
    node.finish();
    const YamlNode value = node[key_of(drive)];
    if (phase && drive != Drive::kRate) {
        phase.error("NET-INPUT",
                    fmt::format("'phase' belongs to 'rate', not to '{}'", key_of(drive)),
                    drive == Drive::kDataset ? "a dataset with 'encode: rate' has its own: "
                                               "dataset: {..., phase: random}"
                                             : "leave it out");
    }
    if (drive == Drive::kLive) {
        image.kind = isa::InputKind::kSpikes;  // none in the file: they come while it runs
        if (value.boolean(key_of(drive)) == false) {
            value.error("NET-INPUT", "'live' is false, but nothing else drives the input",
                        "live: true, for spikes that come from outside while the network runs");
        }
    } else if (drive == Drive::kDataset) {
        read_dataset_input(context, value, image);
    } else if (drive == Drive::kSpikes) {
        image.kind = isa::InputKind::kSpikes;
        read_spikes(context, value, image);
    } else {
        const bool is_rate = drive == Drive::kRate;
        image.kind = is_rate ? (drawn ? isa::InputKind::kPhasedRate : isa::InputKind::kRate)
                             : isa::InputKind::kPoisson;
        read_rates(context, value, key_of(drive), image);
    }
}

/// The one key of `node` that says what drives the input; reports NET-INPUT if there is not one.
std::optional<Drive> find_drive(const YamlNode& node, const std::string& name) {
    std::optional<Drive> found;
    for (const Drive drive : values(kDriveNames)) {
        if (!node[key_of(drive)]) continue;
        // The dataset of a reward input holds its rewards.
        if (drive == Drive::kReward && found == Drive::kDataset) found.reset();
        if (found) {
            node.error("NET-INPUT", fmt::format("input '{}' has both '{}' and '{}'", name,
                                                key_of(*found), key_of(drive)));
            return std::nullopt;
        }
        found = drive;
    }
    if (!found) {
        node.error("NET-INPUT", fmt::format("input '{}' has nothing that drives it", name),
                   fmt::format("give one of {}", fmt::join(kDriveNames.names(), ", ")));
    }
    return found;
}

}  // namespace

void read_inputs(Context& context, const YamlNode& root) {
    const YamlNode inputs = root["inputs"];
    if (!inputs || !expect_map(inputs, "inputs")) return;
    for (const auto& [name, node] : inputs.entries()) {
        const SourceLocation where = inputs.where_key(name);
        if (!claim_name(context, name, SourceKind::kInput, where)) continue;
        Input input;
        input.image.name = name;
        input.image.where = where;
        if (expect_map(node, name)) {
            const auto drive = find_drive(node, name);
            if (drive == Drive::kBias) {
                input.image.kind = isa::InputKind::kWrite;
                read_bias_writes(context, node, input.image);
            } else if (drive == Drive::kCurrent) {
                read_current(context, node, input.image);
            } else if (drive == Drive::kReward) {
                read_reward_input(context, node, input.image);
            } else if (drive) {
                read_source(context, node, *drive, input.image);
            }
        }
        context.network.inputs.push_back(std::move(input));
    }
}

}  // namespace seamount::compiler::frontend
