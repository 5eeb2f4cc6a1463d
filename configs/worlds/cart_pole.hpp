#pragma once

// A pole on a cart, as cart_pole.py has it: Barto, Sutton and Anderson 1983, with the constants of
// Gymnasium's CartPole-v1. Euler steps of 20 ms in double precision.

#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace worlds {

class CartPole {
public:
    static constexpr int kSteps =
        500;  ///< of an episode; the pole is held if none of the limits is passed
    static constexpr std::uint32_t kBoxes = 162;  ///< of box()

    /// Position (m), its speed, angle (rad), its speed.
    std::array<double, 4> state{};

    /// A step with a force (N) to the right. False if the pole has fallen or the cart left the
    /// track.
    bool push(double force) {
        const auto [x, speed, angle, turn] = state;
        const double cos = std::cos(angle);
        const double sin = std::sin(angle);
        const double part = (force + 0.05 * turn * turn * sin) / 1.1;
        const double turning =
            (9.8 * sin - cos * part) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1));
        state[0] += 0.02 * speed;
        state[1] += 0.02 * (part - 0.05 * turning * cos / 1.1);
        state[2] += 0.02 * turn;
        state[3] += 0.02 * turning;
        return std::abs(state[0]) < 2.4 && std::abs(state[2]) < 12 * kDegree;
    }

    /// One of 162 boxes of the state, by the thresholds of Barto, Sutton and Anderson: 3 x 3 x 6 x
    /// 3.
    [[nodiscard]] std::uint32_t box() const {
        constexpr std::array position{-0.8, 0.8};
        constexpr std::array speed{-0.5, 0.5};
        constexpr std::array angle{-6 * kDegree, -1 * kDegree, 0.0, 1 * kDegree, 6 * kDegree};
        constexpr std::array turn{-50 * kDegree, 50 * kDegree};
        const std::array<std::span<const double>, 4> limits{position, speed, angle, turn};
        std::uint32_t box = 0;
        std::uint32_t size = 1;
        for (std::size_t i = 0; i < limits.size(); ++i) {
            for (const double limit : limits[i]) box += state[i] >= limit ? size : 0;
            size *= static_cast<std::uint32_t>(limits[i].size()) + 1;
        }
        return box;
    }

private:
    static constexpr double kDegree = 3.14159265358979323846 / 180;
};

}  // namespace worlds
