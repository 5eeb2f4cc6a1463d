#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "isa/image/image.hpp"
#include "tools/import/nir/fold/model.hpp"

namespace seamount::importer::nir {

/// How a population of the chip differs from the same in double precision.
struct PopulationComparison {
    std::string name;
    std::uint64_t reference_spikes = 0;
    std::uint64_t spikes = 0;
    std::uint64_t cells = 0;  ///< steps and neurons in which one spikes and the other does not
    std::optional<std::uint64_t> first_step;  ///< of these; steps of the chip
    std::uint32_t first_neuron = 0;
    double correlation =
        1;  ///< of the spike counts of neurons; nothing to tell: 1 if equal, else 0
    bool same_winner = true;  ///< the same neuron spiked most
};

/// Runs `model`, and `image` on a machine without time, for as many steps. Inputs of the image
/// without spikes get random ones: each place in three steps of ten, by a fixed seed.
[[nodiscard]] std::vector<PopulationComparison> compare_runs(const Model& model, bool aligned,
                                                             isa::Image& image,
                                                             std::uint64_t steps);

}  // namespace seamount::importer::nir
