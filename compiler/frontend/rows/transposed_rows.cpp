#include "compiler/frontend/rows/transposed_rows.hpp"

#include <numeric>
#include <utility>

namespace seamount::compiler::frontend {

void TransposedRows::turn(std::shared_ptr<const RowGenerator> rows, std::uint32_t sources,
                          std::uint32_t targets) {
    rows_ = std::move(rows);
    sources_ = sources;
    targets_ = targets;
}

void TransposedRows::fill() const {
    std::vector<std::uint32_t> sources;
    std::vector<std::uint32_t> targets;
    std::vector<double> weights;
    std::vector<RawSynapse> row;
    for (std::uint32_t i = 0; i < sources_; ++i) {
        rows_->row(i, row);
        for (const RawSynapse& synapse : row) {
            sources.push_back(i);
            targets.push_back(synapse.target);
            weights.push_back(synapse.weight);
        }
    }
    first_.assign(std::size_t{targets_} + 1, 0);
    for (const std::uint32_t target : targets) ++first_.at(std::size_t{target} + 1);
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    source_.resize(sources.size());
    weight_.resize(sources.size());
    std::vector<std::uint64_t> next = first_;
    for (std::size_t s = 0; s < sources.size(); ++s) {
        const std::uint64_t at = next[targets[s]]++;
        source_[at] = sources[s];
        weight_[at] = weights[s];
    }
}

void TransposedRows::row(std::uint32_t source, std::vector<RawSynapse>& row) const {
    row.clear();
    if (!rows_) return;
    std::call_once(filled_, [this] { fill(); });
    for (std::uint64_t s = first_.at(source); s < first_.at(std::size_t{source} + 1); ++s) {
        row.push_back({source_[s], weight_[s], delay_});
    }
}

}  // namespace seamount::compiler::frontend
