#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "emulator/machine/activity.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/base/output_file.hpp"
#include "isa/image/image.hpp"

namespace seamount::tools {

/// How often each neuron spikes in a run, as CSV `neuron,spikes` by global id: what `compile
/// --profile` reads. The file appears when commit() is called.
class SpikeProfile {
public:
    /// `image` must outlive the profile. Throws InputError (OUT-WRITE) if the file cannot be
    /// created.
    SpikeProfile(const std::filesystem::path& path, const isa::Image& image);
    void add(const emu::StepActivity& activity);
    void commit();

private:
    OutputFile file_;
    const isa::Image& image_;
    IdVector<NeuronId, std::uint64_t> spikes_;
};

}  // namespace seamount::tools
