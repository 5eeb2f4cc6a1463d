"""Networks and chips made in code, and the explorer."""
import os
import pathlib
import tempfile
import unittest

import numpy as np
import seamount

from support import SOURCE, relay, run_command


class Coo:
    """What is used of a scipy.sparse matrix, which is not among the packages that the tests need."""

    def __init__(self, dense):
        self.row, self.col = np.nonzero(dense)
        self.data, self.nnz = dense[self.row, self.col], len(self.row)

    def tocoo(self):
        return self


class Built(unittest.TestCase):
    def test_dense_and_sparse_weights_are_the_same_network(self):
        rng = np.random.default_rng(3)
        weights = np.where(rng.random((30, 20)) < 0.3, rng.integers(-60, 120, (30, 20)), 0)

        def built(given):
            net = seamount.Network("net", seed=4)
            noise = net.input("noise", 20, poisson=np.linspace(0, 0.5, 20))
            out = net.population("out", "loihi1_cuba", shape=(5, 6), params={"vth": np.arange(30) + 20, "decay_v": 512})
            net.connect(noise, out, given, name="w", delay=2)
            return seamount.Simulation(net.compile()).run(60)

        dense, sparse = built(weights), built(Coo(weights))
        self.assertGreater(len(dense.spikes), 0)
        self.assertEqual(dense.spike_hash, sparse.spike_hash)
        stored = sparse.weights("w")
        self.assertEqual(np.count_nonzero(stored.weight), np.count_nonzero(weights // 2))
        self.assertEqual(stored.to_dense().shape, (30, 20))
        self.assertTrue((abs(stored.to_dense() - weights) < 2).all())
        self.assertEqual(set(stored.delay.tolist()), {2})

    def test_a_network_that_is_saved_runs_from_the_command_line(self):
        net = relay(seamount, spikes=[[0, 1], [3, 0], [3, 2]])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "net.yaml"
            net.save(file)
            expected = run_command(file, 10)
            again = seamount.Network.load(file)
            self.assertEqual(seamount.Simulation(again.compile()).run(10).spike_hash, expected["spike_hash"])
            with self.assertRaises(ValueError):
                again.input("more", 1)
        self.assertEqual(seamount.Simulation(net.compile()).run(10).spike_hash, expected["spike_hash"])
        self.assertEqual(expected["spikes"], 3)

    def test_an_image_is_saved_and_runs_at_the_prices_of_another_chip(self):
        image = relay(seamount, rate=1.0).compile()
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "relay.smi")
            image.save(file)
            loaded = seamount.open(file)
        self.assertIsNone(loaded.report)
        first = seamount.Simulation(loaded).run(20)
        dear = seamount.Simulation(loaded, seamount.Chip("loihi1", {"prices.synapse_pj": 1000})).run(20)
        self.assertEqual(first.spike_hash, dear.spike_hash)
        self.assertGreater(dear.energy_j, first.energy_j)

    def test_mistakes_in_code_are_errors(self):
        net = seamount.Network()
        net.input("a", 1)
        with self.assertRaises(ValueError):
            net.population("a", "lif", 1)
        with self.assertRaises(ValueError):
            net.population("b", "lif")
        with self.assertRaises(ValueError):
            net.input("c", 1, rate=0.1, poisson=0.2)
        net.population("b", "no_such_neuron", 1)
        with self.assertRaises(seamount.Error):
            net.compile()
        with self.assertRaises(seamount.Error) as caught:
            seamount.Chip("loihi1", {"prices.synapse_pf": 1})
        self.assertEqual(caught.exception.code, "CLI-SET-PATH")

    def test_a_sweep_is_a_list_of_points(self):
        with tempfile.TemporaryDirectory() as folder:
            sweep = seamount.explore(SOURCE / "tests/system/data/explore.yaml", store=os.path.join(folder, "s.sqlite"), jobs=1,
                                     options=("--no-cache",))
            self.assertGreater(len(sweep), 1)
            self.assertIsInstance(sweep[0], dict)
            with self.assertRaises(seamount.Error) as caught:
                seamount.explore(os.path.join(folder, "none.yaml"))
            self.assertEqual(caught.exception.code, "CLI-FILE")


if __name__ == "__main__":
    unittest.main()
