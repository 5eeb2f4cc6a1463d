#pragma once

#include <optional>

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// How the values of a sample drive the sources of an input.
enum class Encoding : std::uint8_t { kRate, kLatency, kPoisson, kSpikes, kGraded };
inline constexpr auto kEncodingNames = name_table<Encoding>({
    {Encoding::kRate, "rate"},
    {Encoding::kLatency, "latency"},
    {Encoding::kPoisson, "poisson"},
    {Encoding::kSpikes, "spikes"},
    {Encoding::kGraded, "graded"},
});

/// Where evenly spaced spikes start: all sources alike, or each at a place that is drawn.
enum class Phase : std::uint8_t { kZero, kRandom };
inline constexpr auto kPhaseNames = name_table<Phase>({
    {Phase::kZero, "zero"},
    {Phase::kRandom, "random"},
});

/// How the values of a sample become rewards or biases.
enum class ValueEncoding : std::uint8_t { kValue };
inline constexpr auto kValueEncodingNames =
    name_table<ValueEncoding>({{ValueEncoding::kValue, "value"}});

inline constexpr std::int64_t kMaxSampleSteps = std::int64_t{1} << 30U;
inline constexpr double kLeastFullScale = 1e-9;   ///< of `max`
inline constexpr double kMostPayloadScale = 1e9;  ///< of `scale`, either sign

enum class DatasetUse : std::uint8_t { kSpikes, kValues };

/// How values become spikes.
struct DatasetCoding {
    Encoding encode = Encoding::kRate;  ///< of an input that spikes
    std::optional<double> max{};  ///< full scale; nothing: it was read with errors, or needs none
    double scale = 1.0;           ///< of graded ones: what a value of 1 is as payload
    Phase phase = Phase::kZero;   ///< of rates
};

/// A `dataset:` map as read; its schedule has been merged into the network's.
struct DatasetSpec {
    DataArray samples;      ///< (S, ...)
    YamlNode samples_node;  ///< for reports about the values
    DatasetCoding coding;
};

/// Reads the map and merges its schedule with that of the other datasets, which must agree
/// (NET-DATASET). Spikes need a `max` unless the samples are rasters. Returns nothing after an
/// error that leaves nothing to work with.
[[nodiscard]] std::optional<DatasetSpec> read_dataset(Context& context, const YamlNode& node,
                                                      DatasetUse use);

/// Reads `steps`, `blank`, `reset` and `until` of a `dataset:`; without samples and labels. Steps
/// are 0 after a report.
[[nodiscard]] isa::DatasetImage read_schedule(Context& context, const YamlNode& node);
/// Whether blank steps leave something; reports NET-DATASET if not.
bool has_driven_steps(const YamlNode& node, const isa::DatasetImage& schedule);
/// The first dataset sets the schedule of the network, the others must agree (NET-DATASET).
void merge_schedule(Context& context, const YamlNode& node, isa::DatasetImage schedule);

/// Reads `labels:`, one for each of `samples`. Empty if there are none, or after a problem.
[[nodiscard]] std::vector<std::int32_t> read_labels(Context& context, const YamlNode& node,
                                                    std::uint64_t samples);

/// Reads the dataset of an input that spikes.
void read_dataset_input(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
