#include "tests/bench/cuba_loop.hpp"

namespace seamount::bench::portable {
#include "tests/bench/cuba_loop.inl"
}  // namespace seamount::bench::portable
