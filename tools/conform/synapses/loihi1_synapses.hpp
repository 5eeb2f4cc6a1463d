#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/network.hpp"
#include "isa/image/weights.hpp"
#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

/// A checked group of synapses of a loihi1 vector; the lists have one entry per synapse.
struct SynapseGroup {
    bool from_input = false;
    std::vector<std::uint32_t> pre;
    std::vector<std::uint32_t> post;
    std::vector<std::int32_t> weight;  ///< mantissas
    std::vector<std::uint32_t> delay;  ///< steps
    std::int32_t exponent = 0;
    std::uint32_t bits = 8;
    isa::SignMode mode = isa::kMixed;

    /// One more than the largest source, or 0.
    [[nodiscard]] std::uint32_t sources() const;
    /// The projection onto population 0; sources must be below `sources`.
    [[nodiscard]] compiler::Projection projection(std::uint32_t sources) const;
};

/// Reads `{src, pre, post, w, wexp, sign_mode, nbits, delay, w_eff}`. Absent: wexp 0, nbits 8,
/// delay 0, the sign mode that the weights need. Without `w`, mantissas that give `w_eff` exactly.
/// Throws InputError for what is malformed, and if the compiler's effective weights are not
/// `w_eff`.
[[nodiscard]] SynapseGroup read_synapses(const Json& group, std::uint32_t neurons);

}  // namespace seamount::conform
