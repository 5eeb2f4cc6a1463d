#pragma once

#include <algorithm>
#include <optional>

#include "isa/probe/text/probe_text.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/probe/probe_reader.hpp"

namespace seamount::tools {

/// core_probes.csv: what probes of cores read.
class CoreProbeRecord final : public FileRecord {
public:
    CoreProbeRecord(const RecordPlace& place, const RecordContext& context)
        : FileRecord{place}, image_{context.image} {
        file.write("step,core,variable,value\n");
    }

    [[nodiscard]] bool watches_queues() const override {
        return std::ranges::any_of(image_.core_probes, [](const isa::CoreProbeImage& probe) {
            return parse(isa::kCoreWordNames, probe.variable) == isa::CoreWord::kQueue;
        });
    }

    void on_step(const emu::StepReport& report, const session::Tally& /*tally*/) override {
        const std::uint64_t step = report.activity.step;
        for (const isa::CoreProbeImage& probe : image_.core_probes) {
            if ((step + 1) % probe.every != 0 || !probe.window.has(step)) continue;
            if (!session::has_fired(probe.window, image_, report.activity)) continue;
            const auto word = parse(isa::kCoreWordNames, probe.variable);
            if (!word) continue;
            for (std::size_t c = 0; c < image_.cores.size(); ++c) {
                const std::uint32_t number = image_.cores[c].core.value();
                const bool wanted = probe.cores.empty() ||
                                    std::ranges::find(probe.cores, number) != probe.cores.end();
                if (!wanted) continue;
                file.print("{},{},{},", step, number, probe.variable);
                if (const auto read = value(*word, report, c)) file.print("{}", *read);
                file.write("\n");
            }
        }
    }

private:
    /// Nothing for what is not modelled.
    static std::optional<std::uint64_t> value(isa::CoreWord word, const emu::StepReport& report,
                                              std::size_t c) {
        const emu::CoreActivity& core = report.activity.cores[c];
        switch (word) {
            case isa::CoreWord::kQueue:
                if (report.timing == nullptr || report.timing->watches.empty()) return {};
                return report.timing->watches[CoreSlot{static_cast<std::uint32_t>(c)}].deepest();
            case isa::CoreWord::kPackets:
                return core.packets_in;
            case isa::CoreWord::kSpikes:
                return core.spikes.size();
            case isa::CoreWord::kSynaptic:
                return core.synaptic_events;
            case isa::CoreWord::kUpdates:
                return core.active_updates;
        }
        return {};
    }

    const isa::Image& image_;
};

}  // namespace seamount::tools
