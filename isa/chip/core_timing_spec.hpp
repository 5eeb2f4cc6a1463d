#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace seamount {
class YamlNode;
}

namespace seamount::isa {

class CitedReader;

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
inline constexpr std::size_t kStages = 7;
/// Spelling in chip files and reports: "update", "spike_out", ...
[[nodiscard]] std::string_view name_of(Stage stage);

/// How the stages of a core work together; what each of them costs is in the prices.
struct CoreTimingSpec {
    /// Stages with hardware of their own: they run beside the stage before them and have a queue.
    /// A stage that does not overlap shares one time line with the stage before it.
    std::array<bool, kStages> overlaps{false, false, false, true, false, false, false};
    std::uint32_t fetch_words = 1;  ///< 32-bit words of synapse memory that one access reads
    friend bool operator==(const CoreTimingSpec&, const CoreTimingSpec&) = default;
};

/// Reads the section `core:`.
void read_core_timing(const YamlNode& core, CitedReader& cited, CoreTimingSpec& spec);
/// Calls `number(key, value)` for each key of the section.
void write_core_timing(const CoreTimingSpec& spec,
                       const std::function<void(const std::string&, const std::string&)>& number);

}  // namespace seamount::isa
