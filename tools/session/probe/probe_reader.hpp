#pragma once

#include <string>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "emulator/trace/probes.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/image/image.hpp"

namespace seamount::session {

/// Adds `--probe` texts to an image (isa/probe/text/probe_text.hpp). Throws InputError (CLI-PROBE)
/// for all of them that cannot be; returns the warnings.
[[nodiscard]] std::vector<Diagnostic> bind_probes(const std::vector<std::string>& texts,
                                                  isa::Image& image);

/// Whether the window's trigger fired in the step: one of its neurons or sources spiked; also if it
/// has none.
[[nodiscard]] bool has_fired(const isa::ProbeWindow& window, const isa::Image& image,
                             const emu::StepActivity& activity);

/// What probes read after a step of `machine`; all must outlive it.
[[nodiscard]] emu::StateReader probe_reader(const emu::Machine& machine, const isa::Image& image,
                                            const emu::StepActivity& activity);

}  // namespace seamount::session
