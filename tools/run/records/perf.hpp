#pragma once

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
        using session::CoreCounter;
        file.print("{},{},{}", report.activity.step, tally.spikes, tally.packets);
        if (timed_) file.print(",{}", tally.hops());
        file.print(",{},{},{}", tally.synaptic_events, tally.cores[CoreCounter::kUpdates],
                   tally.cores[CoreCounter::kActiveUpdates]);
        if (timed_ && chip_.priced()) write_time_and_energy(report.path, tally);
        file.write("\n");
    }

private:
    void write_time_and_energy(const emu::CriticalPath& path, const session::Tally& tally) {
        const emu::EnergyReport energy = emu::price(tally.counts, tally.time, chip_, powered_);
        file.print(",{},{:.3f},{:.3f},{:.3f},{:.3f},{},{},{}", nanoseconds(tally.time.count()),
                   energy.total().count(), energy.total_dynamic().count(),
                   (energy.stepping + energy.host).count(), energy.idle.count(), core(path.core),
                   core(path.source), emu::name_of(path.largest()));
        for (const std::uint64_t part : path.parts) file.print(",{}", nanoseconds(part));
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
};

}  // namespace seamount::tools
