#!/usr/bin/env python3
"""How sparse an odour is in the mushroom body of a fly larva, with and without its inhibitory neuron APL: larva.py FOLDER
[--odours N] [--shuffles N]. FOLDER holds larva_edges.csv.gz and larva_nodes.csv.gz. Needs the Python package and numpy."""
import argparse
import csv
import gzip
import pathlib
import re
import sys

import numpy as np
import seamount

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from outcome import Table  # noqa: E402

STEPS = 100                                                   # ms
INHIBITORY = ("APL", "bLN", "cLN", "pLN", "keystone")         # GABA, glutamate: Berck 2016, Masuyama 2012
EXCITE, INHIBIT, APL = 2, 2, 30                               # weight of a synapse


def brain(folder):
    """Class of each neuron, and edges: source, target, synapses."""
    with gzip.open(folder / "larva_nodes.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    place = {int(row[""]): index for index, row in enumerate(rows)}
    with gzip.open(folder / "larva_edges.csv.gz", "rt") as file:
        edges = [re.split("[ ,]+", line.strip()) for line in file]
    edges = np.array([(place[int(a)], place[int(b)], int(float(count))) for a, b, count in edges])
    classes = np.array([row["class1"] for row in rows])
    source, target = classes[edges[:, 0]], classes[edges[:, 1]]
    fast = ((source != "KC") | (target != "KC")) & (source != "MBIN")     # neither from axon to axon, nor dopamine and octopamine
    return classes, np.array([row["merge_class"] for row in rows]), edges[fast & (edges[:, 0] != edges[:, 1])]


def shuffled(edges, seed):
    """The same numbers of inputs and outputs of each neuron, other partners: ends are exchanged, ten times each."""
    random = np.random.default_rng(seed)
    source, target = edges[:, 0].copy(), edges[:, 1].copy()
    there = set(zip(source.tolist(), target.tolist()))
    for a, b in random.integers(0, len(edges), (10 * len(edges), 2)).tolist():
        s, t, u, v = int(source[a]), int(target[a]), int(source[b]), int(target[b])
        if s == v or u == t or (s, v) in there or (u, t) in there:
            continue
        there -= {(s, t), (u, v)}
        there |= {(s, v), (u, t)}
        target[a], target[b] = v, t
    return np.stack([source, target, edges[:, 2]], 1)


def simulation(classes, edges, seed, apl):
    net = seamount.Network("larva", seed=1)
    neurons = net.population("neurons", "lif", size=len(classes), params={"du": 2048, "dv": 400, "vth": 200})
    odour = net.input("odour", size=len(classes))
    net.connect(odour, neurons, 255, rule="one_to_one", name="odour")
    source = classes[edges[:, 0]]
    inhibits, from_apl = np.isin(source, INHIBITORY), source == "APL"
    for name, of, gain in (("excite", ~inhibits, EXCITE), ("inhibit", inhibits & ~from_apl, -INHIBIT), ("apl", from_apl, -APL)):
        if name == "apl" and not apl:
            continue
        some = edges[of].copy()
        some[:, 2] = np.clip(some[:, 2] * gain, -255, 255)
        net.connect(neurons, neurons, rule="list", edges=some, name=name)
    return seamount.Simulation(net.compile("loihi1"), seed=seed, untimed=True, record=("spikes",))


def kenyon(classes, merged, edges, odours, apl):
    """Shares of the Kenyon cells and of all neurons that an odour makes spike; an odour is half of the receptor neurons."""
    receptors, cells = np.flatnonzero(merged == "sens-ORN"), np.flatnonzero(classes == "KC")
    run = simulation(classes, edges, 1, apl)
    found = []
    start = run.snapshot()
    for odour in range(odours):
        run.restore(start)
        random = np.random.default_rng(odour)
        smelling = random.permutation(receptors)[:len(receptors) // 2]
        for _ in range(STEPS):
            run.inject("odour", smelling[random.random(len(smelling)) < 0.3])
            run.run(1)
        spikes = run.spikes["neurons"].neuron
        found.append((np.isin(cells, spikes).mean(), len(np.unique(spikes)) / len(classes)))
    return np.mean(found, 0)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--odours", type=int, default=10)
    options.add_argument("--shuffles", type=int, default=5)
    chosen = options.parse_args()
    classes, merged, edges = brain(chosen.folder)
    table = Table("connections", "Kenyon cells that spike", "without APL", "ratio", "of all neurons")
    for number in range(chosen.shuffles + 1):
        these = edges if number == 0 else shuffled(edges, number)
        (share, every), (alone, _) = (kenyon(classes, merged, these, chosen.odours, apl) for apl in (True, False))
        ratio = alone / share
        table.add("of the larva" if number == 0 else f"shuffled {number}", f"{share:.1%}", f"{alone:.1%}", f"{ratio:.2f}", f"{every:.0%}")
        if number == 0:
            table.check(share <= 0.25 and ratio >= 2, "APL keeps odours sparse")
        else:
            table.check(share >= 0.5 and 0.9 <= ratio <= 1.1, "in shuffled connections it does not")
    table.end()


if __name__ == "__main__":
    main()
