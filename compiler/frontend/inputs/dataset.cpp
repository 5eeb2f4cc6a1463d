#include "compiler/frontend/inputs/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/frontend/context/parts.hpp"
#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/event_dataset.hpp"
#include "compiler/frontend/inputs/sample_values.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int64_t kMaxInt32 = std::numeric_limits<std::int32_t>::max();

constexpr std::array<isa::InputKind, kEncodingNames.size()> kKinds{
    isa::InputKind::kRate, isa::InputKind::kLatency, isa::InputKind::kPoisson,
    isa::InputKind::kRaster, isa::InputKind::kGraded};

/// `steps` are those with input.
bool fits(const DatasetSpec& spec, std::uint64_t steps, const isa::InputImage& image) {
    const auto& shape = spec.samples.shape();
    const std::uint64_t values = spec.samples.count() / shape[0];
    const bool raster = spec.coding.encode == Encoding::kSpikes ||
                        (spec.coding.encode == Encoding::kGraded && values != image.size);
    const std::uint64_t inner = raster ? steps : 1;
    const bool has_steps = !raster || (shape.size() > 1 && shape[1] == steps);
    if (image.size == 0) return false;
    if (has_steps && values == inner * image.size) return true;
    const bool graded = spec.coding.encode == Encoding::kGraded;
    const std::string has =
        graded ? fmt::format(
                     "payloads of {} sources have shape (S, {}), or (S, {}, {}) for each "
                     "step with input",
                     image.size, image.size, steps, image.size)
        : raster
            ? fmt::format("samples of {} steps with input and {} sources have shape (S, {}, {})",
                          steps, image.size, steps, image.size)
            : fmt::format("a sample has {} values for {} sources", values, image.size);
    spec.samples_node.error(
        "NET-SHAPE", has + (raster && !graded ? ", the array has " : "; the array has shape ") +
                         spec.samples.shape_text());
    return false;
}

/// Values become payloads: times the scale, to the nearest, halves to even.
void read_payloads(const DatasetSpec& spec, isa::InputImage& image) {
    constexpr double kMost = static_cast<double>(kMaxInt32);
    std::vector<std::int32_t> payloads(spec.samples.count());
    for (std::uint64_t i = 0; i < payloads.size(); ++i) {
        const double payload = std::nearbyint(spec.samples.number(i) * spec.coding.scale);
        if (!(payload >= -kMost - 1.0 && payload <= kMost)) {
            spec.samples_node.error(
                "NET-VALUE",
                fmt::format("sample value {} of element {}, times a scale of {}, is no payload: "
                            "must be in [{}, {}]",
                            spec.samples.number(i), i, spec.coding.scale,
                            -std::int64_t{kMaxInt32} - 1, kMaxInt32));
            return;
        }
        payloads[i] = static_cast<std::int32_t>(payload);
    }
    const bool silent = std::all_of(payloads.begin(), payloads.end(),
                                    [](std::int32_t payload) { return payload == 0; });
    if (silent) {
        spec.samples_node.warning("NET-DATASET",
                                  "all payloads are 0, and a payload of 0 is no spike",
                                  "a larger 'scale' makes whole numbers of small values");
    }
    image.samples = std::move(payloads);
}

/// `max`, `scale` and `phase` of an input that spikes.
void read_of_encoding(const YamlNode& node, DatasetCoding& coding) {
    const auto belongs = [&](const char* key, bool here, const char* to) {
        const YamlNode given = node[key];
        if (given && !here) {
            given.error("NET-DATASET", fmt::format("'{}' belongs to 'encode: {}'", key, to),
                        "leave it out");
        }
        return given && here;
    };
    const bool graded = coding.encode == Encoding::kGraded;
    if (coding.encode != Encoding::kSpikes && !graded) {
        if (const YamlNode full = node.require("max")) {
            coding.max = full.number("max", kLeastFullScale, static_cast<double>(kMaxInt32));
        }
    } else if (graded) {
        (void)belongs("max", false, "rate, latency or poisson");
    }
    if (belongs("scale", graded, "graded")) {
        coding.scale = node["scale"]
                           .number("scale", -kMostPayloadScale, kMostPayloadScale)
                           .value_or(coding.scale);
        if (coding.scale == 0.0) {
            node["scale"].error("NET-DATASET", "a scale of 0 leaves no payloads", "leave it out");
        }
    }
    if (belongs("phase", coding.encode == Encoding::kRate, "rate")) {
        coding.phase = node["phase"].choice("phase", kPhaseNames).value_or(coding.phase);
    }
}

/// `until`: the population, or part of one, whose first spike ends a sample.
void read_until(Context& context, const YamlNode& node, isa::DatasetImage& schedule) {
    if (!node) return;
    const auto end = find_population_end(context, node);
    if (!end) return;
    schedule.until = end->source.index;
    const Population& population = context.network.populations[schedule.until];
    if (population.program && isa::spike_channels(population.program->words).empty()) {
        node.warning(
            "NET-DATASET",
            fmt::format("neuron '{}' never spikes: no sample ends early", population.program->name),
            "until: a population that spikes");
    }
    if (!end->part) return;
    schedule.until_members = end->part->indices;
    std::sort(schedule.until_members.begin(), schedule.until_members.end());
}

std::string end_words(const Network& network, const isa::DatasetImage& schedule) {
    if (!schedule.ends_early()) return "have all their steps";
    const std::string& name = network.populations[schedule.until].name;
    if (schedule.until_members.empty()) return fmt::format("end with spikes of '{}'", name);
    return fmt::format("end with spikes of {} neurons of '{}'", schedule.until_members.size(),
                       name);
}

}  // namespace

void merge_schedule(Context& context, const YamlNode& node, isa::DatasetImage schedule) {
    isa::DatasetImage& common = context.network.dataset;
    if (common.samples == 0) {
        common = std::move(schedule);
        return;
    }
    const auto compare = [&](const char* what, auto mine, auto theirs) {
        if (mine == theirs) return;
        node.error("NET-DATASET",
                   fmt::format("this dataset has {} {}, an earlier one has {}", what, mine, theirs),
                   "all dataset inputs of a network are presented together");
    };
    compare("samples:", schedule.samples, common.samples);
    compare("steps:", schedule.steps_per_sample, common.steps_per_sample);
    compare("blank:", schedule.blank, common.blank);
    compare("reset:", schedule.reset, common.reset);
    if (schedule.until != common.until || schedule.until_members != common.until_members) {
        node.error(
            "NET-DATASET",
            fmt::format("the samples of this dataset {}, of an earlier one they {}",
                        end_words(context.network, schedule), end_words(context.network, common)),
            "all dataset inputs of a network are presented together: 'until' as there");
    }
    if (common.labels.empty()) {
        common.labels = std::move(schedule.labels);
    } else if (!schedule.labels.empty() && schedule.labels != common.labels) {
        node.error("NET-DATASET", "the labels differ from those of an earlier dataset",
                   "give the labels once");
    }
}

isa::DatasetImage read_schedule(Context& context, const YamlNode& node) {
    isa::DatasetImage schedule;
    take_steps(context, node["steps"], "steps");
    take_steps(context, node["blank"], "blank");
    if (node.require("steps")) node.read("steps", schedule.steps_per_sample, 1, kMaxSampleSteps);
    node.read("blank", schedule.blank, 0, kMaxSampleSteps);
    node.read("reset", schedule.reset);
    read_until(context, node["until"], schedule);
    return schedule;
}

bool has_driven_steps(const YamlNode& node, const isa::DatasetImage& schedule) {
    if (schedule.steps_per_sample == 0 || schedule.blank < schedule.steps_per_sample) return true;
    node["blank"].error("NET-DATASET",
                        fmt::format("{} blank steps leave nothing of a sample of {} steps",
                                    schedule.blank, schedule.steps_per_sample));
    return false;
}

std::vector<std::int32_t> read_labels(Context& context, const YamlNode& node,
                                      std::uint64_t samples) {
    if (!node || !expect_map(node, "labels")) return {};
    const auto data = context.data.read_values(node);
    if (!data) return {};
    if (data->count() != samples) {
        node.error("NET-SHAPE", fmt::format("{} labels for {} samples", data->count(), samples));
        return {};
    }
    const auto values =
        to_integers(*data, node, {"label", "sample", 0, 0, static_cast<double>(kMaxInt32)});
    if (!values) return {};
    return {values->begin(), values->end()};
}

std::optional<DatasetSpec> read_dataset(Context& context, const YamlNode& node, DatasetUse use) {
    if (!expect_map(node, "dataset")) return std::nullopt;
    const YamlNode samples = node.require("samples");
    const YamlNode labels = node["labels"];
    isa::DatasetImage schedule = read_schedule(context, node);
    const bool spikes = use == DatasetUse::kSpikes;
    DatasetCoding coding;
    if (const YamlNode given = node["encode"]) {
        if (!spikes && !given.choice("encode", kValueEncodingNames)) return std::nullopt;
        const auto choice =
            spikes ? given.choice("encode", kEncodingNames) : std::optional{coding.encode};
        if (!choice) return std::nullopt;
        coding.encode = *choice;
    }
    if (spikes) read_of_encoding(node, coding);
    node.finish(spikes && coding.encode == Encoding::kSpikes ? std::vector<std::string>{"max"}
                                                             : std::vector<std::string>{});
    if (!has_driven_steps(node, schedule)) return std::nullopt;
    if (!samples || !expect_map(samples, "samples")) return std::nullopt;
    const auto data = context.data.read(samples);
    if (!data || schedule.steps_per_sample == 0) return std::nullopt;
    const std::uint64_t count = data->shape().empty() ? 0 : data->shape()[0];
    if (count == 0 || count > kMaxSize || data->count() > kMaxSamples) {
        samples.error("NET-SHAPE",
                      fmt::format("samples have shape (S, ...) with S in [1, {}], the array has {}",
                                  kMaxSize, data->shape_text()));
        return std::nullopt;
    }
    schedule.samples = static_cast<std::uint32_t>(count);
    schedule.labels = read_labels(context, labels, count);
    merge_schedule(context, node, std::move(schedule));
    return DatasetSpec{*data, samples, coding};
}

void read_dataset_input(Context& context, const YamlNode& node, isa::InputImage& image) {
    if (node.is_map() && node["events"]) return read_event_dataset(context, node, image);
    const auto spec = read_dataset(context, node, DatasetUse::kSpikes);
    if (!spec) return;
    image.kind = spec->coding.phase == Phase::kRandom
                     ? isa::InputKind::kPhasedRate
                     : kKinds[kEncodingNames.index_of(spec->coding.encode)];
    const isa::DatasetImage& schedule = context.network.dataset;
    if (!fits(*spec, schedule.steps_per_sample - schedule.blank, image)) return;
    if (spec->coding.encode == Encoding::kSpikes) {
        const auto bits = to_integers(spec->samples, spec->samples_node,
                                      {"sample value", "element", 0, 0.0, 1.0});
        if (bits) image.samples.assign(bits->begin(), bits->end());
        return;
    }
    if (spec->coding.encode == Encoding::kGraded) return read_payloads(*spec, image);
    if (!spec->coding.max) return;  // reported; of no use to check values against another
    auto values = read_sample_values(spec->samples, spec->samples_node, *spec->coding.max);
    if (!values) return;
    image.samples = std::move(values->values);
    image.full_scale = values->full_scale;
}

}  // namespace seamount::compiler::frontend
