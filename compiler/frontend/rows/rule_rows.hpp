#pragma once

#include <memory>

#include "compiler/frontend/rows/topology/topology.hpp"
#include "compiler/frontend/rows/values/edge_values.hpp"
#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// A weight beyond this, after scaling, is an error instead of a very large clipped one.
inline constexpr double kMaxWeight = 1e9;

/// Rows of a projection: targets, weights and delays from their three sources.
class RuleRows : public RowGenerator {
public:
    struct Params {
        std::string name;  ///< of the projection, for reports
        std::shared_ptr<const Topology> topology;
        std::shared_ptr<const EdgeValues> weights;
        std::shared_ptr<const EdgeValues> delays;  ///< null: all 0
        double scale = 1.0;
        SourceLocation weights_where;
        SourceLocation delays_where;
    };
    explicit RuleRows(Params params) : params_{std::move(params)} {}

    /// Throws InputError if a formula gives no finite weight or no legal delay (NET-FORMULA), or a
    /// weight is out of range (NET-VALUE).
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override;
    [[nodiscard]] std::uint64_t synapses() const noexcept override {
        return params_.topology->synapses();
    }
    [[nodiscard]] std::uint64_t tries() const noexcept { return params_.topology->tries(); }

private:
    Params params_;
};

}  // namespace seamount::compiler::frontend
