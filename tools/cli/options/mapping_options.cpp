#include "tools/cli/options/mapping_options.hpp"

#include <string>

namespace seamount::cli {

using compiler::Objective;
using compiler::Partitioner;
using compiler::Placer;

std::vector<Option> mapping_options(session::CompileSettings& settings) {
    return {
        {"--chip", &settings.chip, "Chip file, or name in the library", "CHIP"},
        {"--partitioner",
         choice(settings.partitioner, compiler::kPartitionerNames, Partitioner::kAuto),
         "How neurons are grouped into cores"},
        {.names = "--effort",
         .target = &settings.effort,
         .help = "How long to look for a better mapping",
         .range = Range{0, 9, true},
         .shown_default = "5"},
        {"--placer", choice(settings.placer, compiler::kPlacerNames, Placer::kAuto),
         "How cores are laid out on the chip"},
        {"--cache", &settings.cache,
         "Keep generated synapses and mappings in this folder, for the next time", "DIR"},
        {.names = "--max-input",
         .target = &settings.max_input,
         .help = "What a packed or text data file may take in memory",
         .value_name = "SIZE",
         .shown_default = "1G"},
        {"--set", &settings.assignments,
         "Override a variable of the YAML files, or a value of the chip or the network by its path",
         "NAME=VALUE"},
    };
}

std::vector<Option> optimise_options(session::CompileSettings& settings) {
    return {
        {"--optimise", choice(settings.optimise, compiler::kObjectiveNames, Objective::kTime),
         "Measure several mappings in short runs and keep the best for this"},
        {.names = "--candidates",
         .target = &settings.candidates,
         .help = "With --optimise: mappings to measure",
         .range = Range{1, 1000, true},
         .shown_default = std::to_string(session::kCandidates)},
        {.names = "--budget",
         .target = &settings.budget,
         .help = "With --optimise: begin no further candidate after this time; may shorten the "
                 "list, and then only the result depends on the machine",
         .value_name = "TIME"},
    };
}

}  // namespace seamount::cli
