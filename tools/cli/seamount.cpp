#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/version.hpp"
#include "tools/cli/cmd_explore.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/parser.hpp"
#include "tools/explore/runs/result_record.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  seamount run network.yaml --steps 100            compile for Loihi 1 and run
  seamount compile network.yaml -o network.smi     compile once ...
  seamount run network.smi --steps 100 --out DIR   ... run many times, keep spikes and energy
  seamount inspect loihi1                          every number of a chip with its source
  seamount explore sweep.yaml                      many chips: fronts, effects, best points
  seamount SUBCOMMAND --help                       options and examples of a subcommand

Exit codes: 0 done, 1 a check failed, 2 bad input, 3 an error of ours, 4 too little memory.
Chips and neuron programs come from $SEAMOUNT_CONFIGS, else from the installed library.)";

int program(const std::vector<std::string>& words, int descriptor);

/// Gives the exit code; what `record` is for is in it too. `summarise`: also the summary of a run.
int run_main(int argc, char** argv, explore::ResultRecord& record, bool summarise) {
    tools::Console console;
    const Program seamount{
        "seamount",
        "Seamount emulates Loihi-style neuromorphic chips: spikes bit for bit, time and "
        "energy from counted events.",
        std::string{"seamount "} + tools::version(),
        {quiet_option(console.quiet)},
        kFooter,
        {compile_command(console), run_command(console, summarise ? &record.summary : nullptr),
         import_command(console), mesh_command(console), asm_command(console),
         disasm_command(console), inspect_command(console), verify_command(console),
         neuron_command(console), conform_command(console), explore_command(console, program)}};
    const Parsed parsed = parse(seamount, argc, argv);
    if (parsed.error) {
        record.findings = {*parsed.error};
        tools::tell(to_string(*parsed.error) + '\n');
        return tools::kBadInput;
    }
    if (!parsed.run) return tools::kOk;
    try {
        return parsed.run();
    } catch (const InputError& error) {
        record.findings = error.diagnostics();
        console.report(record.findings);
        return tools::kBadInput;
    }
}

bool is_lack_of_memory(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
    const auto* const system = dynamic_cast<const std::system_error*>(&error);
    return system != nullptr && (system->code() == std::errc::not_enough_memory ||
                                 system->code() == std::errc::resource_unavailable_try_again);
}

Diagnostic lack_of_memory() {
    return {"CLI-MEMORY",
            {"seamount", 0, 0},
            "the system has too little memory for this, or the limits set for the process are too "
            "low (ulimit -v, a container)",
            "use a machine with more memory, a smaller network, or fewer records; nothing of this "
            "command was written"};
}

/// Gives the exit code, whatever happens, and how it came to it in `record`.
int guarded_main(int argc, char** argv, explore::ResultRecord& record, bool summarise) {
    int code = tools::kInternalError;
    try {
        code = run_main(argc, argv, record, summarise);
        const int written = tools::flush_stdout();
        if (code == tools::kOk) code = written;
    } catch (const std::exception& error) {
        if (std::ferror(stdout) == 0) {
            if (is_lack_of_memory(error)) {
                record.message = to_string(lack_of_memory());
                record.status = explore::EndStatus::kOutOfMemory;
                code = tools::kNoResources;
            } else {
                record.message = fmt::format("internal error: {}, please report", error.what());
                record.status = explore::EndStatus::kInternalError;
            }
            tools::tell(record.message + '\n');
            return code;
        }
        code = tools::flush_stdout();  // fmt::print throws when it is full
    }
    record.status = explore::end_status_of(code);
    return code;
}

/// All that main does with its arguments. A run of a sweep hands back, on the descriptor, how far
/// it came; others are given none (-1).
int main_of(int argc, char** argv, int descriptor) {
    explore::ResultRecord record;
    if (descriptor < 0) return guarded_main(argc, argv, record, false);
    explore::hand_back(descriptor, record);
    explore::hand_back_lack_of_memory(descriptor);
    const int code = guarded_main(argc, argv, record, true);
    explore::hand_back(descriptor, record);
    return code;
}

/// What a run of a sweep does in a process that was forked for it.
int program(const std::vector<std::string>& words, int descriptor) {
    std::vector<std::string> copy{"seamount"};
    copy.insert(copy.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : copy) argv.push_back(word.data());
    argv.push_back(nullptr);
    return main_of(static_cast<int>(copy.size()), argv.data(), descriptor);
}

}  // namespace
}  // namespace seamount::cli

int main(int argc, char** argv) {
    using namespace seamount::cli;
    seamount::open_closed_standard_streams();
    seamount::remove_unfinished_files_on_signals();
    return main_of(argc, argv, seamount::explore::take_result_descriptor());
}

#if defined(__SANITIZE_ADDRESS__)
// fontconfig keeps what it has read about fonts until the process ends; libhdf5 loses a little
// memory over damaged files.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\nleak:libhdf5";
}
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
#endif
