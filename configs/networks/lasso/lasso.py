#!/usr/bin/env python3
"""What ../lasso.yaml finds, beside scikit-learn's optimum: lasso.py [--problems N]. Needs numpy; SEAMOUNT is the program."""
import argparse
import csv
import pathlib
import sys
import tempfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table, seamount  # noqa: E402

ONE = 4096  # the unit of a coefficient


def unit_length(images):
    images = images.astype(np.float64)
    return images / np.linalg.norm(images, axis=1, keepdims=True)


def dictionary():
    """The columns (64, 128): training digits of ../class_incremental, each of length 1."""
    return unit_length(np.load(FOLDER.parent / "class_incremental/train.npz")["x_shuffled"][:128]).T


def signals():
    """What is to be described (40, 64): test digits of ../digits, each of length 1."""
    return unit_length(np.load(FOLDER.parent / "digits/digits_test.npz")["x"][:40])


def objective(columns, signal, price, coefficients):
    """Half of the squared error and the price of the coefficients."""
    return 0.5 * np.sum((signal - columns @ coefficients) ** 2) + price * np.sum(np.abs(coefficients))


def solve(price, steps, problems):
    """The coefficients (problems, 128) that the chip ends with, in 1, and the summary of the run."""
    with tempfile.TemporaryDirectory() as folder:
        summary = seamount("run", FOLDER.parent / "lasso.yaml", "--chip", "loihi2", "--samples", problems, "--out", folder,
                           "--set", f"lambda={price}", "--set", f"steps={steps}")
        found = np.zeros((problems, 128))
        with open(pathlib.Path(folder) / "potentials.csv", newline="") as lines:
            for row in csv.DictReader(lines):
                found[int(row["step"]) // steps, int(row["neuron"])] = int(row["value"]) / ONE
    return found, summary


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--problems", type=int, default=40, help="of 40")
    problems = options.parse_args().problems
    columns, given = dictionary(), signals()[:problems]
    best = np.load(FOLDER / "problems.npz")
    table = Table("lambda", "steps", "above the optimum, mean", "most", "coefficients", "spikes", "energy", "time")
    for price in (205, 410, 819):
        for steps in (300, 600, 1200):
            found, summary = solve(price, steps, problems)
            reached = [objective(columns, signal, price / ONE, row) for signal, row in zip(given, found)]
            above = np.array(reached) / best[f"optimum_{price}"][:problems] - 1
            table.add(f"{price / ONE:.2f}", steps, f"{above.mean():.2%}", f"{above.max():.2%}",
                      f"{(found > 0).sum(1).mean():.1f}", f"{summary['spikes'] / problems:.0f}",
                      f"{summary['energy_j']['total'] / problems * 1e6:.1f} µJ", f"{summary['modelled_time_s'] / problems * 1e3:.2f} ms")
            if steps == 600:
                table.check(above.mean() <= 0.005, "600 steps end at most 0.5 % above the optimum")
            if steps == 1200:
                table.check(above.mean() <= 0.001, "1200 steps end at most 0.1 % above the optimum")
    table.end()


if __name__ == "__main__":
    main()
