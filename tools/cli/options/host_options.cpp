#include "tools/cli/options/host_options.hpp"

namespace seamount::cli {

std::vector<Option> host_options(session::HostLink::Params& host) {
    return {
        {"--host", &host.command,
         "A program that plays the host: it is told spikes and states as lines of JSON, and "
         "answers "
         "with spikes, writes and rewards",
         "CMD"},
        {.names = "--host-every",
         .target = &host.every,
         .help = "Steps of an exchange with the host",
         .range = Range{1, 1'000'000},
         .shows_default = true},
        {.names = "--host-timeout",
         .target = &host.timeout_s,
         .help = "Seconds that the host may take for an answer; 0: for ever",
         .range = Range{0, 1'000'000},
         .shows_default = true},
        {"--host-spikes", &host.spikes, "Populations whose spikes the host is told (default: all)",
         "POPULATION"},
        {"--host-states", &host.states, "States that the host is told", "POPULATION.STATE"},
    };
}

}  // namespace seamount::cli
