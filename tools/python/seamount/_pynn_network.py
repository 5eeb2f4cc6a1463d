"""How what was built in seamount.pynn becomes a seamount.Network and its simulation."""
from __future__ import annotations

import numpy as np
from pyNN.standardmodels import cells

from . import network
from .simulation import Simulation

UNIT = 64            # units of v in a mantissa
_MOST_DELAY = 62     # steps
_MOST_REFRACT = 64   # steps, of loihi1_cuba
_SHARE = 4096        # what decays are fractions of


def _uniform(population, name):
    values = np.asarray(population.native(name), float)
    if not np.all(values == values.flat[0]):
        raise NotImplementedError(f"{population.label}: cells of a population with different {name}; make a population of each")
    return float(values.flat[0])


class NetworkBuilder:
    """Makes a seamount.Network of what was built, and compiles it."""

    def __init__(self, state):
        self.state, self.dt = state, state.dt
        self.net = network.Network("pynn", seed=state.seed)
        self.gain, self.lines = {}, []

    def simulation(self):
        for population in self.state.populations:
            (self._source if population.is_source else self._cells)(population)
        for number, projection in enumerate(self.state.projections):
            self._connect(projection, number)
        image = self.net.compile(self.state.chip, **self.state.options)
        self._take_report(image)
        simulation = Simulation(image, record=("spikes", "steps", "traces"))
        for population in self.state.populations:
            if not population.is_source:
                self._set_first(simulation, population)
        self.state.lines = self.lines
        return simulation

    def _say(self, of, what, before, after):
        self.lines.append({"of": of, "what": what, "before": float(before), "after": float(after)})

    def _decay(self, population, name):
        """Share of a step in 1/4096 of a time constant in ms."""
        tau = _uniform(population, name)
        decay = int(round(_SHARE * -np.expm1(-self.dt / tau)))
        if decay == 0:
            raise NotImplementedError(f"{population.label}: {name} of {tau} ms does not decay in steps of {self.dt} ms; "
                                      "use a larger timestep")
        after = np.inf if decay == _SHARE else -self.dt / np.log1p(-decay / _SHARE)
        self._say(population.label_in_network, name + " ms", tau, after if np.isfinite(after) else 0.0)
        return decay

    def _cells(self, population):
        name = population.label_in_network
        if _uniform(population, "tau_syn_E") != _uniform(population, "tau_syn_I"):
            raise NotImplementedError(f"{population.label}: tau_syn_E and tau_syn_I differ, a compartment has one current; make "
                                      "them equal")
        rest = np.asarray(population.native("v_rest"), float)
        if np.any(np.asarray(population.native("v_reset"), float) != rest):
            raise NotImplementedError(f"{population.label}: v_reset is not v_rest, and a spike sets the voltage to 0; make them equal")
        tau_m, cm = _uniform(population, "tau_m"), _uniform(population, "cm")
        # mV that a current of 1 nA adds in a step, exactly.
        self.gain[name] = tau_m / cm * -np.expm1(-self.dt / tau_m)
        refract = int(round(_uniform(population, "tau_refrac") / self.dt)) + 1
        if refract > _MOST_REFRACT:
            raise NotImplementedError(f"{population.label}: tau_refrac of {refract - 1} steps, at most {_MOST_REFRACT - 1}")
        params = {"decay_u": self._decay(population, "tau_syn_E"), "decay_v": self._decay(population, "tau_m"), "refract": refract,
                  "vth": np.asarray(population.native("v_thresh"), float) - rest}
        offset = np.asarray(population.native("i_offset"), float) * self.gain[name]
        if np.any(offset):
            params["bias"] = offset
        self.net.population(name, "loihi1_cuba", population.size, params=params)
        recorded = population.recorder.recorded if population.recorder else {}
        names = {getattr(variable, "name", variable) for variable in recorded}
        if names - {"spikes", "v"}:
            raise NotImplementedError(f"{population.label}: {sorted(names - {'spikes', 'v'})} cannot be recorded; spikes and v can")
        if "v" in names:
            self.net.probe(name, "v")

    def _source(self, population):
        name = population.label_in_network
        if isinstance(population.celltype, cells.SpikeSourcePoisson):
            rate = np.asarray(population.native("rate"), float) * self.dt * 1e-3
            if _uniform(population, "start") > 0 or _uniform(population, "duration") < 1e9:
                raise NotImplementedError(f"{population.label}: Poisson spikes that start or end; SpikeSourceArray can")
            if np.any(rate > 1):
                raise NotImplementedError(f"{population.label}: more than one spike per step of {self.dt} ms")
            self.net.input(name, population.size, poisson=rate)
            return
        rows = [(int(round(time / self.dt)), index) for index, times in enumerate(population.native("spike_times"))
                for time in np.asarray(getattr(times, "value", times), float).ravel()]
        self.net.input(name, population.size, spikes=np.array(sorted(rows), np.int64).reshape(-1, 2) if rows else None)

    def _connect(self, projection, number):
        if not projection.connections:
            return
        (source, pre), (target, post) = projection._ends()
        weights = np.array([c.weight for c in projection.connections]) * self.gain[target.label_in_network]
        delays = np.rint(np.array([c.delay for c in projection.connections]) / self.dt).astype(np.int64)
        # A spike in step t is one of time (t + 1) * dt, and reaches others in step t + 1 + delay.
        if delays.max() > _MOST_DELAY:
            raise NotImplementedError(f"{projection.label}: a delay of {delays.max()} steps, at most {_MOST_DELAY}; use a larger "
                                      "timestep")
        self.net.connect(source.label_in_network, target.label_in_network, weights, rule="list", name=f"projection{number}",
                         edges=np.stack([pre, post], axis=1), delay=delays, scale="auto")

    def _take_report(self, image):
        report = image.report or {}
        chosen = {one["population"]: one["scale"] for one in report.get("scales", [])}
        for population in self.state.populations:
            if not population.is_source:
                self.state.scales[population.label_in_network] = float(chosen.get(population.label_in_network, 1.0))
        for loss in report.get("quantisation", []):
            self.lines.append({"of": loss["projection"], "what": "weights in mantissas", **{
                key: loss[key] for key in ("synapses", "clipped", "truncated", "zeroed", "max_error", "mean_error") if key in loss}})

    def _set_first(self, simulation, population):
        first = population.first_voltages() - np.asarray(population.native("v_rest"), float)
        if np.any(first):
            scale = UNIT * self.state.scales[population.label_in_network]
            simulation.write(population.label_in_network, "v", np.rint(first * scale).astype(np.int64))
