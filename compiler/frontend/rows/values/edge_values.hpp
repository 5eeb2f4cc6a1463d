#pragma once

#include <memory>
#include <span>

#include "compiler/frontend/data/data_array.hpp"
#include "compiler/frontend/rows/values/random.hpp"
#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// A weight or delay for each synapse of a row.
class EdgeValues {
public:
    virtual ~EdgeValues() = default;
    /// Sets out[k] to the value of row[k], of which the target is known. May be called from several
    /// threads.
    virtual void values(std::uint32_t source, std::span<const RawSynapse> row,
                        std::span<double> out) const = 0;
};

[[nodiscard]] std::shared_ptr<const EdgeValues> constant_value(double value);
/// From an array of shape (targets, sources), read in place.
[[nodiscard]] std::shared_ptr<const EdgeValues> matrix_values(DataArray matrix,
                                                              std::uint32_t sources);
/// From an array with one value per source, for rules with one synapse per source.
[[nodiscard]] std::shared_ptr<const EdgeValues> source_values(DataArray values);

/// What tells the synapses of a row apart when values are drawn: the target index, or the place in
/// the row where a target can occur twice.
enum class DrawBy : std::uint8_t { kTarget, kPosition };

/// Integers of [low, high], each equally likely.
[[nodiscard]] std::shared_ptr<const EdgeValues> uniform_values(std::int64_t low, std::int64_t high,
                                                               const RowRandom& random, DrawBy by);
/// Normal with `mean` and standard deviation `sd`, rounded to the nearest integer (Box-Muller).
[[nodiscard]] std::shared_ptr<const EdgeValues> normal_values(double mean, double sd,
                                                              const RowRandom& random, DrawBy by);

}  // namespace seamount::compiler::frontend
