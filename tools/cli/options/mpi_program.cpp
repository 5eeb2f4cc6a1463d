#include "tools/cli/options/mpi_program.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace seamount::cli {
namespace {

/// How many ranks there are, set by the launchers of Open MPI and of MPICH or Slurm's PMI-2; by
/// Slurm's PMIx, which says its rank, Slurm itself does.
constexpr std::array kSizes{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
constexpr const char* kSlurmSize = "SLURM_STEP_NUM_TASKS";
constexpr const char* kPmixRank = "PMIX_RANK";
constexpr const char* kAlone = "1";

/// Empty: this process is under no launcher.
std::string number_of_ranks() {
    for (const char* const name : kSizes) {
        if (const char* const size = std::getenv(name)) return size;
    }
    const char* const size = std::getenv(kSlurmSize);
    return size != nullptr && std::getenv(kPmixRank) != nullptr ? size : "";
}

}  // namespace

bool is_command(std::span<char* const> words, std::string_view name) {
    for (const char* const word : words.subspan(words.empty() ? 0 : 1)) {
        if (word[0] != '-') return word == name;
    }
    return false;
}

std::optional<Diagnostic> become_mpi_program(int argc, char** argv) {
    const std::string ranks = number_of_ranks();
    if (ranks.empty()) return std::nullopt;
    const std::span words{argv, static_cast<std::size_t>(argc)};
    const bool explores = is_command(words, "explore");
    if (!explores && (ranks == kAlone || !is_command(words, "run"))) return std::nullopt;
    const std::filesystem::path program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "seamount-mpi";
    execv(program.c_str(), argv);
    return Diagnostic{
        "EXP-MPI",
        {program.string(), 0, 0},
        "this build has no program for mpirun",
        "build with libboost-mpi-dev installed, or start it without mpirun (explore: --shard)",
        Severity::kError};
}

void forget_launcher() {
    for (const char* const name : kSizes) unsetenv(name);
    unsetenv(kPmixRank);
}

}  // namespace seamount::cli
