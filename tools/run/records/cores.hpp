#pragma once

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// cores.csv: what each core did in the whole run.
class CoreRecord final : public FileRecord {
public:
    CoreRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place},
          image_{context.image},
          chip_{context.chip},
          counts_(context.image.cores.size()) {
        file.write("core,tile_x,tile_y,compartments");
        for (const auto& row : session::kCoreCounters) {
            if (!row.column.empty()) file.print(",{}", row.column);
        }
        file.write("\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i].add(report.activity.cores[i]);
    }

    void finish(const emu::RunTotals& /*totals*/) override {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            const isa::CoreImage& core = image_.cores[i];
            const TileId tile = chip_.tile_of(core.core);
            file.print("{},{},{},{}", core.core, chip_.column_of(tile), chip_.row_of(tile),
                       core.neurons.size());
            for (const auto& row : session::kCoreCounters) {
                if (!row.column.empty()) file.print(",{}", counts_[i][row.counter]);
            }
            file.write("\n");
        }
    }

private:
    const isa::Image& image_;
    const isa::ChipSpec& chip_;
    std::vector<session::CoreCounts> counts_;  ///< by index into Image::cores
};

}  // namespace seamount::tools
