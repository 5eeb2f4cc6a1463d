#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/base/output_file.hpp"
#include "isa/image/image.hpp"

namespace seamount::tools {

/// A learned synapse by what the network calls its ends.
struct NamedSynapse {
    std::uint32_t id = 0;      ///< within its projection
    std::uint32_t source = 0;  ///< index within the input or population
    std::uint32_t target = 0;  ///< index within the population
    std::int32_t weight = 0;
    std::int32_t delay = 0;
    std::int32_t tag = 0;
    std::int32_t second_tag = 0;
};

/// The synapses of entry `entry` of LearningImage::projections, by id: the same for every mapping.
[[nodiscard]] std::vector<NamedSynapse> learned_synapses(const isa::Image& image,
                                                         const emu::Machine& machine,
                                                         std::uint32_t entry);

/// weights.csv and histograms.csv of `run --out`: what weight probes record. Columns:
/// tools/README.md.
class WeightFiles {
public:
    /// Opens the files that the image's probes need. Throws InputError (OUT-WRITE).
    WeightFiles(const std::filesystem::path& folder, const isa::Image& image);

    void step(std::uint64_t step, const emu::Machine& machine);
    /// Puts the files in place, or removes what an earlier run left under their names.
    void commit();

private:
    void write_synapses(std::uint64_t step, const isa::WeightProbeImage& probe,
                        const std::vector<NamedSynapse>& synapses);
    void write_histogram(std::uint64_t step, const isa::WeightProbeImage& probe,
                         const std::vector<NamedSynapse>& synapses);

    const std::filesystem::path folder_;
    const isa::Image& image_;
    std::vector<std::string> names_;  ///< of the projections, quoted for CSV
    std::optional<OutputFile> weights_;
    std::optional<OutputFile> histograms_;
};

}  // namespace seamount::tools
