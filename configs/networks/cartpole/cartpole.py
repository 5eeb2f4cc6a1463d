#!/usr/bin/env python3
"""How well ../cartpole.yaml learns to hold a pole: cartpole.py [--seeds N] [--tests N]. Needs the Python package and numpy."""
import argparse
import pathlib
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER.parent.parent)]
from outcome import Table  # noqa: E402
from worlds.cart_pole import STEPS, CartPole  # noqa: E402

IN_A_ROW = 10   # episodes in which the pole is held, and learning ends
EPISODES = 600  # after which it ends anyway


class Learner:
    def __init__(self, seed):
        self.chip = seamount.Simulation(seamount.open(FOLDER.parent / "cartpole.yaml", chip="loihi2"), seed=seed, record=())
        self.random = np.random.default_rng(seed)
        self.decisions = 0

    def episode(self):
        """Steps until the pole falls, STEPS at most."""
        cart = CartPole(self.random)
        held = True
        for step in range(STEPS):
            self.chip.inject("state", [cart.box()])
            held = cart.push(10.0 * float(self.chip.step().payloads("actor")[0]))
            self.decisions += 1
            if not held:
                self.chip.inject("fallen", [0])
                self.chip.step()
                break
        self.chip.clear_tags()
        self.chip.step()  # without a cart: the critic forgets what it predicted
        return step + held

    def learn(self):
        """Learns until the pole is held in several episodes in a row; gives the lengths of the episodes."""
        lengths = []
        while len(lengths) < EPISODES and lengths[-IN_A_ROW:] != [STEPS] * IN_A_ROW:
            lengths.append(self.episode())
        self.chip.set_learning(False)
        self.chip.write("actor", "span", 1)  # no noise: the best that it knows
        return lengths


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=10, help="from 0 on")
    options.add_argument("--tests", type=int, default=100, help="episodes after learning")
    chosen = options.parse_args()
    table = Table("seed", "first 20 episodes", "episodes until it was held ten times", "steps held afterwards, mean",
                  "time of a decision", "energy")
    good = 0
    for seed in range(chosen.seeds):
        learner = Learner(seed)
        lengths = learner.learn()
        tests = [learner.episode() for _ in range(chosen.tests)]
        good += np.mean(tests) >= 400
        table.add(seed, f"{np.mean(lengths[:20]):.0f}", len(lengths), f"{np.mean(tests):.0f}",
                  f"{learner.chip.time_s / learner.decisions * 1e6:.2f} µs", f"{learner.chip.energy_j / learner.decisions * 1e6:.2f} µJ")
    table.add(f"{good} of {chosen.seeds} hold it for 400 steps or more", "", "", "", "", "")
    table.check(good >= 0.8 * chosen.seeds, "in 8 of 10 seeds the pole is held for 400 of 500 steps")
    table.end()


if __name__ == "__main__":
    main()
