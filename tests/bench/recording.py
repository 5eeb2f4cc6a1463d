#!/usr/bin/env python3
"""What recording costs: wall time and CPU time of a run with --out, by those of the same run without.

    recording.py SEAMOUNT IMAGE --steps N [--runs 3] [more arguments of run]

For the random network of 128 x 1,024 neurons: compile configs/networks/random.yaml (random_network.py says of what).
"""
import argparse
import json
import pathlib
import resource
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount")
parser.add_argument("image")
parser.add_argument("--steps", required=True)
parser.add_argument("--runs", type=int, default=3)
arguments, more = parser.parse_known_args()


def run(folder, out):
    def cpu():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    summary, before, started = folder / "summary.json", cpu(), time.monotonic()
    subprocess.run([arguments.seamount, "run", arguments.image, "--steps", arguments.steps, "-q", "--json", summary,
                    *more, *out], check=True)
    wall, used = time.monotonic() - started, cpu() - before
    return wall, used, json.loads(summary.read_text())


with tempfile.TemporaryDirectory() as name:
    folder, first = pathlib.Path(name), None
    for records in (None, "csv", "hdf5"):
        found = []
        for i in range(arguments.runs):
            out = [] if records is None else ["--out", folder / f"{records}{i}", "--records", records]
            found.append(run(folder, out))
        wall, used = (min(one[k] for one in found) for k in (0, 1))
        first = first or (wall, used)
        summary = found[0][2]
        text = f"{records or 'none':5} wall {wall:.2f} s ({wall / first[0]:.2f}x), CPU {used:.2f} s ({used / first[1]:.2f}x), " \
               f"memory {summary['peak_rss_bytes'] / 1e6:.0f} MB"
        if records == "hdf5":
            size = (folder / "hdf50/spikes.h5").stat().st_size
            text += f", {size / max(1, summary['spikes']):.2f} bytes per spike"
        print(text)
