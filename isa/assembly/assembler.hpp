#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "isa/microcode/program.hpp"

namespace seamount::isa {

/// Assembles microcode text. Throws InputError with all problems (codes ASM-*), each at its column.
///
///     ; current-based leaky integrate and fire      comments: ; to the end of the line
///     .arg   decay_u 0..4096 = 4096 ; 12-bit decay  argument: range, default, doc
///     .arg   vth     0..131071                      no default: the user must give it
///     .const kShift = 6                             a number; also #kShift; in all expressions
///     .scaled vth = 1                               counts in weight mantissas, see ArgScale
///     .timed decay_u = 4096                         a share that decays per step, see ArgTime
///     .acc   input -4096..4095                      names a0, a1, ... in order; the sum's range
///     .param keep_u = 4096 - decay_u                names p0, p1, ...; over args and constants
///     .state u                                      names s0, s1, ...; starts at 0
///     .state bias = bias << bias_exp                or at an expression over args and constants
///     .view  v_chip = ref > 0 ? refract << 7 : v    for probes; over state, params, constants
///             rdc    r0, input, kShift              operands: r0..15 s0..15 p0..15 a0..3, names,
///             mulz   r1, u, keep_u, 12              #constant
///             add.w24 u, r0, r1                     result: .sat .w24 .wl .w22 .w16
///             cmp.gt.and v, vth                     .lt .le .gt .ge .eq .ne, then .and .or .xor
///             spk?f  #1                             ?f only if F, ?n only if not F; channel 0
///             bf?n   done                           forward branch; also +n words
///     done:   end
///
/// Names of arguments are a name space of their own; constants are visible everywhere.
[[nodiscard]] Program assemble(std::string_view text, const std::string& file);

/// Reads and assembles a file. Throws InputError, also when the file cannot be read.
[[nodiscard]] Program assemble_file(const std::filesystem::path& path);

}  // namespace seamount::isa
