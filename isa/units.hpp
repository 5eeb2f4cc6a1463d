#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

namespace seamount {

/// An amount of one thing. Amounts of different things neither mix nor convert.
template <class Tag, class Rep>
class Quantity {
public:
    using rep = Rep;

    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep count) : count_{count} {}

    [[nodiscard]] constexpr Rep count() const { return count_; }

    friend constexpr Quantity operator+(Quantity a, Quantity b) {
        return Quantity{a.count_ + b.count_};
    }
    friend constexpr Quantity operator-(Quantity a, Quantity b) {
        return Quantity{a.count_ - b.count_};
    }
    friend constexpr Quantity operator*(Quantity q, Rep n) { return Quantity{q.count_ * n}; }
    friend constexpr Quantity operator*(Rep n, Quantity q) { return q * n; }
    constexpr Quantity& operator+=(Quantity other) {
        count_ += other.count_;
        return *this;
    }
    friend constexpr auto operator<=>(Quantity, Quantity) = default;

private:
    Rep count_{};
};

/// Modelled time. Integer, so that sums do not depend on their order.
using Picoseconds = Quantity<struct PicosecondsTag, std::uint64_t>;
/// Energy after pricing; events are counted as integers and priced once, at the end.
using Picojoules = Quantity<struct PicojoulesTag, double>;

/// A core of the chip: row-major tile index times cores per tile, plus the core within the tile.
enum class CoreId : std::uint32_t {};
/// A neuron of the network, counted through the populations in file order. Never depends on
/// mapping.
enum class NeuronId : std::uint32_t {};

template <class Id>
[[nodiscard]] constexpr auto index_of(Id id) {
    return static_cast<std::underlying_type_t<Id>>(id);
}

}  // namespace seamount
