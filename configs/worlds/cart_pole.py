"""A pole on a cart: Barto, Sutton and Anderson 1983, "Neuronlike adaptive elements that can solve difficult learning control
problems", with the constants of Gymnasium's CartPole-v1. Euler steps of 20 ms in double precision."""
import math

import numpy as np

STEPS = 500        # of an episode; the pole is held if none of the limits is passed
BOXES = 162        # of the encoder below
DEGREE = math.pi / 180


class CartPole:
    """state: position (m), its speed, angle (rad), its speed. Starts near the middle, at rest."""

    def __init__(self, rng):
        self.state = rng.uniform(-0.05, 0.05, 4)

    def push(self, force):
        """A step with a force (N) to the right. False if the pole has fallen or the cart left the track."""
        x, speed, angle, turn = self.state
        cos, sin = math.cos(angle), math.sin(angle)
        part = (force + 0.05 * turn * turn * sin) / 1.1
        turning = (9.8 * sin - cos * part) / (0.5 * (4 / 3 - 0.1 * cos * cos / 1.1))
        self.state += 0.02 * np.array([speed, part - 0.05 * turning * cos / 1.1, turn, turning])
        return abs(self.state[0]) < 2.4 and abs(self.state[2]) < 12 * DEGREE

    def box(self):
        """One of 162 boxes of the state, by the thresholds of Barto, Sutton and Anderson: 3 x 3 x 6 x 3."""
        x, speed, angle, turn = self.state
        edges = ((x, (-0.8, 0.8)), (speed, (-0.5, 0.5)),
                 (angle, tuple(d * DEGREE for d in (-6, -1, 0, 1, 6))), (turn, (-50 * DEGREE, 50 * DEGREE)))
        box, size = 0, 1
        for value, limits in edges:
            box += size * sum(value >= limit for limit in limits)
            size *= len(limits) + 1
        return box
