#pragma once

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// links.csv: the use of each link that carried flits.
class LinkRecord final : public FileRecord {
public:
    LinkRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, chip_{context.chip} {
        file.write("mesh,tile_x,tile_y,direction,flits");
        if (chip_.priced()) file.write(",busy_ns,utilisation,wait_ns,longest_wait_ns");
        file.write("\n");
    }

    [[nodiscard]] bool watches_queues() const override { return true; }

    void finish(const emu::RunTotals& totals) override {
        for (const emu::LinkUse& use : totals.links) {
            const std::uint64_t busy = emu::to_picoseconds(use.busy).count();
            file.print("{},{},{},{},{}", use.mesh, chip_.column_of(use.tile),
                       chip_.row_of(use.tile), name_of(isa::kWayNames, use.way), use.flits);
            if (!chip_.priced()) {
                file.write("\n");
                continue;
            }
            file.print(",{},{:.6f},{},{}\n", nanoseconds(busy), share_of_run(busy, totals),
                       nanoseconds(emu::to_picoseconds(use.wait).count()),
                       nanoseconds(emu::to_picoseconds(use.max_wait).count()));
        }
    }

private:
    const isa::ChipSpec& chip_;
};

}  // namespace seamount::tools
