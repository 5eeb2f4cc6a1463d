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

int conform_paths(const Options& options, const tools::Console& console) {
    const conform::ConformOptions conform{tools::find_config_dir() / "neurons",
                                          tools::resolve_chip(options.chip), console.quiet};
    return conform::run_conform({options.paths.begin(), options.paths.end()}, conform);
}

constexpr const char* kFooter =
    R"(Prints a line per case, then "N passed, N failed, N skipped". Exit code 1 if any case failed.

Examples:
  seamount conform vectors/            all .json files below a folder
  seamount conform v/ref_1.json -q     failures and the last line only)";

}  // namespace

Command conform_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"conform",
            "Replay golden vectors and compare",
            {{.names = "PATH",
              .target = &options->paths,
              .help = "Vector files, or folders of them",
              .value_name = "",
              .required = true},
             {.names = "--chip",
              .target = &options->chip,
              .help = "Chip whose limits apply",
              .shows_default = true},
             {"-q,--quiet", &console.quiet, "Failures and the last line only"}},
            kFooter,
            {},
            [options, &console] { return conform_paths(*options, console); }};
}

}  // namespace seamount::cli
