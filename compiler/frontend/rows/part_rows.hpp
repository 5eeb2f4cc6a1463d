#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/frontend/rows/part.hpp"
#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// Rows between parts of populations, as rows between the populations.
class PartRows final : public RowGenerator {
public:
    struct Places {
        SharedPart source;               ///< of the population or input; null: all of it
        std::uint32_t first_source = 0;  ///< of `rows`: that of the part's first element
        SharedPart target;               ///< null: all of the population
    };
    PartRows(std::shared_ptr<const RowGenerator> rows, Places places)
        : rows_{std::move(rows)}, places_{std::move(places)} {}

    /// That of a source outside the part is empty.
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override;

private:
    std::shared_ptr<const RowGenerator> rows_;
    Places places_;
};

}  // namespace seamount::compiler::frontend
