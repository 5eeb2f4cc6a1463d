#include <boost/mpi.hpp>
#include <string>

#include "isa/base/output_file.hpp"
#include "tools/base/console.hpp"
#include "tools/cli/mpi/explore_ranks.hpp"
#include "tools/cli/mpi/run_ranks.hpp"
#include "tools/cli/options/mpi_program.hpp"

/// `seamount-mpi explore ...` and `seamount-mpi run ...`, which `seamount` turns into under mpirun.
namespace {

using namespace seamount;

/// Ends all ranks.
int fail(boost::mpi::environment& environment, int rank, const std::exception& error) {
    if (tools::is_lack_of_memory(error)) {
        tools::tell("seamount: error: rank " + std::to_string(rank) +
                    " has too little memory for its part [CLI-MEMORY]\n");
        environment.abort(tools::kNoResources);
    }
    tools::tell(std::string{"internal error: "} + error.what() + ", please report\n");
    environment.abort(tools::kInternalError);
    return tools::kInternalError;
}

}  // namespace

int main(int argc, char** argv) {
    open_closed_standard_streams();
    boost::mpi::environment environment{argc, argv};
    remove_unfinished_files_on_signals();
    const boost::mpi::communicator world;
    cli::forget_launcher();
    try {
        tools::Console console;
        const bool runs = cli::is_command({argv, static_cast<std::size_t>(argc)}, "run");
        const int code = runs ? cli::run_on_ranks(argc, argv, environment, world, console)
                              : cli::explore_on_ranks(argc, argv, world, console);
        const int written = tools::flush_stdout();
        return code == tools::kOk ? written : code;
    } catch (const std::exception& error) {
        return fail(environment, world.rank(), error);
    }
}

#if defined(__SANITIZE_ADDRESS__)
// Open MPI keeps memory until the process ends, some of it in modules that it has unloaded by then,
// which no suppression can name.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() {
    return 1;
}
#endif
