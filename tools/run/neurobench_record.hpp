#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/image_stats.hpp"

namespace seamount::tools {

/// NeuroBench's static and workload metrics (Yik et al. 2025, harness 2.x: Footprint,
/// ConnectionSparsity, ActivationSparsity, SynapticOperations, MembraneUpdates) as one JSON file.
///
/// - activations are the outputs of neurons: spikes whose payload is not 0, of neurons x steps
/// - a synaptic operation is an activation that meets a weight that is not 0; an AC where the
///   synapse takes no payload, else a MAC; Dense: all possible ones in a step, of every pair of
///   populations that are connected, as full matrices
/// - a membrane update is a step in which a neuron's membrane changed or it spiked (changed and was
///   reset); all neurons in the first step of the run, and of each sample
///
/// The membrane is state word `v` of a program, else its first one. Operations of host inputs are
/// counted by packets; weights of 0 that they meet are taken out by their share of the core's
/// synapses from inputs.
class NeurobenchRecord final : public FileRecord {
public:
    /// `image` must outlive the record. Throws InputError (OUT-WRITE).
    NeurobenchRecord(const std::filesystem::path& path, const isa::Image& image);
    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    void on_sample(const emu::SampleScore& score, bool scored,
                   const session::Tally& tally) override;
    void finish(const emu::RunTotals& totals) override;

private:
    /// What is summed over steps.
    struct Work {
        std::uint64_t steps = 0;
        std::uint64_t activations = 0;
        double macs = 0.0;
        double acs = 0.0;
        std::uint64_t membrane_updates = 0;
        Work& operator+=(const Work& other);
    };
    /// Weights that are not 0 that one channel of a neuron reaches.
    struct Reach {
        std::uint8_t channel = 0;
        std::uint64_t plain = 0;
        std::uint64_t graded = 0;
    };

    void count_reach();
    void count_membranes(const emu::StepReport& report, Work& work);

    const isa::Image& image_;
    session::ImageStats stats_;
    IdVector<NeuronId, std::vector<Reach>> reach_;
    std::vector<double> nonzero_from_host_;                         ///< share of them, by core
    IdVector<NeuronId, std::optional<std::uint32_t>> membrane_of_;  ///< state word
    IdVector<NeuronId, std::int32_t> membrane_;                     ///< after the last step
    IdVector<NeuronId, std::uint64_t> spiked_in_;                   ///< 1 + last step
    std::uint64_t membranes_ = 0;                                   ///< neurons that have one
    bool is_first_ = true;  ///< the next step is the first of the run or a sample
    Work run_;
    Work sample_;   ///< since it began
    Work samples_;  ///< finished ones
    std::uint64_t sample_count_ = 0;
    std::uint64_t correct_ = 0;
    std::uint64_t labelled_ = 0;
};

}  // namespace seamount::tools
