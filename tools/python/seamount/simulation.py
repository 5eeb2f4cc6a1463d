"""Chip, Image and Simulation."""
from __future__ import annotations

import json
import os
import tempfile
import warnings
from typing import Callable, Iterable, Optional, Union

import numpy as np

from . import _core, display
from .errors import Warning
from .results import Spikes, Synapses, Table, Trace, find, save_nir_data

__all__ = ["Chip", "Image", "Simulation", "Snapshot", "compile", "open"]

Snapshot = _core.Snapshot


def _assignments(given) -> list:
    return [f"{name}={value}" for name, value in (given or {}).items()]


class Chip:
    """A chip: the name of one in the library ("loihi1") or a file, and values set over it.

    >>> Chip("loihi1", {"prices.synapse_pj": 3.0, "mesh.hop_ew_ns": 2})
    """

    def __init__(self, name: str = "loihi1", settings: Optional[dict] = None):
        self._name, self._settings = os.fspath(name), dict(settings or {})
        self._spec = _core.ChipSpec(self._name, _assignments(self._settings))

    name = property(lambda self: self._spec.name, doc="Its name.")
    cores = property(lambda self: self._spec.cores, doc="Neurocores of all chips together.")
    width = property(lambda self: self._spec.width, doc="Tiles, east to west.")
    height = property(lambda self: self._spec.height, doc="Tiles, north to south.")
    prices = property(lambda self: self._spec.prices, doc="Where its prices come from.")

    def to_yaml(self) -> str:
        """The complete description, with nothing left to look up."""
        return self._spec.resolved

    def __repr__(self):
        return f"<Chip {self.name}: {self.width} x {self.height} tiles, {self.cores} cores>"

    def _repr_html_(self):
        return display.table([("tiles", f"{self.width} x {self.height}"), ("cores", self.cores), ("prices", self.prices)],
                             self.name)


class Image:
    """A compiled network: what a simulation runs. Made by compile(), open() or Network.compile()."""

    def __init__(self, core, found):
        self._core = core
        self._facts = core.facts()
        self.warnings = list(found)

    network = property(lambda self: self._facts["network"], doc="Name of the network.")
    chip = property(lambda self: self._facts["chip"], doc="Name of the chip.")
    neurons = property(lambda self: self._facts["neurons"])
    synapses = property(lambda self: self._facts["synapses"])
    cores = property(lambda self: self._facts["cores"], doc="Cores in use.")
    seed = property(lambda self: self._facts["seed"], doc="Of run-time randomness, unless the simulation has its own.")
    populations = property(lambda self: self._facts["populations"], doc="List of {name, size, shape, first}.")
    inputs = property(lambda self: self._facts["inputs"], doc="List of {name, size, shape, kind}.")
    projections = property(lambda self: self._facts["projections"], doc="List of {name, source, target, synapses}.")
    samples = property(lambda self: self._facts["samples"], doc="Of the dataset; 0: there is none.")
    steps_per_sample = property(lambda self: self._facts["steps_per_sample"])

    @property
    def report(self) -> Optional[dict]:
        """What `seamount compile --report` writes; None for an image that was loaded."""
        text = self._core.report()
        return json.loads(text) if text is not None else None

    def save(self, path) -> None:
        """Writes the image, for `seamount run` and open()."""
        self._core.save(os.fspath(path))

    def __repr__(self):
        return (f"<Image of {self.network} on {self.chip}: {self.neurons:,} neurons, {self.synapses:,} synapses, "
                f"{self.cores} cores>")

    def _repr_html_(self):
        return display.table([("chip", self.chip), ("neurons", f"{self.neurons:,}"), ("synapses", f"{self.synapses:,}"),
                              ("cores", self.cores), ("bytes of the cores", f"{self._facts['footprint_bytes']:,}"),
                              *((f"population {p['name']}", f"{p['size']:,}") for p in self.populations)], self.network)


def open(path, chip=None, *, set: Optional[dict] = None, inputs: Optional[dict] = None,  # noqa: A001
         partitioner: Optional[str] = None, placer: Optional[str] = None, effort: Optional[int] = None,
         mapping_seed: Optional[int] = None, data: Optional[dict] = None, **importing) -> Image:
    """Opens an image, or compiles a network file: whatever `seamount run` takes.

    chip: a Chip, a name or a file (default: loihi1, or the image's own). set: values for variables and dotted paths of the
    files, as `--set`. inputs: {NAME: FILE} spikes of host inputs, as `--input`. data: {NAME: FILE or array} other
    samples for dataset inputs ("labels": theirs; "classes": of the readout's neurons), or spikes, as `--data`. partitioner, placer, effort, mapping_seed decide the
    mapping, which never changes a spike. importing: options for networks of other tools, as of `seamount import`:
    open("net.nir", dt=1e-3, reset="subtract", split_weights=True). Raises Error with all problems that the files have."""
    arguments = (_assignments(set), partitioner, placer, effort, mapping_seed, _assignments(inputs))
    options = [(key.replace("_", "-"), "true" if value is True else str(value)) for key, value in importing.items()
               if value is not None and value is not False]
    with tempfile.TemporaryDirectory(prefix="seamount-") as folder:
        name = chip._name if isinstance(chip, Chip) else os.fspath(chip) if chip is not None else ""
        if isinstance(chip, Chip) and chip._settings:
            name = os.path.join(folder, "chip.yaml")
            with _plain_open(name, "w") as out:
                out.write(chip.to_yaml())
        files = {}
        for number, (key, value) in enumerate((data or {}).items()):
            files[key] = value if isinstance(value, str) else os.fspath(value) if hasattr(value, "__fspath__") else \
                os.path.join(folder, f"data{number}.npy")
            if files[key] is not value and not hasattr(value, "__fspath__"):
                np.save(files[key], np.asarray(value))
        core, found = _core.open(os.fspath(path), name, *arguments, _assignments(files), options)
    for text in found:
        warnings.warn(text, Warning, stacklevel=2)
    return Image(core, found)


def compile(network, chip=None, **settings) -> Image:  # noqa: A001
    """Compiles a Network, or a network file, for a chip; see open()."""
    if hasattr(network, "compile"):
        return network.compile(chip, **settings)
    return open(network, chip, **settings)


class Simulation:
    """A chip that runs an image, driven from here. Any number of them may live in a process and in threads; each is used by one
    thread at a time, and gives the interpreter free while it runs. Spikes, counts, times and energy are those of
    `seamount run`.

    mesh: "packet", "flit" or "ideal". threads: that update the cores, or
    "auto": the processors, as far as the network is large enough for them. seed: of run-time randomness (default: the network's).
    learning: False keeps all synapses as they are. untimed: function only, several times faster: no mesh, no times, no energies,
    which are None or absent then. record: what is written down of "spikes", "steps", "traces", "cores",
    "links" (default: the first three).

    >>> simulation = Simulation(image)
    >>> for t in range(100):
    ...     simulation.inject("eye", [3, 5])
    ...     moved = simulation.step().spikes("arm")
    """

    def __init__(self, image: Image, chip=None, *, mesh: str = "packet", threads: Union[int, str] = 1, seed: Optional[int] = None,
                 learning: bool = True, untimed: bool = False, record: Iterable[str] = ("spikes", "steps", "traces")):
        if chip is not None:
            image = _on_chip(image, chip)
        record = {record} if isinstance(record, str) else {*record}
        unknown = record - {"spikes", "steps", "traces", "cores", "links"}
        if unknown:
            raise ValueError(f"record has {sorted(unknown)}, must be of spikes, steps, traces, cores, links")
        if untimed and "links" in record:
            raise ValueError("record has links, which an untimed simulation does not model")
        self.image, self.mesh, self.untimed = image, None if untimed else mesh, untimed
        #: Called before each step, with the simulation: the turn of the host.
        self.before_step: Optional[Callable[["Simulation"], None]] = None
        self._driver = _core.Driver(image._core, mesh, threads, seed, learning, untimed,
                                    *(what in record for what in ("spikes", "steps", "traces", "cores", "links")))

    def step(self) -> "_core.Step":
        """Plays one step and says what happened: index, spikes(population), payloads(population), spike_count, packets,
        synaptic_events, time_s, energy_j (None: untimed)."""
        if self.before_step is not None:
            self.before_step(self)
        return self._driver.step()

    def run(self, steps: Optional[int] = None, *, samples: Optional[int] = None, progress=False) -> "Simulation":
        """Plays `steps` steps, or `samples` samples of the dataset, or what is left of it; samples may end early (`until`).
        Ctrl-C ends it between two steps; what was recorded stays. progress: True shows a line, or a function is called with
        (done, all)."""
        end = None
        if steps is None:
            if self.image.samples == 0:
                raise ValueError("the network has no dataset that says how long to run: give steps")
            now = self._driver.dataset_step
            left = self.image.samples * self.image.steps_per_sample - now
            steps = left if samples is None else min(left, samples * self.image.steps_per_sample)
            end = now + steps
        elif samples is not None:
            raise ValueError("give steps or samples, not both")
        if steps < 0:
            raise ValueError(f"steps is {steps}, must be 0 or more")
        show = _show_progress if progress is True else progress or None
        before = self.steps_done
        self._driver.run(steps, end, show, self.before_step, self)
        if show is _show_progress:
            done = self.steps_done - before
            print(f"\r{done:,} of {done:,} steps")
        return self

    def reset(self, keep_learned: bool = False) -> None:
        """Back to before step 0; what was recorded is forgotten. keep_learned: synapses keep what they learned."""
        self._driver.reset(keep_learned)

    def inject(self, input: str, indices, payloads=None) -> None:  # noqa: A002
        """Sources of a host input spike in the next step, beside what the input does itself. payloads: one each (default 1).
        Priced as a packet of the host."""
        self._driver.inject(input, indices, payloads)

    def write(self, population: str, state: str, values, neurons=None) -> None:
        """Writes a state word (int32) of a population, at once: one value each, or one for all; `neurons` are indices within
        the population (default: all). Priced as writes of the host."""
        self._driver.write(population, state, values, neurons)

    def reward(self, channel, value: int) -> None:
        """Reward (-128..127) on channel 0 or 1 ("r0", "r1") in the next step."""
        channel = {"r0": 0, "r1": 1}.get(channel, channel)
        self._driver.reward(channel, value)

    def set_learning(self, on: Optional[bool]) -> None:
        """Synapses learn from now on, or not; None: as the network says. Priced as a write of the host."""
        self._driver.set_learning(on)

    def clear_tags(self, projection: Optional[str] = None) -> None:
        """The tags of a projection's synapses become 0, at once (default: of all that have tags). Priced as a write of the host
        for each synapse."""
        self._driver.clear_tags(projection)

    def clear_traces(self, projection: Optional[str] = None) -> None:
        """The traces of a projection's sources and targets become 0, at once (default: of all that learn), and what spiked in
        the epoch so far is forgotten. Priced as a write of the host for each source and target."""
        self._driver.clear_traces(projection)

    def state(self, population: str, word: str):
        """A state word of all neurons of a population after the last step: int32 (neurons,)."""
        return self._driver.state(population, word)

    def weights(self, projection: str) -> Synapses:
        """The synapses of a projection as they are now."""
        facts = find(self.image.projections, projection, "projection") if any(
            p["name"] == projection for p in self.image.projections) else None
        columns = self._driver.weights(projection)  # raises Error for a name that is not there
        sizes = {p["name"]: p["size"] for p in [*self.image.populations, *self.image.inputs]}
        return Synapses(columns, (sizes[facts["target"]], sizes[facts["source"]]), projection)

    def snapshot(self) -> "Snapshot":
        """Everything that the simulation holds, but for what it recorded. Can be pickled and saved."""
        return self._driver.snapshot()

    def restore(self, snapshot: "Snapshot") -> None:
        """Goes on from a snapshot of this network, whatever the mapping, mesh and threads it was taken of. What was recorded
        of later steps is forgotten."""
        self._driver.restore(snapshot)

    steps_done = property(lambda self: self._driver.steps_done, doc="Steps since the start.")

    @property
    def spikes(self) -> Spikes:
        """All spikes recorded so far."""
        return Spikes(*self._driver.spike_columns(), self.image.populations, self.steps_done)

    @property
    def steps(self) -> Table:
        """A row per step: step, started_ps, time_ps, input_spikes, spikes, packets, hops (flits over links), synaptic_events,
        neuron_updates, instructions, learning_writes, energy_j."""
        return Table(self._driver.step_columns())

    @property
    def cores(self) -> Table:
        """Counters of each step and core, (steps, cores); needs record=[..., "cores"]."""
        return Table(self._driver.core_columns())

    @property
    def links(self) -> Table:
        """A row per step and link that carried flits: step, mesh, tile, way (0 east, 1 west, 2 south, 3 north, 4 local), flits,
        busy_ps, wait_ps; needs record=[..., "links"]."""
        return Table(self._driver.link_columns())

    @property
    def traces(self) -> dict:
        """The network's probes, by "population.variable"."""
        traces = [Trace(**trace) for trace in self._driver.traces()]
        return {f"{trace.population}.{trace.variable}": trace for trace in traces}

    @property
    def time_s(self) -> Optional[float]:
        """Modelled time so far: cores, mesh, barrier and host port. None: untimed."""
        return self._driver.totals().get("modelled_time_s")

    @property
    def energy_j(self) -> Optional[float]:
        """Modelled energy so far, as the chip file prices it. None: untimed."""
        return None if self.untimed else self._driver.energy()["total"]

    @property
    def energy(self) -> Optional[dict]:
        """energy_j by cause. None: untimed."""
        return self._driver.energy()

    def save_nir_data(self, path, dt: float = 1e-3) -> None:
        """Writes all spikes and traces as a file of NIR's exchange of data (.nird; needs h5py). dt: seconds of a step."""
        save_nir_data(os.fspath(path), self.spikes, self.traces, dt)

    spike_hash = property(lambda self: self._driver.totals()["spike_hash"], doc="Fingerprint of all spikes, as `run --json`.")

    def summary(self) -> dict:
        """Totals so far, under the names of `run --json`."""
        totals = dict(self._driver.totals(), network=self.image.network, chip=self.image.chip, neurons=self.image.neurons,
                      synapses=self.image.synapses, cores=self.image.cores)
        return totals if self.untimed else dict(totals, mesh=self.mesh, energy_j=self.energy)

    def __repr__(self):
        totals = self._driver.totals()
        priced = "" if self.untimed else (f", {display.amount(totals['modelled_time_s'], 's')}, "
                                          f"{display.amount(self.energy_j, 'J')}")
        return (f"<Simulation of {self.image.network} on {self.image.chip} ({self.mesh or 'untimed'}): "
                f"{totals['steps']:,} steps, {totals['spikes']:,} spikes{priced}>")

    def _repr_html_(self):
        totals = self._driver.totals()
        rows = [("steps", f"{totals['steps']:,}"), ("spikes", f"{totals['spikes']:,}"),
                ("synaptic events", f"{totals['synaptic_events']:,}"), ("packets", f"{totals['packets']:,}")]
        if not self.untimed:
            rows += [("modelled time", display.amount(totals["modelled_time_s"], "s")),
                     ("modelled energy", display.amount(self.energy_j, "J"))]
        if "accuracy" in totals:
            rows.append(("accuracy", f"{totals['accuracy']:.2%} of {totals['samples']} samples"))
        return display.table(rows, f"{self.image.network} on {self.image.chip}") + self.spikes._repr_html_()


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,} steps", end="", flush=True)


def _on_chip(image: Image, chip) -> Image:
    """The same image at another chip's prices and times."""
    with tempfile.TemporaryDirectory(prefix="seamount-") as folder:
        file = os.path.join(folder, "image.smi")
        image.save(file)
        return open(file, chip)


def _plain_open(*arguments):
    import builtins

    return builtins.open(*arguments)
