#include "tools/explore/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "isa/base/output_file.hpp"
#include "tools/explore/report/page.hpp"
#include "tools/explore/report/summary.hpp"

namespace seamount::explore {

int report_store(const std::filesystem::path& path, const std::filesystem::path& out, bool print,
                 const tools::Console& console) {
    Store store{path};
    const Summary summary = summarise(store);
    if (summary.points.empty()) {
        bad_input("EXP-EMPTY", path.string(), "no run of this store has ended yet",
                  "run the sweep first");
    }
    if (print) {
        console.print(terminal_report(summary));
        return tools::kOk;
    }
    std::filesystem::path page = out;
    if (page.empty()) page = path.stem().string() + ".html";
    reject_input_as_output(page, {path});
    write_file(page, page_of(store, summary));
    console.print(fmt::format("wrote {}\n", page.string()));
    return tools::kOk;
}

}  // namespace seamount::explore
