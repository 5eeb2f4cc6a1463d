#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/parser.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  seamount run network.yaml --steps 100            compile for Loihi 1 and run
  seamount compile network.yaml -o network.smi     compile once ...
  seamount run network.smi --steps 100 --out DIR   ... run many times, keep spikes and energy
  seamount inspect loihi1                          every number of a chip with its source
  seamount explore sweep.yaml                      many chips: fronts, effects, best points
  seamount SUBCOMMAND --help                       options and examples of a subcommand

Exit codes: 0 done, 1 a check failed, 2 bad input, 3 an error of ours.
Chips and neuron programs come from $SEAMOUNT_CONFIGS, else from the installed library.)";

int program(const std::vector<std::string>& words);

int run_main(int argc, char** argv) {
    tools::Console console;
    const Program seamount{
        "seamount",
        "Seamount emulates Loihi-style neuromorphic chips: spikes bit for bit, time and "
        "energy from counted events.",
        std::string{"seamount "} + tools::version(),
        {quiet_option(console.quiet)},
        kFooter,
        {compile_command(console), run_command(console), mesh_command(console),
         asm_command(console), disasm_command(console), inspect_command(console),
         verify_command(console), neuron_command(console), conform_command(console),
         explore_command(console, program)}};
    const Parsed parsed = parse(seamount, argc, argv);
    if (parsed.error) {
        tools::tell(to_string(*parsed.error) + '\n');
        return tools::kBadInput;
    }
    if (!parsed.run) return tools::kOk;
    try {
        return parsed.run();
    } catch (const InputError& error) {
        console.report(error.diagnostics());
        return tools::kBadInput;
    }
}

/// All that main does with its arguments.
int guarded_main(int argc, char** argv) {
    try {
        const int code = run_main(argc, argv);
        const int written = tools::flush_stdout();
        return code == tools::kOk ? written : code;
    } catch (const std::exception& error) {
        if (std::ferror(stdout) != 0)
            return tools::flush_stdout();  // fmt::print throws when it is full
        tools::tell(fmt::format("internal error: {}, please report\n", error.what()));
        return tools::kInternalError;
    }
}

/// What a run of a sweep does in a process that was forked for it.
int program(const std::vector<std::string>& words) {
    std::vector<std::string> copy{"seamount"};
    copy.insert(copy.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    return guarded_main(static_cast<int>(copy.size()), argv.data());
}

}  // namespace
}  // namespace seamount::cli

int main(int argc, char** argv) {
    using namespace seamount::cli;
    seamount::open_closed_standard_streams();
    seamount::remove_unfinished_files_on_signals();
    return guarded_main(argc, argv);
}

#if defined(__SANITIZE_ADDRESS__)
// fontconfig keeps what it has read about fonts until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig";
}
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
#endif
