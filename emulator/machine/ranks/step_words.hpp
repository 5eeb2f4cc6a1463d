#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "emulator/core/core_activity.hpp"
#include "isa/base/bytes.hpp"

namespace seamount::emu {

// What ranks tell each other of a step, as bytes.

/// The spikes of some cores. `moments`: with EmittedSpike::updates_done and the like, which
/// otherwise are 0 in what take_spikes makes of them.
[[nodiscard]] std::vector<std::byte> spike_words(std::span<const CoreActivity> cores, bool moments);
/// Gives them to the same cores, which have none.
void take_spikes(std::span<const std::byte> bytes, bool moments, std::span<CoreActivity> cores);

/// All that is counted in some cores, without their spikes.
void write_counts(std::span<const CoreActivity> cores, isa::ByteWriter& to);
/// The reverse, in place of what the cores had; their spikes stay.
void read_counts(isa::ByteReader& from, std::span<CoreActivity> cores);

}  // namespace seamount::emu
