#!/usr/bin/env python3
"""seamount.pynn beside the same network in double precision. Skipped without python3-pynn."""
import sys
import unittest

import numpy as np

try:
    import seamount.pynn as sim
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)

DT = 1.0


def reference(steps, spikes, weights, delay, tau_m=20.0, cm=1.0, tau_syn=5.0, rest=-65.0, thresh=-50.0, offset=0.0, refrac=2):
    """IF_curr_exp in double precision, current and voltage in turn: voltages (steps, cells), and spikes (step, cell)."""
    cells = weights.shape[0]
    u, v, held = np.zeros(cells), np.zeros(cells), np.zeros(cells, int)
    keep_u, keep_v = np.exp(-DT / tau_syn), np.exp(-DT / tau_m)
    gain = tau_m / cm * (1 - keep_v)
    voltages, found = [], []
    for t in range(steps):
        u = u * keep_u + sum((weights[:, s] for at, s in spikes if at + delay == t), np.zeros(cells))
        v = np.where(held > 0, 0, v * keep_v + (u + offset) * gain)
        held = np.maximum(held - 1, 0)
        fired = v > thresh - rest
        found += [(t, int(c)) for c in np.flatnonzero(fired)]
        v[fired], held[fired] = 0, refrac
        voltages.append(v + rest)
    return np.array(voltages), found


class PyNN(unittest.TestCase):
    def test_cells_are_as_in_double_precision(self):
        random = np.random.default_rng(5)
        steps, sources, cells = 300, 20, 6
        raster = random.random((steps, sources)) < 0.05
        weights = random.uniform(0.3, 2.5, (cells, sources))
        sim.setup(timestep=DT, min_delay=DT)
        eye = sim.Population(sources, sim.SpikeSourceArray(spike_times=[np.flatnonzero(raster[:, s]) * DT for s in range(sources)]))
        out = sim.Population(cells, sim.IF_curr_exp(tau_m=20.0, tau_refrac=2.0, i_offset=0.1), label="out")
        sim.Projection(eye, out, sim.FromListConnector([(s, c, weights[c, s], 3.0) for s in range(sources) for c in range(cells)]))
        out.record(["spikes", "v"])
        sim.run(steps * DT)
        segment = out.get_data().segments[0]
        spikes = [(int(t), int(s)) for t, s in zip(*np.nonzero(raster))]
        voltages, found = reference(steps, spikes, weights, 3, offset=0.1)
        got = np.asarray(segment.analogsignals[0].magnitude)
        self.assertEqual(got.shape, (steps + 1, cells))
        counts = np.bincount([c for _, c in found], minlength=cells)
        mine = np.array([len(train) for train in segment.spiketrains])
        self.assertGreater(counts.sum(), 50)
        self.assertLessEqual(np.abs(counts - mine).max(), 1)
        first = min(t for t, _ in found)
        self.assertLess(np.abs(got[1:first + 1] - voltages[:first]).max(), 0.15)   # mV of 15 to the threshold
        self.assertAlmostEqual(min(float(train[0]) for train in segment.spiketrains), (first + 1) * DT, delta=DT)
        self.assertGreater(sim.simulation().energy_j, 0)
        self.assertEqual({line["what"] for line in sim.receipt()} & {"tau_m ms", "tau_syn_E ms"}, {"tau_m ms", "tau_syn_E ms"})

    def test_a_network_goes_on_and_begins_anew(self):
        def build():
            sim.setup(timestep=DT, min_delay=DT, seed=7)
            noise = sim.Population(40, sim.SpikeSourcePoisson(rate=60.0))
            one = sim.Population(30, sim.IF_curr_exp(tau_refrac=1.0), label="one")
            sim.Projection(noise, one, sim.FixedProbabilityConnector(0.3, rng=sim_random()), sim.StaticSynapse(weight=1.2, delay=1.0))
            sim.Projection(one, one, sim.OneToOneConnector(), sim.StaticSynapse(weight=-0.5, delay=4.0), receptor_type="inhibitory")
            sim.Projection(one[0:10], one[20:30], sim.AllToAllConnector(), sim.StaticSynapse(weight=0.2, delay=2.0))
            one.record("spikes")
            return one

        def trains(population):
            return [list(np.asarray(train.magnitude)) for train in population.get_data().segments[-1].spiketrains]

        one = build()
        sim.run(100.0)
        sim.run(100.0)
        self.assertEqual(sim.get_current_time(), 200.0)
        parts = trains(one)
        self.assertGreater(sum(map(len, parts)), 100)
        one = build()
        sim.run(200.0)
        self.assertEqual(trains(one), parts)
        self.assertEqual(sum(one.get_spike_counts().values()), sum(map(len, parts)))
        sim.reset()
        sim.run(50.0)
        self.assertEqual(trains(one), [[t for t in train if t <= 50.0] for train in parts])

    def test_what_has_no_counterpart_is_refused_by_name(self):
        def refused(word, **cell):
            sim.setup(timestep=DT, min_delay=DT)
            sim.Population(2, sim.IF_curr_exp(**cell))
            with self.assertRaisesRegex(NotImplementedError, word):
                sim.run(1.0)

        refused("v_reset", v_reset=-70.0)
        refused("tau_syn_E and tau_syn_I", tau_syn_I=3.0)
        refused("tau_refrac", tau_refrac=100.0)
        sim.setup(timestep=DT, min_delay=DT)
        one = sim.Population(2, sim.IF_curr_exp())
        sim.Projection(one, one, sim.AllToAllConnector(), sim.StaticSynapse(weight=1.0, delay=80.0))
        with self.assertRaisesRegex(NotImplementedError, "80 steps"):
            sim.run(1.0)


def sim_random():
    from pyNN.random import NumpyRNG

    return NumpyRNG(seed=3)


if __name__ == "__main__":
    unittest.main()
