#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler {

/// What `verify_image` compared and what it found.
struct VerifyResult {
    std::vector<Diagnostic> findings;  ///< at most VerifyResult::kListed of each code
    std::uint64_t found = 0;           ///< how many there are
    std::uint64_t neurons = 0;         ///< compartments compared
    std::uint64_t synapses = 0;        ///< synapses of the network compared
    std::uint64_t cores = 0;

    static constexpr std::size_t kListed = 10;
};

/// Reads an image back into a graph and compares it with the network that it should hold: every
/// neuron in one compartment with its program, parameters and initial state; every synapse once,
/// with the stored weight, delay, accumulator and format; inputs, dataset, probes and readout; all
/// limits of `chip`, dead cores and dead synapse memory.
///
/// Independent of what made the image: it shares the frontend (which says what the network is) and
/// the image format with the compiler, and nothing of lower, partition, place and codegen.
/// Quantisation, synapse memory costs and parameters are computed here a second time.
/// Memory: what the image takes and a row of synapses. Time: two generations of every row if
/// its sign is not given, else one. `image` must have passed isa::check_image; `image_name` is what
/// findings are reported at.
[[nodiscard]] VerifyResult verify_image(const Network& network, const isa::Image& image,
                                        const isa::ChipSpec& chip, const std::string& image_name);

}  // namespace seamount::compiler
