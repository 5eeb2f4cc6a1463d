#pragma once

#include <string>

#include "isa/microcode/program.hpp"
#include "isa/microcode/range_analysis.hpp"

namespace seamount::tools {

/// What `seamount asm` tells about a program: size, cycles, declarations and value ranges.
[[nodiscard]] std::string program_sheet(const isa::Program& program,
                                        const isa::RangeReport& ranges);

/// The same as JSON, with every finding of the analysis.
[[nodiscard]] std::string program_sheet_json(const isa::Program& program,
                                             const isa::RangeReport& ranges);

/// "ADD.sat of v can saturate: its result is in [-9000000, 9000000], 24 bits hold [..]".
[[nodiscard]] std::string finding_text(const isa::Program& program,
                                       const isa::RangeFinding& finding);

}  // namespace seamount::tools
