#include "compiler/frontend/rows/part_rows.hpp"

namespace seamount::compiler::frontend {

void PartRows::row(std::uint32_t source, std::vector<RawSynapse>& row) const {
    const std::uint32_t place = places_.source.empty() ? source : places_.source.at(source);
    if (place == kOutside) {
        row.clear();
        return;
    }
    rows_->row(place, row);
    if (places_.target.empty()) return;
    for (RawSynapse& synapse : row) synapse.target = places_.target.at(synapse.target);
}

}  // namespace seamount::compiler::frontend
