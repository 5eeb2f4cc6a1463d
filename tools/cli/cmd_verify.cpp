#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/frontend/frontend.hpp"
#include "compiler/verify/verify.hpp"
#include "isa/base/text.hpp"
#include "isa/image/image.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/session/settings.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string network;
    std::string image;
    std::string chip;
    std::vector<std::string> assignments;
};

compiler::Network read_network(const Options& options, const Settings& settings,
                               const tools::Console& console) {
    Diagnostics found;
    compiler::Network network = compiler::read_network(options.network, settings,
                                                       tools::find_config_dir() / "neurons", found);
    found.throw_if_errors();
    console.report(found.all());
    return network;
}

int verify(const Options& options, const tools::Console& console) {
    tools::require_file(options.network);
    tools::require_file(options.image);
    const Settings settings = session::settings_of(options.assignments);
    const isa::Image image = isa::load_image(options.image);
    const isa::ChipSpec chip =
        options.chip.empty() ? isa::ChipSpec::parse_resolved(image.chip, options.image + "(chip)")
                             : session::load_chip(options.chip, settings);
    const compiler::Network network = read_network(options, settings, console);
    session::reject_unused(settings);
    const compiler::VerifyResult result =
        compiler::verify_image(network, image, chip, options.image);
    console.report(result.findings);
    if (result.found > result.findings.size()) {
        tools::tell(fmt::format("{}: {} further differences of these kinds\n", options.image,
                                grouped(result.found - result.findings.size())));
    }
    console.print(fmt::format(
        "{}: {} neurons and {} synapses on {} cores of '{}' {}\n", options.image,
        grouped(result.neurons), grouped(result.synapses), grouped(result.cores), chip.name,
        result.found == 0 ? "are those of the network"
                          : fmt::format("compared: {} differences", grouped(result.found))));
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
