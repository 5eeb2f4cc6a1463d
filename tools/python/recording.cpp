#include "tools/python/recording.hpp"

#include <algorithm>
#include <limits>

#include "emulator/timing/layout.hpp"
#include "tools/session/probe/probe_reader.hpp"

namespace seamount::python {
namespace {

/// Rows of a column of ascending steps that lie before `step`.
std::size_t rows_before(const Column<std::uint64_t>& steps, std::uint64_t step) {
    std::size_t low = 0;
    std::size_t high = steps.rows();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (steps.at(middle) < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

}  // namespace

const std::vector<std::string>& Recording::step_columns() {
    static const std::vector<std::string> kColumns{
        "step", "started_ps",      "time_ps",        "input_spikes", "spikes",         "packets",
        "hops", "synaptic_events", "neuron_updates", "instructions", "learning_writes"};
    return kColumns;
}

const std::vector<std::string>& Recording::link_columns() {
    static const std::vector<std::string> kColumns{"mesh",  "tile",    "way",
                                                   "flits", "busy_ps", "wait_ps"};
    return kColumns;
}

Recording::Recording(const session::Loaded& loaded, RecordWhat wanted)
    : what{wanted},
      steps(kStepColumns),
      cores(session::kCoreCounters.size(), Column<std::uint64_t>{loaded.image.cores.size()}),
      links(link_columns().size()),
      loaded_{loaded},
      powered_{emu::powered_parts(loaded.image, loaded.chip)},
      probes_{loaded.image} {
    for (const isa::ProbeImage& probe : loaded.image.probes) {
        const isa::PopulationImage& population = loaded.image.populations[probe.population];
        Trace trace;
        trace.population = population.name;
        trace.variable = probe.variable;
        trace.neurons = probe.neurons;
        trace.every = std::max(probe.every, 1U);
        if (trace.neurons.empty()) {
            for (std::uint32_t i = 0; i < population.count; ++i) trace.neurons.push_back(i);
        }
        trace.value = Column<double>{trace.neurons.size()};
        traces.push_back(std::move(trace));
    }
}

void Recording::on_step(const emu::StepReport& report, const session::Tally& tally) {
    record_spikes(report);
    if (what.steps) record_step(report, tally);
    if (what.traces && !traces.empty()) record_traces(report);
    if (what.cores) {
        cores_step.push(report.activity.step);
        std::vector<std::uint64_t> row(report.activity.cores.size());
        for (std::size_t i = 0; i < session::kCoreCounters.size(); ++i) {
            for (std::size_t c = 0; c < row.size(); ++c) {
                row[c] = session::kCoreCounters[i].of(report.activity.cores[c]);
            }
            cores[i].push_row(row);
        }
    }
    if (what.links) record_links(report);
}

void Recording::record_spikes(const emu::StepReport& report) {
    last.neurons.clear();
    last.payloads.clear();
    for (std::size_t c = 0; c < report.activity.cores.size(); ++c) {
        const isa::CoreImage& core = loaded_.image.cores[c];
        for (const emu::EmittedSpike& spike : report.activity.cores[c].spikes) {
            last.neurons.push_back(core.neurons[spike.compartment].value());
            last.payloads.push_back(spike.payload);
        }
    }
    if (!what.spikes) return;
    for (std::size_t i = 0; i < last.neurons.size(); ++i) spike_step.push(report.activity.step);
    spike_neuron.push_row(last.neurons);
    spike_payload.push_row(last.payloads);
}

void Recording::record_step(const emu::StepReport& report, const session::Tally& tally) {
    using session::CoreCounter;
    const std::array<std::uint64_t, kStepColumns> row{report.activity.step,
                                                      report.started.count(),
                                                      report.duration.count(),
                                                      tally.input_spikes,
                                                      tally.spikes,
                                                      tally.packets,
                                                      tally.hops(),
                                                      tally.synaptic_events,
                                                      tally.cores[CoreCounter::kUpdates],
                                                      tally.cores[CoreCounter::kInstructions],
                                                      tally.learning.synapse_writes};
    for (std::size_t i = 0; i < row.size(); ++i) steps[i].push(row[i]);
    energy_j.push(
        session::joules(emu::price(tally.counts, tally.time, loaded_.chip, powered_).total()));
}

void Recording::record_traces(const emu::StepReport& report) {
    const std::uint64_t step = report.activity.step;
    const std::span<const emu::ProbeValue> values =
        probes_.record(step, session::probe_reader(report.machine, loaded_.image, report.activity));
    std::size_t next = 0;
    for (std::uint32_t p = 0; p < traces.size(); ++p) {
        row_.clear();
        for (; next < values.size() && values[next].probe == p; ++next) {
            row_.push_back(values[next].value ? static_cast<double>(*values[next].value)
                                              : std::numeric_limits<double>::quiet_NaN());
        }
        if (row_.empty()) continue;  // it did not read in this step
        traces[p].step.push(step);
        traces[p].value.push_row(row_);
    }
}

void Recording::record_links(const emu::StepReport& report) {
    if (!report.timed()) return;
    for (const emu::LinkUse& use : report.mesh->links()) {
        link_step.push(report.activity.step);
        links[0].push(use.mesh);
        links[1].push(use.tile.value());
        links[2].push(static_cast<std::uint64_t>(use.way));
        links[3].push(use.flits);
        links[4].push(emu::to_picoseconds(use.busy).count());
        links[5].push(emu::to_picoseconds(use.wait).count());
    }
}

void Recording::cut(std::uint64_t step) {
    const std::size_t spikes = rows_before(spike_step, step);
    spike_step.cut(spikes);
    spike_neuron.cut(spikes);
    spike_payload.cut(spikes);
    const std::size_t rows = rows_before(steps[0], step);
    for (Column<std::uint64_t>& column : steps) column.cut(rows);
    energy_j.cut(rows);
    const std::size_t core_rows = rows_before(cores_step, step);
    cores_step.cut(core_rows);
    for (Column<std::uint64_t>& column : cores) column.cut(core_rows);
    const std::size_t link_rows = rows_before(link_step, step);
    link_step.cut(link_rows);
    for (Column<std::uint64_t>& column : links) column.cut(link_rows);
    for (Trace& trace : traces) {
        const std::size_t kept = rows_before(trace.step, step);
        trace.step.cut(kept);
        trace.value.cut(kept);
    }
    last = {};
}

}  // namespace seamount::python
