#!/usr/bin/env python3
"""What ../predictive.yaml learns to predict: predictive.py [--seeds N] [--samples N] [--epochs N] [--tests N]. Needs the Python
package and numpy."""
import argparse
import pathlib
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table  # noqa: E402

STEPS = 81      # of a sample
WITHHELD = 8    # the digit that is never learned


def digits():
    train = np.load(FOLDER.parent / "class_incremental/train.npz")
    test = np.load(FOLDER.parent / "digits/digits_test.npz")
    pixels = lambda images: (images * 7.9).astype(int)  # noqa: E731
    return pixels(train["x_shuffled"][train["y_shuffled"] != WITHHELD]), pixels(test["x"]), test["y"]


class Chip:
    def __init__(self, seed):
        self.simulation = seamount.Simulation(
            seamount.open(FOLDER.parent / "predictive.yaml", chip="loihi2", set={"start": seed}), seed=seed, record=("spikes",))

    def show(self, pixels):
        """Shows a sample. Gives the errors of its pixels that are left, and how many errors were sent."""
        simulation = self.simulation
        for population, words in (("error", ("e", "n")), ("latent", ("v", "r", "n"))):
            for word in words:
                simulation.write(population, word, 0)
        simulation.write("error", "x", pixels)
        sent = sum(len(simulation.step().spikes("error")) for _ in range(STEPS - 2))
        left = simulation.state("error", "e").copy()
        simulation.run(2)
        return left, sent

    def test(self, images, labels):
        """(known, withheld): squared errors over squared pixels, and errors sent for a sample."""
        self.simulation.set_learning(False)
        shown = [self.show(pixels) for pixels in images]
        self.simulation.set_learning(None)
        left, sent = np.array([one[0] for one in shown]), np.array([one[1] for one in shown])
        return [((left[of] ** 2).sum() / (images[of] ** 2).sum(), sent[of].mean())
                for of in (labels != WITHHELD, labels == WITHHELD)]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=5, help="of 5")
    options.add_argument("--samples", type=int, default=10000, help="of an epoch, at most")
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--tests", type=int, default=360)
    chosen = options.parse_args()
    learn, test, labels = digits()
    test, labels = test[:chosen.tests], labels[:chosen.tests]
    table = Table("seed", "error of known digits before", "after", "of the withheld digit", "errors sent before", "after", "change",
                  "more for the withheld digit", "energy of a sample", "time")
    rows = []
    for seed in range(1, chosen.seeds + 1):
        chip = Chip(seed)
        before, _ = chip.test(test, labels)
        random = np.random.default_rng(seed)
        for _ in range(chosen.epochs):
            for index in random.permutation(len(learn))[:chosen.samples]:
                chip.show(learn[index])
        steps, energy, time = chip.simulation.summary()["steps"], chip.simulation.energy_j, chip.simulation.time_s
        known, withheld = chip.test(test, labels)
        rows.append((before[0], known[0], withheld[0], before[1], known[1], known[1] / before[1] - 1, withheld[1] / known[1] - 1,
                     energy / steps * STEPS * 1e6, time / steps * STEPS * 1e3))
        report(table, seed, rows[-1])
    mean = np.mean(rows, 0)
    report(table, "mean", mean)
    if chosen.epochs >= 3:
        table.check(mean[1] <= 0.025, "the squared error left is at most 0.025 of the picture")
        table.check(mean[5] <= -0.35, "a third less errors are sent")
        table.check(mean[6] >= 0.15, "the digit that was withheld surprises")
    else:
        table.check(mean[1] <= 0.06 * mean[0] and mean[5] < -0.2 and mean[6] > 0.05, "what is learned is predicted, what is not surprises")
    table.end()


def report(table, name, row):
    table.add(name, f"{row[0]:.3f}", f"{row[1]:.4f}", f"{row[2]:.4f}", f"{row[3]:.0f}", f"{row[4]:.0f}", f"{row[5]:+.0%}", f"{row[6]:+.0%}",
              f"{row[7]:.0f} µJ", f"{row[8]:.2f} ms")


if __name__ == "__main__":
    main()
