#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::session {

/// Sizes of an image, in the terms of NeuroBench where it has one.
struct ImageStats {
    std::uint64_t neurons = 0;
    std::uint64_t synapses = 0;  ///< connections; a shared row counts for each user
    std::uint64_t nonzero_synapses = 0;
    std::uint64_t possible_connections = 0;  ///< sources x targets of every connected pair
    std::uint64_t cores = 0;
    std::uint64_t footprint_bytes = 0;  ///< memory that the cores need, see core_bytes()

    /// Fraction of zero or absent weights among the connected pairs of populations.
    [[nodiscard]] double connection_sparsity() const noexcept;
};

/// Walks every fan-out list and row once.
[[nodiscard]] ImageStats measure(const isa::Image& image);

/// Bytes of one core: synapse memory, tables, state words, parameters and microcode as the
/// emulated core stores them (32-bit words; 8 bytes per input and per output axon).
[[nodiscard]] std::uint64_t core_bytes(const isa::CoreImage& core, const isa::Image& image);

/// How many synapses and blocks synapse memory holds.
struct Stored {
    std::uint64_t synapses = 0;
    std::uint64_t blocks = 0;
};
/// By format, in all of these cores.
[[nodiscard]] std::map<isa::SynapseFormat, Stored> stored_by_format(
    std::span<const isa::CoreImage> cores);

/// Number of microcode words of the distinct programs of a core.
[[nodiscard]] std::uint64_t microcode_words(const isa::CoreImage& core, const isa::Image& image);

/// What a core needs of all that a chip may limit.
[[nodiscard]] isa::CoreAmounts core_amounts(const isa::CoreImage& core, const isa::Image& image);

/// Throws InputError (CHIP-CORE, CHIP-LIMIT) if `image` does not fit `chip`; `name` is the image's.
void check_fit(const isa::Image& image, const isa::ChipSpec& chip, const std::string& name);

}  // namespace seamount::session
