#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// The rows of a projection turned around: a synapse from j to i for each one from i to j, with its
/// weight and a delay that is the same for all. Synapses of one pair keep their order.
class TransposedRows final : public RowGenerator {
public:
    explicit TransposedRows(std::uint32_t delay) : delay_{delay} {}

    /// Says whose rows they are; before that there is no synapse.
    void turn(std::shared_ptr<const RowGenerator> rows, std::uint32_t sources,
              std::uint32_t targets);
    /// The first call makes all rows of the other projection, and throws what they throw.
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override;

private:
    void fill() const;

    std::uint32_t delay_;
    std::shared_ptr<const RowGenerator> rows_;
    std::uint32_t sources_ = 0;  ///< of `rows_`
    std::uint32_t targets_ = 0;
    mutable std::once_flag filled_;
    mutable std::vector<std::uint64_t> first_;  ///< by target of `rows_`
    mutable std::vector<std::uint32_t> source_;
    mutable std::vector<double> weight_;
};

}  // namespace seamount::compiler::frontend
