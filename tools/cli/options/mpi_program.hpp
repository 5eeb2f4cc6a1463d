#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "isa/base/diagnostic.hpp"

namespace seamount::cli {

/// Under mpirun `explore`, and with more than one rank `run`, become `seamount-mpi` with the same
/// words, before anything complains about them, and this never returns. Else nothing, or what is
/// wrong (EXP-MPI) if this build has no such program.
[[nodiscard]] std::optional<Diagnostic> become_mpi_program(int argc, char** argv);

/// Whether the first word behind the program that is no option is `name`.
[[nodiscard]] bool is_command(std::span<char* const> words, std::string_view name);

/// What this process starts is not under mpirun.
void forget_launcher();

}  // namespace seamount::cli
