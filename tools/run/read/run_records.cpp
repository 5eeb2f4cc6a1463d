#include "tools/run/read/run_records.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/base/table.hpp"
#include "tools/run/read/csv_rows.hpp"
#include "tools/run/read/hdf5_rows.hpp"
#include "tools/run/read/sonata_rows.hpp"
#include "tools/run/records/files/partial_folder.hpp"
#include "tools/run/records/run_folder.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpikes = "spikes";
constexpr std::string_view kInputSpikes = "input_spikes";

Json json_of(const fs::path& path) {
    std::ifstream stream{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const Json json = parse_json(text);
    return json.is_object() ? json : Json{};
}

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

}  // namespace

RunRecords::RunRecords(fs::path folder, bool rather_partial)
    : folder_{std::move(folder)}, files_{folder_} {
    const fs::path partial = folder_ / kPartialFolder;
    complete_ =
        is_file(folder_ / kSummaryFile) && !(rather_partial && is_file(partial / kProgressFile));
    if (complete_) {
        summary_ = json_of(folder_ / kSummaryFile);
        if (summary_.is_null()) {
            bad_input("RUN-RECORDS", (folder_ / kSummaryFile).string(), "is no summary of a run",
                      "run again with --out");
        }
    } else if (is_file(partial / kProgressFile)) {
        files_ = partial;
        const Json progress = json_of(partial / kProgressFile);
        if (progress.contains("complete_steps")) complete_steps_ = progress["complete_steps"];
    } else {
        bad_input("RUN-RECORDS", folder_.string(), "no run has left its records there",
                  "name a folder of seamount run --out");
    }
    if (is_file(files_ / kAboutFile)) about_ = json_of(files_ / kAboutFile);
    if (about_.is_null()) about_ = Json::object();
    if (is_file(files_ / file_name(kSpikes, RecordFormat::kHdf5))) format_ = RecordFormat::kHdf5;
}

bool RunRecords::has(std::string_view table) const {
    if (format_ == RecordFormat::kCsv || table != kInputSpikes) {
        return is_file(files_ / file_name(table, format_));
    }
    // the file of the spikes has them too
    return !SonataRows{files_ / file_name(kSpikes, format_), true}.columns()[1].texts.empty();
}

std::vector<std::string> RunRecords::tables() const {
    std::vector<std::string> tables;
    for (const std::string& table : record_tables()) {
        if (has(table)) tables.push_back(table);
    }
    return tables;
}

std::unique_ptr<Rows> RunRecords::rows(std::string_view table) const {
    if (format_ == RecordFormat::kCsv) {
        return std::make_unique<CsvRows>(files_ / file_name(table, format_));
    }
    if (table == kSpikes || table == kInputSpikes) {
        return std::make_unique<SonataRows>(files_ / file_name(kSpikes, format_),
                                            table == kInputSpikes);
    }
    return std::make_unique<Hdf5Rows>(files_ / file_name(table, format_), std::string{table});
}

void write_csv(Rows& rows, OutputFile& file, std::uint64_t end) {
    bool first = true;
    for (const Cells& column : rows.columns()) {
        file.print("{}{}", first ? "" : ",", csv_field(column.name));
        first = false;
    }
    file.write("\n");
    const Cells* const steps = rows.find("step");
    while (rows.next()) {
        for (std::size_t row = 0; row < rows.count(); ++row) {
            if (steps != nullptr && std::cmp_greater_equal(steps->integers[row], end)) continue;
            const char* comma = "";
            for (const Cells& column : rows.columns()) {
                file.write(std::exchange(comma, ","));
                if (column.info.kind == ColumnKind::kText) {
                    file.write(csv_field(column.text(row)));
                } else if (column.info.kind == ColumnKind::kDecimal) {
                    file.print("{:.{}f}", column.decimals[row], column.info.decimals);
                } else if (column.integers[row] != kMissing) {
                    file.print("{}", column.integers[row]);
                }
            }
            file.write("\n");
        }
    }
}

}  // namespace seamount::tools
