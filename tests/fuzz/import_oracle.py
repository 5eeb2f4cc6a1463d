#!/usr/bin/env python3
"""Damages NIR, netx and SONATA files and imports them: what comes out is what a plain h5py reads, or a located error.

    import_oracle.py SEAMOUNT [--rounds 300] [--seed 1] [--keep FOLDER]

A run ends with 0 and a network whose populations, sizes, parameters and weights follow from the file by the rules of its format, or
with 2 and errors that each name the file and a place in it: no signal, no sanitizer's report, no internal error. Inputs that break
this are kept in FOLDER, and the exit code is 1.
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
    import yaml

    import import_seeds
    from damage import damage
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)

TIME_S = 60
STATEFUL = {"I", "IF", "LI", "LIF", "CubaLI", "CubaLIF", "Threshold"}
WEIGHTED = {"Linear", "Affine", "Conv2d"}
ERROR = re.compile(r"^(\S*\.(?:nir|net|h5|json|csv))\S*: error: .+ \[IMP-[A-Z0-9-]+\]$")


class Disagreement(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Disagreement(what)


def size_of(entry):
    return int(entry["size"]) if "size" in entry else int(np.prod(entry["shape"]))


def text(value):
    value = value[()] if isinstance(value, h5py.Dataset) else value
    value = np.asarray(value).ravel()[0] if not isinstance(value, (bytes, str)) else value
    return value.decode() if isinstance(value, bytes) else str(value)


def member(group, key):
    """None if there is none; `in` asks more of a damaged file than what is read of it."""
    try:
        return group[key]
    except KeyError:
        return None


def arrays_of(net):
    path = net.with_suffix(".npz")
    return dict(np.load(path)) if path.exists() else {}


def like(stored, real, what):
    """Whether whole numbers are the real ones times a positive factor, rounded: by steps of 2, one of which may make up for others."""
    stored, real = np.asarray(stored, float), np.asarray(real, float)
    if not real.any():
        return expect(not stored.any(), f"{what}: weights where there are none")
    factor = (stored @ real) / (real @ real)
    expect(np.abs(stored).max() < 8 or factor > 0, f"{what}: the sign of weights")
    return expect(np.abs(stored - factor * real).max() < 4.5, f"{what}: {stored} is not {real} in proportion")


def nir_nodes(group, graph="", prefix=""):
    """Name to (class, HDF5 group) and edges of a graph and those in it, by the rules of NIR files."""
    nodes, edges = {}, []
    for name, child in group.items():
        if not isinstance(child, h5py.Group):
            continue
        path = prefix + name
        if "type" not in child:
            more, inner = nir_nodes(child, graph, path + "/")
            nodes.update(more)
            edges += inner
            continue
        kind = text(child["type"])
        nodes[graph + path] = (kind, child)
        if kind == "NIRGraph":
            more, inner = nir_graph(child, graph + path + ".")
            nodes.update(more)
            edges += inner
    return nodes, edges


def nir_graph(group, graph):
    nodes, edges = nir_nodes(group["nodes"], graph)
    if "edges" in group and group["edges"].size:
        edges += [(graph + text(a), graph + text(b)) for a, b in group["edges"][()]]
    return nodes, edges


def open_graphs(nodes, edges):
    """Edges with the one Input and Output of each inner graph in place of the graph."""
    def port(name, kind):
        while nodes.get(name, ("",))[0] == "NIRGraph":
            found = [n for n, (k, _) in nodes.items() if k == kind and n.startswith(name + ".") and "." not in n[len(name) + 1:]]
            expect(len(found) == 1, f"graph {name} without one {kind} was imported")
            name = found[0]
        return name
    return [(port(a, "Output"), port(b, "Input")) for a, b in edges]


def one_weight(nodes, edges, begin, end):
    """The weights of the only way between two nodes, if there is one and it has one node with weights; else None."""
    found = []

    def walk(at, way):
        for a, b in edges:
            if a != at or b in way:
                continue
            if b == end:
                found.append(way)
            elif nodes[b][0] not in STATEFUL and len(way) < 12:
                walk(b, way + [b])
    walk(begin, [])
    if len(found) != 1 or any(nodes[n][0] not in WEIGHTED | {"Flatten", "Input", "Output"} for n in found[0]):
        return None
    weighted = [n for n in found[0] if nodes[n][0] in WEIGHTED]
    return nodes[weighted[0]][1]["weight"][()] if len(weighted) == 1 else None


def seamount_name(name):
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return name if name[:1].isalpha() else "n" + name


def check_nir(source, net, arrays, said):
    with h5py.File(source) as file:
        root = file["node"]
        if text(root["type"]) == "NIRGraph":
            nodes, edges = nir_graph(root, "")
        else:
            return
        edges = open_graphs(nodes, edges)
        names = {seamount_name(n): n for n, (kind, _) in nodes.items() if kind in STATEFUL | {"Input"}}
        populations = net["populations"]
        for name, population in populations.items():
            expect(name in names and nodes[names[name]][0] in STATEFUL, f"population {name} is no node")
            for key, field in nodes[names[name]][1].items():
                if isinstance(field, h5py.Dataset) and key != "type" and field.size > 1:
                    expect(field.size == size_of(population), f"size of {name}, {key}")
        for name, node in names.items():
            if nodes[node][0] in STATEFUL:
                expect(name in populations or node in said, f"node {node} was dropped without a note")
        for projection in net.get("projections", []):
            begin, end = (names.get(projection[key]) for key in ("from", "to"))
            rule = projection["rule"]
            key = {"all_to_all": "weights", "conv2d": "kernel"}.get(rule)
            weights = one_weight(nodes, edges, begin, end) if begin and end and key else None
            if weights is None or not isinstance(projection[key], dict):
                continue
            stored = arrays[projection[key]["array"]]
            expect(stored.size == weights.size, f"shape of the weights {begin} -> {end}")
            weights = np.asarray(weights, float).reshape(stored.shape)
            gain = np.ones(size_of(populations[projection["to"]]))
            for key in ("r", "w_in"):
                if key in nodes[end][1]:
                    gain = gain * np.asarray(nodes[end][1][key][()], float).ravel()
            gain = gain.reshape(len(stored), -1)[:, 0]  # of the neurons of a row, or of a channel
            weights *= gain.reshape(-1, *[1] * (weights.ndim - 1))
            for row, (a, b) in enumerate(zip(stored, weights)):
                like(a.ravel(), b.ravel(), f"{begin} -> {end}, row {row}")


def check_netx(source, net, arrays, said):
    with h5py.File(source) as file:
        layers = file["layer"]
        populations = net["populations"]
        neurons = {}
        for number in sorted(map(int, layers)):
            layer = layers[str(number)]
            kind = text(layer["type"])
            if kind in ("dense", "conv", "dense_rec", "recurrent", "pool") or (kind == "input" and "neuron" in layer):
                neurons[f"l{number}"] = layer
        expect(set(neurons) == set(populations), f"layers {sorted(neurons)} became populations {sorted(populations)}")
        for name, layer in neurons.items():
            expect(size_of(populations[name]) == int(np.prod(layer["shape"][()])), f"size of {name}")
            for key, field, more in (("du", "iDecay", -1), ("dv", "vDecay", 0), ("vth", "vThMant", 0)):
                if f"neuron/{field}" in layer and populations[name]["neuron"] == "lif":
                    wanted = min(int(np.ravel(layer[f"neuron/{field}"][()])[0]) + more, 131071)
                    expect(populations[name]["params"][key] == max(wanted, 0), f"{name}.{key}")
            for key in ("weight", "weight_rec"):
                stored = arrays.get(f"{name}_{key}")
                if stored is None or key not in layer or layer.get("type")[()][0] == b"pool":
                    continue
                expect(np.array_equal(stored.ravel(), layer[key][()].ravel()), f"{name}.{key}")


def check_sonata(source, net, arrays, said):
    folder = source.parent
    sizes = {}
    for name in ("ext", "cells"):
        with h5py.File(folder / f"{name}_nodes.h5") as file:
            sizes[name] = file[f"nodes/{name}/node_type_id"].size
    expect(size_of(net["inputs"]["ext"]) == sizes["ext"], "size of ext")
    expect(size_of(net["populations"]["cells"]) == sizes["cells"], "size of cells")
    factor = None
    parts = {}  # a projection may be two: large weights, and what they leave
    for projection in net.get("projections", []):
        parts.setdefault(projection["from"], []).append(projection)
    for begin, projections in parts.items():
        with h5py.File(folder / f"{begin}_to_cells_edges.h5") as file:
            (group,) = file["edges"].values()
            real = np.zeros((sizes[begin], sizes["cells"]))
            row = member(group, "edge_group_index")
            row = np.zeros(group["source_node_id"].size, int) if row is None else row[()].astype(int)
            nsyns = member(group, "0/nsyns")
            counts = np.ones(row.size) if nsyns is None else nsyns[()].astype(float)[row]
            ids = {}
            for key, of in (("source", begin), ("target", "cells")):
                with h5py.File(folder / f"{of}_nodes.h5") as nodes:
                    known = member(nodes, f"nodes/{of}/node_id")
                    known = np.arange(sizes[of]) if known is None else known[()].astype(int)
                place = {int(one): index for index, one in enumerate(np.sort(known) if of == "cells" else known)}
                ids[key] = [place[int(one)] for one in group[f"{key}_node_id"][()]]
            np.add.at(real, (ids["source"], ids["target"]), .25 * counts)
        stored = np.zeros_like(real)
        for projection in projections:
            table = arrays[projection["edges"]["array"]]
            np.add.at(stored, (table[:, 0], table[:, 1]), table[:, 2] * 2.0 ** projection.get("exponent", 0))
        factor = factor or stored.max() / real.max()
        unit = 2.0 ** min(projection.get("exponent", 0) for projection in projections)
        expect(np.abs(stored - factor * real).max() <= 2 * unit * max(1, real.max() / .25), f"weights from {begin}")


CHECKS = {"nir_recurrent": check_nir, "nir_nested": check_nir, "netx": check_netx, "sonata": check_sonata}


# --- rounds ---------------------------------------------------------------------------------------------------------------------

def judge(seamount, seed, source, options, folder):
    """What is wrong with an import, or None; and whether it was one."""
    net = folder / "net.yaml"
    try:
        run = subprocess.run([seamount, "import", source, "-o", net, *options], capture_output=True, text=True, errors="replace",
                             timeout=TIME_S)
    except subprocess.TimeoutExpired:
        return f"no end within {TIME_S} s", False
    if run.returncode not in (0, 2) or "Sanitizer" in run.stderr or "runtime error" in run.stderr:
        return f"exit code {run.returncode}\n{run.stderr[:2000]}", False
    if run.returncode == 2:
        errors = [line for line in run.stderr.splitlines() if ": error: " in line]
        strange = [line for line in errors if not ERROR.match(line)]
        return ("no located error: " + (strange[0] if strange else run.stderr[:500]) if strange or not errors else None), False
    try:
        CHECKS[seed](source, yaml.safe_load(net.read_text()), arrays_of(net), run.stdout + run.stderr)
    except Disagreement as what:
        return f"disagrees: {what}", True
    except Exception as what:  # pylint: disable=broad-except; whatever h5py finds, Seamount must not have taken it
        return f"imported, but the oracle cannot read it: {type(what).__name__}: {what}", True
    run = subprocess.run([seamount, "compile", net, "-o", folder / "net.smi", "-q"], capture_output=True, text=True, errors="replace")
    return (f"imported, but does not compile\n{run.stderr[:2000]}" if run.returncode else None), True


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("seamount")
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=pathlib.Path)
    given = arguments.parse_args()
    imported, faults = 0, 0
    for number in range(given.rounds):
        rng = random.Random(f"{given.seed} {number}")
        seed = import_seeds.SEEDS[number % len(import_seeds.SEEDS)]
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            source, options, files = seed(folder, np.random.default_rng(number % 7))
            intact = number < len(import_seeds.SEEDS)
            if not intact:
                damage(files, rng)
            wrong, was_import = judge(given.seamount, seed.__name__, source, options, folder)
            imported += was_import
            if intact and not wrong and not was_import:
                wrong = "an intact file was refused"
            if wrong:
                faults += 1
                print(f"round {number} ({seed.__name__}): {wrong}", flush=True)
                if given.keep:
                    shutil.copytree(folder, given.keep / f"{given.seed}_{number}", dirs_exist_ok=True)
    print(f"{given.rounds} files: {imported} imported, {given.rounds - imported} refused, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
