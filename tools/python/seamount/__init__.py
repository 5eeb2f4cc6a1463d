"""Seamount: emulates Loihi-style neuromorphic chips, bit for bit, with time and energy.

>>> import seamount
>>> image = seamount.open("net.yaml", chip="loihi1")
>>> simulation = seamount.Simulation(image).run(100)
>>> simulation.spikes.neuron, simulation.time_s, simulation.energy_j

Build networks in code with Network; drive a simulation step by step with Simulation.step, inject, write and reward.
"""
from ._core import version as __version__
from .errors import Diagnostic, Error, Warning
from .explore import Sweep, explore
from .network import Input, Network, Population, Projection
from .results import Spikes, Synapses, Table, Trace
from .simulation import Chip, Image, Simulation, Snapshot, compile, open

__all__ = ["Chip", "Diagnostic", "Error", "Image", "Input", "Network", "Population", "Projection", "Simulation", "Snapshot",
           "Spikes", "Sweep", "Synapses", "Table", "Trace", "Warning", "compile", "explore", "open", "__version__"]
