#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/layout.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// perf.csv: what each step did, how long it took and what bounded it;
/// of a chip without prices only what it did, of a run without times not even its hops.
class PerfRecord final : public FileRecord {
public:
    PerfRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place},
          image_{context.image},
          chip_{context.chip},
          timed_{context.timed},
          powered_{emu::powered_parts(image_, chip_)} {
        file.print("step,spikes,packets{},synaptic_events,updates,active_updates",
                   timed_ ? ",hops" : "");
        if (!timed_ || !chip_.priced()) {
            file.write("\n");
            return;
        }
        file.write(
            ",time_ns,energy_pj,dynamic_pj,stepping_pj,idle_pj,last_core,source_core,bound_by");
        for (std::size_t i = 0; i < emu::kCauses; ++i) {
            file.print(",{}_ns", emu::name_of(static_cast<emu::Cause>(i)));
        }
        file.write("\n");
    }

    void on_step(const emu::StepReport& report, const session::Tally& tally) override {
        block_.push_back({report.activity.step, tally, report.path});
        if (block_.size() == kMostOfBlock) hand_over();
    }

    void hand_over() override {
        if (!block_.empty()) {
            file.later([this, block = std::exchange(block_, {})](RecordFile& out) {
                for (const Step& step : block) write(step, out);
            });
        }
        FileRecord::hand_over();
    }

private:
    struct Step {
        std::uint64_t step = 0;
        session::Tally tally;
        emu::CriticalPath path;
    };
    static constexpr std::size_t kMostOfBlock = 512;

    /// In the writer's thread.
    void write(const Step& step, RecordFile& out) const {
        using session::CoreCounter;
        const session::Tally& tally = step.tally;
        for (const std::uint64_t value : {step.step, tally.spikes, tally.packets}) out.cell(value);
        if (timed_) out.cell(tally.hops());
        for (const std::uint64_t value : {tally.synaptic_events, tally.cores[CoreCounter::kUpdates],
                                          tally.cores[CoreCounter::kActiveUpdates]}) {
            out.cell(value);
        }
        if (timed_ && chip_.priced()) write_time_and_energy(step.path, tally, out);
        out.end_row();
    }

    void write_time_and_energy(const emu::CriticalPath& path, const session::Tally& tally,
                               RecordFile& out) const {
        const emu::EnergyReport energy = emu::price(tally.counts, tally.time, chip_, powered_);
        out.cell_thousandths(tally.time.count());
        for (const Picojoules value :
             {energy.total(), energy.total_dynamic(), energy.stepping + energy.host, energy.idle}) {
            out.cell(value.count());
        }
        out.cell(std::string_view{core(path.core)});
        out.cell(std::string_view{core(path.source)});
        out.cell(emu::name_of(path.largest()));
        for (const std::uint64_t part : path.parts) out.cell_thousandths(part);
    }

    [[nodiscard]] std::string core(CoreSlot slot) const {
        if (slot == emu::SpikePacket::kFromHost) return "host";
        if (slot == emu::CriticalPath::kNoCore) return {};
        return fmt::format("{}", image_.cores[slot.index()].core);
    }

    const isa::Image& image_;
    const isa::ChipSpec& chip_;
    bool timed_;
    emu::PoweredParts powered_;
    std::vector<Step> block_;
};

}  // namespace seamount::tools
