#!/usr/bin/env python3
"""Reads the HDF5 records of runs with a plain h5py: SONATA's layout of spikes, units, and what SIGKILL leaves.

    records_h5py.py SEAMOUNT NETWORK [--kills N]
"""
import argparse
import csv
import json
import pathlib
import random
import shutil
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

STEPS = 60000


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


def check_killed(out, whole_folder, whole):
    """What SIGKILL left in `out`: files with their final names are whole, those of partial/ open and are right so far."""
    if not out.exists():
        return  # before anything was made
    for path in out.glob("*.h5"):
        with h5py.File(path) as file, h5py.File(whole_folder / path.name) as right:
            def compare(name, item):
                if isinstance(item, h5py.Dataset):
                    assert numpy.array_equal(right[name][:], item[:]), f"{path.name} {name} is not whole"
            file.visititems(compare)
    if (out / "summary.json").exists():
        mine, right = ({path.name for path in where.glob("*.h5")} for where in (out, whole_folder))
        assert mine == right, f"a summary beside {mine}"
    partial = out / "partial"
    if not (partial / "progress.json").exists():
        return
    steps = json.loads((partial / "progress.json").read_text())["complete_steps"]
    for path in partial.glob("*.h5"):
        with h5py.File(path) as file:
            assert file.attrs["complete_steps"] >= steps, path.name
            file.visititems(lambda _, item: item[:] if isinstance(item, h5py.Dataset) else None)
    spikes = next((where / "spikes.h5" for where in (partial, out) if (where / "spikes.h5").exists()), None)
    if spikes is None:  # killed before it was made
        assert steps == 0
        return
    with h5py.File(spikes) as file:
        check_sonata(file)
        for name, right in whole.items():
            count = numpy.searchsorted(right["timestamps"], min(steps, STEPS))
            for column, values in right.items():
                same = file["spikes"][name][column][:count] == values[:count]
                assert len(same) == count and same.all(), f"{name}/{column} to step {steps}"
    if (partial / "perf.h5").exists():
        with h5py.File(partial / "perf.h5") as file, h5py.File(whole_folder / "perf.h5") as right:
            count = min(steps, STEPS)
            for name in columns(file, "perf"):
                same = numpy.array_equal(file["perf"][name][:count], right["perf"][name][:count])
                assert same, f"perf/{name} to step {steps}"


def columns(file, table):
    return {name: data[:] for name, data in file[table].items() if isinstance(data, h5py.Dataset)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seamount")
    parser.add_argument("network")
    parser.add_argument("--kills", type=int, default=4)
    options = parser.parse_args()
    seamount, network = options.seamount, options.network
    seed = random.randrange(1 << 30)
    random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def words(out, steps, records):
            return [seamount, "run", network, "--steps", str(steps), "-q", "--out", folder / out, "--records", records]
        subprocess.run(words("whole", STEPS, "hdf5"), check=True)
        with h5py.File(folder / "whole/spikes.h5") as file:
            check_sonata(file)
            whole = {name: columns(file["spikes"], name) for name in file["spikes"]}
        subprocess.run(words("csv", STEPS, "csv"), check=True)
        with open(folder / "csv/perf.csv", encoding="utf-8") as file, h5py.File(folder / "whole/perf.h5") as perf:
            rows = list(csv.DictReader(file))
            for name in ("step", "spikes", "time_ns", "energy_pj"):
                assert [float(row[name]) for row in rows] == list(perf["perf"][name][:]), name
            assert perf["perf/time_ns"].attrs["units"] == "ns" and perf["perf/energy_pj"].attrs["units"] == "pJ"
        started = time.monotonic()
        subprocess.run(words("timed", STEPS, "hdf5"), check=True)
        takes = time.monotonic() - started
        for kill in range(options.kills):
            out = folder / f"killed{kill}"
            ends = kill % 2 == 1  # half of them may be killed while their files get their final places
            with subprocess.Popen(words(out.name, STEPS if ends else 10**9, "hdf5")) as run:
                while not ends and not (out / "partial/progress.json").exists() and run.poll() is None:
                    time.sleep(0.001)
                time.sleep(random.uniform(0, 1.1 * takes if ends else 1.2))
                run.kill()
            try:
                check_killed(out, folder / "whole", whole)
            except AssertionError as error:
                raise AssertionError(f"kill {kill}, seed {seed}: {error}") from error
            shutil.rmtree(out, ignore_errors=True)
    print(f"{options.kills} kills at random moments, seed {seed}")


main()
