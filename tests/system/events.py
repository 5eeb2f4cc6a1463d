#!/usr/bin/env python3
"""Files of events as datasets: what a network sees of them is what numpy counts in the same bins.

    events.py SEAMOUNT

The files are made here: a camera's (x, y, polarity, t) in an .npz archive and a cochlea's lists of times and units in HDF5, in
the layout of the Heidelberg digits. Neurons repeat their sources, so that spikes.csv has the events.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

WIDTH, HEIGHT, STEPS, BLANK, UNITS = 5, 4, 12, 3, 30

NETWORK = """
dt: 1ms
populations:
  out: {{neuron: loihi1_cuba, size: {size}, params: {{decay_u: 4095, decay_v: 4095, vth: 10}}}}
inputs:
  eye: {{{extent}, dataset: {{events: {events}, steps: 12ms, blank: 3ms}}}}
projections:
  - {{from: eye, to: out, rule: one_to_one, weights: 100}}
readout: {{population: out, by: spike_count}}
"""


def camera(random, samples):
    """Events of a camera in microseconds, some later than the driven steps."""
    counts = random.integers(0, 60, samples)
    total = int(counts.sum())
    return {
        "t": random.integers(0, 10_500, total).astype(np.int64),
        "x": random.integers(0, WIDTH, total).astype(np.uint16),
        "y": random.integers(0, HEIGHT, total).astype(np.uint16),
        "p": random.choice([-1, 1], total).astype(np.int8),
        "offsets": np.concatenate([[0], np.cumsum(counts)]),
        "labels": random.integers(0, 40, samples),
    }


def cochlea(random, path, samples):
    """Lists of times in seconds, of 16 bits as in the Heidelberg digits, and of units."""
    times = [np.sort(random.random(n) * 0.0105).astype(np.float16) for n in random.integers(0, 50, samples)]
    units = [random.integers(0, UNITS, len(t)).astype(np.uint16) for t in times]
    labels = random.integers(0, UNITS, samples)
    with h5py.File(path, "w") as file:
        for name, lists, kind in (("spikes/times", times, np.float16), ("spikes/units", units, np.uint16)):
            data = file.create_dataset(name, (samples,), dtype=h5py.vlen_dtype(np.dtype(kind)))
            for i, values in enumerate(lists):
                data[i] = values
        file["labels"] = labels
    return times, units, labels


def binned(sample, bins, sources):
    """What one sample should be: the spikes (step, source), each once."""
    driven = bins < STEPS - BLANK
    return {(sample * STEPS + int(b), int(s)) for b, s in zip(bins[driven], sources[driven])}


def run(seamount, folder, network, steps, *options):
    (folder / "n.yaml").write_text(network)
    out = folder / "out"
    done = subprocess.run([seamount, "run", folder / "n.yaml", "--steps", str(steps), "--out", out, "--force", *options],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    spikes = set()
    with open(out / "spikes.csv") as file:
        for row in csv.DictReader(file):
            spikes.add((int(row["step"]), int(row["neuron"])))
    return spikes, json.loads((out / "summary.json").read_text()), done.stderr


def main():
    seamount = sys.argv[1]
    random = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        samples = 6
        steps = samples * STEPS
        first, second = camera(random, samples), camera(random, samples)
        np.savez_compressed(folder / "dvs.npz", **first)
        np.savez(folder / "other.npz", **second)
        network = NETWORK.format(size=2 * HEIGHT * WIDTH, extent=f"shape: [2, {HEIGHT}, {WIDTH}]",
                                 events="{file: dvs.npz, time: us}")
        for events, options in ((first, []), (second, ["--data", f"eye={folder / 'other.npz'}"])):
            expected = set()
            for s in range(samples):
                part = slice(events["offsets"][s], events["offsets"][s + 1])
                plane = (events["p"][part] > 0).astype(int)
                source = (plane * HEIGHT + events["y"][part]) * WIDTH + events["x"][part]
                expected |= binned(s, events["t"][part] // 1000, source)
            spikes, summary, warnings = run(seamount, folder, network, steps, *options)
            assert spikes == expected, sorted(spikes ^ expected)[:10]
            assert summary["samples"] == samples and "accuracy" in summary
            late = int((events["t"] // 1000 >= STEPS - BLANK).sum())
            assert f"of {len(events['t'])} events, {late} come after" in warnings, warnings
        times, units, labels = cochlea(random, folder / "shd.h5", samples)
        network = NETWORK.format(size=UNITS, extent=f"size: {UNITS}", events="{file: shd.h5, time: s}")
        spikes, summary, _ = run(seamount, folder, network, steps)
        expected = set()
        for s in range(samples):
            # A number of 16 bits times 1000 is exact in 64.
            expected |= binned(s, np.floor(times[s].astype(np.float64) * 1000).astype(int), units[s])
        assert spikes == expected, sorted(spikes ^ expected)[:10]
        assert summary["samples"] == samples
        with open(folder / "out" / "samples.csv") as file:
            assert [int(row["label"]) for row in csv.DictReader(file)] == labels.tolist()
        # Damage is refused with its place.
        with h5py.File(folder / "shd.h5", "r+") as file:
            file["spikes/units"][2] = np.array([1, 2, 3], dtype=np.uint16)
        done = subprocess.run([seamount, "run", folder / "n.yaml", "--steps", "3"], capture_output=True, text=True)
        assert done.returncode == 2 and "sample 2 has" in done.stderr and "shd.h5:/spikes/units" in done.stderr, done.stderr
    print("ok")


if __name__ == "__main__":
    main()
