#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// The stages of a core, in the order in which work passes them: three that send, three that
/// receive, and learning.
enum class Stage : std::uint8_t {
    kUpdate,        ///< compartments: per update and per instruction
    kSpikeOut,      ///< per spike
    kAxonOut,       ///< per packet made
    kAxonIn,        ///< per packet looked up in the input axon table
    kSynapseFetch,  ///< per access to synapse memory
    kAccumulate,    ///< per synaptic operation, dense and sparse formats apart
    kLearning,      ///< per synapse and trace update at the end of an epoch
};
inline constexpr auto kStageNames = name_table<Stage>({
    {Stage::kUpdate, "update"},
    {Stage::kSpikeOut, "spike_out"},
    {Stage::kAxonOut, "axon_out"},
    {Stage::kAxonIn, "axon_in"},
    {Stage::kSynapseFetch, "synapse_fetch"},
    {Stage::kAccumulate, "accumulate"},
    {Stage::kLearning, "learning"},
});
inline constexpr std::size_t kStages = kStageNames.size();
/// Spelling in chip files and reports: "update", "spike_out", ...
[[nodiscard]] constexpr std::string_view name_of(Stage stage) {
    return name_of(kStageNames, stage);
}

/// How the stages of a core work together; what each of them costs is in the prices.
struct CoreTimingSpec {
    /// Stages with hardware of their own: they run beside the stage before them and have a queue.
    /// A stage that does not overlap shares one time line with the stage before it.
    std::array<bool, kStages> overlaps{false, false, false, true, false, false, false};
    std::uint32_t fetch_words = 1;  ///< 32-bit words of synapse memory that one access reads
    friend bool operator==(const CoreTimingSpec&, const CoreTimingSpec&) = default;
};

}  // namespace seamount::isa
