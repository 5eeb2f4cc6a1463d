#include "tools/debug/front.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <istream>
#include <memory>
#include <utility>

#include "isa/input/input_file.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/debug/debugger.hpp"
#include "tools/debug/shell.hpp"
#include "tools/debug/terminal.hpp"
#include "tools/session/run_plan.hpp"

namespace seamount::debug {
namespace {

constexpr const char* kPrompt = "(debug) ";

/// A command, and where it stands.
struct Line {
    std::string text;
    SourceLocation where;
};

std::vector<Line> lines_of(std::istream& from, const std::string& name) {
    std::vector<Line> lines;
    for (std::string text; std::getline(from, text);) {
        if (!text.empty() && text.back() == '\r') text.pop_back();
        lines.push_back({text, {name, static_cast<std::uint32_t>(lines.size() + 1), 1}});
    }
    return lines;
}

std::vector<Line> batch_of(const Request& request) {
    std::vector<Line> lines;
    if (!request.script.empty()) {
        tools::require_file(request.script);
        std::ifstream file{readable_path(request.script)};
        lines = lines_of(file, request.script.string());
    }
    for (std::size_t i = 0; i < request.commands.size(); ++i) {
        lines.push_back({request.commands[i], {"--execute", static_cast<std::uint32_t>(i + 1), 1}});
    }
    return lines;
}

/// All are understood, or none is executed.
void execute(Shell& shell, const std::vector<Line>& lines, const Console& console) {
    Diagnostics found;
    std::vector<Shell::Action> actions;
    for (const Line& line : lines) {
        try {
            actions.push_back(shell.parse(line.text, line.where));
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    for (std::size_t i = 0; i < lines.size() && !shell.has_quit(); ++i) {
        if (!actions[i]) continue;
        console.print(kPrompt + lines[i].text + '\n');
        actions[i]();
    }
}

void talk(Shell& shell, Debugger& debugger, const Console& console) {
    const InterruptGuard guard;
    debugger.interrupted = [] { return InterruptGuard::take(); };
    Terminal terminal{kPrompt,
                      [&shell](const std::string& line) { return shell.completions(line); }};
    shell.show_place();
    std::string before = "help";
    std::uint32_t number = 0;
    while (!shell.has_quit()) {
        auto line = terminal.line();
        if (!line) break;
        // An empty line is the one before, as other debuggers have it.
        if (line->find_first_not_of(" \t") == std::string::npos) *line = before;
        before = *line;
        try {
            const Shell::Action action = shell.parse(*line, {"terminal", ++number, 1});
            if (action) action();
        } catch (const InputError& error) {
            console.report(error);
        }
    }
}

Debugger::Setting setting_of(const session::Loaded& loaded, const session::RunSettings& run) {
    Debugger::Setting setting;
    setting.seed = run.seed.value_or(loaded.image.seed);
    setting.learning = run.learning;
    if (run.steps || run.samples || loaded.image.dataset.samples != 0) {
        const session::RunPlan plan = session::plan_run(loaded, run);
        setting.end = plan.steps;
        setting.dataset_end = plan.dataset_end;
    }
    return setting;
}

}  // namespace

void run(const Request& request, session::Listener& listener, const Console& console) {
    std::vector<Line> lines = batch_of(request);
    session::Loaded loaded = session::open(request.run, listener);
    const Debugger::Setting setting = setting_of(loaded, request.run.run);
    std::vector<std::filesystem::path> sources = loaded.files_read;
    const std::filesystem::path library = tools::find_config_dir() / "neurons";
    for (const isa::ProgramImage& program : loaded.image.programs) {
        sources.push_back(library / program.file);
    }
    const auto image = std::make_shared<isa::Image>(std::move(loaded.image));
    Debugger debugger{image, setting};
    Shell shell{debugger, std::move(sources), console.print};
    if (lines.empty() && isatty(STDIN_FILENO) != 0) {
        talk(shell, debugger, console);
        return;
    }
    if (lines.empty()) lines = lines_of(std::cin, "<stdin>");
    execute(shell, lines, console);
}

}  // namespace seamount::debug
