#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::compiler::frontend {

/// Rows between parts of populations, as rows between the populations.
class PartRows final : public RowGenerator {
public:
    /// By the index within a part: the index within the whole. Empty: the part is the whole.
    struct Parts {
        std::vector<std::uint32_t> sources;  ///< distinct
        std::vector<std::uint32_t> targets;  ///< distinct
    };
    /// `rows` count sources and targets within the parts; there are `all_sources` in the whole.
    PartRows(std::shared_ptr<const RowGenerator> rows, Parts parts, std::uint32_t all_sources);

    /// That of a source outside the part is empty.
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override;

private:
    std::shared_ptr<const RowGenerator> rows_;
    Parts parts_;
    std::vector<std::uint32_t> place_;  ///< by source: its index within the part
};

}  // namespace seamount::compiler::frontend
