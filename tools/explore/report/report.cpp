#include "tools/explore/report/report.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "isa/base/output_file.hpp"
#include "tools/explore/report/page.hpp"
#include "tools/explore/report/summary.hpp"

namespace seamount::explore {

namespace {

/// A page that nobody asked for by its name replaces nothing but an earlier one.
void reject_foreign(const std::filesystem::path& page) {
    std::error_code ignored;
    if (!std::filesystem::exists(page, ignored)) return;
    std::ifstream stream{page, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    if (is_own_page(text)) return;
    bad_input("OUT-FOREIGN", page.string(),
              "there is such a file, which is no page of 'seamount explore report', or was changed "
              "since",
              "give the page another name with -o; --force replaces the file");
}

}  // namespace

int report_store(const std::filesystem::path& path, const ReportOptions& options,
                 const tools::Console& console) {
    Store store{path};
    const Summary summary = summarise(store);
    if (summary.points.empty()) {
        bad_input("EXP-EMPTY", path.string(), "no run of this store has ended yet",
                  "run the sweep first");
    }
    if (options.print) {
        console.print(terminal_report(summary));
        return tools::kOk;
    }
    std::filesystem::path page = options.out;
    if (page.empty()) {
        page = path.stem().string() + ".html";
        if (!options.force) reject_foreign(page);
    }
    reject_input_as_output(page, {path});
    write_file(page, page_of(store, summary));
    console.print(fmt::format("wrote {}\n", page.string()));
    return tools::kOk;
}

}  // namespace seamount::explore
