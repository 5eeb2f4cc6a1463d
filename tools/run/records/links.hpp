#pragma once

#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// links.csv: the use of each link that carried flits.
class LinkRecord final : public FileRecord {
public:
    LinkRecord(const std::filesystem::path& path, const RecordContext& context)
        : FileRecord{path}, chip_{context.chip} {
        file.write(
            "mesh,tile_x,tile_y,direction,flits,busy_ns,utilisation,wait_ns,longest_wait_ns\n");
    }

    [[nodiscard]] bool watches_queues() const override { return true; }

    void finish(const emu::RunTotals& totals) override {
        for (const emu::LinkUse& use : totals.links) {
            file.print("{},{},{},{},{},{},{:.6f},{},{}\n", use.mesh, use.tile % chip_.width,
                       use.tile / chip_.width, direction_name(use.way), use.flits,
                       nanoseconds(use.busy_ps), share_of_run(use.busy_ps, totals),
                       nanoseconds(use.wait_ps), nanoseconds(use.max_wait_ps));
        }
    }

private:
    const isa::ChipSpec& chip_;
};

}  // namespace seamount::tools
