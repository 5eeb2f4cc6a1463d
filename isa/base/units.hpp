#pragma once

#include <compare>
#include <cstdint>

namespace seamount {

/// An amount of one thing. Amounts of different things neither mix nor convert.
template <class Tag, class Rep>
class Quantity {
public:
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
/// Power that is drawn all the time: a milliwatt is a picojoule per nanosecond.
using Milliwatts = Quantity<struct MilliwattsTag, double>;

[[nodiscard]] constexpr Picojoules operator*(Milliwatts power, Picoseconds time) {
    return Picojoules{power.count() * (static_cast<double>(time.count()) / 1000.0)};
}

}  // namespace seamount
