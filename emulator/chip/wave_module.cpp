#include "emulator/chip/wave_module.hpp"

#include <sysc/tracing/sc_tracing_ids.h>
#include <algorithm>
#include <string>

namespace seamount::emu {

WaveModule::WaveModule(const sc_core::sc_module_name& name, const Params& params)
    : sc_module{name},
      params_{params},
      stages_{*params.chip},
      file_{sc_core::sc_create_vcd_trace_file(params.wave.file.c_str())},
      levels_{std::make_unique<bool[]>(kFirstStage +
                                       isa::kStages * params.layout->tile_of_core.size())} {
    // else it tells the user that the unit is what it was asked to be
    sc_core::sc_report_handler::set_actions(sc_core::SC_ID_TRACING_TIMESCALE_UNIT_,
                                            sc_core::SC_DO_NOTHING);
    file_->set_time_unit(1, sc_core::SC_PS);
    trace_signals();
}

WaveModule::~WaveModule() {
    close();
}

void WaveModule::close() {
    if (file_ != nullptr) sc_core::sc_close_vcd_trace_file(file_);
    file_ = nullptr;
}

void WaveModule::end_of_elaboration() {
    SC_METHOD(play);
    sensitive << barrier->step_played();
    dont_initialize();
}

void WaveModule::trace_signals() {
    sc_core::sc_trace(file_, step_, "step");
    sc_core::sc_trace(file_, packets_, "packets");
    sc_core::sc_trace(file_, levels_[kHost], "host");
    sc_core::sc_trace(file_, levels_[kBarrier], "barrier");
    std::uint32_t signal = kFirstStage;
    for (const CoreSlot core : params_.layout->tile_of_core.ids()) {
        for (std::size_t s = 0; s < isa::kStages; ++s, ++signal) {
            const std::string stage{isa::name_of(static_cast<isa::Stage>(s))};
            sc_core::sc_trace(file_, levels_[signal],
                              "core" +
                                  std::to_string(params_.layout->number_of_core[core].value()) +
                                  "." + stage);
        }
    }
}

void WaveModule::add(std::uint64_t begin_ps, std::uint64_t end_ps, std::uint32_t signal) {
    changes_.push_back({begin_ps, signal, true});
    changes_.push_back({end_ps, signal, false});
}

/// The changes of the step that begins now.
void WaveModule::read_step() {
    changes_.clear();
    next_ = 0;
    const StepActivity& activity = function->activity();
    const StepTiming& timing = *params_.timing;
    if (is_full_ || activity.step < params_.wave.first || activity.step >= params_.wave.end) return;
    std::uint64_t last_ps = timing.host_done_ps;
    if (last_ps > 0) add(0, last_ps, kHost);
    std::vector<StageItem> items;
    for (const CoreSlot core : params_.layout->tile_of_core.ids()) {
        items.clear();
        stages_.add(activity, timing, core, items);
        const auto first = static_cast<std::uint32_t>(kFirstStage + core.index() * isa::kStages);
        for (const StageItem& item : items) {
            add(item.begin_ps, item.end_ps, first + static_cast<std::uint32_t>(item.stage));
        }
        last_ps = std::max(last_ps, timing.cores[core].done_ps);
    }
    for (std::size_t i = 0; i < timing.packets.size(); ++i) {
        const std::uint64_t arrived_ps = to_picoseconds(timing.arrivals[i]).count();
        add(to_picoseconds(timing.packets[i].inject).count(), arrived_ps, kPackets);
        last_ps = std::max(last_ps, arrived_ps);
    }
    add(last_ps, last_ps + params_.layout->barrier_time(*params_.chip).count(), kBarrier);
    if (all_changes_ + changes_.size() > params_.wave.most_changes) {
        is_full_ = true;
        changes_.clear();
        return;
    }
    all_changes_ += changes_.size();
    ++steps_;
    step_ = activity.step;
    // what ends at an instant ends before the next one begins
    std::ranges::stable_sort(changes_, [](const Change& a, const Change& b) {
        return a.at_ps != b.at_ps ? a.at_ps < b.at_ps : !a.up && b.up;
    });
}

void WaveModule::apply(const Change& change) {
    if (change.signal == kPackets) {
        packets_ += change.up ? 1U : ~0U;
        return;
    }
    levels_[change.signal] = change.up;
}

void WaveModule::play() {
    const std::uint64_t now_ps = sc_core::sc_time_stamp().value();
    if (next_ == changes_.size()) {
        read_step();
        started_ps_ = now_ps;
    }
    while (next_ < changes_.size() && started_ps_ + changes_[next_].at_ps <= now_ps) {
        apply(changes_[next_++]);
    }
    // without a step to play it waits for the next one
    if (next_ == changes_.size()) return;
    next_trigger(to_sc_time(started_ps_ + changes_[next_].at_ps - now_ps));
}

}  // namespace seamount::emu
