#include "tools/cli/mpi/run_ranks.hpp"

#include "tools/cli/commands.hpp"
#include "tools/cli/mpi/mpi_ranks.hpp"
#include "tools/cli/options/run_program.hpp"
#include "tools/session/ranks/follow.hpp"

namespace seamount::cli {

int run_on_ranks(int argc, char** argv, boost::mpi::environment& environment,
                 const boost::mpi::communicator& world, tools::Console& console) {
    MpiRanks ranks{world};
    if (world.rank() != 0) {
        try {
            session::follow(ranks);
        } catch (const MpiRanks::Stopped&) {  // rank 0 has said why
        }
        return tools::kOk;
    }
    const int code = run_program({.name = "seamount", .commands = {run_command(console, ranks)}},
                                 argc, argv, console);
    if (code == tools::kOk) {
        // The others have ended with the run; without one (--help) they still wait for it.
        (void)ranks.stop_before_start();
        return code;
    }
    if (!ranks.stop_before_start()) environment.abort(code);
    return code;
}

}  // namespace seamount::cli
