"""Simulations are driven, watched, stopped and continued from Python."""
import gc
import os
import pathlib
import pickle
import signal
import tempfile
import threading
import time
import unittest

import numpy as np
import seamount

from support import NETWORKS, relay, run_command


def resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as text:
        return int(text.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Driven(unittest.TestCase):
    def test_injected_spikes_act_in_the_next_step_and_are_seen_in_it(self):
        simulation = seamount.Simulation(relay(seamount).compile())
        self.assertEqual(simulation.step().spike_count, 0)
        simulation.inject("eye", [0, 2])
        step = simulation.step()
        self.assertEqual(step.index, 1)
        self.assertEqual(step.spikes("out").tolist(), [0, 2])
        self.assertEqual(step.input_spikes, 2)
        self.assertGreater(step.time_s, 0)
        simulation.before_step = lambda s: s.inject("eye", np.array([1], np.uint8))
        simulation.run(4)
        self.assertEqual(simulation.spikes["out"].counts().tolist(), [1, 4, 1])
        self.assertAlmostEqual(sum(simulation.steps.energy_j), simulation.energy_j, delta=1e-6 * simulation.energy_j)
        self.assertEqual(int(simulation.steps.time_ps.sum()), round(simulation.time_s * 1e12))

    def test_without_time_there_are_the_same_spikes_and_neither_times_nor_energies(self):
        image = relay(seamount).compile()
        timed, untimed = seamount.Simulation(image), seamount.Simulation(image, untimed=True)
        for simulation in (timed, untimed):
            simulation.inject("eye", [0, 2])
            self.assertEqual(simulation.step().spikes("out").tolist(), [0, 2])
            simulation.run(3)
        self.assertEqual(timed.spike_hash, untimed.spike_hash)
        for name in ("spikes", "packets", "synaptic_events", "neuron_updates"):
            self.assertEqual(timed.summary()[name], untimed.summary()[name])
        self.assertIsNone(untimed.step().time_s)
        self.assertIsNone(untimed.step().energy_j)
        self.assertIsNone(untimed.time_s)
        self.assertIsNone(untimed.energy_j)
        self.assertIsNone(untimed.energy)
        for name in ("modelled_time_s", "energy_j", "hops", "mesh"):
            self.assertIn(name, timed.summary())
            self.assertNotIn(name, untimed.summary())
        self.assertFalse(hasattr(untimed.steps, "time_ps"))
        self.assertIn("untimed", repr(untimed))
        self.assertNotIn("energy", untimed._repr_html_())
        with self.assertRaises(ValueError):
            seamount.Simulation(image, untimed=True, record=["links"])

    def test_states_are_written_and_read(self):
        simulation = seamount.Simulation(relay(seamount).compile())
        simulation.write("out", "v", [7, 8, 9])
        simulation.write("out", "v", 5, neurons=[1])
        self.assertEqual(simulation.state("out", "v").tolist(), [7, 5, 9])

    def test_rewards_teach_and_learning_can_be_switched_off(self):
        net = seamount.Network("paid")
        eye = net.input("eye", 2)
        out = net.population("out", "graded_vec", 1)
        net.learning_rule("paid", dw="r0*x0")
        net.connect(eye, out, 4, name="w", sign="mixed", learning="paid")
        simulation = seamount.Simulation(net.compile())
        for learn in (True, False):
            simulation.set_learning(learn)
            simulation.inject("eye", [1])
            simulation.reward("r0", 4)
            simulation.step()
        weights = simulation.weights("w")
        self.assertEqual(weights.weight.tolist(), [4, 8])
        self.assertEqual(weights.to_dense().tolist(), [[4, 8]])
        simulation.reset(keep_learned=True)
        self.assertEqual(simulation.weights("w").weight.tolist(), [4, 8])
        simulation.reset()
        self.assertEqual(simulation.weights("w").weight.tolist(), [4, 4])

    def test_tied_weights_are_those_that_were_learned_turned_around(self):
        net = seamount.Network("tied")
        eye = net.input("eye", 2)
        seen = net.population("seen", "graded_vec", 2)
        out = net.population("out", "graded_vec", 3)
        net.connect(eye, seen, 1, rule="one_to_one")
        net.learning_rule("counts", dw="2*x0")
        forth = net.connect(seen, out, 4, name="forth", sign="mixed", learning="counts")
        net.connect(out, seen, name="back", tied=forth)
        self.assertIn("tied", net._repr_html_())
        simulation = seamount.Simulation(net.compile())
        for step in range(4):
            simulation.inject("eye", [1])
            simulation.step()
        learned = simulation.weights("forth").to_dense()
        self.assertGreater(learned[0, 1], learned[0, 0])
        self.assertEqual(simulation.weights("back").to_dense().tolist(), learned.T.tolist())
        simulation.reset(keep_learned=True)
        self.assertEqual(simulation.weights("back").to_dense().tolist(), learned.T.tolist())
        simulation.reset()
        self.assertEqual(simulation.weights("back").to_dense().tolist(), [[4, 4, 4], [4, 4, 4]])
        with self.assertRaises(seamount.Error):  # all its weights are the other one's
            net.connect(out, seen, 5, name="more", tied=forth)
            net.compile()

    def test_tags_and_traces_are_cleared(self):
        net = seamount.Network("marked")
        eye = net.input("eye", 2)
        out = net.population("out", "graded_vec", 1)
        net.learning_rule("marks", dw="x1*y0", dt="5*x0", x1={"impulse": 9, "tau": 50})
        net.connect(eye, out, 4, name="w", sign="mixed", learning="marks")
        simulation = seamount.Simulation(net.compile())
        simulation.inject("eye", [0])
        simulation.step()
        self.assertEqual(simulation.weights("w").tag.tolist(), [5, 0])
        simulation.clear_tags("w")
        simulation.clear_traces()
        self.assertEqual(simulation.weights("w").tag.tolist(), [0, 0])
        with self.assertRaises(seamount.Error):
            simulation.clear_tags("v")

    def test_a_snapshot_goes_on_as_if_it_had_never_stopped(self):
        image = seamount.open(NETWORKS / "stdp.yaml")
        whole = seamount.Simulation(image).run(120)
        half = seamount.Simulation(image, mesh="ideal").run(50)
        snapshot = half.snapshot()
        with tempfile.TemporaryDirectory() as folder:
            snapshot.save(os.path.join(folder, "s"))
            for copy in (snapshot, seamount.Snapshot.load(os.path.join(folder, "s")), pickle.loads(pickle.dumps(snapshot))):
                self.assertEqual(copy, snapshot)
                other = seamount.Simulation(image, threads=2)
                other.restore(copy)
                self.assertEqual(other.steps_done, 50)
                self.assertEqual(other.run(70).spike_hash, whole.spike_hash)
        half.run(10)
        half.restore(snapshot)
        self.assertEqual(len(half.steps), 50)

    def test_views_are_not_copies_and_keep_what_they_show(self):
        simulation = seamount.Simulation(relay(seamount, rate=1.0).compile())
        simulation.run(10)
        first = simulation.spikes.neuron
        again = simulation.spikes.neuron
        self.assertTrue(np.shares_memory(first, again))
        self.assertFalse(first.flags.writeable)
        kept = first.copy()
        simulation.run(5000)  # grows into new memory
        self.assertTrue((first == kept).all())
        simulation.reset()
        simulation.run(3)
        self.assertTrue((first == kept).all())
        self.assertEqual(len(simulation.spikes), 9)
        del simulation
        gc.collect()
        self.assertTrue((first == kept).all())

    def test_cores_links_and_traces_are_recorded_per_step(self):
        image = seamount.open(NETWORKS / "balanced.yaml")
        simulation = seamount.Simulation(image, record=("steps", "cores", "links")).run(10)
        self.assertEqual(simulation.cores.spikes.shape, (10, image.cores))
        self.assertTrue((simulation.cores.spikes.sum(axis=1) == simulation.steps.spikes).all())
        self.assertTrue((simulation.cores.updates.sum(axis=1) == simulation.steps.neuron_updates).all())
        self.assertGreater(len(simulation.links), 0)
        between_tiles = simulation.links.flits[simulation.links.way != 4].sum()
        self.assertEqual(int(between_tiles), int(simulation.steps.hops.sum()))
        self.assertGreater(int(between_tiles), 0)
        self.assertEqual(len(simulation.spikes), 0)
        trace = seamount.Simulation(relay(seamount).compile()).run(3).traces["out.v"]
        self.assertEqual(trace.value.shape, (3, 3))
        self.assertEqual(trace.step.tolist(), [0, 1, 2])

    def test_a_hundred_simulations_leave_no_memory_behind(self):
        image = seamount.open(NETWORKS / "stdp.yaml")

        def one():
            simulation = seamount.Simulation(image)
            simulation.before_step = lambda s: None
            simulation.run(20)
            return simulation.snapshot().step + len(simulation.spikes.neuron)

        for _ in range(20):
            one()
        gc.collect()
        before = resident_bytes()
        for _ in range(100):
            one()
        gc.collect()
        self.assertLess(resident_bytes() - before, 1_000_000)

    def test_threads_are_a_number_or_chosen(self):
        image = seamount.open(NETWORKS / "stdp.yaml")
        one, chosen = (seamount.Simulation(image, threads=threads).run(20) for threads in (1, "auto"))
        self.assertEqual(one.spike_hash, chosen.spike_hash)
        for wrong in (0, 257, "all"):
            self.assertRaisesRegex(ValueError, r"threads must be in \[1, 256\], or \"auto\"", seamount.Simulation, image,
                                   threads=wrong)

    def test_simulations_run_in_threads_and_one_is_used_by_one_thread(self):
        image = seamount.open(NETWORKS / "balanced.yaml")
        alone = seamount.Simulation(image).run(60).spike_hash
        shared = seamount.Simulation(image)
        hashes, refused = [], []

        def run_own():
            hashes.append(seamount.Simulation(image).run(60).spike_hash)

        def run_shared():
            try:
                shared.run(300)
            except RuntimeError as error:
                refused.append(str(error))

        threads = [threading.Thread(target=run_own) for _ in range(3)] + [threading.Thread(target=run_shared) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(hashes, [alone] * 3)
        for text in refused:
            self.assertIn("in use", text)

    def test_ctrl_c_ends_a_run_between_two_steps(self):
        simulation = seamount.Simulation(relay(seamount).compile(), record=("steps",))
        timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
        timer.start()
        started = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            simulation.run(10**9)
        self.assertLess(time.monotonic() - started, 30)
        done = simulation.steps_done
        self.assertEqual(len(simulation.steps), done)
        self.assertEqual(simulation.run(5).steps_done, done + 5)

    def test_a_callback_that_raises_ends_the_run_with_its_exception(self):
        simulation = seamount.Simulation(relay(seamount).compile())

        def refuse(s):
            if s.steps_done == 3:
                raise ZeroDivisionError("no more")

        simulation.before_step = refuse
        with self.assertRaises(ZeroDivisionError):
            simulation.run(10)
        self.assertEqual(simulation.steps_done, 3)

    def test_a_dataset_runs_to_its_end_and_is_scored(self):
        image = seamount.open(NETWORKS / "digits.yaml")
        simulation = seamount.Simulation(image).run(samples=5)
        expected = run_command(NETWORKS / "digits.yaml", simulation.steps_done)
        self.assertEqual(simulation.summary()["accuracy"], expected["accuracy"])
        self.assertEqual(simulation.summary()["samples"], 5)

    def test_samples_that_end_early_run_to_their_ends(self):
        net = seamount.Network("early")
        net.population("out", "loihi1_cuba", 1, params={"vth": 50, "decay_u": 4096, "decay_v": 4096})
        net.input("image", 1, dataset={"samples": np.array([[9], [3], [0]]), "max": 9, "steps": 10, "until": "out"})
        net.connect("image", "out", 60)
        image = net.compile()
        simulation = seamount.Simulation(image).run(samples=2)
        self.assertEqual(simulation.steps_done, 1 + 3)
        saved = simulation.snapshot()
        self.assertEqual(simulation.run().steps_done, 1 + 3 + 10)
        self.assertEqual(simulation.summary()["samples"], 3)
        other = seamount.Simulation(image)
        other.restore(saved)
        self.assertEqual(other.run(samples=7).steps_done, 14)
        simulation.reset()
        self.assertEqual(simulation.run(samples=1).steps_done, 1)
        self.assertEqual(simulation.run(5).steps_done, 6)


class Shown(unittest.TestCase):
    def test_things_show_themselves_as_text_and_html(self):
        chip = seamount.Chip("loihi1")
        net = relay(seamount, rate=0.5)
        image = net.compile(chip)
        simulation = seamount.Simulation(image).run(20)
        self.assertIn("20 steps", repr(simulation))
        for thing in (chip, net, image, simulation, simulation.spikes, simulation.steps):
            self.assertIn("<", thing._repr_html_())
            self.assertTrue(repr(thing))
        self.assertIn("<svg", simulation._repr_html_())
        self.assertEqual(image.report["neurons"], 3)

    def test_spikes_become_dense_arrays_and_nir_data(self):
        spikes = seamount.Simulation(relay(seamount, rate=1.0).compile()).run(4).spikes
        self.assertEqual(spikes.to_dense().sum(), len(spikes))
        try:
            import nir  # noqa: F401
        except ImportError:
            data = spikes.to_nir_data(dt=0.5)["out"]
            self.assertEqual(data["time"].max(), 1.5)
            self.assertEqual(data["n_neurons"], 3)
            self.assertEqual(data["idx"].shape, (1, len(spikes["out"])))

    def test_spikes_and_traces_become_a_file_of_nir_data(self):
        try:
            import h5py
        except ImportError:
            self.skipTest("no h5py")
        net = seamount.Network("traced")
        out = net.population("out", "loihi1_cuba", 3, params={"vth": 10})
        net.connect(net.input("eye", 3, rate=1.0), out, np.eye(3, dtype=int) * 100)
        net.probe(out, "v", every=2)
        simulation = seamount.Simulation(net.compile()).run(6)
        with tempfile.TemporaryDirectory() as folder:
            simulation.save_nir_data(pathlib.Path(folder) / "r.nird", dt=0.5)
            with h5py.File(pathlib.Path(folder) / "r.nird") as file:
                self.assertEqual(file.attrs["__type__"], "NIRGraphData")
                node = file["nodes/out/observables"]
                self.assertEqual(node["spikes/idx"].shape, (1, len(simulation.spikes)))
                self.assertEqual(node["spikes"].attrs["t_max"], 3.0)
                self.assertEqual(node["v/data"].shape, (1, 3, 3))
                self.assertEqual(node["v"].attrs["dt"], 1.0)


class Wrong(unittest.TestCase):
    def test_errors_say_where_and_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "bad.yaml"
            file.write_text("network: bad\npopulations:\n  a: {neuron: lif, size: -1}\n  b: {neuron: liff, size: 1}\n")
            with self.assertRaises(seamount.Error) as caught:
                seamount.open(file)
        error = caught.exception
        self.assertEqual(error.line, 3)
        self.assertGreater(error.column, 1)
        self.assertTrue(error.file.endswith("bad.yaml"))
        self.assertGreaterEqual(len(error.diagnostics), 2)
        self.assertTrue(error.code)
        self.assertEqual(pickle.loads(pickle.dumps(error)).diagnostics, error.diagnostics)

    def test_what_a_simulation_does_not_have_is_named(self):
        simulation = seamount.Simulation(relay(seamount).compile())
        for call, code in ((lambda: simulation.inject("eyes", [0]), "RUN-NAME"), (lambda: simulation.inject("eye", [3]), "RUN-VALUE"),
                           (lambda: simulation.state("out", "w"), "RUN-NAME"), (lambda: simulation.weights("x"), "RUN-NAME"),
                           (lambda: simulation.reward(0, 500), "RUN-VALUE"),
                           (lambda: simulation.set_learning(True), "RUN-VALUE")):
            with self.assertRaises(seamount.Error) as caught:
                call()
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(seamount.Error) as caught:
            simulation.inject("eyes", [0])
        self.assertEqual(caught.exception.hint, "did you mean 'eye'?")
        for bad in ([0.5], ["x"], [2**40], [-1]):
            with self.assertRaises((TypeError, ValueError)):
                simulation.inject("eye", bad)
        with self.assertRaises(ValueError):
            seamount.Simulation(simulation.image, mesh="paket")
        with self.assertRaises(ValueError):
            seamount.Simulation(simulation.image, record=("spike",))


if __name__ == "__main__":
    unittest.main()
