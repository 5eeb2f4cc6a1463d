#include "tools/run/timeline/json_timeline.hpp"

#include "isa/base/json.hpp"
#include "tools/base/version.hpp"

namespace seamount::tools {
namespace {

// Tracks of the trace: processes, and threads within them.
constexpr int kChip = 1;
constexpr int kMesh = 2;
constexpr int kFirstCore = 10;
constexpr int kSteps = 1;
constexpr int kBarrier = 2;
constexpr int kHost = 3;
constexpr int kFirstStage = 1;

/// Microseconds, exactly.
std::string us(std::uint64_t ps) {
    constexpr std::uint64_t kMicrosecond = 1'000'000;
    return fmt::format("{}.{:06}", ps / kMicrosecond, ps % kMicrosecond);
}

std::uint64_t part(const emu::StepReport& report, emu::Cause cause) {
    return report.path.parts[static_cast<std::size_t>(cause)];
}

}  // namespace

JsonTimeline::JsonTimeline(const std::string& file, const StepWindow& window,
                           const isa::Image& image, const isa::ChipSpec& chip)
    : file_{file}, path_{file}, window_{window}, image_{image}, stages_{chip} {
    file_.write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    name_tracks(chip);
}

void JsonTimeline::begin_event() {
    if (!first_event_) file_.write(",\n");
    first_event_ = false;
}

void JsonTimeline::name_tracks(const isa::ChipSpec& chip) {
    const auto name = [&](const char* what, int process, int thread, const std::string& text) {
        begin_event();
        file_.print(R"({{"ph":"M","pid":{},"tid":{},"name":"{}","args":{{"name":{}}}}})", process,
                    thread, what, json_text(Json(text)));
    };
    name("process_name", kChip, 0, "chip");
    name("thread_name", kChip, kSteps, "steps");
    name("thread_name", kChip, kBarrier, "barrier");
    name("thread_name", kChip, kHost, "host");
    name("process_name", kMesh, 0, "packets");
    for (std::size_t c = 0; c < image_.cores.size(); ++c) {
        const CoreId core = image_.cores[c].core;
        const TileId tile = chip.tile_of(core);
        const int process = kFirstCore + static_cast<int>(c);
        name("process_name", process, 0,
             fmt::format("core {} (tile {}, {})", core, chip.column_of(tile), chip.row_of(tile)));
        for (std::size_t s = 0; s < isa::kStages; ++s) {
            name("thread_name", process, kFirstStage + static_cast<int>(s),
                 std::string{isa::name_of(static_cast<isa::Stage>(s))});
        }
    }
}

bool JsonTimeline::has_room(std::uint64_t events) {
    if (left_out_ == 0 && events_ + events <= kMostEvents) {
        events_ += events;
        return true;
    }
    left_out_ += events;
    return false;
}

void JsonTimeline::on_step(const emu::StepReport& report, const session::Tally& tally) {
    if (!window_.has(report.activity.step)) return;
    ++steps_;
    const bool was_complete = left_out_ == 0;
    write_step(report, tally);
    write_cores(report);
    write_packets(report);
    if (was_complete && left_out_ != 0) cut_from_ = report.activity.step;
}

void JsonTimeline::write_step(const emu::StepReport& report, const session::Tally& tally) {
    const std::uint64_t start = report.started.count();
    const auto slice = [&](int track, std::uint64_t from, std::uint64_t length,
                           const std::string& name, const std::string& more) {
        if (length == 0 || !has_room(1)) return;
        begin_event();
        file_.print(R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":"{}"{}}})", kChip,
                    track, us(start + from), us(length), name, more);
    };
    slice(kSteps, 0, report.duration.count(), fmt::format("step {}", report.activity.step),
          fmt::format(R"(,"args":{{"step":{},"spikes":{},"packets":{},"synaptic_events":{},)"
                      R"("bounded_by":"{}"}})",
                      report.activity.step, tally.spikes, tally.packets, tally.synaptic_events,
                      emu::name_of(report.path.largest())));
    const std::uint64_t barrier =
        part(report, emu::Cause::kBarrier) + part(report, emu::Cause::kHostStep);
    slice(kBarrier, report.duration.count() - barrier, barrier, "barrier", "");
    slice(kHost, 0, report.timing->host_done_ps, "host", "");
}

void JsonTimeline::write_cores(const emu::StepReport& report) {
    for (std::uint32_t c = 0; c < image_.cores.size(); ++c) {
        items_.clear();
        stages_.add(report.activity, *report.timing, CoreSlot{c}, items_);
        for (const emu::StageItem& item : items_) {
            if (!has_room(1)) continue;
            begin_event();
            file_.print(R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":"{}"}})",
                        kFirstCore + static_cast<int>(c),
                        kFirstStage + static_cast<int>(item.stage),
                        us(report.started.count() + item.begin_ps), us(item.end_ps - item.begin_ps),
                        isa::name_of(item.stage));
        }
    }
}

void JsonTimeline::write_packets(const emu::StepReport& report) {
    const auto place = [this](CoreSlot core) {
        return core == emu::SpikePacket::kFromHost
                   ? std::string{"host"}
                   : fmt::format("core {}", image_.cores[core.index()].core);
    };
    for (std::size_t i = 0; i < report.timing->packets.size(); ++i) {
        const std::uint64_t id = packets_++;
        if (!has_room(2)) continue;
        const emu::SpikePacket& packet = report.activity.packets[i];
        const std::string name =
            fmt::format("{} to {}", place(packet.source_core), place(packet.target_core));
        const std::uint64_t start = report.started.count();
        begin_event();
        file_.print(R"({{"ph":"b","cat":"packet","id":{},"pid":{},"tid":1,"ts":{},"name":"{}",)"
                    R"("args":{{"flits":{},"synapses":{}}}}},)"
                    "\n",
                    id, kMesh,
                    us(start + emu::to_picoseconds(report.timing->packets[i].inject).count()), name,
                    report.timing->packets[i].flits, packet.synapses);
        file_.print(R"({{"ph":"e","cat":"packet","id":{},"pid":{},"tid":1,"ts":{},"name":"{}"}})",
                    id, kMesh, us(start + emu::to_picoseconds(report.timing->arrivals[i]).count()),
                    name);
    }
}

void JsonTimeline::commit() {
    const Json about{{"made_by", "seamount " + std::string{version()}},
                     {"network", image_.network},
                     {"times", "modelled, since the start of the run"},
                     {"steps", steps_},
                     {"events", events_},
                     {"events_left_out", left_out_},
                     {"cut_from_step", left_out_ == 0 ? Json() : Json(cut_from_)}};
    file_.print("\n],\"otherData\":{}}}\n", json_text(about));
    file_.commit();
}

std::string JsonTimeline::note() const {
    if (steps_ == 0) return fmt::format("{}: the run had no step of the window", path_);
    if (left_out_ == 0) return {};
    return fmt::format(
        "{}: holds {} events; {} more, from step {} on, are left out so that it opens: choose "
        "steps "
        "with --window",
        path_, events_, left_out_, cut_from_);
}

}  // namespace seamount::tools
