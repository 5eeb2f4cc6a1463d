#include "compiler/frontend/rows/part_rows.hpp"

namespace seamount::compiler::frontend {

void PartRows::row(std::uint32_t source, std::vector<RawSynapse>& row) const {
    const auto place = places_.source ? places_.source->place_of(source) : std::optional{source};
    if (!place) {
        row.clear();
        return;
    }
    rows_->row(places_.first_source + *place, row);
    if (!places_.target) return;
    for (RawSynapse& synapse : row) synapse.target = places_.target->indices.at(synapse.target);
}

}  // namespace seamount::compiler::frontend
