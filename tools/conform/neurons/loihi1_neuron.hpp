#pragma once

#include <map>
#include <string>

#include "compiler/ir/network.hpp"
#include "isa/microcode/program.hpp"
#include "tools/conform/vectors/case.hpp"

namespace seamount::conform {

using Arguments = std::map<std::string, compiler::Values<std::int64_t>>;

/// Arguments of configs/neurons/loihi1_cuba.asm from the neuron parameters of a loihi1 vector:
/// an object of numbers or per-neuron lists, or a list of such objects, one per neuron. A parameter
/// without a counterpart, a value that the chip cannot hold, a list of another length than 1 or
/// `neurons`: an InputError that names it.
[[nodiscard]] Arguments loihi1_arguments(const isa::Program& program, const Json& neuron,
                                         std::uint32_t neurons);

/// The parameters that stand beside `neuron` in some files: bias and noise.
[[nodiscard]] Json with_outer_parameters(const Json& file);

}  // namespace seamount::conform
