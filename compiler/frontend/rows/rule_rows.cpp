#include "compiler/frontend/rows/rule_rows.hpp"

#include <fmt/format.h>

#include <cmath>

#include "compiler/frontend/rows/values/formula.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler::frontend {

namespace {

void evaluate(const EdgeValues& values, std::uint32_t source, std::span<const RawSynapse> row,
              std::span<double> out, const SourceLocation& where) {
    try {
        values.values(source, row, out);
    } catch (const FormulaError& error) {
        throw InputError{{"NET-FORMULA", where, error.what(), {}}};
    }
}

[[noreturn]] void refuse(const std::string& what, double value, std::uint32_t source,
                         const RawSynapse& synapse, const std::string& legal,
                         const std::string& projection, const SourceLocation& where) {
    throw InputError{
        {"NET-VALUE",
         where,
         fmt::format("{} of synapse {} -> {} of projection '{}' is {}, must be {}", what, source,
                     synapse.target, projection,
                     std::isnan(value) ? "not a number" : fmt::format("{}", value), legal),
         {}}};
}

}  // namespace

void RuleRows::row(std::uint32_t source, std::vector<RawSynapse>& row) const {
    params_.topology->targets(source, row);
    std::vector<double> values(row.size());
    evaluate(*params_.weights, source, row, values, params_.weights_where);
    for (std::size_t k = 0; k < row.size(); ++k) {
        const double weight = values[k] * params_.scale;
        if (!(std::fabs(weight) <= kMaxWeight)) {
            refuse("weight * scale", weight, source, row[k],
                   fmt::format("in [{}, {}]", -kMaxWeight, kMaxWeight), params_.name,
                   params_.weights_where);
        }
        row[k].weight = weight;
        row[k].delay = 0;
    }
    if (!params_.delays) return;
    evaluate(*params_.delays, source, row, values, params_.delays_where);
    for (std::size_t k = 0; k < row.size(); ++k) {
        if (!(values[k] >= 0.0 && values[k] <= isa::kMaxDelay)) {
            refuse("delay", values[k], source, row[k], fmt::format("in [0, {}]", isa::kMaxDelay),
                   params_.name, params_.delays_where);
        }
        row[k].delay = static_cast<std::uint32_t>(values[k]);
    }
}

}  // namespace seamount::compiler::frontend
