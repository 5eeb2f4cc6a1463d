#!/usr/bin/env python3
"""What the product does per second on fixed networks, each figure beside what the machine allows in the same run.

    suite.py BUILD [--json FILE] [--compare OLD.json] [--only NAME,...] [--pairs 9] [--short] [--data FOLDER]

BUILD is a build tree with `seamount`, `bench_limit` and `bench_mesh` (tools/bench.sh makes it). Each row is a network and a way to run it.
CPU milliseconds per step are the difference of two runs of different length, divided by the steps between them; pairs of runs, of the
product and then of its limit, are interleaved, and the median over the pairs is shown with the spread of the middle half. `limit` is the
hand-written loop (bench_limit.cpp) on the same neurons, synapses and instruction set, where there is one. `--short` takes three pairs.
`--compare` shows what moved by more than the spread of both runs, and ends with 1 if something got slower.
Needs numpy. The networks are made in FOLDER (default: BUILD/bench-data), about 200 MB.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import resource
import statistics
import subprocess
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
NETWORKS = ROOT / "configs" / "networks"

RANDOM_SPARSE = """network: {name}
populations:
  neurons:
    neuron: loihi1_cuba
    size: {{file: {prefix}.neurons.csv}}
    params: {{decay_u: 1024, decay_v: {decay_v}, vth: 1000, bias: {bias}, bias_exp: {bias_exp}}}
    mapping: {{fixed: {{file: {prefix}.neurons.csv, column: core}}}}
projections:
  - {{from: neurons, to: neurons, rule: list, edges: {{file: {prefix}.edges.npy}}, weights: {{column: weight}}, scale: 2, exponent: -1,
     sign: mixed}}
"""
STDP = """network: stdp1k
inputs:
  src: {size: 1024, poisson: 0.02}
populations:
  post: {neuron: loihi1_cuba, size: 1024, params: {decay_u: 4096, decay_v: 256, vth: 2500}}
projections:
  - {from: src, to: post, name: p, rule: all_to_all, weights: 20, sign: mixed, learning: stdp}
learning:
  rules:
    stdp: {dw: 2^-2*x1*y0 - 2^-2*y1*x0, epoch: 4, x1: {impulse: 16, tau: 10}, y1: {impulse: 16, tau: 10}}
"""
SINGLE = """network: single
populations:
  neurons:
    neuron: loihi1_cuba
    size: {cores}
    params: {{decay_u: 0, decay_v: 0, vth: 100000, bias: 1, bias_exp: 0}}
    mapping: {{fixed: {{values: [{places}]}}}}
"""
TILES_64 = """extends: {root}/configs/chips/loihi1.yaml
chip: tiles64
sources: {{hypothetical: "a mesh of 64 x 64 tiles, for benchmarks"}}
topology:
  width: {{value: 64, source: hypothetical, grade: assumed}}
  height: {{value: 64, source: hypothetical, grade: assumed}}
  cores_per_tile: {{value: 1, source: hypothetical, grade: assumed}}
"""


def edges_and_neurons(prefix, cores, per_core, fan_cores, fan, columns):
    """Each neuron projects to `fan` neurons in each of `fan_cores` cores; `columns` are those of the CSV beside id and core."""
    if pathlib.Path(f"{prefix}.neurons.csv").exists():
        return
    random = np.random.default_rng(1)
    count = cores * per_core
    core = np.argsort(random.random((count, cores)), axis=1)[:, :fan_cores]
    inside = np.argsort(random.random((count, fan_cores, min(per_core, 64))), axis=2)[:, :, :fan]
    inside = inside * (per_core // min(per_core, 64)) + random.integers(0, max(per_core // 64, 1), (count, 1, fan))
    target = (core[:, :, None] * per_core + inside).reshape(-1)
    weight = random.integers(1, 9, target.size) * np.where(random.random(target.size) < 0.5, -1, 1)
    source = np.repeat(np.arange(count), fan_cores * fan)
    np.save(f"{prefix}.edges.npy", np.stack([source, target, weight], axis=1).astype(np.int32))
    values = {name: make(random, count) for name, make in columns.items()}
    with open(f"{prefix}.neurons.csv", "w", encoding="ascii") as out:
        out.write(",".join(["id", "core", *values]) + "\n")
        for i in range(count):
            out.write(",".join(str(int(v)) for v in (i, i // per_core, *(column[i] for column in values.values()))) + "\n")


def make_networks(folder):
    """name -> (network or image, further options of compile, the loop's arguments or None)."""
    folder.mkdir(parents=True, exist_ok=True)
    dense = {"bias": lambda r, n: r.integers(0, 251, n), "threshold": lambda r, n: np.full(n, 1000)}
    quiet = {"b1": lambda r, n: 400 + r.random(n) * 240,
             "b01": lambda r, n: np.where(np.arange(n) % 12 == 0, 505 + r.random(n) * 60, 200), "b0": lambda r, n: np.zeros(n)}
    edges_and_neurons(folder / "r16", 16, 256, 4, 8, dense)
    edges_and_neurons(folder / "r128", 128, 1024, 4, 8, dense)
    edges_and_neurons(folder / "sparse", 128, 1024, 3, 16, quiet)
    wide = ["--chip", str(ROOT / "configs/chips/loihi1_wide.yaml")]

    def text(name, content):
        (folder / f"{name}.yaml").write_text(content, encoding="ascii")
        return folder / f"{name}.yaml"

    def loop(prefix, bias, exponent, threshold, decay_u, decay_v):
        return [f"{folder / prefix}.edges.npy", f"{folder / prefix}.neurons.csv", bias, exponent, threshold, decay_u, decay_v]

    networks = {}
    for name, prefix in (("16x256", "r16"), ("128x1024", "r128")):
        networks[name] = (NETWORKS / "random.yaml", [*wide, "--set", f"prefix={folder / prefix}"],
                          loop(prefix, "bias", 6, "threshold", 4096, 0))
    for name, column in (("sparse 1 %", "b1"), ("sparse 0.1 %", "b01"), ("idle", "b0")):
        content = RANDOM_SPARSE.format(name="sparse", prefix=folder / "sparse", decay_v=128, bias_exp=2,
                                       bias=f"{{file: {folder / 'sparse'}.neurons.csv, column: {column}}}")
        networks[name] = (text(f"sparse_{column}", content), wide, loop("sparse", column, 2, 1000, 1024, 128))
    content = RANDOM_SPARSE.format(name="moving", prefix=folder / "sparse", decay_v=0, bias=1, bias_exp=0)
    networks["every v moves"] = (text("moving", content), wide, loop("sparse", 1, 0, 1000, 1024, 0))
    tiles = ["--chip", str(text("tiles64", TILES_64.format(root=ROOT)))]
    for name, cores in (("one neuron on 4,096 tiles", 1), ("128 cores of one neuron", 128), ("4,096 cores of one neuron", 4096)):
        networks[name] = (text(f"single{cores}", SINGLE.format(cores=cores, places=", ".join(map(str, range(cores))))), tiles, None)
    networks["digits"] = (NETWORKS / "digits.yaml", [], None)
    networks["conv"] = (NETWORKS / "conv_digits.yaml", [], None)
    networks["stdp 1,024 x 1,024"] = (text("stdp1k", STDP), [], None)
    return networks


PACKET, IDEAL, FLIT, UNTIMED = ["--mesh", "packet"], ["--mesh", "ideal"], ["--mesh", "flit"], ["--untimed"]
# Network, how it runs, steps of the shorter and of the longer run.
ROWS = [
    ("16x256", UNTIMED, 100, 3100), ("16x256", PACKET, 100, 1100),
    ("128x1024", UNTIMED, 20, 120), ("128x1024", PACKET, 20, 70), ("128x1024", IDEAL, 20, 70), ("128x1024", FLIT, 5, 15),
    ("128x1024", [*PACKET, "--threads", "2"], 20, 70),
    ("sparse 1 %", UNTIMED, 300, 1300), ("sparse 1 %", PACKET, 300, 1300), ("sparse 0.1 %", UNTIMED, 300, 1300), ("sparse 0.1 %", PACKET, 300, 1300),
    ("idle", UNTIMED, 50, 10050), ("idle", PACKET, 50, 10050), ("every v moves", UNTIMED, 50, 1050), ("every v moves", PACKET, 50, 1050),
    ("one neuron on 4,096 tiles", PACKET, 1000, 51000), ("128 cores of one neuron", UNTIMED, 1000, 21000),
    ("128 cores of one neuron", PACKET, 1000, 21000), ("4,096 cores of one neuron", PACKET, 50, 550),
    ("digits", PACKET, 100, 1600), ("conv", PACKET, 20, 220), ("stdp 1,024 x 1,024", UNTIMED, 20, 220),
    ("stdp 1,024 x 1,024", PACKET, 20, 220),
]


def cpu_seconds(command):
    """CPU seconds that a command took, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def spread(values):
    """Median, and half the width of the middle half."""
    if len(values) < 2:
        return values[0], 0.0
    low, middle, high = statistics.quantiles(values, n=4)
    return middle, (high - low) / 2


class Suite:
    def __init__(self, build, folder, pairs):
        self.seamount = build / "tools" / "seamount"
        self.limit = build / "tests" / "bench" / "bench_limit"
        self.mesh = build / "tests" / "bench" / "bench_mesh"
        self.folder, self.pairs = folder, pairs
        self.images = {}

    def image(self, name, network, options):
        """Compiles the network once; says what that took."""
        if name not in self.images:
            path = self.folder / (re.sub(r"\W+", "_", name) + ".smi")
            report = self.folder / "report.json"
            cpu_seconds([self.seamount, "compile", network, *options, "-o", path, "--report", report])
            facts = json.loads(report.read_text(encoding="utf-8"))
            self.images[name] = (path, {"synapses": facts["synapses"], "compile_s": facts["compile_s"],
                                        "bytes_per_synapse": path.stat().st_size / max(facts["synapses"], 1)})
        return self.images[name]

    def measure(self, name, network, how, first, last):
        path, facts = self.image(name, *network[:2])
        chip = network[1][:2] if network[1][:1] == ["--chip"] else []
        summary = self.folder / "summary.json"

        def product(steps):
            seconds, _ = cpu_seconds([self.seamount, "run", path, *chip, "--steps", steps, *how, "-q", "--json", summary])
            return seconds, json.loads(summary.read_text(encoding="utf-8"))

        def loop(steps):
            seconds, out = cpu_seconds([self.limit, "loop", *network[2], steps])
            return json.loads(out)["cpu_s"], json.loads(out)

        times, limits, ratios, walls = [], [], [], []
        steps = last - first
        for _ in range(self.pairs):
            short, before = product(first)
            long, after = product(last)
            times.append(1e3 * (long - short) / steps)
            walls.append(1e3 * (after["wall_s"]["run"] - before["wall_s"]["run"]) / steps)
            if network[2] is None:
                continue
            short, _ = loop(first)
            long, counted = loop(last)
            if (counted["spikes"], counted["events"]) != (after["spikes"], after["synaptic_events"]):
                sys.exit(f"{name}: the loop has {counted}, the product {after['spikes']} spikes, {after['synaptic_events']} events")
            limits.append(1e3 * (long - short) / steps)
            ratios.append(times[-1] / limits[-1])
        ms, noise = spread(times)
        per_second = 1e3 / max(ms, 1e-6)  # what takes less than a nanosecond was not measured
        rates = {key: per_second * (after[key] - before[key]) / steps
                 for key in ("neuron_updates", "synaptic_events", "packets", "hops") if key in after}
        if "learning" in after:
            rates["synapse_updates"] = per_second * (after["learning"]["synapse_updates"] - before["learning"]["synapse_updates"]) / steps
        row = {"network": name, "how": " ".join(how).replace("--", ""), "ms_per_step": ms, "noise_ms": noise, "steps_per_s": per_second,
               "wall_ms_per_step": statistics.median(walls), "per_s": rates, **facts}
        if limits:
            row.update(limit_ms_per_step=statistics.median(limits), ratio=statistics.median(ratios))
        return row


def shown(row):
    ratio = f"{row['limit_ms_per_step']:9.4f} {row['ratio']:7.2f}x" if "ratio" in row else " " * 18
    rates = row["per_s"]
    millions = " ".join(f"{rates.get(key, 0) / 1e6:9.1f}" if rates.get(key) else " " * 9
                        for key in ("neuron_updates", "synaptic_events", "packets", "hops", "synapse_updates"))
    return f"{row['network']:<27}{row['how']:<24}{row['ms_per_step']:9.4f} ±{row['noise_ms']:7.4f} {ratio} {millions}"


def moved(new, old):
    """Rows whose time moved by more than twice the spread of both, and by a twentieth."""
    before = {(row["network"], row["how"]): row for row in old["rows"]}
    for row in new["rows"]:
        was = before.get((row["network"], row["how"]))
        if was is None:
            continue
        # Beside a limit, what counts is the ratio: the machine may be another one today.
        key = "ratio" if "ratio" in row and "ratio" in was else "ms_per_step"
        noise = 2 * (row["noise_ms"] / max(row["ms_per_step"], 1e-9) + was["noise_ms"] / max(was["ms_per_step"], 1e-9))
        change = row[key] / was[key] - 1 if was[key] > 0 else 0.0
        if abs(change) > max(noise, 0.05):
            yield row, key, was[key], change


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--compare", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--data", type=pathlib.Path)
    given = parser.parse_args()
    old = json.loads(given.compare.read_text(encoding="utf-8")) if given.compare else None
    folder = (given.data or given.build / "bench-data").resolve()
    networks = make_networks(folder)
    suite = Suite(given.build, folder, 3 if given.short else given.pairs)
    memory = json.loads(cpu_seconds([suite.limit, "memory"])[1])
    result = {"machine": platform.processor() or platform.machine(), "cpus": os.cpu_count(), "load": os.getloadavg()[0],
              "pairs": suite.pairs, "limits": memory, "rows": []}
    print(f"memory: {memory['stream_bytes_per_s'] / 1e9:.1f} GB/s streamed, {memory['random_lines_per_s'] / 1e6:.0f} M random lines/s; "
          f"load {result['load']:.1f}")
    print(f"{'network':<27}{'':<24}{'CPU ms/step':>18} {'loop':>9} {'ratio':>8} {'M/s: updates':>12} {'events':>6} {'packets':>9} {'hops':>9} {'learned':>9}")
    for name, how, first, last in ROWS:
        if given.only and not any(part in name for part in given.only.split(",")):
            continue
        row = suite.measure(name, networks[name], how, first, last)
        result["rows"].append(row)
        print(shown(row), flush=True)
    if not given.only and suite.mesh.exists():
        result["mesh"] = cpu_seconds([suite.mesh])[1].splitlines()
        print("\n".join(result["mesh"]))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    slower = False
    for row, key, was, change in moved(result, old) if old else ():
        print(f"moved: {row['network']} {row['how']}: {key} {was:.4g} -> {row[key]:.4g} ({change:+.0%})")
        slower = slower or change > 0
    print(f"{len(result['rows'])} rows" + (", something got slower" if slower else ""))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
