#include "tests/bench/lif_loop.hpp"

namespace seamount::bench::portable {
#include "tests/bench/lif_loop.inl"
}  // namespace seamount::bench::portable
