#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emulator/chip/simulation.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/trace/probes.hpp"
#include "emulator/trace/readout.hpp"
#include "isa/base/output_file.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/run/weight_files.hpp"
#include "tools/session/tally.hpp"

namespace seamount::tools {

/// A spike and who sent it.
struct NeuronSpike {
    NeuronId neuron;
    std::int32_t payload = 1;
};

/// Totals of one core over a run.
struct CoreTotals {
    std::uint64_t updates = 0;
    std::uint64_t active_updates = 0;
    std::uint64_t instructions = 0;
    std::uint64_t spikes = 0;
    std::uint64_t packets_in = 0;
    std::uint64_t synaptic_events = 0;
    std::uint64_t dropped_pushes = 0;
    std::uint64_t overflows = 0;
};

/// The CSV files of `run --out DIR`. Columns: tools/README.md. They appear when commit() is called.
class RunFiles {
public:
    /// Creates the folder. Throws InputError (OUT-WRITE).
    RunFiles(const std::filesystem::path& folder, const isa::Image& image,
             const isa::ChipSpec& chip);

    /// Spikes of one step; sorts them by neuron, so that the file does not depend on the mapping.
    void spikes(std::uint64_t step, std::vector<NeuronSpike>& spikes);
    void potentials(std::uint64_t step, std::span<const emu::ProbeValue> values);
    void step(std::uint64_t step, const session::Tally& tally, const emu::CriticalPath& path);
    void sample(const emu::SampleScore& score, bool scored, const session::Tally& tally);
    void cores(std::span<const CoreTotals> totals);
    /// Needs Simulation::Params::observe_queues.
    void stages(const emu::RunTotals& totals);
    void links(const emu::RunTotals& totals);
    /// Probed synapses after `step`.
    void weights(std::uint64_t step, const emu::Machine& machine) { weights_.step(step, machine); }
    /// Puts the files in place, after removing what an earlier run left in the folder under a name
    /// that this one does not write. That includes its summary.json, which is to be written last:
    /// where it stands, all files belong to its run.
    void commit();

private:
    const std::filesystem::path folder_;
    const isa::Image& image_;
    const isa::ChipSpec& chip_;
    const emu::PoweredParts powered_;
    std::vector<std::string> names_;  ///< of populations, quoted for CSV
    OutputFile spikes_;
    OutputFile perf_;
    OutputFile cores_;
    OutputFile stages_;
    OutputFile links_;
    std::optional<OutputFile> potentials_;  ///< if the network has probes
    std::optional<OutputFile> samples_;     ///< if it has a dataset
    WeightFiles weights_;
};

/// True if `name` is that of a file that a run may write into its folder.
[[nodiscard]] bool is_record_name(const std::string& name);

/// Nanoseconds with three decimals, exactly.
[[nodiscard]] std::string nanoseconds(Picoseconds time);

}  // namespace seamount::tools
