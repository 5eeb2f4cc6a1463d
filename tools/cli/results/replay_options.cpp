#include "tools/cli/results/replay_options.hpp"

namespace seamount::cli {

std::vector<Option> ReplayOptions::options(session::RunRequest& run) {
    return {
        {.names = "--seed",
         .target = &run.run.seed,
         .help = "Seed of run-time randomness (default: the network's)",
         .range = kSeeds},
        {"--input", &run.inputs, "Spikes of a host input, as of seamount run", "NAME=FILE"},
        {"--data", &run.data, "Other samples for a dataset input, as of seamount run", "NAME=FILE"},
        {"--no-learning", &no_learning_, "Synapses keep their values, whatever the network says"}};
}

void ReplayOptions::finish(session::RunRequest& run) const {
    run.mapping.default_mapping_seed = run.run.seed.value_or(1);
    run.run.learning = !no_learning_;
}

}  // namespace seamount::cli
