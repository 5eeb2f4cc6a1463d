#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/image/image.hpp"
#include "isa/probe/text/probe_slice.hpp"

namespace seamount::isa {

/// Words of a program's compartments that probes can read: states, accumulators (what is due in the
/// next step), views, and y0..y3 if it writes trace registers.
[[nodiscard]] std::vector<std::string> probe_words(const ProgramImage& program);

/// What a core has for probes, of one step.
enum class CoreWord : std::uint8_t { kPackets, kQueue, kSpikes, kSynaptic, kUpdates };
inline constexpr auto kCoreWordNames = name_table<CoreWord>({
    {CoreWord::kPackets, "packets"},           ///< that arrived
    {CoreWord::kQueue, "queue"},               ///< most that waited at the same time before a stage
    {CoreWord::kSpikes, "spikes"},             ///< of its compartments
    {CoreWord::kSynaptic, "synaptic_events"},  ///< of what arrived
    {CoreWord::kUpdates, "updates"},           ///< compartments that changed or spiked
});

/// What whoever reads a text about probes should know.
struct ProbeTextWarning {
    std::string message;
    std::size_t offset = 0;  ///< where in the text
};

/// What is said of a probe of `what`, some or all of whose rows another one writes: an error if it
/// is all of them, else a warning.
[[nodiscard]] std::string twice_text(SameRows same, const std::string& what);

/// Adds a probe to an image that has passed check_image:
///
///     hidden[0:4].v,u every 10 from 100 to 200 when spike out
///     weights fc1 every 100
///     core 3,7 packets,queue
///     core all packets when any spike in out[0:2]
///
/// `from` is the first step, `to` is behind the last one. Throws ProbeTextError, also if another
/// probe of the image reads the same in the same steps; the image stays as it was then. Warns if
/// one reads the same in other steps, of which some are common.
[[nodiscard]] std::vector<ProbeTextWarning> add_probe(Image& image, std::string_view text);

}  // namespace seamount::isa
