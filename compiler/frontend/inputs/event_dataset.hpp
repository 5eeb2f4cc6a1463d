#pragma once

#include "compiler/frontend/context/context.hpp"

namespace seamount::compiler::frontend {

/// Units of the times of a file of events.
enum class EventUnit : std::uint8_t { kS, kMs, kUs, kNs };
inline constexpr auto kEventUnitNames = name_table<EventUnit>({
    {EventUnit::kS, "s"},
    {EventUnit::kMs, "ms"},
    {EventUnit::kUs, "us"},
    {EventUnit::kNs, "ns"},
});

/// When a sample begins: at time 0 of the file, or with its first event.
enum class EventOrigin : std::uint8_t { kFile, kFirst };
inline constexpr auto kEventOriginNames = name_table<EventOrigin>({
    {EventOrigin::kFile, "file"},
    {EventOrigin::kFirst, "first"},
});

inline constexpr double kLeastBin = 1e-12;
inline constexpr double kMostBin = 1e15;
/// Events of an input that are kept.
inline constexpr std::uint64_t kMaxEvents = std::uint64_t{1} << 28U;

/// Reads a `dataset:` with `events:` into an input whose size and shape are known: a list of spikes
/// of all samples, one after the other. Several events of a source in one step are one spike, whose
/// payload is their number if `graded`. `bin`, `graded` and `origin` that are not given are those
/// of `image`. Bad values are errors (NET-EVENTS); events beyond the steps of a sample, and those
/// without a spike of their own, are counted in a warning.
void read_event_dataset(Context& context, const YamlNode& node, isa::InputImage& image);

}  // namespace seamount::compiler::frontend
