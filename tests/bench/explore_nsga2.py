#!/usr/bin/env python3
"""How much of the front of the core-size studies in configs/sweeps NSGA-II finds with a fifth of the grid's evaluations.

    explore_nsga2.py SEAMOUNT [--sweep core_size] [--seeds 20] [--population 12] [--generations 10]

Evaluates the grid once; the searches find their points in its cache. Prints, for each seed, evaluations and the dominated
hypervolume, both as a share of the grid's, and the least and the mean of all seeds. Objectives go from the best to the worst value of
the grid, in logarithms.
"""
import argparse
import csv
import math
import pathlib
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount", type=pathlib.Path)
parser.add_argument("--sweep", default="core_size", help="core_size or core_size_conv")
parser.add_argument("--seeds", type=int, default=20)
parser.add_argument("--population", type=int, default=12)
parser.add_argument("--generations", type=int, default=10)
arguments = parser.parse_args()
SWEEPS = pathlib.Path(__file__).resolve().parents[2] / "configs/sweeps"


def volume(points):
    """Dominated part of the unit cube of three costs; by slices along the last one."""
    points = sorted(points, key=lambda p: p[2])
    total, plane = 0.0, []
    for i, point in enumerate(points):
        plane.append(point[:2])
        end = points[i + 1][2] if i + 1 < len(points) else 1.0
        area, low = 0.0, 1.0
        for x, y in sorted(plane):
            if y < low:
                area, low = area + (1.0 - x) * (low - y), y
        total += area * (end - point[2])
    return total


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def values(name, strategy):
        sweep = folder / f"{name}.yaml"
        text = (SWEEPS / f"{arguments.sweep}.yaml").read_text().replace("../networks", str(SWEEPS.parent / "networks"))
        sweep.write_text(text + strategy)
        subprocess.run([arguments.seamount.resolve(), "explore", sweep, "--store", folder / f"{name}.sqlite", "-q", "--cache",
                        folder / "cache.sqlite", "--export", folder / f"{name}.csv"], check=True)
        rows = list(csv.DictReader(open(folder / f"{name}.csv")))
        keys = ["objective.latency", "objective.energy", "objective.area"]
        return len(rows), [[math.log(float(row[key])) for key in keys] for row in rows if row["status"] == "done"]

    size, grid = values("grid", "")
    low, high = [min(c) for c in zip(*grid)], [max(c) for c in zip(*grid)]
    scaled = lambda points: [[(v - a) / (b - a) for v, a, b in zip(p, low, high)] for p in points]
    best = volume(scaled(grid))
    print(f"{arguments.sweep}: {size} points, {len(grid)} fit; hypervolume {best:.4f}")
    shares = []
    for seed in range(1, arguments.seeds + 1):
        count, found = values(f"seed{seed}", f"strategy: {{name: nsga2, population: {arguments.population}, "
                              f"generations: {arguments.generations}, seed: {seed}}}\n")
        shares.append(100 * volume(scaled(found)) / best)
        print(f"seed {seed}: {count} evaluations ({100 * count / size:.1f} %), {shares[-1]:.1f} % of it", flush=True)
    print(f"least {min(shares):.1f} %, mean {sum(shares) / len(shares):.1f} %, {sum(s < 95 for s in shares)} of {len(shares)} below 95 %")
