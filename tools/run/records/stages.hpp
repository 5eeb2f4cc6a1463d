#pragma once

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// stages.csv: how busy each stage of each core was.
class StageRecord final : public FileRecord {
public:
    StageRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image}, chip_{context.chip} {
        file.write("core,tile_x,tile_y,stage,busy_ns,utilisation,wait_ns,longest_queue\n");
    }

    [[nodiscard]] bool watches_queues() const override { return true; }

    void finish(const emu::RunTotals& totals) override {
        for (std::size_t i = 0; i < totals.stages.size(); ++i) {
            const CoreId core = image_.cores[i].core;
            const TileId tile = chip_.tile_of(core);
            for (std::size_t s = 0; s < isa::kStages; ++s) {
                const emu::StageUse& use = totals.stages[i][s];
                file.print("{},{},{},{},{},{:.6f},{},{}\n", core, chip_.column_of(tile),
                           chip_.row_of(tile), isa::name_of(static_cast<isa::Stage>(s)),
                           nanoseconds(use.busy_ps), share_of_run(use.busy_ps, totals),
                           nanoseconds(use.wait_ps), use.longest_queue);
            }
        }
    }

private:
    const isa::Image& image_;
    const isa::ChipSpec& chip_;
};

}  // namespace seamount::tools
