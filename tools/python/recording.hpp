#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emulator/trace/probes.hpp"
#include "tools/python/column.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/open.hpp"

namespace seamount::python {

/// What a simulation records, in columns.
struct RecordWhat {
    bool spikes = true;
    bool steps = true;   ///< a row per step
    bool traces = true;  ///< of the network's probes
    bool cores = false;  ///< a row per step and core
    bool links = false;  ///< a row per step and link that carried flits; costs time
};

/// Spikes of one step.
struct StepSpikes {
    std::vector<std::uint32_t> neurons;  ///< global ids
    std::vector<std::int32_t> payloads;
};

/// Writes down every step of a simulation. The columns belong to the thread that steps it.
class Recording final : public session::RunObserver {
public:
    /// `loaded` must outlive it.
    Recording(const session::Loaded& loaded, RecordWhat what);

    [[nodiscard]] bool watches_queues() const override { return what.links; }
    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    /// The run goes on from step `step`: what was recorded from there on is forgotten.
    void cut(std::uint64_t step);

    /// One probe of the network.
    struct Trace {
        std::string population;
        std::string variable;
        std::vector<std::uint32_t> neurons;  ///< recorded, within the population
        std::uint32_t every = 1;
        Column<std::uint64_t> step;
        Column<double> value;  ///< NaN: a view that could not be computed
    };

    /// What draws power all the time.
    [[nodiscard]] emu::PoweredParts powered() const noexcept { return powered_; }

    RecordWhat what;

    Column<std::uint64_t> spike_step;
    Column<std::uint32_t> spike_neuron;  ///< global id
    Column<std::int32_t> spike_payload;

    static constexpr std::size_t kStepColumns = 11;
    /// In the order of step_columns().
    std::vector<Column<std::uint64_t>> steps;
    Column<double> energy_j;
    [[nodiscard]] static const std::vector<std::string>& step_columns();

    Column<std::uint64_t> cores_step;
    std::vector<Column<std::uint64_t>> cores;  ///< one for each of session::kCoreCounters
    Column<std::uint64_t> link_step;
    std::vector<Column<std::uint64_t>> links;  ///< in the order of link_columns()
    [[nodiscard]] static const std::vector<std::string>& link_columns();

    std::vector<Trace> traces;
    StepSpikes last;  ///< of the last step

private:
    void record_spikes(const emu::StepReport& report);
    void record_step(const emu::StepReport& report, const session::Tally& tally);
    void record_traces(const emu::StepReport& report);
    void record_links(const emu::StepReport& report);

    const session::Loaded& loaded_;
    emu::PoweredParts powered_;
    emu::ProbeRecorder probes_;
    std::vector<double> row_;
};

}  // namespace seamount::python
