#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/base/name_table.hpp"
#include "isa/base/units.hpp"

namespace seamount::isa {

/// How long a barrier takes once everything is quiet.
struct BarrierModel {
    enum class Kind : std::uint8_t { kWavefront, kTable, kFixed };
    Kind kind = Kind::kWavefront;
    Picoseconds base{};  ///< wavefront: base + per_hop * D; fixed: base
    Picoseconds per_hop{};
    std::vector<std::pair<std::uint32_t, Picoseconds>>
        table;  ///< active tiles -> time; rounds up to the next entry
    /// `diameter` is (width - 1) + (height - 1) of the tiles in use, `tiles` how many are in use.
    [[nodiscard]] Picoseconds time(std::uint32_t diameter, std::uint32_t tiles) const;
    friend bool operator==(const BarrierModel&, const BarrierModel&) = default;
};

/// `model:` of a chip file.
inline constexpr auto kBarrierNames = name_table<BarrierModel::Kind>({
    {BarrierModel::Kind::kWavefront, "wavefront"},
    {BarrierModel::Kind::kTable, "table"},
    {BarrierModel::Kind::kFixed, "fixed"},
});

/// The keys of `barrier:` in a chip file that say how long a barrier of this kind takes.
[[nodiscard]] std::span<const std::string_view> barrier_keys(BarrierModel::Kind kind);

}  // namespace seamount::isa
