#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::isa {

/// A text about probes cannot be what it says.
class ProbeTextError : public std::runtime_error {
public:
    ProbeTextError(const std::string& what, std::size_t at, std::string hint_text = {})
        : std::runtime_error{what}, offset{at}, hint{std::move(hint_text)} {}
    std::size_t offset;  ///< where in the text
    std::string hint;
};

/// A name with what stands in brackets behind it: `hidden[0:8:2]`.
struct NamedSlice {
    std::string name;
    std::string slice;  ///< without brackets; empty: all
    std::size_t name_at = 0;
    std::size_t slice_at = 0;
};
[[nodiscard]] NamedSlice split_slice(std::string_view text, std::size_t at = 0);

/// The indices of `3`, `0:8`, `0:8:2` or several of these with commas, within `size`; `at` is where
/// the text stands.
[[nodiscard]] std::vector<std::uint32_t> indices_of(std::string_view slice, std::uint32_t size,
                                                    std::size_t at = 0);

/// What can trigger a probe: `spike NAME[slice]`, also written `any spike in NAME[slice]`.
[[nodiscard]] NamedSlice read_trigger(std::string_view text);

/// Words that a compartment has for probes beside states and views: accumulators (what is due in
/// the next step), by name, and trace registers y0..y3.
[[nodiscard]] bool is_probe_word(const ProgramImage& program, std::string_view name);

/// What a core has for probes, of one step.
enum class CoreWord : std::uint8_t { kPackets, kQueue, kSpikes, kSynaptic, kUpdates };
inline constexpr auto kCoreWordNames = name_table<CoreWord>({
    {CoreWord::kPackets, "packets"},           ///< that arrived
    {CoreWord::kQueue, "queue"},               ///< most that waited at the same time before a stage
    {CoreWord::kSpikes, "spikes"},             ///< of its compartments
    {CoreWord::kSynaptic, "synaptic_events"},  ///< of what arrived
    {CoreWord::kUpdates, "updates"},           ///< compartments that changed or spiked
});

/// Adds a probe to an image that has passed check_image:
///
///     hidden[0:4].v,u every 10 from 100 to 200 when spike out
///     weights fc1 every 100
///     core 3,7 packets,queue
///     core all packets when any spike in out[0:2]
///
/// `from` is the first step, `to` is behind the last one. Throws ProbeTextError.
void add_probe(Image& image, std::string_view text);

}  // namespace seamount::isa
