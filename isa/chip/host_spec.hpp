#pragma once

#include <cstdint>

#include "isa/base/name_table.hpp"
#include "isa/base/units.hpp"

namespace seamount::isa {

/// What beside the neurocores, their mesh and the barrier takes part in a run.
enum class HostClass : std::uint8_t {
    kNone,   ///< nothing: the chip steps alone
    kSnips,  ///< programs on the embedded processors manage each step
    kIo,     ///< these, and a host computer that injects spikes while the chip steps
};
inline constexpr auto kHostClassNames = name_table<HostClass>({
    {HostClass::kNone, "none"},
    {HostClass::kSnips, "snips"},
    {HostClass::kIo, "io"},
});

/// The embedded processors and the host: what they add to times and powers, by class. Powers are
/// drawn per chip while steps run, above its idle power.
struct HostSpec {
    HostClass host_class = HostClass::kNone;
    Picoseconds snips_step{};  ///< management of a step, after its barrier
    Milliwatts snips_power{};
    Picoseconds io_packet{};  ///< of the host's way for one injected packet
    Milliwatts io_power{};    ///< embedded processors included: instead of snips_power

    [[nodiscard]] Picoseconds step_time() const noexcept {
        return host_class == HostClass::kNone ? Picoseconds{} : snips_step;
    }
    [[nodiscard]] Picoseconds packet_time() const noexcept {
        return host_class == HostClass::kIo ? io_packet : Picoseconds{};
    }
    [[nodiscard]] Milliwatts power() const noexcept {
        if (host_class == HostClass::kNone) return Milliwatts{};
        return host_class == HostClass::kIo ? io_power : snips_power;
    }
    friend bool operator==(const HostSpec&, const HostSpec&) = default;
};

}  // namespace seamount::isa
