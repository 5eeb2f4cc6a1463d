#pragma once

// A joint that carries a load its controller does not know, as joint.py has it. Euler steps of 5 ms
// in double precision; the constants are chosen.

#include <cmath>

namespace worlds {

class Joint {
public:
    static constexpr double kStep = 0.005;  ///< s
    static constexpr double kPeriod = 4.0;  ///< s, of the path

    struct Path {
        double angle = 0;  ///< rad
        double speed = 0;
        double acceleration = 0;
    };
    [[nodiscard]] static Path wanted(double time) {
        const double w = 2 * 3.14159265358979323846 / kPeriod;
        const double phase = w * time;
        return {1.2 * std::sin(phase), 1.2 * w * std::cos(phase), -1.2 * w * w * std::sin(phase)};
    }

    double angle = 0;  ///< rad; 0 hangs straight down
    double speed = 0;
    double time = 0;  ///< s

    /// The torque (N m) of a controller of angle and speed (PD).
    [[nodiscard]] double effort() const {
        const Path path = wanted(time);
        return 40 * (path.angle - angle) + 6 * (path.speed - speed);
    }

    /// A step with the controller's effort, what the path needs of an unloaded joint, and `torque`
    /// (N m). Returns the distance from the path (rad).
    double turn(double torque) {
        constexpr double load = 6.0;      // N m at the horizontal
        constexpr double inertia = 0.25;  // kg m2
        constexpr double friction = 0.3;  // N m s
        const Path path = wanted(time);
        const double acceleration = (inertia * path.acceleration + effort() + torque -
                                     load * std::sin(angle) - friction * speed) /
                                    inertia;
        speed += kStep * acceleration;
        angle += kStep * speed;
        time += kStep;
        return path.angle - angle;
    }
};

}  // namespace worlds
