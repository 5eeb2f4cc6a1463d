from typing import Any, Dict, List, Optional, Tuple

import numpy as np

version: str

class ChipSpec:
    name: str
    prices: str
    width: int
    height: int
    cores: int
    resolved: str
    def __init__(self, chip: str, assignments: List[str]) -> None: ...

class Image:
    def facts(self) -> Dict[str, Any]: ...
    def report(self) -> Optional[str]: ...
    def save(self, path: str) -> None: ...

def open(path: str, chip: str, assignments: List[str], partitioner: Optional[str], placer: Optional[str],
         effort: Optional[int], mapping_seed: Optional[int], inputs: List[str],
         data: List[str], options: List[Tuple[str, str]]) -> Tuple[Image, List[str]]: ...

class Step:
    """What happened in a step."""
    index: int
    time_s: Optional[float]
    energy_j: Optional[float]
    spike_count: int
    packets: int
    input_spikes: int
    synaptic_events: int
    def spikes(self, population: Optional[str] = ...) -> np.ndarray:
        """Neurons that spiked, uint32 (spikes,): indices within the population, or global ids."""
    def payloads(self, population: Optional[str] = ...) -> np.ndarray:
        """Their payloads, int32 (spikes,)."""

class Snapshot:
    step: int
    network: str
    def save(self, path: str) -> None: ...
    @staticmethod
    def load(path: str) -> "Snapshot": ...

class Driver:
    """What seamount.Simulation drives."""
    steps_done: int
    #: The step of the dataset that comes next; ahead of steps_done where samples ended early.
    dataset_step: int
