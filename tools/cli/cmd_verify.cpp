#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "isa/base/text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/console_listener.hpp"
#include "tools/session/verify.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string network;
    std::string image;
    std::string chip;
    std::vector<std::string> assignments;
};

int verify(const Options& options, const tools::Console& console) {
    ConsoleListener listener{console};
    const auto [result, chip] = session::verify(
        {options.network, options.image, options.chip, options.assignments}, listener);
    console.report(result.findings);
    if (result.found > result.findings.size()) {
        tools::tell(
            fmt::format("{}: {} of these kinds\n", options.image,
                        counted(result.found - result.findings.size(), "further difference")));
    }
    console.print(fmt::format(
        "{}: {} and {} on {} of '{}' {}\n", options.image, counted(result.neurons, "neuron"),
        counted(result.synapses, "synapse"), counted(result.cores, "core"), chip,
        result.found == 0 ? "are those of the network"
                          : fmt::format("compared: {}", counted(result.found, "difference"))));
    return result.found == 0 ? tools::kOk : tools::kCheckFailed;
}

constexpr const char* kFooter =
    R"(Reads the image back into a graph and compares it with the network, without any code of the passes
that made it. Exit code 1 if they differ or a limit is exceeded.

Examples:
  seamount verify net.yaml net.smi
  seamount verify net.yaml net.smi --set prefix=data/big
  seamount verify net.yaml net.smi --chip my_chip.yaml     also: is it an image for this chip?)";

}  // namespace

Command verify_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {
        "verify",
        "Prove that an image holds a network",
        {{.names = "NETWORK",
          .target = &options->network,
          .help = "Network file (YAML)",
          .value_name = "",
          .required = true},
         {.names = "IMAGE",
          .target = &options->image,
          .help = "Image to check",
          .value_name = "",
          .required = true},
         {"--chip", &options->chip, "Chip file, or name in the library", "CHIP"},
         {"--set", &options->assignments, "Override a variable of the YAML files", "NAME=VALUE"},
         quiet_option(console.quiet)},
        kFooter,
        {},
        [options, &console] { return verify(*options, console); }};
}

}  // namespace seamount::cli
