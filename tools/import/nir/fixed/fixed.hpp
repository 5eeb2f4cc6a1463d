#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/import/nir/fixed/weights.hpp"
#include "tools/import/nir/fold/model.hpp"
#include "tools/import/nir/reference/reference.hpp"

namespace seamount::importer::nir {

/// An argument of a neuron program; one value per neuron.
struct Argument {
    std::string name;
    std::vector<double> values;
};

struct Program;

/// A population in integers.
struct FixedPopulation {
    const Program* program = nullptr;
    std::vector<double> scale;  ///< units of the program's v per unit of the file's, by neuron
    std::vector<Argument> arguments;
    int payload_shift = 0;  ///< of neurons that send values: v >> this
    // What the program will do, in real numbers.
    std::vector<double> u_decay;
    std::vector<double> v_decay;
    std::vector<double> threshold;
};

/// A model in the integers of the chip.
struct Fixed {
    std::vector<FixedPopulation> populations;
    std::vector<StoredLink> links;
    std::vector<std::string> notes;
};

/// Chooses a scale for each population and rounds decays, thresholds, biases and weights together.
/// `activity` is what each population does on typical input. What does not fit goes to `found`:
/// IMP-VALUE, IMP-OPTION.
[[nodiscard]] Fixed to_integers(const Hdf5File& file, const Model& model,
                                const std::vector<Activity>& activity, const NirOptions& options,
                                Diagnostics& found);

}  // namespace seamount::importer::nir
