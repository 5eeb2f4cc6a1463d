"""Networks built in code. What they become is a network file as a user could have written it (compiler/NETWORK.md), so all
that a file can say can be said here: keyword arguments go into its entries as they are."""
from __future__ import annotations

import json
import os
import tempfile
from typing import Optional

import numpy as np

from . import simulation

__all__ = ["Network", "Population", "Input", "Projection"]


class _Named:
    def __init__(self, network: "Network", name: str, size: Optional[int]):
        self.network, self.name, self.size = network, name, size

    def __repr__(self):
        return f"<{type(self).__name__} {self.name}{'' if self.size is None else f': {self.size}'}>"


class Population(_Named):
    """A population of a Network: name and size."""


class Input(_Named):
    """A host input of a Network."""


class Projection(_Named):
    """A projection of a Network; size: synapses, if they are known."""


def _name_of(thing) -> str:
    return thing.name if isinstance(thing, _Named) else str(thing)


def _extent(size, shape, what):
    if (size is None) == (shape is None):
        raise ValueError(f"{what}: give size or shape")
    if shape is not None:
        return {"shape": [int(n) for n in shape]}, int(np.prod([int(n) for n in shape]))
    return {"size": int(size)}, int(size)


class Network:
    """A network.

    >>> net = Network("ring", seed=1)
    >>> eye = net.input("eye", size=10)
    >>> hidden = net.population("hidden", "loihi1_cuba", size=100, params={"vth": 100, "decay_v": 256})
    >>> net.connect(eye, hidden, weights=np.random.randint(0, 50, (100, 10)))
    >>> net.probe(hidden, "v", neurons=[0, 5])
    >>> image = net.compile("loihi1")
    """

    def __init__(self, name: str = "network", seed: int = 1):
        self.name, self.seed = name, seed
        self._path, self._set = None, {}
        self._sections = {"populations": {}, "inputs": {}, "projections": [], "probes": []}
        self._learning = {"rules": {}, "rewards": {}}
        self._readout = None
        self._arrays = {}

    @classmethod
    def load(cls, path, **set) -> "Network":  # noqa: A002
        """The network of a file, to be compiled; `set` are values for its variables. It cannot be added to."""
        network = cls(os.path.splitext(os.path.basename(os.fspath(path)))[0])
        network._path, network._set = os.fspath(path), set
        return network

    def _editable(self):
        if self._path is not None:
            raise ValueError(f"the network is that of the file {self._path}: edit the file")

    def _array(self, hint: str, values, dtype=None) -> dict:
        """Keeps an array for the file beside the network, and names it there."""
        values = np.asarray(values)
        if dtype is not None:
            values = values.astype(dtype)
        clean = "".join(c if c.isalnum() or c in "-_" else "_" for c in hint)
        file, number = f"{clean}.npy", 1
        while file in self._arrays:
            number += 1
            file = f"{clean}_{number}.npy"
        self._arrays[file] = np.ascontiguousarray(values)
        return {"file": "${folder}/" + file}

    def _value(self, hint: str, value):
        """A value of an entry: an array becomes a file, numpy scalars become numbers."""
        if isinstance(value, np.ndarray) and value.ndim > 0:
            return self._array(hint, value)
        if isinstance(value, (list, tuple)) and value and all(isinstance(v, (int, float, np.number)) for v in value):
            return self._array(hint, value)
        return value.item() if isinstance(value, (np.generic, np.ndarray)) else value

    def population(self, name: str, neuron: str, size: Optional[int] = None, *, shape=None, params: Optional[dict] = None,
                   **options) -> Population:
        """Neurons of one program: a name of the library ("loihi1_cuba", "lif", ...) or a path ending in .asm. params: its
        arguments, each a number or one value per neuron."""
        self._editable()
        entry, count = _extent(size, shape, f"population '{name}'")
        entry = {"neuron": str(neuron), **entry, **options}
        if str(neuron).endswith(".asm"):
            entry["neuron"] = os.path.abspath(neuron)
        if params:
            entry["params"] = {key: self._value(f"{name}.{key}", value) for key, value in params.items()}
        if name in self._sections["populations"] or name in self._sections["inputs"]:
            raise ValueError(f"there is a '{name}' already")
        self._sections["populations"][name] = entry
        return Population(self, name, count)

    def input(self, name: str, size: Optional[int] = None, *, shape=None, spikes=None, rate=None, poisson=None, dataset=None,
              **options) -> Input:
        """Sources outside the chip. Without anything that drives it, spikes come from Simulation.inject. spikes: whole numbers
        (n, 2) of [step, index] or (n, 3) with a payload. rate, poisson: spikes per step, 0..1, one number or one per source.
        dataset: {"samples": array (S, size), "labels": array (S,), "max": ..., "steps": ..., "encode": ...}."""
        self._editable()
        given = {"spikes": spikes, "rate": rate, "poisson": poisson, "dataset": dataset}
        given = {key: value for key, value in given.items() if value is not None}
        if len(given) > 1:
            raise ValueError(f"input '{name}' is driven by {' and '.join(given)}")
        entry, count = _extent(size, shape, f"input '{name}'")
        entry.update(options)
        if not given or (spikes is not None and len(spikes) == 0):
            entry["live"] = True
        elif dataset is not None:
            entry["dataset"] = {key: self._value(f"{name}.{key}", value) for key, value in dataset.items()}
        else:
            key, value = next(iter(given.items()))
            entry[key] = self._array(f"{name}.spikes", value, np.int64) if key == "spikes" else self._value(name, value)
        if name in self._sections["populations"] or name in self._sections["inputs"]:
            raise ValueError(f"there is a '{name}' already")
        self._sections["inputs"][name] = entry
        return Input(self, name, count)

    def connect(self, source, target, weights=None, *, delay=None, rule: Optional[str] = None, name: Optional[str] = None,
                learning: Optional[str] = None, tied=None, **options) -> Projection:
        """Joins an input or a population to a population.

        weights: a number; an array (targets, sources), all pairs; a scipy.sparse matrix (targets, sources), its entries only;
        with rule="one_to_one" an array (neurons,); or what the file takes ({"uniform": [lo, hi]}, {"formula": ...}).
        delay: steps, a number or an array like the weights. rule: all_to_all (default), one_to_one, fixed_probability,
        fixed_fan_out, distance, conv2d, sum_pool; options as in the file: exponent, bits, sign, accumulator, graded, ...
        tied: a projection that learns, from target to source: this one has its connections and weights, turned around."""
        self._editable()
        source_name, target_name = _name_of(source), _name_of(target)
        label = name or f"{source_name}->{target_name}"
        entry = {"from": source_name, "to": target_name, "name": label}
        count = None
        if hasattr(weights, "tocoo"):
            if rule not in (None, "list"):
                raise ValueError(f"'{label}': sparse weights are a list of synapses, not {rule}")
            sparse = weights.tocoo()
            if not sparse.nnz:
                raise ValueError(f"'{label}': no weight is set")
            count = int(sparse.nnz)
            edges = np.stack([sparse.col, sparse.row], axis=1).astype(np.int64)
            entry.update(rule="list", edges=self._array(f"{label}.edges", edges),
                         weights=self._array(f"{label}.weights", sparse.data))
        else:
            if rule is not None or tied is None:
                entry["rule"] = rule or "all_to_all"
            if weights is not None:
                entry["weights"] = self._value(f"{label}.weights", weights)
        if delay is not None:
            if hasattr(delay, "tocoo"):
                delay = np.asarray(delay.tocsr()[sparse.row, sparse.col]).ravel()
            entry["delay"] = self._value(f"{label}.delay", delay)
        if learning is not None:
            entry["learning"] = learning
        if tied is not None:
            entry["tied"] = _name_of(tied)
        entry.update({key: self._value(f"{label}.{key}", value) if isinstance(value, (np.ndarray, np.generic)) else value
                      for key, value in options.items()})
        self._sections["projections"].append(entry)
        return Projection(self, label, count)

    def learning_rule(self, name: str, **rule) -> str:
        """A rule for connect(..., learning=name): dw="2^-2*x1*y0 - 2^-2*y1*x0", x1={"impulse": 16, "tau": 10}, epoch=4, ..."""
        self._editable()
        self._learning["rules"][name] = rule
        return name

    def reward(self, channel: str, population) -> None:
        """The spikes of a population are rewards on "r0" or "r1"."""
        self._editable()
        self._learning["rewards"][channel] = _name_of(population)

    def probe(self, population, record, neurons=None, every: int = 1) -> None:
        """Records states or views of a population, for Simulation.traces."""
        self._editable()
        entry = {"population": _name_of(population), "record": [record] if isinstance(record, str) else list(record),
                 "every": int(every)}
        if neurons is not None:
            entry["neurons"] = [int(n) for n in np.asarray(neurons).ravel()]
        self._sections["probes"].append(entry)

    def readout(self, population, by: str = "spike_count", **options) -> None:
        """How samples of a dataset are scored; options as `readout:` of a network file has them (classes, combine, weights)."""
        self._editable()
        self._readout = {"population": _name_of(population), "by": by,
                         **{key: self._value(f"readout.{key}", value) for key, value in options.items()}}

    def to_yaml(self, folder: str = ".") -> str:
        """The text of the file; arrays are .npy files in `folder`."""
        if self._path is not None:
            with open(self._path, encoding="utf-8") as file:
                return file.read()
        lines = [f"network: {json.dumps(self.name)}", f"seed: {self.seed}", f"vars: {{folder: {json.dumps(folder)}}}"]
        for section in ("populations", "inputs"):
            if self._sections[section]:
                lines.append(f"{section}:")
                lines += [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in self._sections[section].items()]
        for section in ("projections", "probes"):
            if self._sections[section]:
                lines.append(f"{section}:")
                lines += [f"  - {json.dumps(entry)}" for entry in self._sections[section]]
        learning = {key: value for key, value in self._learning.items() if value}
        if learning:
            lines.append(f"learning: {json.dumps(learning)}")
        if self._readout:
            lines.append(f"readout: {json.dumps(self._readout)}")
        return "\n".join(lines) + "\n"

    def save(self, path) -> None:
        """Writes the network file, and its arrays into a folder beside it (NAME for NAME.yaml)."""
        path = os.fspath(path)
        folder = os.path.splitext(path)[0]
        if self._arrays:
            os.makedirs(folder, exist_ok=True)
        for file, values in self._arrays.items():
            np.save(os.path.join(folder, file), values)
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.to_yaml(os.path.basename(folder)))

    def compile(self, chip=None, **settings) -> "simulation.Image":
        """Compiles it for a chip; settings as of seamount.open(). Raises Error with all problems: lines are those of
        to_yaml()."""
        if self._path is not None:
            settings["set"] = {**self._set, **(settings.get("set") or {})}
            return simulation.open(self._path, chip, **settings)
        with tempfile.TemporaryDirectory(prefix="seamount-") as folder:
            file = os.path.join(folder, "network.yaml")
            self.save(file)
            return simulation.open(file, chip, **settings)

    def __repr__(self):
        if self._path is not None:
            return f"<Network of {self._path}>"
        s = self._sections
        return (f"<Network {self.name}: {len(s['populations'])} populations, {len(s['inputs'])} inputs, "
                f"{len(s['projections'])} projections>")

    def _repr_html_(self):
        from . import display

        rows = [(f"population {name}", json.dumps({k: v for k, v in e.items() if k in ("neuron", "size", "shape")}))
                for name, e in self._sections["populations"].items()]
        rows += [(f"input {name}", json.dumps({k: v for k, v in e.items() if k in ("size", "shape", "live", "rate")}))
                 for name, e in self._sections["inputs"].items()]
        rows += [(e["name"], e.get("rule", "tied")) for e in self._sections["projections"]]
        return display.table(rows, self.name)
