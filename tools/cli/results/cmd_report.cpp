#include <fmt/core.h>
#include <spawn.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/results/result_commands.hpp"
#include "tools/report/report_page.hpp"

extern char** environ;

namespace seamount::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> folders;
    std::string output;
    bool open = false;
};

/// Where the page goes that was given no name: beside the folder of the first run.
fs::path default_output(const std::string& folder) {
    fs::path path = fs::path{folder}.lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    const std::string name = path.filename().string();
    const bool has_name = name.find_first_not_of('.') != std::string::npos;
    return has_name ? path.replace_filename(name + ".html") : path / "report.html";
}

void reject_foreign_page(const fs::path& page) {
    std::error_code ignored;
    if (!fs::is_regular_file(page, ignored)) return;
    std::ifstream stream{page, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    if (report::is_own_page(text)) return;
    bad_input("OUT-FOREIGN", page.string(), "a file that no report wrote has the page's name",
              "give -o another name; -o with this one replaces it");
}

/// Asks the desktop to show the page, and does not wait for it.
void open_in_browser(const fs::path& page, const tools::Console& console) {
    std::string program = "xdg-open";
    std::string file = fs::absolute(page).string();
    std::array<char*, 3> words{program.data(), file.data(), nullptr};
    pid_t child = 0;
    if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, words.data(), environ) != 0) {
        console.warn("CLI-OPEN", {page.string(), 0, 0},
                     "there is no xdg-open to show the page with", "open it in a browser");
    }
}

int write_page(const Options& options, const tools::Console& console) {
    if (options.folders.size() > 2) {
        bad_input("CLI-USAGE", "seamount report", "more than two runs",
                  "name one folder, or two to see their difference");
    }
    const fs::path page =
        options.output.empty() ? default_output(options.folders.front()) : fs::path{options.output};
    if (options.output.empty()) reject_foreign_page(page);
    for (const std::string& folder : options.folders) {
        reject_input_as_output(page, tools::files_of(folder));
    }
    std::vector<tools::RunRecords> runs;
    for (const std::string& folder : options.folders) runs.emplace_back(folder);
    write_file(page, report::page_of(runs));
    if (is_standard_stream(page)) return tools::kOk;
    console.print(fmt::format("wrote {}\n", page.string()));
    if (options.open) open_in_browser(page, console);
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(The page needs no network: what ran, how long it took and what limited it, in words; spikes, traces
with thresholds, the mesh over time, where time and energy went and where the prices come from, how
full the cores are, answers to samples; of two runs the difference.

Examples:
  seamount run net.yaml --steps 1000 --out r
  seamount report r --open                     r.html, in the browser
  seamount report before after -o change.html)";

}  // namespace

Command report_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"report",
            "Look at what a run did, or two: one HTML page",
            {{.names = "DIR",
              .target = &options->folders,
              .help = "Folders of run --out, one or two",
              .value_name = "",
              .required = true},
             {"-o,--output", &options->output, "Write the page to this file (default: DIR.html)",
              "FILE"},
             {"--open", &options->open, "Show it in the browser"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return write_page(*options, console); }};
}

}  // namespace seamount::cli
