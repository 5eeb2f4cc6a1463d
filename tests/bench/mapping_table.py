#!/usr/bin/env python3
"""Prints what the compiler makes of the mapping benchmark networks on grid128: packets, hops, CPU time, peak memory.

    mapping_table.py SEAMOUNT GENERATOR [--seeds 1 2 3 4] [--nets conv cortex random] [--axons 4096] [-- OPTION ...]

GENERATOR is a script that writes an edge list: GENERATOR conv|cortex|random OUT.npy --seed N [--shuffle]. Each network is
compiled with its neurons numbered in order and shuffled, by one `seamount compile configs/networks/edges.yaml` process;
OPTIONs are passed on. Packets and hops are per step in which every neuron spikes once; packets to the own core do not count.
CPU time (user + system) and memory are those of the whole process.

With --axons a core has no more input axons than that, as Loihi 1 has 4,096, and there are two chips; the image is verified
against the network. A network that does not fit gets the diagnosis of the compiler for a row.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("seamount", type=pathlib.Path)
parser.add_argument("generator", type=pathlib.Path)
parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
parser.add_argument("--nets", nargs="+", default=["conv", "cortex", "random"])
parser.add_argument("--chip", default="grid128")
parser.add_argument("--axons", type=int, default=0, help="input axons of a core, on two chips; 0: no limit")
parser.add_argument("options", nargs="*", help="further options of `compile`")
arguments = parser.parse_args()
NETWORK = pathlib.Path(__file__).resolve().parents[2] / "configs/networks/edges.yaml"

WITH_AXONS = arguments.axons != 0
OPTIONS = list(arguments.options)
if WITH_AXONS:
    OPTIONS += ["--set", f"limits.input_axons={arguments.axons}", "--set", "topology.chips=[1, 2]"]


def verified(image, edges):
    """What `seamount verify` says of an image."""
    outcome = subprocess.run([arguments.seamount, "verify", NETWORK, image, "-q", "--set", f"edges={edges}"])
    return "clean" if outcome.returncode == 0 else "FAILS"


def row(net, seed, ids, edges, folder):
    """Compiles one network; the cells of its row."""
    shuffle = ["--shuffle"] if ids == "shuffled" else []
    subprocess.run([sys.executable, arguments.generator, net, edges, "--seed", str(seed), *shuffle],
                   check=True, stdout=subprocess.DEVNULL)
    report, image = folder / "report.json", folder / "image.smi"
    write = ["-o", image] if WITH_AXONS else []
    before = os.times()
    done = subprocess.run([arguments.seamount, "compile", NETWORK, "--quiet", "--set", f"edges={edges}", "--chip",
                           arguments.chip, "--report", report, *write, *OPTIONS], stderr=subprocess.PIPE, text=True)
    after = os.times()
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    if done.returncode != 0:
        return [net, seed, ids, f"does not fit, after {cpu:.1f} CPU s: {done.stderr.strip().splitlines()[0]}"]
    result = json.loads(report.read_text())
    by = result["partitioner"] + (", random-like" if result["random_like"] else "")
    cells = [net, seed, ids, f"{result['packets_per_step']:,}", f"{result['hops_per_step']:,}",
             f"{result['max_link_load']:,}", result["cores"], f"{cpu:.1f}", f"{result['peak_rss_bytes'] / 1e6:.0f}", by]
    if WITH_AXONS:
        cells += [f"{max(fill['input_axons'] for fill in result['fills']):,}", verified(image, edges)]
    return cells


heads = ["network", "seed", "ids", "packets", "hops", "busiest link", "cores", "CPU s", "MB", "mapping by"]
heads += ["most input axons", "verify"] if WITH_AXONS else []
print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for net in arguments.nets:
        for seed in arguments.seeds:
            for ids in ("in order", "shuffled"):
                cells = row(net, seed, ids, folder / "edges.npy", folder)
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)
