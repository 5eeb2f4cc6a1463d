#!/usr/bin/env python3
"""Prints what the compiler makes of the mapping benchmark networks on grid128: packets, hops, CPU time, peak memory.

    mapping_table.py SEAMOUNT GENERATOR [--seeds 1 2 3] [--nets conv cortex random] [-- OPTION ...]

GENERATOR is a script that writes an edge list: GENERATOR conv|cortex|random OUT.npy --seed N [--shuffle]. Each network is
compiled with its neurons numbered in order and shuffled, by one `seamount compile configs/networks/edges.yaml` process;
OPTIONs are passed on. Packets and hops are per step in which every neuron spikes once; packets to the own core do not count.
CPU time (user + system) and memory are those of the whole process.
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
parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
parser.add_argument("--nets", nargs="+", default=["conv", "cortex", "random"])
parser.add_argument("--chip", default="grid128")
parser.add_argument("options", nargs="*", help="further options of `compile`")
arguments = parser.parse_args()
NETWORK = pathlib.Path(__file__).resolve().parents[2] / "configs/networks/edges.yaml"

print("| network | seed | ids | packets | hops | busiest link | cores | CPU s | MB | mapping by |")
print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
with tempfile.TemporaryDirectory() as folder:
    edges = pathlib.Path(folder) / "edges.npy"
    report = pathlib.Path(folder) / "report.json"
    for net in arguments.nets:
        for seed in arguments.seeds:
            for ids in ("in order", "shuffled"):
                shuffle = ["--shuffle"] if ids == "shuffled" else []
                subprocess.run([sys.executable, arguments.generator, net, edges, "--seed", str(seed), *shuffle],
                               check=True, stdout=subprocess.DEVNULL)
                before = os.times()
                subprocess.run([arguments.seamount, "compile", NETWORK, "--quiet", "--set", f"edges={edges}",
                                "--chip", arguments.chip, "--report", report, *arguments.options], check=True)
                after = os.times()
                cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
                result = json.loads(report.read_text())
                by = result["partitioner"] + (", random-like" if result["random_like"] else "")
                print(f"| {net} | {seed} | {ids} | {result['packets_per_step']:,} | {result['hops_per_step']:,} "
                      f"| {result['max_link_load']:,} | {result['cores']} | {cpu:.1f} "
                      f"| {result['peak_rss_bytes'] / 1e6:.0f} | {by} |", flush=True)
