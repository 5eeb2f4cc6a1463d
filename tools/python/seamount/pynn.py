"""PyNN on Seamount: `import seamount.pynn as sim` (needs Debian's python3-pynn, or PyNN 0.10 with neo).

>>> import seamount.pynn as sim
>>> sim.setup(timestep=1.0)
>>> cells = sim.Population(10, sim.IF_curr_exp(tau_m=20.0, tau_refrac=2.0))
>>> noise = sim.Population(50, sim.SpikeSourcePoisson(rate=40.0))
>>> sim.Projection(noise, cells, sim.FixedProbabilityConnector(0.2), sim.StaticSynapse(weight=0.5, delay=2.0))
>>> cells.record(["spikes", "v"])
>>> sim.run(500.0)
>>> cells.get_data().segments[0].spiketrains
>>> print(sim.receipt())                # each parameter before and after
>>> sim.simulation().energy_j           # the seamount.Simulation, with time, energy, counters

IF_curr_exp becomes loihi1_cuba, SpikeSourceArray and SpikeSourcePoisson become host inputs, connectors a list of synapses. Weights
are nA as in PyNN and are brought to the mantissas of the chip by a scale for each population. What has no counterpart (other cells,
plasticity, tau_syn_E other than tau_syn_I, v_reset other than v_rest, delays beyond 62 steps) raises NotImplementedError with what
comes nearest. The network is compiled at the first run() after setup() or reset()."""
from __future__ import annotations

import types

import numpy as np
from pyNN import common, recording
from pyNN.common.control import DEFAULT_MIN_DELAY, DEFAULT_TIMESTEP
from pyNN.connectors import *  # noqa: F401,F403
from pyNN.connectors import FixedProbabilityConnector
from pyNN.parameters import ParameterSpace, simplify
from pyNN.space import Space
from pyNN.standardmodels import StandardCellType, build_translations, cells, synapses

from ._pynn_network import UNIT, NetworkBuilder



def _same(*names):
    return build_translations(*((name, name) for name in names))


class IF_curr_exp(cells.IF_curr_exp):
    __doc__ = cells.IF_curr_exp.__doc__
    translations = _same("v_rest", "cm", "tau_m", "tau_refrac", "tau_syn_E", "tau_syn_I", "i_offset", "v_reset", "v_thresh")


class SpikeSourceArray(cells.SpikeSourceArray):
    __doc__ = cells.SpikeSourceArray.__doc__
    translations = _same("spike_times")


class SpikeSourcePoisson(cells.SpikeSourcePoisson):
    __doc__ = cells.SpikeSourcePoisson.__doc__
    translations = _same("rate", "start", "duration")


class StaticSynapse(synapses.StaticSynapse):
    __doc__ = synapses.StaticSynapse.__doc__
    translations = _same("weight", "delay")

    def _get_minimum_delay(self):
        return _state.min_delay


class _Id(int, common.IDMixin):
    def __init__(self, n):
        int.__init__(n)
        common.IDMixin.__init__(self)


class _State(common.control.BaseState):
    """What was built, and the simulation that plays it."""

    def __init__(self):
        common.control.BaseState.__init__(self)
        self.mpi_rank, self.num_processes, self.dt, self.min_delay = 0, 1, DEFAULT_TIMESTEP, DEFAULT_TIMESTEP
        self.chip, self.seed, self.options = None, 1, {}
        self.clear()

    def clear(self):
        self.recorders, self.write_on_end = set(), []
        self.populations, self.projections = [], []
        self.id_counter, self.segment_counter = 0, -1
        self.reset()

    def reset(self):
        self.running, self.t, self.t_start = False, 0.0, 0
        self.segment_counter += 1
        self.simulation, self.scales, self.lines = None, {}, []

    def run(self, simtime):
        if self.simulation is None:
            self.simulation = NetworkBuilder(self).simulation()
        end = int(round((self.t + simtime) / self.dt))
        self.simulation.run(end - self.simulation.steps_done)
        self.t = end * self.dt
        self.running = True

    def run_until(self, tstop):
        self.run(tstop - self.t)


_state = _State()
_simulator = types.SimpleNamespace(name="Seamount", state=_state, ID=_Id)


class Recorder(recording.Recorder):
    _simulator = _simulator

    def _record(self, variable, new_ids, sampling_interval=None):
        if sampling_interval not in (None, _state.dt):
            raise NotImplementedError(f"a sampling interval of {sampling_interval} ms; every step ({_state.dt} ms) is recorded")
        if _state.simulation is not None:
            raise RuntimeError("what is recorded is chosen before run()")

    def _spikes(self):
        population = self.population
        if population.is_source:
            raise NotImplementedError("spikes of sources are not recorded; they are what was given")
        return _state.simulation.spikes[population.label_in_network]

    def _get_spiketimes(self, ids, clear=False):
        spikes = self._spikes()
        times = (np.asarray(spikes.step).astype(float) + 1.0) * _state.dt

        def of(one):
            return times[np.asarray(spikes.neuron) == self.population.id_to_index(one)]

        return {int(one): of(one) for one in ids} if hasattr(ids, "__len__") else of(ids)

    def _get_all_signals(self, variable, ids, clear=False):
        population = self.population
        trace = _state.simulation.traces[f"{population.label_in_network}.{variable}"]
        rest = np.broadcast_to(population.native("v_rest"), (population.size,))
        value = np.asarray(trace.value) / (UNIT * _state.scales[population.label_in_network]) + rest[np.asarray(trace.neurons)]
        value = np.vstack([population.first_voltages()[np.asarray(trace.neurons)], value])
        place = {int(n): i for i, n in enumerate(trace.neurons)}
        return value[:, [place[population.id_to_index(one)] for one in ids]], None

    def _local_count(self, variable, filter_ids=None):
        counts = self._spikes().counts()
        return {int(one): int(counts[self.population.id_to_index(one)]) for one in self.filter_recorded(variable, filter_ids)}

    def _clear_simulator(self):
        pass

    def _reset(self):
        pass


class Assembly(common.Assembly):
    __doc__ = common.Assembly.__doc__
    _simulator = _simulator


class PopulationView(common.PopulationView):
    __doc__ = common.PopulationView.__doc__
    _assembly_class = Assembly
    _simulator = _simulator

    def _get_parameters(self, *names):
        return ParameterSpace({name: simplify(self.grandparent.native(name)[self.mask]) for name in names}, shape=(self.size,))

    def _set_parameters(self, parameter_space):
        parameter_space.evaluate(simplify=False)
        for name, value in parameter_space.items():
            self.grandparent.native(name)[self.mask] = value

    def _set_initial_value_array(self, variable, initial_values):
        self.grandparent.initial_array(variable)[self.mask] = initial_values.evaluate(simplify=False)

    def _get_view(self, selector, label=None):
        return PopulationView(self, selector, label)


class Population(common.Population):
    __doc__ = common.Population.__doc__
    _simulator = _simulator
    _recorder_class = Recorder
    _assembly_class = Assembly

    def _create_cells(self):
        if _state.simulation is not None:
            raise RuntimeError("populations are made before run(), or after setup()")
        if not isinstance(self.celltype, (IF_curr_exp, SpikeSourceArray, SpikeSourcePoisson)):
            raise NotImplementedError(f"{type(self.celltype).__name__}: cells are IF_curr_exp, SpikeSourceArray, SpikeSourcePoisson")
        first = _state.id_counter
        _state.id_counter += self.size
        self.all_cells = np.array([_Id(n) for n in range(first, first + self.size)], dtype=_Id)
        for one in self.all_cells:
            one.parent = self
        self._mask_local = np.ones(self.size, bool)
        space = self.celltype.native_parameters
        space.shape = (self.size,)
        space.evaluate(simplify=False)
        self._parameters, self._first = space.as_dict(), {}
        self.is_source = not isinstance(self.celltype, IF_curr_exp)
        taken = {p.label_in_network for p in _state.populations}
        name = "".join(c if c.isalnum() else "_" for c in str(self.label)) or "population"
        self.label_in_network = name if name not in taken else f"{name}_{len(taken)}"
        _state.populations.append(self)

    def native(self, name):
        """A parameter, one value per cell."""
        return self._parameters[name]

    def initial_array(self, variable):
        return self._first.setdefault(variable, np.zeros(self.size))

    def first_voltages(self):
        return np.broadcast_to(self._first["v"] if "v" in self._first else self.native("v_rest"), (self.size,))

    def _set_initial_value_array(self, variable, initial_values):
        if not self.is_source:
            self.initial_array(variable)[:] = initial_values.evaluate(simplify=False)

    def _get_view(self, selector, label=None):
        return PopulationView(self, selector, label)

    def _get_parameters(self, *names):
        return ParameterSpace({name: simplify(self._parameters[name]) for name in names}, shape=(self.size,))

    def _set_parameters(self, parameter_space):
        parameter_space.evaluate(simplify=False)
        self._parameters.update(parameter_space.items())


class Connection(common.Connection):
    """A synapse: presynaptic_index, postsynaptic_index, weight (nA), delay (ms)."""

    def __init__(self, pre, post, **attributes):
        self.presynaptic_index, self.postsynaptic_index = pre, post
        self.__dict__.update(attributes)

    def as_tuple(self, *names):
        return tuple(getattr(self, name) for name in names)


class Projection(common.Projection):
    __doc__ = common.Projection.__doc__
    _simulator = _simulator
    _static_synapse_class = StaticSynapse

    def __init__(self, presynaptic_population, postsynaptic_population, connector, synapse_type=None, source=None,
                 receptor_type=None, space=Space(), label=None):
        common.Projection.__init__(self, presynaptic_population, postsynaptic_population, connector,
                                   synapse_type or StaticSynapse(), source, receptor_type, space, label)
        if not isinstance(self.synapse_type, StaticSynapse):
            raise NotImplementedError(f"{type(self.synapse_type).__name__}: synapses are StaticSynapse; learning rules of the "
                                      "chip are there in seamount.Network.learning_rule")
        for end in (self.pre, self.post):
            if isinstance(end, common.Assembly):
                raise NotImplementedError("projections of assemblies; connect their populations one by one")
        if self.post.celltype.injectable is False or isinstance(self.post.celltype, (SpikeSourceArray, SpikeSourcePoisson)):
            raise NotImplementedError("sources of spikes have no synapses")
        self.connections = []
        connector.connect(self)
        _state.projections.append(self)

    def __len__(self):
        return len(self.connections)

    def set(self, **attributes):
        """weight (nA) or delay (ms) of all synapses, or one value each, in the order in which they were made."""
        for name, value in attributes.items():
            values = np.broadcast_to(np.asarray(value, float), (len(self.connections),))
            for connection, one in zip(self.connections, values):
                setattr(connection, name, float(one))

    def _convergent_connect(self, presynaptic_indices, postsynaptic_index, **parameters):
        columns = [np.broadcast_to(np.asarray(value, float), (len(presynaptic_indices),)) for value in parameters.values()]
        for pre, *values in zip(presynaptic_indices, *columns):
            self.connections.append(Connection(int(pre), int(postsynaptic_index), **dict(zip(parameters, map(float, values)))))

    def _ends(self):
        """The populations, and the indices within them of both ends of each synapse."""
        pre = np.array([c.presynaptic_index for c in self.connections], np.int64)
        post = np.array([c.postsynaptic_index for c in self.connections], np.int64)
        return _whole(self.pre, pre), _whole(self.post, post)


def _whole(end, indices):
    if not isinstance(end, common.PopulationView):
        return end, indices
    return end.grandparent, np.asarray(end.index_in_grandparent(indices), np.int64)


def setup(timestep=DEFAULT_TIMESTEP, min_delay=DEFAULT_MIN_DELAY, chip=None, seed=1, **options):
    """Begins anew. timestep: ms of a step. chip: as of seamount.open(). seed: of Poisson sources. More: `partitioner`, `placer`,
    `effort`, `mapping_seed` of the compiler."""
    ours = {key: options.pop(key) for key in ("partitioner", "placer", "effort", "mapping_seed") if key in options}
    common.setup(timestep, min_delay, **options)
    _state.clear()
    _state.dt, _state.chip, _state.seed, _state.options = timestep, chip, seed, ours
    _state.min_delay = timestep if min_delay == "auto" else min_delay
    return 0


def end(compatible_output=True):
    """Writes what record(..., to_file) asked for."""
    from neo.io import get_io

    for population, variables, filename in _state.write_on_end:
        population.write_data(get_io(filename), variables)
    _state.write_on_end = []


def simulation() -> "seamount.Simulation":
    """The simulation that run() played: time, energy, counters, snapshots."""
    if _state.simulation is None:
        raise RuntimeError("nothing has run yet")
    return _state.simulation


def receipt() -> list:
    """What became of numbers when the network was compiled: {"of", "what", "before", "after"} of parameters, and what each
    projection's weights lost in mantissas."""
    return list(_state.lines)


def list_standard_models():
    """Names of the cells that there are."""
    return [one.__name__ for one in (IF_curr_exp, SpikeSourceArray, SpikeSourcePoisson) if issubclass(one, StandardCellType)]


run, run_until = common.build_run(_simulator)
run_for = run
reset = common.build_reset(_simulator)
initialize = common.initialize
get_current_time, get_time_step, get_min_delay, get_max_delay, num_processes, rank = common.build_state_queries(_simulator)
create = common.build_create(Population)
connect = common.build_connect(Projection, FixedProbabilityConnector, StaticSynapse)
record = common.build_record(_simulator)
