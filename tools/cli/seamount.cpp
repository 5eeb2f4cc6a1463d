#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options.hpp"

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

/// The word that stands where a subcommand must, if it is none.
std::string unknown_subcommand(const CLI::App& app, int argc, char** argv) {
    if (!app.get_subcommands().empty()) return {};
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') return argv[i];
    }
    return {};
}

int subcommand_error(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands(nullptr)) names.push_back(known->get_name());
    const std::string near = closest(word, names);
    const std::string hint = near.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                                          : fmt::format("did you mean '{}'?", near);
    tools::tell(fmt::format(
        "seamount: error: no subcommand '{}' [CLI-USAGE]\n    hint: {} (see seamount --help)\n",
        word, hint));
    return tools::kBadInput;
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
    std::string subcommand;
    for (const CLI::App* used = &app; !used->get_subcommands().empty();) {
        used = used->get_subcommands().front();
        subcommand += " " + used->get_name();
    }
    tools::tell(fmt::format("seamount{}: error: {} [CLI-USAGE]\n    hint: see seamount{} --help\n",
                            subcommand, error.what(), subcommand));
    return tools::kBadInput;
}

int program(const std::vector<std::string>& words);

int run_main(int argc, char** argv) {
    Session session;
    CLI::App app{
        "Seamount emulates Loihi-style neuromorphic chips: spikes bit for bit, time and "
        "energy from counted events."};
    app.name("seamount");
    app.set_version_flag("--version", std::string{"seamount "} + tools::version(),
                         "Print name and version");
    app.require_subcommand(1);
    add_quiet(app, session.console);
    app.footer(kFooter);
    add_compile(app, session);
    add_run(app, session);
    add_mesh(app, session);
    add_asm(app, session);
    add_disasm(app, session);
    add_inspect(app, session);
    add_verify(app, session);
    add_neuron(app, session);
    add_conform(app, session);
    explore::add_explore(app, session, program);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // --help and --version arrive here too
        if (error.get_exit_code() == 0) return app.exit(error);
        const std::string word = unknown_subcommand(app, argc, argv);
        return word.empty() ? usage_error(app, error) : subcommand_error(app, word);
    }
    try {
        return session.command();
    } catch (const InputError& error) {
        session.console.report(error.diagnostics());
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
