#!/usr/bin/env python3
"""Reads the HDF5 records of runs with a plain h5py: SONATA's layout of spikes, units, and what SIGKILL leaves.

    records_h5py.py SEAMOUNT NETWORK
"""
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

try:
    import h5py
    import numpy
except ImportError:
    print("skipped: no h5py")
    sys.exit(0)

KILLS = 4


def check_sonata(file):
    """The layout of spike files in SONATA's developer guide."""
    assert list(numpy.ravel(file.attrs["magic"])) == [0x0A7A], "magic"
    assert list(file.attrs["version"]) == [0, 1], "version"
    for name, group in file["spikes"].items():
        assert group.attrs["sorting"] == "by_time", name
        ids, times = group["node_ids"], group["timestamps"]
        assert ids.dtype == numpy.uint64 and times.dtype == numpy.float64, name
        assert ids.shape == times.shape and len(ids.shape) == 1, name
        assert ids.chunks and ids.compression == "gzip" and ids.maxshape == (None,), name
        assert times.attrs["units"] == "ms", name
        assert (numpy.diff(times[:]) >= 0).all(), name
        assert len(ids) == 0 or ids[:].max() < group.attrs["size"], name


def columns(file, table):
    return {name: data[:] for name, data in file[table].items() if isinstance(data, h5py.Dataset)}


def main():
    seamount, network = sys.argv[1:3]
    seed = random.randrange(1 << 30)
    random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def words(out, steps, records):
            return [seamount, "run", network, "--steps", str(steps), "-q", "--out", folder / out, "--records", records]
        subprocess.run(words("whole", 60000, "hdf5"), check=True)
        with h5py.File(folder / "whole/spikes.h5") as file:
            check_sonata(file)
            whole = {name: columns(file["spikes"], name) for name in file["spikes"]}
        subprocess.run(words("csv", 60000, "csv"), check=True)
        with open(folder / "csv/perf.csv", encoding="utf-8") as file, h5py.File(folder / "whole/perf.h5") as perf:
            rows = list(csv.DictReader(file))
            for name in ("step", "spikes", "time_ns", "energy_pj"):
                assert [float(row[name]) for row in rows] == list(perf["perf"][name][:]), name
            assert perf["perf/time_ns"].attrs["units"] == "ns" and perf["perf/energy_pj"].attrs["units"] == "pJ"
        for kill in range(KILLS):
            out = folder / f"killed{kill}"
            with subprocess.Popen(words(out.name, 10**9, "hdf5")) as run:
                while not (out / "partial/progress.json").exists() and run.poll() is None:
                    time.sleep(0.001)
                time.sleep(random.uniform(0, 1.2))
                run.kill()
            assert [path.name for path in out.iterdir()] == ["partial"], f"seed {seed}"
            steps = json.loads((out / "partial/progress.json").read_text())["complete_steps"]
            for path in (out / "partial").glob("*.h5"):
                with h5py.File(path) as file:
                    assert file.attrs["complete_steps"] >= steps, f"{path.name}, seed {seed}"
                    file.visititems(lambda _, item: item[:] if isinstance(item, h5py.Dataset) else None)
            if not (out / "partial/spikes.h5").exists():  # killed before it was made
                assert steps == 0, f"seed {seed}"
                continue
            with h5py.File(out / "partial/spikes.h5") as file:
                check_sonata(file)
                for name, right in whole.items():
                    count = numpy.searchsorted(right["timestamps"], min(steps, 60000))
                    for column, values in right.items():
                        same = file["spikes"][name][column][:count] == values[:count]
                        assert len(same) == count and same.all(), f"{name}/{column} to step {steps}, seed {seed}"
    print(f"{KILLS} kills, seed {seed}")


main()
