from .errors import Diagnostic as Diagnostic, Error as Error, Warning as Warning
from .explore import Sweep as Sweep, explore as explore
from .network import Input as Input, Network as Network, Population as Population, Projection as Projection
from .results import Spikes as Spikes, Synapses as Synapses, Table as Table, Trace as Trace
from .simulation import Chip as Chip, Image as Image, Simulation as Simulation, Snapshot as Snapshot
from .simulation import compile as compile, open as open

__version__: str
