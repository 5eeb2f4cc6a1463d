"""A joint that carries a load its controller does not know. Euler steps of 5 ms in double precision; the constants are chosen."""
import math

DT = 0.005                                # s, of a step
PERIOD = 4.0                              # s, of the path
LOAD, INERTIA, FRICTION = 6.0, 0.25, 0.3  # N m at the horizontal, kg m2, N m s


def wanted(time):
    """Angle (rad), speed and acceleration of the path."""
    w = 2 * math.pi / PERIOD
    phase = w * time
    return 1.2 * math.sin(phase), 1.2 * w * math.cos(phase), -1.2 * w * w * math.sin(phase)


class Joint:
    """angle: 0 hangs straight down."""

    def __init__(self):
        self.angle = self.speed = self.time = 0.0

    def effort(self):
        """The torque (N m) of a controller of angle and speed (PD)."""
        angle, speed, _ = wanted(self.time)
        return 40 * (angle - self.angle) + 6 * (speed - self.speed)

    def turn(self, torque):
        """A step with the controller's effort, what the path needs of an unloaded joint, and `torque`. Gives the distance from the path."""
        angle, _, push = wanted(self.time)
        acceleration = (INERTIA * push + self.effort() + torque - LOAD * math.sin(self.angle) - FRICTION * self.speed) / INERTIA
        self.speed += DT * acceleration
        self.angle += DT * self.speed
        self.time += DT
        return angle - self.angle
