#pragma once

#include <span>
#include <string_view>

namespace seamount::cli {

/// Under mpirun `explore`, and with more than one rank `run`, become `seamount-mpi` with the same
/// words, before anything complains about them; else it returns. Throws InputError (EXP-MPI) if
/// this build has no such program.
void become_mpi_program(int argc, char** argv);

/// Whether the first word behind the program that is no option is `name`.
[[nodiscard]] bool is_command(std::span<char* const> words, std::string_view name);

/// What this process starts is not under mpirun.
void forget_launcher();

}  // namespace seamount::cli
