#!/usr/bin/env python3
"""How many Sudokus ../sudoku.yaml solves: sudoku.py [--puzzles N] [--seeds N] [--steps N]. Needs the Python package and numpy."""
import argparse
import pathlib
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]
from outcome import Table  # noqa: E402
from puzzles import is_solution  # noqa: E402

LOOK = 4             # steps between two looks of the host
FORGET = 1 - 2**-5   # of a spike's weight in the answer, per step
OUT = -60000         # drive of a digit that the given ones exclude
DRIVE = 61


def drives(given, conflicts):
    """The drive of each neuron (729,): out for those that a given digit excludes and for the given ones, which are known."""
    known = np.flatnonzero(given.ravel() >= 0) * 9 + given.ravel()[given.ravel() >= 0]
    drive = np.full(729, DRIVE)
    drive[conflicts[np.isin(conflicts[:, 0], known), 1]] = OUT
    drive[known] = OUT
    return drive


def solve(image, given, conflicts, seed, limit):
    """The step in which the spikes of the last steps are a solution (None: not within `limit`), and the simulation."""
    simulation = seamount.Simulation(image, seed=seed, record=())
    simulation.write("cell", "bias", drives(given, conflicts))
    recent = np.zeros(729)
    for step in range(limit):
        recent *= FORGET
        recent[simulation.step().spikes("cell")] += 1
        if step % LOOK == LOOK - 1:
            answer = np.where(given >= 0, given, recent.reshape(9, 9, 9).argmax(2))
            if is_solution(answer, given):
                return step + 1, simulation
    return None, simulation


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--puzzles", type=int, default=20, help="of 20")
    options.add_argument("--seeds", type=int, default=5, help="of the noise")
    options.add_argument("--steps", type=int, default=8000, help="at most for a puzzle")
    options.add_argument("--holes", type=int, nargs="*", default=[40, 48])
    chosen = options.parse_args()
    data = np.load(FOLDER / "sudokus.npz")
    conflicts = data["conflicts"]
    image = seamount.open(FOLDER.parent / "sudoku.yaml", chip="loihi2")
    table = Table("holes", "solved, by seed", "mean of 20", "steps, median", "most", "spikes", "time", "energy")
    for holes, wanted in ((40, 1.0), (48, 0.85)):
        if holes not in chosen.holes:
            continue
        solved, steps, times, energies, spikes = [], [], [], [], []
        for seed in range(1, chosen.seeds + 1):
            solved.append(0)
            for given in data[f"holes_{holes}"][:chosen.puzzles]:
                found, simulation = solve(image, given, conflicts, seed, chosen.steps)
                if found is None:
                    continue
                solved[-1] += 1
                steps.append(found)
                times.append(simulation.time_s)
                energies.append(simulation.energy_j)
                spikes.append(simulation.summary()["spikes"])
        share = np.mean(solved) / chosen.puzzles
        table.add(holes, " ".join(map(str, solved)), f"{20 * share:.1f}", f"{np.median(steps):.0f}", max(steps),
                  f"{np.median(spikes):.0f}", f"{np.median(times) * 1e3:.1f} ms", f"{np.median(energies) * 1e3:.2f} mJ")
        table.check(share >= wanted, f"{wanted:.0%} of the puzzles with {holes} holes are solved")
    table.end()


if __name__ == "__main__":
    main()
