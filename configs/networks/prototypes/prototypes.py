#!/usr/bin/env python3
"""What ../prototypes.yaml learns from few digits, class after class: prototypes.py [--seeds N] [--shots K...] [--save FILE.npz].
Needs the Python package and numpy."""
import argparse
import pathlib
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table  # noqa: E402

STEPS = 24       # of a sample
ASK = 100        # the label of a question
LEAST = {5: 0.84, 20: 0.92, 0: 0.965}  # accuracy that the page claims, by examples of each class (0: all)
ENOUGH = 0.93    # of a sample's similarity with itself: what is less like all that is known is new


def values(images):
    """Pixels as 0..127: images of length 254, cut at 127."""
    images = images.astype(float)
    return np.minimum(np.rint(254 * images / np.linalg.norm(images, axis=1, keepdims=True)), 127).astype(int)


def digits():
    train = np.load(FOLDER.parent / "class_incremental/train.npz")
    test = np.load(FOLDER.parent / "digits/digits_test.npz")
    return values(train["x_shuffled"]), train["y_shuffled"].astype(int), values(test["x"]), test["y"].astype(int)


class Chip:
    def __init__(self, seed, theta):
        image = seamount.open(FOLDER.parent / "prototypes.yaml", chip="loihi2", set={"theta": theta})
        self.simulation = seamount.Simulation(image, seed=seed, record=("spikes",))
        self.samples = 0

    def show(self, pixels, label):
        self.simulation.inject("sample", range(64), 2 * pixels)
        self.simulation.inject("label", [0], [label])
        self.simulation.run(STEPS)
        self.samples += 1

    def winners(self):
        """The class that won each sample (-1: none), and how many cells did."""
        spikes = self.simulation.spikes["cell"]
        won = spikes.step % STEPS == 18
        classes = np.full(self.samples, -1)
        classes[spikes.step[won] // STEPS] = spikes.payload[won] - 1
        return classes, int(won.sum())


def save(file, chip, x, y):
    """What ../prototypes_test.yaml reads; cells that are free are left out."""
    label = chip.simulation.state("cell", "class")
    taken = np.flatnonzero(label)
    weights = chip.simulation.weights("prototype").to_dense()[taken]
    np.savez_compressed(file, weights=weights.astype(np.int16), **{"class": label[taken].astype(np.int16)},
                        classes=(label[taken] - 1).astype(np.int16), x=x.astype(np.int16), y=y.astype(np.int16))


def gradient_descent(x, y, test, truth, seed):
    """A linear classifier that sees the same samples once, in the same order: what forgets."""
    weights = np.zeros((10, 65))
    bias = lambda rows: np.concatenate([rows / 127, np.ones((len(rows), 1))], 1)  # noqa: E731
    for row, label in zip(bias(x), y):
        odds = np.exp(weights @ row - np.max(weights @ row))
        weights += 0.5 * np.outer(np.eye(10)[label] - odds / odds.sum(), row)
    return np.mean((bias(test) @ weights.T).argmax(1) == truth)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--shots", type=int, nargs="*", default=[5, 20, 0], help="examples of each class; 0: all")
    options.add_argument("--tests", type=int, default=360)
    options.add_argument("--save", metavar="FILE.npz", help="what the last trial learned, and the samples that it was tested with")
    chosen = options.parse_args()
    x, y, test, truth = digits()
    test, truth = test[:chosen.tests], truth[:chosen.tests]
    theta_of_one = int(2 * np.median((x.astype(float) ** 2).sum(1)))
    table = Table("of each class", "one class after another", "shuffled", "gradient descent, in order", "prototypes", "energy of an update", "time")
    for shots in chosen.shots:
        found = []
        for seed in range(chosen.seeds):
            random = np.random.default_rng(seed)
            order = random.permutation(10)
            one = np.concatenate([random.permutation(np.flatnonzero(y == digit))[:shots or None] for digit in order])
            row = []
            for order in (one, random.permutation(one)):
                chip = Chip(seed + 1, int(ENOUGH * theta_of_one))
                for index in order:
                    chip.show(x[index], y[index] + 1)
                cost = (chip.simulation.energy_j / len(order), chip.simulation.time_s / len(order))
                used = len(np.unique(chip.simulation.spikes["cell"].neuron[chip.simulation.spikes["cell"].step % STEPS == 18]))
                chip.simulation.set_learning(False)
                for pixels in test:
                    chip.show(pixels, ASK)
                if chosen.save:
                    save(chosen.save, chip, test, truth)
                row.append(np.mean(chip.winners()[0][len(order):] == truth))
            found.append((*row, gradient_descent(x[one], y[one], test, truth, seed), used, *cost))
        mean, spread = np.mean(found, 0), np.std(found, 0)
        table.add(shots or "all", *(f"{mean[i]:.1%} ± {spread[i]:.1%}" for i in range(3)), f"{mean[3]:.0f}",
                  f"{mean[4] * 1e6:.0f} µJ", f"{mean[5] * 1e3:.3f} ms")
        table.check(mean[0] >= LEAST[shots], f"{shots or 'all'} of each class: {LEAST[shots]:.1%}")
        table.check(abs(mean[0] - mean[1]) <= 0.01, "the order makes no difference of more than a point")
    table.end()


if __name__ == "__main__":
    main()
