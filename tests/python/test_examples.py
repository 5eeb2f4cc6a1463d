"""The examples of configs/python and those of configs/networks with a script of their own reach what their READMEs claim."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from support import SOURCE

EXAMPLES = SOURCE / "configs" / "python"
NETWORKS = SOURCE / "configs" / "networks"


def run(*words):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL)


class Examples(unittest.TestCase):
    def reaches(self, script, *options):
        done = run(sys.executable, "-B", NETWORKS / script, *options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_mixtures_of_digits_are_as_sparse_as_scikit_learn_finds_them(self):
        self.reaches("lasso/lasso.py", "--problems", 8)

    def test_sudokus_are_solved_and_the_run_stops_when_they_are(self):
        self.reaches("sudoku/sudoku.py", "--puzzles", 4, "--seeds", 2)

    def test_a_pole_is_learned_to_be_held_from_its_falls(self):
        self.reaches("cartpole/cartpole.py", "--seeds", 1, "--tests", 20)

    def test_few_digits_are_learned_class_after_class_and_none_is_forgotten(self):
        self.reaches("prototypes/prototypes.py", "--seeds", 1, "--shots", 20)

    def test_cells_that_compete_learn_digits_without_labels(self):
        self.reaches("diehl_cook/diehl_cook.py", "--small", "--seeds", 1)

    def test_input_spikes_that_explain_the_class_of_a_prototype_decide_it(self):
        self.reaches("why.py", "prototypes_test.yaml", "--samples", 120)

    def test_input_spikes_that_explain_which_cells_won_decide_it(self):
        self.reaches("why.py", "diehl_cook_test.yaml", "--samples", 40)

    def test_what_was_learned_answers_by_classes_of_cells(self):
        seen = {}
        for name, least in (("diehl_cook_test", 0.85), ("prototypes_test", 0.92)):
            done = run(os.environ["SEAMOUNT"], "run", NETWORKS / f"{name}.yaml", "--untimed", "--json", "-", "-q")
            self.assertEqual(done.returncode, 0, done.stderr)
            seen[name] = json.loads(done.stdout)
            self.assertGreaterEqual(seen[name]["accuracy"], least, name)
            self.assertEqual(sum(map(sum, seen[name]["confusion"]["counts"])) + seen[name]["unanswered"], 360)
        learned = NETWORKS / "diehl_cook" / "learned.npz"
        with tempfile.TemporaryDirectory() as folder:
            classes = pathlib.Path(folder) / "classes.npy"
            np.save(classes, np.roll(np.load(learned)["classes"], 1))  # every cell has its neighbour's digit
            done = run(os.environ["SEAMOUNT"], "run", NETWORKS / "diehl_cook_test.yaml", "--untimed", "--json", "-", "-q", "--data",
                       f"classes={classes}")
        moved = json.loads(done.stdout)
        self.assertEqual(moved["spike_hash"], seen["diehl_cook_test"]["spike_hash"])
        self.assertLess(moved["accuracy"], 0.4)

    def test_an_odour_learned_in_one_cycle_comes_back_from_noise(self):
        self.reaches("olfactory/olfactory.py", "--seeds", 1, "--sniffs", 1)

    def test_an_odour_does_not_come_back_where_the_rule_is_broken(self):
        broken = {"mitral.asm": (".acc inhibition max", ".acc inhibition"),      # inhibitions add up
                  "granule.asm": ("spk?f   #1, 1", "mov     r3, r3")}            # synapses do not learn
        for name, (right, wrong) in broken.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as text:
                folder = pathlib.Path(shutil.copytree(NETWORKS / "olfactory", pathlib.Path(text) / "olfactory"))
                shutil.copy(NETWORKS / "outcome.py", text)
                program = (folder / name).read_text()
                self.assertIn(right, program)
                (folder / name).write_text(program.replace(right, wrong))
                done = run(sys.executable, "-B", folder / "olfactory.py", "--seeds", 1, "--sniffs", 1, "--odours", 4)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn("not reached", done.stderr)

    def test_apl_keeps_odours_sparse_in_the_mapped_brain_of_a_larva(self):
        folder = SOURCE.parent / "shared" / "data" / "connectome"
        if not folder.exists():
            self.skipTest("../shared/data/connectome is not in place")
        self.reaches("larva/larva.py", folder, "--odours", 2, "--shuffles", 1)

    def test_what_is_learned_is_predicted_and_what_is_not_surprises(self):
        self.reaches("predictive/predictive.py", "--seeds", 1, "--samples", 300, "--epochs", 1, "--tests", 100)

    def test_maps_are_learned_planned_on_and_explored(self):
        self.reaches("gridworld/gridworld.py", "--maps", 3)

    def test_the_pole_is_held_in_every_episode(self):
        done = run(sys.executable, EXAMPLES / "cart_pole.py", 20)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("in 20 of 20 episodes", done.stdout)

    def test_the_joint_is_five_times_closer_to_its_path_when_it_learns(self):
        done = run(sys.executable, EXAMPLES / "joint.py", 40)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_host_of_a_command_line_run_closes_the_loop(self):
        done = run(os.environ["SEAMOUNT"], "run", EXAMPLES / "echo.yaml", "--steps", 20, "--host",
                   f"{sys.executable} {EXAMPLES / 'echo_host.py'}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("19   ", done.stdout)  # an echo in every step but the first

    def test_a_shell_script_can_be_the_host(self):
        done = run(os.environ["SEAMOUNT"], "run", EXAMPLES / "echo.yaml", "--steps", 20, "--host", EXAMPLES / "echo_host.sh")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
