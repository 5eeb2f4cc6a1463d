#include "compiler/frontend/rows/part_rows.hpp"

#include <limits>

namespace seamount::compiler::frontend {
namespace {

constexpr std::uint32_t kOutside = std::numeric_limits<std::uint32_t>::max();

}  // namespace

PartRows::PartRows(std::shared_ptr<const RowGenerator> rows, Parts parts, std::uint32_t all_sources)
    : rows_{std::move(rows)}, parts_{std::move(parts)} {
    if (parts_.sources.empty()) return;
    place_.assign(all_sources, kOutside);
    for (std::size_t i = 0; i < parts_.sources.size(); ++i) {
        place_.at(parts_.sources[i]) = static_cast<std::uint32_t>(i);
    }
}

void PartRows::row(std::uint32_t source, std::vector<RawSynapse>& row) const {
    const std::uint32_t place = place_.empty() ? source : place_.at(source);
    if (place == kOutside) {
        row.clear();
        return;
    }
    rows_->row(place, row);
    if (parts_.targets.empty()) return;
    for (RawSynapse& synapse : row) synapse.target = parts_.targets.at(synapse.target);
}

}  // namespace seamount::compiler::frontend
