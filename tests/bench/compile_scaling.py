#!/usr/bin/env python3
"""Compiles configs/networks/huge.yaml in sizes from 10^5 to 10^8 synapses and prints what it takes.

    compile_scaling.py BUILD/tools/seamount [--largest 8] [--effort 5] [--verify] [--run]

Every neuron has about 1,000 synapses, so the network grows by its neurons and the radius shrinks. Times are CPU seconds
(user + system) of the whole process, memory is its peak, bytes are those of the image.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess
import tempfile

NETWORK = pathlib.Path(__file__).resolve().parents[2] / "configs/networks/huge.yaml"
RADIUS = 0.1085  # of 100,000 neurons


def run(arguments):
    """CPU seconds and peak bytes of a process that must succeed."""
    child = subprocess.Popen(arguments)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def settings(neurons):
    rows = max(2, round(math.sqrt(neurons / 1.6)))
    columns = round(neurons / rows)
    radius = min(2.0, RADIUS * math.sqrt(100_000 / neurons))
    values = {"rows": rows, "columns": columns, "radius": f"{radius:.4f}"}
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seamount")
    parser.add_argument("--largest", type=float, default=8, help="largest exponent of 10 synapses")
    parser.add_argument("--effort", default="5", help="of the mapping, 0 to 9")
    parser.add_argument("--verify", action="store_true", help="verify each image")
    parser.add_argument("--run", action="store_true", help="run each image for 10 steps")
    options = parser.parse_args()
    print(f"{'synapses':>12} {'cores':>6} {'compile s':>10} {'ns/syn/log2':>12} {'peak GB':>8} {'bytes/syn':>10}"
          f" {'verify s':>9} {'run s':>6}")
    with tempfile.TemporaryDirectory() as folder:
        image, report = f"{folder}/net.smi", f"{folder}/report.json"
        for neurons in (500, 1_400, 11_000, 32_000, 100_000):
            if neurons * 1000 > 1.2 * 10 ** options.largest:
                break
            values = settings(neurons)
            seconds, peak = run([options.seamount, "compile", NETWORK, "--chip", "big", *values, "-q", "-o", image,
                                 "--report", report, "--effort", options.effort])
            made = json.loads(pathlib.Path(report).read_text())
            synapses = made["synapses"]
            line = (f"{synapses:>12,} {made['cores']:>6} {seconds:>10.2f} "
                    f"{1e9 * seconds / synapses / math.log2(synapses):>12.2f} {peak / 1e9:>8.2f} "
                    f"{os.path.getsize(image) / synapses:>10.2f}")
            if options.verify:
                line += f" {run([options.seamount, 'verify', NETWORK, image, *values, '-q'])[0]:>9.2f}"
            if options.run:
                line += f" {run([options.seamount, 'run', image, '--steps', '10', '-q'])[0]:>6.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
