#include <fmt/format.h>

#include <CLI/CLI.hpp>
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
#include "tools/cli/options.hpp"
#include "tools/session/load.hpp"
#include "tools/session/tally.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string network;
    std::string image;
    std::string chip;
    std::vector<std::string> assignments;
};

compiler::Network read_network(const Options& options, const Settings& settings,
                               const Session& session) {
    Diagnostics found;
    compiler::Network network = compiler::read_network(options.network, settings,
                                                       tools::find_config_dir() / "neurons", found);
    found.throw_if_errors();
    session.console.report(found.all());
    return network;
}

int verify(const Options& options, const Session& session) {
    tools::require_file(options.network);
    tools::require_file(options.image);
    const Settings settings = session::settings_of(options.assignments);
    const isa::Image image = isa::load_image(options.image);
    const isa::ChipSpec chip =
        options.chip.empty() ? isa::ChipSpec::parse_resolved(image.chip, options.image + "(chip)")
                             : session::load_chip(options.chip, settings);
    const compiler::Network network = read_network(options, settings, session);
    session::reject_unused(settings);
    const compiler::VerifyResult result =
        compiler::verify_image(network, image, chip, options.image);
    session.console.report(result.findings);
    if (result.found > result.findings.size()) {
        tools::tell(fmt::format("{}: {} further differences of these kinds\n", options.image,
                                grouped(result.found - result.findings.size())));
    }
    session.console.print(fmt::format(
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

void add_verify(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("verify", "Prove that an image holds a network");
    command->add_option("NETWORK", options->network, "Network file (YAML)")
        ->required()
        ->type_name("");
    command->add_option("IMAGE", options->image, "Image to check")->required()->type_name("");
    command->add_option("--chip", options->chip, "Chip file, or name in the library")
        ->type_name("CHIP");
    command->add_option("--set", options->assignments, "Override a variable of the YAML files")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return verify(*options, session); };
    });
}

}  // namespace seamount::cli
