#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/run/saved_weights.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string network;
    std::string image;
    std::string report;
    session::MappingOptions mapping;
};

int compile_to_image(const Options& options, const Session& session) {
    if (!options.image.empty() && !options.report.empty() &&
        same_output(options.image, options.report)) {
        two_outputs(options.report);
    }
    const std::vector<std::filesystem::path> inputs =
        session::input_files(options.network, options.mapping);
    for (const std::string& output : {options.image, options.report}) {
        reject_input_as_output(output, inputs);
    }
    session::MappingOptions mapping = options.mapping;
    mapping.mapping_report = !options.report.empty() || !session.console.quiet;
    const session::Loaded compiled =
        session::compile_network(options.network, mapping, session.console);
    session.console.report(compiled.warnings);
    if (!options.image.empty()) write_file(options.image, tools::image_bytes(compiled.image));
    if (!options.report.empty()) {
        write_file(options.report,
                   tools::compile_report_json(compiled, options.mapping.seed.value_or(1)));
    }
    if (options.mapping.dump_after.empty()) session.console.print(tools::compile_summary(compiled));
    for (const std::string& output : {options.image, options.report}) {
        if (!output.empty()) session.console.print(fmt::format("wrote {}\n", output));
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Without -o the network is compiled and the report printed: does it fit?

Examples:
  seamount compile net.yaml -o net.smi
  seamount compile net.yaml --chip my_chip.yaml --report fit.json
  seamount compile net.yaml --set prefix=data/big --seed 3 -o net.smi
  seamount compile net.yaml --profile spikes.csv -o net.smi
  seamount compile net.yaml --dump-after lower      what a pass made of it)";

}  // namespace

void add_compile(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("compile", "Compile a network for a chip");
    command->add_option("NETWORK", options->network, "Network file (YAML)")
        ->required()
        ->type_name("");
    command->add_option("-o,--output", options->image, "Image to write")->type_name("IMAGE");
    add_mapping_options(*command, options->mapping);
    command
        ->add_option("--seed,--mapping-seed", options->mapping.seed,
                     "Seed of the mapping; never changes what the network does (default 1)")
        ->check(seed_range());
    command
        ->add_option("--profile", options->mapping.profile,
                     "How often each neuron spikes, from run --profile: busy ones share cores")
        ->type_name("FILE");
    command
        ->add_option("--dump-after", options->mapping.dump_after,
                     "Print what a pass produced: frontend, lower, partition, place or codegen")
        ->type_name("PASS");
    command->add_option("--report", options->report, "Write the report as JSON")->type_name("FILE");
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return compile_to_image(*options, session); };
    });
}

}  // namespace seamount::cli
