#pragma once

#include <boost/mpi.hpp>

#include "tools/base/console.hpp"

namespace seamount::cli {

/// `seamount-mpi run ...`: rank 0 is the command, the others compute their part. Returns the exit
/// code; a run that fails after parts were handed out ends all ranks from here.
[[nodiscard]] int run_on_ranks(int argc, char** argv, boost::mpi::environment& environment,
                               const boost::mpi::communicator& world, tools::Console& console);

}  // namespace seamount::cli
