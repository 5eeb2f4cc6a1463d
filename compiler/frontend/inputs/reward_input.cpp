#include "compiler/frontend/inputs/reward_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/dataset.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int64_t kMaxReward = 127;

struct Reward {
    std::uint64_t step;
    std::int32_t value;
};

std::vector<Reward> inline_rewards(const YamlNode& node) {
    std::vector<Reward> rewards;
    for (const YamlNode& pair : node.items()) {
        if (!expect_sequence(pair, "values")) continue;
        const auto items = pair.items();
        if (items.size() != 2) {
            pair.error("NET-SPIKES", "a reward is a pair [step, value]");
            continue;
        }
        const auto step = items[0].integer("step", 0, kMaxStep);
        const auto value = items[1].integer("value", -kMaxReward - 1, kMaxReward);
        if (step && value) {
            rewards.push_back(
                {static_cast<std::uint64_t>(*step), static_cast<std::int32_t>(*value)});
        }
    }
    return rewards;
}

std::vector<Reward> rewards_of_file(Context& context, const YamlNode& node) {
    const auto table = context.data.read(node);
    if (!table) return {};
    if (table->shape().size() != 2 || table->shape()[1] != 2) {
        node.error("NET-SHAPE",
                   fmt::format("rewards have shape (E, 2): step, value; the array has {}",
                               table->shape_text()));
        return {};
    }
    const auto steps = to_integers(table->column(0), node,
                                   {"step", "reward", 0, 0, static_cast<double>(kMaxStep)});
    const auto values = to_integers(table->column(1), node,
                                    {"value", "reward", 0, static_cast<double>(-kMaxReward - 1),
                                     static_cast<double>(kMaxReward)});
    if (!steps || !values) return {};
    std::vector<Reward> rewards;
    for (std::size_t i = 0; i < steps->size(); ++i) {
        rewards.push_back(
            {static_cast<std::uint64_t>((*steps)[i]), static_cast<std::int32_t>((*values)[i])});
    }
    return rewards;
}

/// One reward per sample of a dataset, in step `at` of it. A reward of 0 is none. The input is the
/// next one of the network: where samples end early, it follows them.
std::vector<Reward> rewards_of_dataset(Context& context, const YamlNode& node) {
    std::uint64_t at = 0;
    take_steps(context, node["at"], "at");
    const bool placed = node.is_map() && node.read("at", at, 0, kMaxStep);
    const auto spec = read_dataset(context, node, DatasetUse::kValues);
    if (!spec) return {};
    const isa::DatasetImage& schedule = context.network.dataset;
    if (spec->samples.count() != schedule.samples) {
        spec->samples_node.error(
            "NET-SHAPE",
            fmt::format("rewards of {} samples have shape ({},), the array has "
                        "{}",
                        schedule.samples, schedule.samples, spec->samples.shape_text()));
        return {};
    }
    if (!placed) {
        at = schedule.steps_per_sample - 1;
    } else if (at >= schedule.steps_per_sample) {
        node["at"].error(
            "NET-DATASET",
            fmt::format("step {} of samples of {} steps", at, schedule.steps_per_sample),
            "steps of a sample count from 0");
        return {};
    }
    const auto values = to_integers(spec->samples, spec->samples_node,
                                    {"reward", "sample", 0, static_cast<double>(-kMaxReward - 1),
                                     static_cast<double>(kMaxReward)});
    if (!values) return {};
    if (schedule.ends_early()) {
        context.network.dataset.until_rewards.push_back(
            static_cast<std::uint32_t>(context.network.inputs.size()));
    }
    std::vector<Reward> rewards;
    for (std::size_t i = 0; i < values->size(); ++i) {
        if ((*values)[i] == 0) continue;
        rewards.push_back(
            {i * schedule.steps_per_sample + at, static_cast<std::int32_t>((*values)[i])});
    }
    return rewards;
}

}  // namespace

void read_reward_input(Context& context, const YamlNode& node, isa::InputImage& image) {
    image.kind = isa::InputKind::kReward;
    image.size = static_cast<std::uint32_t>(isa::kRewards);
    image.shape = {image.size};
    const auto channel = node["reward"].choice("reward", kRewardChannelNames);
    const YamlNode dataset = node["dataset"];
    const YamlNode values = dataset ? node["values"] : node.require("values");
    node.finish();
    if (dataset && values) {
        values.error("NET-INPUT", "rewards have both 'dataset' and 'values'");
        return;
    }
    if (!channel || (!values && !dataset)) return;
    std::vector<Reward> rewards;
    if (dataset) {
        rewards = rewards_of_dataset(context, dataset);
    } else if (values.is_map()) {
        rewards = rewards_of_file(context, values);
    } else if (expect_sequence(values, "values")) {
        rewards = inline_rewards(values);
    }
    std::stable_sort(rewards.begin(), rewards.end(),
                     [](const Reward& a, const Reward& b) { return a.step < b.step; });
    for (std::size_t i = 0; i < rewards.size(); ++i) {
        if (i != 0 && rewards[i].step == rewards[i - 1].step) {
            values.error("NET-SPIKES",
                         fmt::format("step {} has more than one reward", rewards[i].step));
            return;
        }
        image.spike_steps.push_back(rewards[i].step);
        image.spike_sources.push_back(static_cast<std::uint32_t>(*channel));
        image.spike_payloads.push_back(rewards[i].value);
    }
}

}  // namespace seamount::compiler::frontend
