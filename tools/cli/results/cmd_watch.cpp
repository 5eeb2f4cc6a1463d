#include <memory>
#include <string>

#include "tools/cli/results/result_commands.hpp"
#include "tools/watch/watch.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kFooter =
    R"(Only this machine can open the page, and only by its address, which nobody can guess; nothing can be
changed through it. It ends with the run; of a store it goes on until it is stopped (Ctrl-C).

Examples:
  seamount run net.yaml --steps 1000000 --out r --watch    runs, and serves its page meanwhile
  seamount watch r                                         the same for a run that goes on already
  seamount explore sweep.yaml --watch                      a sweep)";

}  // namespace

Command watch_command(tools::Console& console) {
    const auto options = std::make_shared<watch::Options>();
    return {"watch",
            "Serve the page of a run or a sweep while it goes on",
            {{.names = "DIR|STORE",
              .target = &options->what,
              .help = "Folder of a run --out that goes on, or store of a sweep",
              .value_name = "",
              .required = true},
             {.names = "--port",
              .target = &options->port,
              .help = "Port on 127.0.0.1 (default: any that is free)",
              .range = Range{0, 65535}},
             {"--until-stdin-ends", &options->ends_with_stdin,
              "Go on until the standard input ends, and no longer"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options] {
                watch::watch(*options, [](const std::string& text) { tools::tell(text); });
                return static_cast<int>(tools::kOk);
            }};
}

}  // namespace seamount::cli
