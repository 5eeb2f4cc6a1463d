#include "compiler/frontend/rows/topology/edge_list.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace seamount::compiler::frontend {

namespace {

/// Values in the order of the sorted edges.
template <class T>
class EdgeColumn : public EdgeValues {
public:
    EdgeColumn(std::shared_ptr<const EdgeList> edges, std::vector<T> values)
        : edges_{std::move(edges)}, values_{std::move(values)} {}
    void values(std::uint32_t source, std::span<const RawSynapse> row,
                std::span<double> out) const override {
        const T* value = values_.data() + edges_->first(source);
        for (std::size_t k = 0; k < row.size(); ++k) out[k] = static_cast<double>(value[k]);
    }

private:
    std::shared_ptr<const EdgeList> edges_;
    std::vector<T> values_;
};

[[noreturn]] void bad_index(const char* end, const DataArray& indices, std::uint64_t edge,
                            std::uint32_t size) {
    throw DataError{"NET-EDGE", fmt::format("edge {}: {} index {} must be an integer in [0, {}]",
                                            edge, end, indices.number(edge), size - 1)};
}

std::uint32_t checked_index(const char* end, const DataArray& indices, std::uint64_t edge,
                            std::uint32_t size) {
    const auto index = indices.integer(edge);
    if (!index || *index < 0 || *index >= size) bad_index(end, indices, edge, size);
    return static_cast<std::uint32_t>(*index);
}

constexpr double kMaxInt16 = std::numeric_limits<std::int16_t>::max();

/// Narrowest type that holds all values exactly.
enum class Width : std::uint8_t { kInt16, kFloat, kDouble };

Width width_of(const DataArray& values) {
    Width width = Width::kInt16;
    const bool narrow = values.scan([&](std::uint64_t i) {
        const double value = values.number(i);
        if (std::fabs(value) <= kMaxInt16 && std::trunc(value) == value) return true;
        width = Width::kFloat;
        return static_cast<double>(static_cast<float>(value)) == value;
    });
    return narrow ? width : Width::kDouble;
}

}  // namespace

EdgeList::EdgeList(DataArray source, const DataArray& target, const Ends& ends)
    : source_{std::move(source)}, first_(std::size_t{ends.sources} + 1), target_(source_.count()) {
    source_.scan([&](std::uint64_t e) {
        ++first_[std::size_t{checked_index("source", source_, e, ends.sources)} + 1];
        return true;
    });
    for (std::uint32_t i = 0; i < ends.sources; ++i) first_[i + 1] += first_[i];
    std::vector<std::uint32_t> next{first_.begin(), first_.end() - 1};
    target.scan([&](std::uint64_t e) {
        const auto index = checked_index("target", target, e, ends.targets);
        target_[next[static_cast<std::size_t>(*source_.integer(e))]++] = index;
        return true;
    });
}

void EdgeList::targets(std::uint32_t source, std::vector<RawSynapse>& row) const {
    row.resize(first_[source + 1] - first_[source]);
    const std::uint32_t* target = target_.data() + first_[source];
    for (std::size_t k = 0; k < row.size(); ++k) row[k].target = target[k];
}

std::shared_ptr<const EdgeValues> EdgeList::arrange(const DataArray& values) const {
    const auto sorted = [&]<class T>(T) -> std::shared_ptr<const EdgeValues> {
        std::vector<T> column(target_.size());
        std::vector<std::uint32_t> next{first_.begin(), first_.end() - 1};
        values.scan([&](std::uint64_t e) {
            column[next[static_cast<std::size_t>(*source_.integer(e))]++] =
                static_cast<T>(values.number(e));
            return true;
        });
        return std::make_shared<EdgeColumn<T>>(shared_from_this(), std::move(column));
    };
    switch (width_of(values)) {
        case Width::kInt16:
            return sorted(std::int16_t{});
        case Width::kFloat:
            return sorted(float{});
        default:
            return sorted(double{});
    }
}

}  // namespace seamount::compiler::frontend
