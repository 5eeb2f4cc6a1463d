#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

#include "tools/base/console.hpp"
#include "tools/session/load.hpp"

namespace seamount::cli {

/// Adds the options that `compile` and `run` share.
inline void add_mapping_options(CLI::App& command, session::MappingOptions& options) {
    command.add_option("--chip", options.chip, "Chip file, or name in the library")
        ->type_name("CHIP");
    command.add_option("--partitioner", options.partitioner, "How neurons are grouped into cores")
        ->check(CLI::IsMember({"auto", "greedy", "stream", "metis", "multilevel"}))
        ->capture_default_str();
    command.add_option("--effort", options.effort, "How long to look for a better mapping")
        ->check(CLI::Range(0, 9))
        ->capture_default_str();
    command.add_option("--placer", options.placer, "How cores are laid out on the chip")
        ->check(CLI::IsMember({"auto", "row_major", "hilbert", "force", "anneal", "links"}))
        ->capture_default_str();
    command
        .add_option("--cache", options.cache,
                    "Keep generated synapses and mappings in this folder, for the next time")
        ->type_name("DIR");
    command
        .add_option(
            "--set", options.assignments,
            "Override a variable of the YAML files, or a value of the chip or the network by its "
            "path")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
}

/// Seeds that can also stand in a network file; a minus sign is refused, not wrapped around.
inline CLI::Validator seed_range() {
    constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
    return CLI::Range(std::uint64_t{0}, kLargest).description("");
}

/// Accepted before the subcommand and after it.
inline void add_quiet(CLI::App& command, tools::Console& console) {
    command.add_flag("-q,--quiet", console.quiet, "Print errors only; files are written as usual");
}

}  // namespace seamount::cli
