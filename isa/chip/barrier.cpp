#include "isa/chip/barrier.hpp"

#include <array>

namespace seamount::isa {

Picoseconds BarrierModel::time(std::uint32_t diameter, std::uint32_t tiles) const {
    switch (kind) {
        case Kind::kWavefront:
            return base + per_hop * diameter;
        case Kind::kTable:
            for (const auto& [most, time] : table) {
                if (tiles <= most) return time;
            }
            return table.empty() ? Picoseconds{} : table.back().second;
        case Kind::kFixed:
            break;
    }
    return base;
}

std::span<const std::string_view> barrier_keys(BarrierModel::Kind kind) {
    static constexpr std::array<std::string_view, 2> kWavefront{"base_ns", "per_hop_ns"};
    static constexpr std::array<std::string_view, 1> kTable{"table_ns"};
    static constexpr std::array<std::string_view, 1> kFixed{"base_ns"};
    switch (kind) {
        case BarrierModel::Kind::kWavefront:
            return kWavefront;
        case BarrierModel::Kind::kTable:
            return kTable;
        case BarrierModel::Kind::kFixed:
            break;
    }
    return kFixed;
}

}  // namespace seamount::isa
