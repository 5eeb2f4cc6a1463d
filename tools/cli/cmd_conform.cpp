#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tools/base/config_library.hpp"
#include "tools/cli/commands.hpp"
#include "tools/conform/conform.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::vector<std::string> paths;
    std::string chip = tools::kDefaultChip;
};

int conform_paths(const Options& options, const Session& session) {
    const conform::ConformOptions conform{tools::find_config_dir() / "neurons",
                                          tools::resolve_chip(options.chip), session.console.quiet};
    return conform::run_conform({options.paths.begin(), options.paths.end()}, conform);
}

constexpr const char* kFooter =
    R"(Prints a line per case, then "N passed, N failed, N skipped". Exit code 1 if any case failed.

Examples:
  seamount conform vectors/            all .json files below a folder
  seamount conform v/ref_1.json -q     failures and the last line only)";

}  // namespace

void add_conform(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("conform", "Replay golden vectors and compare");
    command->add_option("PATH", options->paths, "Vector files, or folders of them")
        ->required()
        ->type_name("");
    command->add_option("--chip", options->chip, "Chip whose limits apply")->capture_default_str();
    command->add_flag("-q,--quiet", session.console.quiet, "Failures and the last line only");
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return conform_paths(*options, session); };
    });
}

}  // namespace seamount::cli
