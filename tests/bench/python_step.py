#!/usr/bin/env python3
"""What a step loop in Python costs beside the loop in C++, on a network of one core: PYTHONPATH=BUILD/tools/python python_step.py

Prints microseconds per step: Simulation.run(), a loop of step(), a loop of inject() and step(), and what the last one adds.
"""
import time

import numpy as np
import seamount

STEPS, ROUNDS = 20_000, 5


def micros(simulation, steps, loop):
    simulation.reset()
    started = time.perf_counter()
    loop(simulation, steps)
    return (time.perf_counter() - started) / steps * 1e6


def run(simulation, steps):
    simulation.run(steps)


def step(simulation, steps):
    for _ in range(steps):
        simulation.step()


def inject(simulation, steps):
    sources = np.array([0, 2])
    for _ in range(steps):
        simulation.inject("eye", sources)
        simulation.step()


def main():
    net = seamount.Network("relay")
    out = net.population("out", "loihi1_cuba", 3, params={"decay_u": 4096, "decay_v": 4096, "vth": 10})
    net.connect(net.input("eye", 3), out, np.eye(3, dtype=int) * 100)
    simulation = seamount.Simulation(net.compile(), record=("spikes",))
    best = [min(micros(simulation, STEPS, loop) for _ in range(ROUNDS)) for loop in (run, step, inject)]
    print(f"run {best[0]:.1f}  step {best[1]:.1f}  inject and step {best[2]:.1f}  above run {best[2] - best[0]:.1f} us")


if __name__ == "__main__":
    main()
