#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/frontend/network_keys.hpp"
#include "isa/base/output_file.hpp"
#include "isa/image/image_sections.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "isa/yaml/yaml_text.hpp"
#include "tools/base/files.hpp"
#include "tools/base/heap.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/console_listener.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/cli/options/mapping_options.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/session/imported_network.hpp"
#include "tools/session/open.hpp"
#include "tools/session/optimise/optimise.hpp"
#include "tools/session/settings.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string network;
    std::string image;
    std::string report;
    std::string dump_after;
    bool print_expanded = false;
    session::CompileSettings settings;
    ImportWords import;
};

/// Part by part: the file is not put together in memory before.
void write_image(const isa::Image& image, const std::filesystem::path& path) {
    OutputFile file{path};
    isa::write_image(image, [&file](std::span<const std::byte> bytes) { file.write(bytes); });
    file.commit();
}

/// "a, b or c".
std::string in_words(const std::vector<std::string>& names) {
    return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

compiler::Pass pass_named(const std::string& name) {
    if (const auto pass = parse(compiler::kPassNames, name)) return *pass;
    const std::vector<std::string> all = names(compiler::kPassNames);
    throw InputError{Diagnostic{
        "CLI-PASS",
        {},
        fmt::format("--dump-after is '{}', must be one of {}", name, fmt::join(all, ", ")),
        did_you_mean(name, all, "")}};
}

/// The settings with what the other options say.
session::CompileSettings settings_of(const Options& options, const tools::Console& console) {
    session::CompileSettings settings = options.settings;
    settings.import = options.import.read();
    settings.mapping_report = !options.report.empty() || !console.quiet;
    settings.dump = [](const std::string& text) { std::fputs(text.c_str(), stdout); };
    if (!options.dump_after.empty()) settings.dump_after = pass_named(options.dump_after);
    return settings;
}

/// The network as one file: what is included, used and set in its place.
int print_expanded(const Options& options) {
    tools::require_file(options.network);
    if (session::is_foreign_network(options.network)) {
        bad_input("CLI-USAGE", options.network, "--print-expanded is for network files in YAML",
                  "seamount import writes such a file");
    }
    Diagnostics found;
    std::vector<std::filesystem::path> files;
    const Settings given = session::settings_of(options.settings.assignments);
    const auto tree =
        yaml::network_tree(options.network, given, compiler::network_form(), found, files);
    found.throw_if_errors();
    (void)given.take_paths(Settings::Into::kChip);
    session::reject_unused(given);
    fmt::print("{}", yaml::text_of(*tree));
    return tools::kOk;
}

int compile_to_image(const Options& options, const tools::Console& console) {
    if (options.print_expanded) return print_expanded(options);
    if (!options.image.empty() && !options.report.empty() &&
        same_output(options.image, options.report)) {
        two_outputs(options.report);
    }
    const auto reject_inputs = [&](const std::vector<std::filesystem::path>& inputs) {
        for (const std::string& output : {options.image, options.report}) {
            reject_input_as_output(output, inputs);
        }
    };
    reject_inputs(session::input_files(options.network, options.settings));
    tools::require_file(options.network);
    tools::keep_freed_memory();
    const session::CompileSettings settings = settings_of(options, console);
    ConsoleListener listener{console};
    const session::Loaded compiled = session::open_best(options.network, settings, listener);
    reject_inputs(compiled.files_read);
    if (!options.image.empty()) write_image(compiled.image, options.image);
    if (!options.report.empty()) {
        const std::uint64_t seed = settings.mapping_seed.value_or(settings.default_mapping_seed);
        write_file(options.report, tools::compile_report_json(compiled, seed));
    }
    if (!settings.dump_after) console.print(tools::compile_summary(compiled));
    for (const std::string& output : {options.image, options.report}) {
        if (!output.empty() && !is_standard_stream(output))
            console.print(fmt::format("wrote {}\n", output));
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
  seamount compile net.yaml --optimise time --budget 60s -o net.smi
  seamount compile net.yaml --dump-after lower      what a pass made of it
  seamount compile net.yaml --print-expanded        the network as one file)";

}  // namespace

Command compile_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{
        "compile",
        "Compile a network for a chip",
        {{.names = "NETWORK",
          .target = &options->network,
          .help = "Network file (YAML), or network of another tool (see seamount import)",
          .value_name = "",
          .required = true},
         {"-o,--output", &options->image, "Image to write", "IMAGE"}},
        kFooter};
    const std::vector<Option> mapping = mapping_options(options->settings);
    const std::vector<Option> others{
        {.names = "--seed,--mapping-seed",
         .target = &options->settings.mapping_seed,
         .help = "Seed of the mapping; never changes what the network does (default 1)",
         .range = kSeeds},
        {"--profile", &options->settings.profile,
         "How often each neuron spikes, from run --profile: busy ones share cores", "FILE"},
        {.names = "--dump-after",
         .target = &options->dump_after,
         .help = "Print what a pass produced: " + in_words(names(compiler::kPassNames)),
         .value_name = "PASS",
         .excludes = "--optimise"},
        {"--print-expanded", &options->print_expanded,
         "Print the network as one file, with what it includes, templates and variables in their "
         "places, and compile nothing"},
        {"--report", &options->report, "Write the report as JSON", "FILE"},
        quiet_option(console.quiet),
    };
    for (const std::vector<Option>& part :
         {mapping, optimise_options(options->settings), others, import_options(options->import)}) {
        command.options.insert(command.options.end(), part.begin(), part.end());
    }
    command.run = [options, &console] { return compile_to_image(*options, console); };
    return command;
}

}  // namespace seamount::cli
