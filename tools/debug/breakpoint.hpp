#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/ids.hpp"
#include "isa/base/name_table.hpp"
#include "tools/debug/formula.hpp"

namespace seamount::debug {

/// Where a run stops.
enum class BreakKind : std::uint8_t {
    kStep,   ///< before a step
    kSpike,  ///< after a step in which one of the neurons, or of the sources, spiked
    kWhen,   ///< after a step that made a formula true
    kCore,   ///< inside each step, before the first compartment of a core
    kLine,   ///< before a word of microcode that is executed
};
inline constexpr auto kBreakKindNames = name_table<BreakKind>({
    {BreakKind::kStep, "step"},
    {BreakKind::kSpike, "spike"},
    {BreakKind::kWhen, "when"},
    {BreakKind::kCore, "core"},
    {BreakKind::kLine, "line"},
});

struct Breakpoint {
    std::uint32_t number = 0;
    BreakKind kind = BreakKind::kStep;
    std::string text;  ///< as it is listed
    std::uint64_t step = 0;
    std::optional<Selection> neurons;  ///< kSpike; kLine: only these
    CoreSlot core;
    /// kLine: (index into Image::programs, word) of the first word of the line.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> words;
    std::optional<Formula> condition;  ///< kWhen; others stop only if it is not 0
    bool held = false;                 ///< kWhen: it was true before
    std::uint64_t hits = 0;
};

/// Reads what follows `break`: `step N`, `spike POP[i]`, `core C`, `FILE.asm:LINE [in POP[i]]`,
/// `when FORMULA`, each but the last with ` if FORMULA`. Throws InputError (DBG-*).
[[nodiscard]] Breakpoint read_breakpoint(const isa::Image& image, Reader& reader);

}  // namespace seamount::debug
