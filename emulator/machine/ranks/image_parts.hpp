#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

// What ranks hold of an image, and its way to them.

/// Cores as bytes, and back; nothing is checked but that they arrived as they were sent.
[[nodiscard]] std::vector<std::byte> bytes_of_cores(std::vector<isa::CoreImage> cores);
[[nodiscard]] std::vector<isa::CoreImage> cores_of_bytes(std::span<const std::byte> bytes);

/// All of an image but its cores, as bytes, and back. The cores stay with `image`.
[[nodiscard]] std::vector<std::byte> bytes_of_frame(isa::Image& image);
[[nodiscard]] isa::Image frame_of_bytes(std::span<const std::byte> bytes);

/// Whether a core of the chip belongs to the rank that a part is for.
using IsOwn = std::function<bool(CoreId)>;
/// What the rank needs of a core: all, of its own ones; of others the neurons, and who of them
/// reaches which axon of its own cores.
[[nodiscard]] isa::CoreImage part_of(const isa::CoreImage& core, const IsOwn& is_own);

/// Synapses, and what they learn with: a core that holds nothing else.
[[nodiscard]] isa::CoreImage synapse_memory_of(const isa::CoreImage& core);
/// Puts them in place of what the core has.
void put_synapse_memory(isa::CoreImage memory, isa::CoreImage& core);
/// Gives their memory free.
void drop_synapse_memory(isa::CoreImage& core);

}  // namespace seamount::emu
