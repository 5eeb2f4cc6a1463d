#include "tools/run/run_files.hpp"

#include <algorithm>
#include <array>

#include "emulator/timing/layout.hpp"
#include "tools/base/table.hpp"
#include "tools/run/explain.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

bool by_neuron(const NeuronSpike& a, const NeuronSpike& b) {
    return a.neuron < b.neuron;
}

/// Creates the folder before the first file is opened in it.
const fs::path& created(const fs::path& folder) {
    create_output_folder(folder);
    return folder;
}

double share_of_run(std::uint64_t busy_ps, const emu::RunTotals& totals) {
    if (totals.time.count() == 0) return 0.0;
    return static_cast<double>(busy_ps) / static_cast<double>(totals.time.count());
}

void sample_header(OutputFile& file, const isa::Image& image) {
    file.print(
        "sample,label,predicted,correct,input_spikes,spikes,synaptic_events,time_ns,"
        "energy_pj");
    if (image.readout.by != isa::ReadoutBy::kNone) {
        const std::uint32_t classes = image.populations.at(image.readout.population).count;
        for (std::uint32_t i = 0; i < classes; ++i) file.print(",score_{}", i);
    }
    file.write("\n");
}

}  // namespace

bool is_record_name(const std::string& name) {
    static constexpr std::array kNames{"spikes.csv",  "potentials.csv", "perf.csv",  "cores.csv",
                                       "stages.csv",  "samples.csv",    "links.csv", "summary.json",
                                       "weights.csv", "histograms.csv"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string nanoseconds(Picoseconds time) {
    return fmt::format("{}.{:03}", time.count() / 1000, time.count() % 1000);
}

RunFiles::RunFiles(const fs::path& folder, const isa::Image& image, const isa::ChipSpec& chip)
    : folder_{folder},
      image_{image},
      chip_{chip},
      powered_{emu::powered_parts(image, chip)},
      spikes_{created(folder) / "spikes.csv"},
      perf_{folder / "perf.csv"},
      cores_{folder / "cores.csv"},
      stages_{folder / "stages.csv"},
      links_{folder / "links.csv"},
      weights_{folder, image} {
    for (const isa::PopulationImage& population : image.populations) {
        names_.push_back(csv_field(population.name));
    }
    spikes_.write("step,population,neuron,payload\n");
    perf_.write(
        "step,spikes,packets,hops,synaptic_events,updates,active_updates,time_ns,energy_pj,"
        "dynamic_pj,stepping_pj,idle_pj,last_core,source_core,bound_by");
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        perf_.print(",{}_ns", emu::name_of(static_cast<emu::Cause>(i)));
    }
    perf_.write("\n");
    links_.write(
        "mesh,tile_x,tile_y,direction,flits,busy_ns,utilisation,wait_ns,longest_wait_ns\n");
    stages_.write("core,tile_x,tile_y,stage,busy_ns,utilisation,wait_ns,longest_queue\n");
    cores_.write(
        "core,tile_x,tile_y,compartments,updates,active_updates,instructions,spikes,"
        "packets_in,synaptic_events,dropped_pushes,overflows\n");
    if (!image.probes.empty()) {
        potentials_.emplace(folder / "potentials.csv");
        potentials_->write("step,population,neuron,variable,value\n");
    }
    if (image.dataset.samples != 0) {
        samples_.emplace(folder / "samples.csv");
        sample_header(*samples_, image);
    }
}

void RunFiles::spikes(std::uint64_t step, std::vector<NeuronSpike>& spikes) {
    if (!std::is_sorted(spikes.begin(), spikes.end(), by_neuron)) {
        std::stable_sort(spikes.begin(), spikes.end(), by_neuron);
    }
    std::size_t population = 0;
    for (const NeuronSpike& spike : spikes) {
        while (spike.neuron - image_.populations[population].first_neuron >=
               image_.populations[population].count) {
            ++population;
        }
        spikes_.print("{},{},{},{}\n", step, names_[population],
                      spike.neuron - image_.populations[population].first_neuron, spike.payload);
    }
}

void RunFiles::potentials(std::uint64_t step, std::span<const emu::ProbeValue> values) {
    for (const emu::ProbeValue& value : values) {
        const isa::ProbeImage& probe = image_.probes[value.probe];
        potentials_->print("{},{},{},{},", step, names_[probe.population], value.neuron,
                           probe.variable);
        if (value.value) potentials_->print("{}", *value.value);
        potentials_->write("\n");
    }
}

void RunFiles::step(std::uint64_t step, const session::Tally& tally,
                    const emu::CriticalPath& path) {
    const emu::EnergyReport energy = emu::price(tally.counts, tally.time, chip_, powered_);
    const auto core = [&](CoreSlot slot) {
        if (slot == emu::SpikePacket::kFromHost) return std::string{"host"};
        if (slot == emu::CriticalPath::kNoCore) return std::string{};
        return fmt::format("{}", image_.cores[slot.index()].core);
    };
    perf_.print("{},{},{},{},{},{},{},{},{:.3f},{:.3f},{:.3f},{:.3f},{},{},{}", step, tally.spikes,
                tally.packets, tally.hops(), tally.synaptic_events, tally.updates,
                tally.active_updates, nanoseconds(tally.time), energy.total().count(),
                energy.total_dynamic().count(), energy.stepping.count(), energy.idle.count(),
                core(path.core), core(path.source), emu::name_of(path.largest()));
    for (const std::uint64_t part : path.parts) perf_.print(",{}", nanoseconds(Picoseconds{part}));
    perf_.write("\n");
}

void RunFiles::sample(const emu::SampleScore& score, bool scored, const session::Tally& tally) {
    const double energy = emu::price(tally.counts, tally.time, chip_, powered_).total().count();
    const std::string label = score.label ? std::to_string(*score.label) : "";
    samples_->print("{},{},{},{},{},{},{},{},{:.3f}", score.sample, label,
                    scored ? std::to_string(score.predicted) : "",
                    scored && score.label ? (score.correct() ? "1" : "0") : "", tally.input_spikes,
                    tally.spikes, tally.synaptic_events, nanoseconds(tally.time), energy);
    for (const std::int64_t value : score.scores) samples_->print(",{}", value);
    samples_->write("\n");
}

void RunFiles::cores(std::span<const CoreTotals> totals) {
    for (std::size_t i = 0; i < totals.size(); ++i) {
        const isa::CoreImage& core = image_.cores[i];
        const TileId tile = chip_.tile_of(core.core);
        const CoreTotals& total = totals[i];
        cores_.print("{},{},{},{},{},{},{},{},{},{},{},{}\n", core.core, chip_.column_of(tile),
                     chip_.row_of(tile), core.neurons.size(), total.updates, total.active_updates,
                     total.instructions, total.spikes, total.packets_in, total.synaptic_events,
                     total.dropped_pushes, total.overflows);
    }
}

void RunFiles::links(const emu::RunTotals& totals) {
    for (const emu::LinkUse& use : totals.links) {
        const Picoseconds busy = emu::to_picoseconds(use.busy);
        links_.print("{},{},{},{},{},{},{:.6f},{},{}\n", use.mesh, chip_.column_of(use.tile),
                     chip_.row_of(use.tile), direction_name(use.way), use.flits, nanoseconds(busy),
                     share_of_run(busy.count(), totals), nanoseconds(emu::to_picoseconds(use.wait)),
                     nanoseconds(emu::to_picoseconds(use.max_wait)));
    }
}

void RunFiles::stages(const emu::RunTotals& totals) {
    for (std::size_t i = 0; i < totals.stages.size(); ++i) {
        const CoreId core = image_.cores[i].core;
        const TileId tile = chip_.tile_of(core);
        for (std::size_t s = 0; s < isa::kStages; ++s) {
            const emu::StageUse& use = totals.stages[i][s];
            stages_.print("{},{},{},{},{},{:.6f},{},{}\n", core, chip_.column_of(tile),
                          chip_.row_of(tile), isa::name_of(static_cast<isa::Stage>(s)),
                          nanoseconds(Picoseconds{use.busy_ps}), share_of_run(use.busy_ps, totals),
                          nanoseconds(Picoseconds{use.wait_ps}), use.longest_queue);
        }
    }
}

void RunFiles::commit() {
    remove_stale(folder_ / "summary.json");
    if (!potentials_) remove_stale(folder_ / "potentials.csv");
    if (!samples_) remove_stale(folder_ / "samples.csv");
    spikes_.commit();
    perf_.commit();
    cores_.commit();
    stages_.commit();
    links_.commit();
    if (potentials_) potentials_->commit();
    if (samples_) samples_->commit();
    weights_.commit();
}

}  // namespace seamount::tools
