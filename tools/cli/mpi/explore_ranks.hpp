#pragma once

#include <boost/mpi.hpp>

#include "tools/base/console.hpp"

namespace seamount::cli {

/// `seamount-mpi explore ...`: rank 0 coordinates and is the only one to touch the store, each
/// other rank runs one job at a time as a process. Returns the exit code.
[[nodiscard]] int explore_on_ranks(int argc, char** argv, const boost::mpi::communicator& world,
                                   tools::Console& console);

}  // namespace seamount::cli
