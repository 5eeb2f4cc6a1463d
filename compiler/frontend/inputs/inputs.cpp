#include "compiler/frontend/inputs/inputs.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/bias_writes.hpp"
#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/reward_input.hpp"
#include "compiler/frontend/inputs/spike_list.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr double kRateUnits = 0x1p32;  ///< InputImage::rates counts in 2^-32 per step

void read_rates(Context& context, const YamlNode& node, const std::string& name,
                isa::InputImage& image) {
    const auto rates = read_numbers(context, node, {name, "source", image.size, 0.0, 1.0});
    if (!rates) return;
    image.rates.reserve(image.size);
    for (std::uint32_t i = 0; i < image.size; ++i) {
        const double rate = rates->size() == 1 ? rates->front() : (*rates)[i];
        image.rates.push_back(static_cast<std::uint64_t>(std::llround(rate * kRateUnits)));
    }
}

void read_source(Context& context, const YamlNode& node, const std::string& drive,
                 isa::InputImage& image) {
    if (const auto extent = read_extent(context, node)) {
        image.size = extent->size;
        image.shape = extent->shape;
    }
    node.finish();
    const YamlNode value = node[drive];
    if (drive == "spikes") {
        image.kind = isa::InputKind::kSpikes;
        read_spikes(context, value, image);
    } else if (drive == "rate") {
        image.kind = isa::InputKind::kRate;
        read_rates(context, value, drive, image);
    } else if (drive == "poisson") {
        image.kind = isa::InputKind::kPoisson;
        read_rates(context, value, drive, image);
    } else {
        read_dataset_input(context, value, image);
    }
}

/// The one key of `node` that says what drives the input; reports NET-INPUT if there is not one.
std::string find_drive(const YamlNode& node, const std::string& name) {
    std::string drive;
    for (const char* key : {"spikes", "rate", "poisson", "dataset", "bias", "reward"}) {
        if (!node[key]) continue;
        // The dataset of a reward input holds its rewards.
        if (std::string_view{key} == "reward" && drive == "dataset") drive.clear();
        if (!drive.empty()) {
            node.error("NET-INPUT",
                       fmt::format("input '{}' has both '{}' and '{}'", name, drive, key));
            return {};
        }
        drive = key;
    }
    if (drive.empty()) {
        node.error("NET-INPUT", fmt::format("input '{}' has nothing that drives it", name),
                   "give one of spikes, rate, poisson, dataset, bias, reward");
    }
    return drive;
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
            const std::string drive = find_drive(node, name);
            if (drive == "bias") {
                input.image.kind = isa::InputKind::kWrite;
                read_bias_writes(context, node, input.image);
            } else if (drive == "reward") {
                read_reward_input(context, node, input.image);
            } else if (!drive.empty()) {
                read_source(context, node, drive, input.image);
            }
        }
        context.network.inputs.push_back(std::move(input));
    }
}

}  // namespace seamount::compiler::frontend
