#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"
#include "tools/run/records/record.hpp"

namespace seamount::tools {

/// How often each neuron spikes in a run, as CSV `neuron,spikes` by global id: what `compile
/// --profile` reads.
class SpikeProfile final : public NamedRecord {
public:
    /// `image` must outlive the profile. Throws InputError (OUT-WRITE) if the file cannot be
    /// created.
    SpikeProfile(const std::filesystem::path& path, const isa::Image& image);
    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    void finish(const emu::RunTotals& totals) override;

private:
    const isa::Image& image_;
    IdVector<NeuronId, std::uint64_t> spikes_;
};

}  // namespace seamount::tools
