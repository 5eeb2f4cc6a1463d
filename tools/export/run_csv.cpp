#include "tools/export/run_csv.hpp"

#include <memory>
#include <system_error>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::exporter {

namespace fs = std::filesystem;

std::vector<fs::path> run_as_csv(const ExportRequest& request) {
    const tools::RunRecords records{request.source};
    const fs::path folder = request.target.empty() ? request.source / "csv" : request.target;
    std::vector<fs::path> files;
    std::vector<Diagnostic> taken;
    std::error_code ignored;
    for (const std::string& table : records.tables()) {
        files.push_back(folder / tools::file_name(table, tools::RecordFormat::kCsv));
        if (request.force || !fs::exists(fs::symlink_status(files.back(), ignored))) continue;
        taken.push_back({"OUT-WRITE",
                         {files.back().string(), 0, 0},
                         "there is such a file already",
                         "give -o another folder; --force replaces it"});
    }
    if (!taken.empty()) throw InputError{taken};
    create_output_folder(folder);
    const std::vector<std::string> tables = records.tables();
    for (std::size_t i = 0; i < tables.size(); ++i) {
        OutputFile file{files[i]};
        const std::unique_ptr<tools::Rows> rows = records.rows(tables[i]);
        if (records.is_complete()) {
            tools::write_csv(*rows, file);
        } else {
            tools::write_csv(*rows, file, records.complete_steps());
        }
        file.commit();
    }
    return files;
}

}  // namespace seamount::exporter
