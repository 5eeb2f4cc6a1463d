#!/usr/bin/env python3
"""A pole is balanced by two neurons: the host sends the state of the cart as payloads of spikes, the neuron that fires says
which way to push. configs/python/README.md has what comes out.

    cart_pole.py [EPISODES]
"""
import math
import sys

import numpy as np
import seamount

STEPS = 500           # of an episode; the pole is held if none of the limits is passed
GAINS = (1, 2, 30, 6)  # of position, its speed, angle, its speed


class CartPole:
    """Barto, Sutton and Anderson 1983, with the constants of Gymnasium's CartPole-v1."""

    def __init__(self, rng):
        self.state = rng.uniform(-0.05, 0.05, 4)

    def push(self, force):
        x, speed, angle, turn = self.state
        cos, sin = math.cos(angle), math.sin(angle)
        part = (force + 0.05 * turn * turn * sin) / 1.1
        turning = (9.8 * sin - cos * part) / (0.5 * (4 / 3 - 0.1 * cos * cos / 1.1))
        self.state += 0.02 * np.array([speed, part - 0.05 * turning * cos / 1.1, turn, turning])
        return abs(self.state[0]) < 2.4 and abs(self.state[2]) < math.radians(12)


def controller():
    net = seamount.Network("cart_pole")
    sense = net.input("sense", size=4)
    push = net.population("push", "graded_vec", size=2)  # sends what its inputs add up to, if that exceeds vth
    weights = np.array([GAINS, [-g for g in GAINS]])     # the second neuron wants the opposite
    net.connect(sense, push, weights, graded=True, payload_bits=16)
    return net.compile("loihi1")


def episode(simulation, seed):
    simulation.reset()
    cart = CartPole(np.random.default_rng(seed))
    for step in range(STEPS):
        simulation.inject("sense", range(4), np.rint(1000 * cart.state).astype(int))
        chip = simulation.step()
        pushes = dict(zip(chip.spikes("push"), chip.payloads("push")))
        if not cart.push(10.0 if pushes.get(0, 0) > 0 else -10.0):
            return step + 1
    return STEPS


def main():
    episodes = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    simulation = seamount.Simulation(controller(), record=())
    lengths = [episode(simulation, seed) for seed in range(episodes)]
    held = sum(length == STEPS for length in lengths)
    print(f"held for {STEPS} steps in {held} of {episodes} episodes, {min(lengths)} steps at least")
    return 0 if held == episodes else 1


if __name__ == "__main__":
    sys.exit(main())
