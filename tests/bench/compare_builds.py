#!/usr/bin/env python3
"""Compares two builds on every network of configs/: what a run reports, byte for byte but for wall-clock times.

    compare_builds.py OLD NEW [CONFIGS]      exit 1 if anything differs
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# Network -> further options.
RUNS = {
    "balanced": [["--steps", "200"], ["--steps", "60", "--mesh", "flit"], ["--steps", "100", "--mesh", "ideal"]],
    "bandit": [["--steps", "2000"]],
    "cartpole": [["--steps", "500"]],
    "class_incremental": [[]],
    "class_incremental_test": [[]],
    "conv_digits": [["--samples", "40"], ["--samples", "5", "--mesh", "flit"]],
    "dendrites": [["--steps", "200"]],
    "diehl_cook": [["--samples", "100"]],
    "diehl_cook_test": [["--steps", "500"]],
    "digits": [[], ["--samples", "50", "--mesh", "flit"], ["--samples", "50", "--chip", "loihi2"]],
    "feature_maps": [["--steps", "50"]],
    "gridworld": [["--steps", "500"]],
    "huge": [["--steps", "5", "--chip", "big", "--set", "rows=25", "--set", "columns=40", "--set", "radius=0.3"]],
    "argmax": [["--steps", "100"]],
    "lasso": [["--steps", "300"]],
    "noise": [["--steps", "200"]],
    "pes": [["--steps", "2000"]],
    "predictive": [["--steps", "500"]],
    "prototypes": [["--steps", "500"]],
    "prototypes_test": [["--steps", "500"]],
    "stdp": [["--steps", "500"]],
    "sudoku": [["--steps", "300"]],
    "triplet": [["--steps", "500"]],
    "winner": [["--steps", "400"]],
}
NEEDS_DATA = {  # files that are not in the repository: their tests make them
    "connectome": "edges and nodes of a data set",
    "edges": "an edge list",
    "random": "what bench/gen_random.py writes",
}
IGNORED = {"steps_per_s", "wall_s", "peak_rss_bytes", "version", "hashes", "ranks"}


def run(binary, network, options):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        command = [binary, "run", str(network), *options, "--out", str(out), "-q"]
        done = subprocess.run(command, capture_output=True, text=True)
        files = {f.name: f.read_bytes() for f in out.glob("*")} if out.is_dir() else {}
        files.pop("manifest.json", None)  # hashes of the others, wall-clock times included
        summary = json.loads(files.pop("summary.json", b"{}"))
        return done.returncode, done.stderr, {k: v for k, v in summary.items() if k not in IGNORED}, files


def main():
    old, new = sys.argv[1:3]
    configs = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).resolve().parents[2] / "configs"
    unknown = {f.stem for f in (configs / "networks").glob("*.yaml")} - RUNS.keys() - NEEDS_DATA.keys()
    if unknown:
        sys.exit(f"in neither RUNS nor NEEDS_DATA: {', '.join(sorted(unknown))}")
    differing = 0
    for name, variants in RUNS.items():
        for options in variants:
            a, b = (run(binary, configs / "networks" / f"{name}.yaml", options) for binary in (old, new))
            parts = [what for what, x, y in zip(("exit code", "messages", "summary", "records"), a, b) if x != y]
            if a[0] != 0 or b[0] != 0:
                parts = [*parts, f"failed with {a[0]} and {b[0]}"]
            differing += bool(parts)
            digest = a[2].get("spike_hash", "no run: " + a[1].strip().replace("\n", " ")[:160])
            print(f"{'DIFFERS' if parts else 'same   '} {name} {' '.join(options)}: {digest} {', '.join(parts)}", flush=True)
            if "summary" in parts:
                print("   ", {k: (a[2].get(k), b[2].get(k)) for k in a[2].keys() | b[2].keys() if a[2].get(k) != b[2].get(k)})
    vectors = pathlib.Path(__file__).resolve().parents[1] / "conformance"
    counts = [subprocess.run([binary, "conform", str(vectors / "loihi1"), str(vectors / "loihi2")], capture_output=True,
                             text=True).stdout.splitlines()[-1:] for binary in (old, new)]
    print(f"golden vectors: {counts[0]} before, {counts[1]} now")
    print(f"{differing} of {sum(map(len, RUNS.values()))} runs differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
