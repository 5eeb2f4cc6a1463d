#pragma once

#include "emulator/machine/ranks/ranks.hpp"

namespace seamount::session {

/// What every rank but 0 does in a run: gets its part from the Team of rank 0, computes it to the
/// end. Throws what Ranks::receive throws when the run ends early.
void follow(emu::Ranks& ranks);

}  // namespace seamount::session
