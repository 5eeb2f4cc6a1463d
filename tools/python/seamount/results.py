"""What a simulation recorded. Arrays are views of the simulation's memory: nothing is copied, they are read-only, and what
they show does not change when the simulation goes on."""
from __future__ import annotations

from typing import Dict, Optional

import numpy as np

from . import display

__all__ = ["Spikes", "Table", "Trace", "Synapses"]


class Table:
    """Named columns of equal length. `table["time_ps"]` or `table.time_ps` is one of them: shape (rows,) or, for counters of
    cores, (rows, cores)."""

    def __init__(self, columns: Dict[str, np.ndarray]):
        self._columns = columns

    def __getitem__(self, name):
        return self._columns[name]

    def __getattr__(self, name):
        try:
            return self.__dict__["_columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self):
        return [*super().__dir__(), *self._columns]

    def __len__(self):
        return len(next(iter(self._columns.values()))) if self._columns else 0

    def keys(self):
        return self._columns.keys()

    def to_dataframe(self):
        """A pandas.DataFrame; columns with a row per core become name_0, name_1, ..."""
        import pandas

        flat = {}
        for name, column in self._columns.items():
            if column.ndim == 1:
                flat[name] = column
            else:
                flat.update({f"{name}_{i}": column[:, i] for i in range(column.shape[1])})
        return pandas.DataFrame(flat)

    def __repr__(self):
        return f"<Table: {len(self)} rows of {', '.join(self._columns)}>"

    def _repr_html_(self):
        return display.table([(name, f"{column.dtype} {column.shape}") for name, column in self._columns.items()],
                             f"{len(self)} rows")


class Spikes:
    """Spikes in order of steps. `step` (uint64), `neuron` (uint32: global id, or the index within the population for
    `spikes["name"]`) and `payload` (int32) have shape (spikes,)."""

    def __init__(self, step, neuron, payload, populations, steps, name=None):
        self.step, self.neuron, self.payload = step, neuron, payload
        self._populations, self._steps, self._name = populations, steps, name

    def __len__(self):
        return len(self.step)

    def __getitem__(self, population: str) -> "Spikes":
        """The spikes of one population, with indices within it."""
        for p in self._populations:
            if p["name"] == population:
                inside = (self.neuron >= p["first"]) & (self.neuron < p["first"] + p["size"])
                local = dict(p, first=0)
                return Spikes(self.step[inside], self.neuron[inside] - np.uint32(p["first"]), self.payload[inside], [local],
                              self._steps, population)
        raise KeyError(population)

    def counts(self) -> np.ndarray:
        """Spikes of each neuron, shape (neurons,)."""
        size = max((p["first"] + p["size"] for p in self._populations), default=0)
        return np.bincount(self.neuron, minlength=size)

    def to_dense(self) -> np.ndarray:
        """uint8 (steps, neurons): how often each neuron spiked in each step."""
        size = max((p["first"] + p["size"] for p in self._populations), default=0)
        dense = np.zeros((self._steps, size), np.uint8)
        np.add.at(dense, (self.step.astype(np.int64), self.neuron), 1)
        return dense

    def to_dataframe(self):
        """A pandas.DataFrame with the columns step, neuron, payload."""
        import pandas

        return pandas.DataFrame({"step": self.step, "neuron": self.neuron, "payload": self.payload})

    def to_nir_data(self, dt: float = 1e-3):
        """Spikes as NIR's exchange of data has them (one sample): a dict from population to {"idx": uint32 (1, spikes), "time":
        float seconds (1, spikes), "n_neurons", "t_max"}; with the package nir that has NIRData, its objects."""
        data = {}
        for p in self._populations:
            own = self if self._name else self[p["name"]]
            data[p["name"]] = {"idx": np.asarray(own.neuron)[None, :], "time": (own.step * dt)[None, :], "n_neurons": p["size"],
                               "t_max": self._steps * dt}
        try:
            from nir import data_ir
        except ImportError:
            return data
        nodes = {name: data_ir.NIRNodeData({"spikes": data_ir.EventData(**d)}) for name, d in data.items()}
        return data_ir.NIRGraphData(nodes)

    def plot_raster(self, ax=None, **marker):
        """Draws the raster with matplotlib and returns its axes."""
        import matplotlib.pyplot as plt

        ax = ax if ax is not None else plt.gca()
        ax.plot(self.step, self.neuron, **{"marker": ".", "linestyle": "", "markersize": 2, **marker})
        ax.set_xlabel("step")
        ax.set_ylabel("neuron" if self._name is None else f"neuron of {self._name}")
        return ax

    def __repr__(self):
        of = f" of {self._name}" if self._name else ""
        return f"<Spikes: {len(self):,}{of} in {self._steps:,} steps>"

    def _repr_html_(self):
        return display.raster(self.step, self.neuron, self._steps, self._populations)


class Trace:
    """A probe of the network: `step` (T,), `neurons` (n,) within the population, `value` float64 (T, n); NaN where a view
    could not be computed."""

    def __init__(self, population, variable, neurons, every, step, value):
        self.population, self.variable = population, variable
        self.neurons, self.every, self.step, self.value = neurons, every, step, value

    def to_dataframe(self):
        import pandas

        return pandas.DataFrame(self.value, index=pandas.Index(self.step, name="step"), columns=self.neurons)

    def to_nir_data(self, dt: float = 1e-3):
        """{"data": float64 (1, T, n), "dt": seconds of a row}; with the package nir that has NIRData, its TimeGriddedData."""
        data = {"data": np.asarray(self.value)[None, :, :], "dt": dt * self.every}
        try:
            from nir import data_ir
        except ImportError:
            return data
        return data_ir.TimeGriddedData(**data)

    def plot(self, ax=None, **line):
        import matplotlib.pyplot as plt

        ax = ax if ax is not None else plt.gca()
        ax.plot(self.step, self.value, **line)
        ax.set_xlabel("step")
        ax.set_ylabel(f"{self.population}.{self.variable}")
        return ax

    def __repr__(self):
        return f"<Trace of {self.population}.{self.variable}: {self.value.shape[0]} steps, {self.value.shape[1]} neurons>"


class Synapses:
    """Synapses of a projection, a row each: `source`, `target` (uint32), `weight` (int32 mantissa, -256..255), `delay` (steps);
    `tag` and `second_tag` of those that learn, else None."""

    def __init__(self, columns, shape, name):
        self.source, self.target = columns["source"], columns["target"]
        self.weight, self.delay = columns["weight"], columns["delay"]
        self.tag, self.second_tag = columns.get("tag"), columns.get("second_tag")
        self.shape, self.name = shape, name

    def __len__(self):
        return len(self.weight)

    def to_dense(self) -> np.ndarray:
        """int32 (targets, sources); weights of one pair add up, absent ones are 0."""
        dense = np.zeros(self.shape, np.int32)
        np.add.at(dense, (self.target, self.source), self.weight)
        return dense

    def to_scipy(self):
        """A scipy.sparse.coo_array (targets, sources)."""
        import scipy.sparse

        return scipy.sparse.coo_array((self.weight, (self.target, self.source)), shape=self.shape)

    def to_dataframe(self):
        import pandas

        columns = {"source": self.source, "target": self.target, "weight": self.weight, "delay": self.delay}
        if self.tag is not None:
            columns.update(tag=self.tag, second_tag=self.second_tag)
        return pandas.DataFrame(columns)

    def __repr__(self):
        low, high = (int(self.weight.min()), int(self.weight.max())) if len(self) else (0, 0)
        return f"<Synapses of {self.name}: {len(self):,}, weights {low}..{high}>"


def save_nir_data(path, spikes: Spikes, traces: Dict[str, Trace], dt: float) -> None:
    """Writes spikes and traces as a file of NIRData (h5py): an EventData `spikes` for each population, a TimeGriddedData for
    each probe, under the name of its variable."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["__type__"] = "NIRGraphData"

        def observable(population, key, kind):
            node = file.require_group(f"nodes/{population}")
            node.attrs["__type__"] = "NIRNodeData"
            group = node.create_group(f"observables/{key}")
            group.attrs["__type__"] = kind
            return group

        for population in spikes._populations:
            own = spikes if spikes._name else spikes[population["name"]]
            group = observable(population["name"], "spikes", "EventData")
            group["idx"], group["time"] = np.asarray(own.neuron, np.int64)[None, :], (own.step * dt)[None, :]
            group.attrs["n_neurons"], group.attrs["t_max"] = population["size"], spikes._steps * dt
        for trace in traces.values():
            group = observable(trace.population, trace.variable, "TimeGriddedData")
            group["data"], group.attrs["dt"] = np.asarray(trace.value)[None, :, :], dt * trace.every


def find(items, name: str, what: str) -> Optional[dict]:
    for item in items:
        if item["name"] == name:
            return item
    raise KeyError(f"no {what} '{name}'")
