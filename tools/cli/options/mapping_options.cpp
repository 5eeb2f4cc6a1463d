#include "tools/cli/options/mapping_options.hpp"

namespace seamount::cli {

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

}  // namespace seamount::cli
