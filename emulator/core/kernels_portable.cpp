#include "emulator/core/kernels.hpp"

namespace seamount::emu::portable {
#include "emulator/core/kernels_arithmetic.inl"
// Uses the operations above.
#include "emulator/core/kernels.inl"
}  // namespace seamount::emu::portable
