#!/usr/bin/env python3
"""A pole is balanced by two neurons: the host sends the state of the cart as payloads of spikes, the neuron that fires says
which way to push. configs/python/README.md has what comes out.

    cart_pole.py [EPISODES]
"""
import pathlib
import sys

import numpy as np
import seamount

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from worlds.cart_pole import STEPS, CartPole  # noqa: E402

GAINS = (1, 2, 30, 6)  # of position, its speed, angle, its speed


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
