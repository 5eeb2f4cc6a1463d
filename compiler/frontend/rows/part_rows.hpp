#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// Rows between parts of populations, as rows between the populations.
class PartRows final : public RowGenerator {
public:
    static constexpr std::uint32_t kOutside = std::numeric_limits<std::uint32_t>::max();
    struct Places {
        /// By source of the whole: which source of `rows` it is, or kOutside. Empty: the same.
        std::vector<std::uint32_t> source;
        /// By target of `rows`: which target of the whole it is. Empty: the same.
        std::vector<std::uint32_t> target;
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
