#!/usr/bin/env python3
"""Times the random benchmark network on loihi1_wide: set-up, steps per second once spikes flow (steps 5-50), memory.

    random_network.py SEAMOUNT PREFIX [--runs 5] [--threads 1] [--mesh packet]

PREFIX.edges.npy (int32 [E, 3]: source, target, weight) and PREFIX.neurons.csv (id, core, bias, threshold) describe the
network; 131,072 neurons and 4.19 million synapses on 128 cores is the size that the README quotes. Each run is one process
for steps 1-50 and one for steps 1-4; the difference of their run times is that of steps 5-50. Prints the median of the runs.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount", type=pathlib.Path)
parser.add_argument("prefix", type=pathlib.Path)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--mesh", default="packet")
arguments = parser.parse_args()
CONFIGS = pathlib.Path(__file__).resolve().parents[2] / "configs"


def run(steps):
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        subprocess.run([arguments.seamount, "run", CONFIGS / "networks/random.yaml", "--quiet",
                        "--set", f"prefix={arguments.prefix.resolve()}", "--chip", CONFIGS / "chips/loihi1_wide.yaml",
                        "--mesh", arguments.mesh, "--threads", str(arguments.threads),
                        "--steps", str(steps), "--json", result.name],
                       check=True, stdout=subprocess.DEVNULL)
        return json.load(open(result.name))


rates, set_up, memory = [], [], []
for _ in range(arguments.runs):
    long, short = run(50), run(4)
    rates.append(46 / (long["wall_s"]["run"] - short["wall_s"]["run"]))
    set_up.append(long["wall_s"]["load"] + long["wall_s"]["compile"])
    memory.append(long["peak_rss_bytes"] / 1e6)
print(f"spikes {long['spikes']:,}, synaptic events {long['synaptic_events']:,}, spike_hash {long['spike_hash']}")
print(f"steps 5-50: {statistics.median(rates):.0f} steps/s ({min(rates):.0f}-{max(rates):.0f})")
print(f"set-up:     {statistics.median(set_up):.2f} s ({min(set_up):.2f}-{max(set_up):.2f})")
print(f"memory:     {max(memory):.0f} MB at most")
