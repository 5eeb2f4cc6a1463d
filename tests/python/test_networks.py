"""Every network of configs/ gives from Python what the command line gives."""
import pathlib
import tempfile
import unittest

import numpy as np
import seamount

from support import NETWORKS, run_command

STEPS = 40


def settings(name, folder):
    """Small sizes, and data for the networks that take theirs from files."""
    if name == "edges":
        np.save(folder / "edges.npy", np.array([[i, (7 * i + 3) % 20] for i in range(20)]))
        return {"edges": folder / "edges.npy"}
    if name == "huge":
        return {"rows": 12, "columns": 16}
    if name == "random":
        rng = np.random.default_rng(1)
        edges = np.stack([rng.integers(0, 40, 200), rng.integers(0, 40, 200), rng.integers(-50, 100, 200)], axis=1)
        np.save(folder / "r.edges.npy", np.unique(edges.astype(np.int32), axis=0))
        rows = "\n".join(f"{i},{5 + i % 7},{60 + i},{i % 2}" for i in range(40))
        (folder / "r.neurons.csv").write_text("neuron,bias,threshold,core\n" + rows + "\n")
        return {"prefix": folder / "r"}
    if name == "connectome":
        (folder / "nodes.csv").write_text("id\n10\n20\n30\n")
        (folder / "edges.csv").write_text("10,20,5\n20,30,7\n30,10,3\n")
        return {"nodes": folder / "nodes.csv", "edges": folder / "edges.csv"}
    return {}


class EveryNetwork(unittest.TestCase):
    def test_every_network_has_the_spike_hash_time_and_energy_of_the_command_line(self):
        files = sorted(NETWORKS.glob("*.yaml"))
        self.assertGreater(len(files), 15)
        for file in files:
            with self.subTest(file.stem), tempfile.TemporaryDirectory() as text:
                given = settings(file.stem, pathlib.Path(text))
                options = [word for item in given.items() for word in ("--set", "%s=%s" % item)]
                expected = run_command(file, STEPS, *options)
                simulation = seamount.Simulation(seamount.open(file, set=given)).run(STEPS)
                found = simulation.summary()
                for key in ("spike_hash", "spikes", "packets", "hops", "synaptic_events", "modelled_time_s", "neurons",
                            "synapses", "cores", "instructions"):
                    self.assertEqual(found[key], expected[key], key)
                self.assertEqual(found["energy_j"]["total"], expected["energy_j"]["total"])
                self.assertEqual(found["time_parts_s"], expected["time_parts_s"])


if __name__ == "__main__":
    unittest.main()
