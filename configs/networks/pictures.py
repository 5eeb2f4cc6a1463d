#!/usr/bin/env python3
"""Draws the pictures of ../GALLERY.md: pictures.py [NAME...]. SEAMOUNT is the program (seamount on PATH); needs the Python package and numpy.

Networks that run by themselves are drawn by `seamount plot raster`, those that a host drives by the Python package, both from short runs.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import seamount
from seamount import display

FOLDER = pathlib.Path(__file__).resolve().parent
OUT = FOLDER.parent / "pictures"
SEAMOUNT = os.environ.get("SEAMOUNT", "seamount")

# Steps of those that run by themselves.
ALONE = {"digits": 160, "conv_digits": 160, "class_incremental": 160, "lasso": 300, "sudoku": 300, "bandit": 300, "pes": 160,
         "stdp": 160, "triplet": 160, "diehl_cook": 420}


SHOWN = 500  # digits to the prototypes


def draw_alone(name):
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / name
        subprocess.run([SEAMOUNT, "run", FOLDER / f"{name}.yaml", "--steps", str(ALONE[name]), "--out", run, "-q"], check=True)
        subprocess.run([SEAMOUNT, "plot", "raster", run, "-o", OUT / f"{name}.png", "--width", "110", "-q"], check=True)


def draw_last(name, simulation, steps):
    """The spikes of the last steps."""
    spikes = simulation.spikes
    chosen = spikes.step >= simulation.steps_done - steps
    (OUT / f"{name}.svg").write_text(display.raster(spikes.step[chosen], spikes.neuron[chosen], steps, simulation.image.populations))


def draw_cartpole():
    sys.path[:0] = [str(FOLDER / "cartpole")]
    from cartpole import Learner
    learner = Learner(0)
    learner.chip = seamount.Simulation(learner.chip.image, seed=0, record=("spikes",))
    for _ in range(30):
        learner.episode()
    draw_last("cartpole", learner.chip, 1000)


def draw_gridworld():
    sys.path[:0] = [str(FOLDER / "gridworld"), str(FOLDER.parent)]
    from agent import Agent
    from gridworld import explore_actions
    from worlds import grid
    world = grid.random_map(np.random.default_rng(0))
    agent = Agent(world, world.free[0])
    agent.chip = seamount.Simulation(agent.chip.image, record=("spikes",))
    agent.chip.inject("saw", [agent.place])
    agent.chip.run(2)
    explore_actions(agent)
    began = agent.chip.steps_done
    for goal in (world.free[-1], world.free[0]):
        agent.wave(goals=[goal])
    draw_last("gridworld", agent.chip, agent.chip.steps_done - began)


def draw_prototypes():
    sys.path[:0] = [str(FOLDER / "prototypes")]
    import prototypes
    x, y, _, _ = prototypes.digits()
    chip = prototypes.Chip(1, int(prototypes.ENOUGH * 2 * np.median((x.astype(float) ** 2).sum(1))))
    for index in range(SHOWN):
        chip.show(x[index], y[index] + 1)
    draw_last("prototypes", chip.simulation, SHOWN * prototypes.STEPS)


def draw_predictive():
    sys.path[:0] = [str(FOLDER / "predictive")]
    import predictive
    learn, _, _ = predictive.digits()
    chip = predictive.Chip(1)
    for pixels in learn[:400]:
        chip.show(pixels)
    draw_last("predictive", chip.simulation, 4 * predictive.STEPS)


def draw_olfactory():
    sys.path[:0] = [str(FOLDER / "olfactory")]
    import olfactory
    random = np.random.default_rng(1)
    odour, other = random.integers(0, olfactory.PHASES, (2, olfactory.COLUMNS))
    bulb = olfactory.Bulb(olfactory.network(1), 1)
    bulb.learn(odour, 1)
    bulb.simulation.set_learning(False)
    bulb.sniff(np.where(random.random(olfactory.COLUMNS) < olfactory.NOISE, other, odour), 3)
    draw_last("olfactory", bulb.simulation, 4 * olfactory.CYCLE)


HOSTED = {"cartpole": draw_cartpole, "gridworld": draw_gridworld, "prototypes": draw_prototypes, "predictive": draw_predictive,
          "olfactory": draw_olfactory}


def main():
    OUT.mkdir(exist_ok=True)
    for name in sys.argv[1:] or [*ALONE, *HOSTED]:
        if name in HOSTED:
            HOSTED[name]()
        else:
            draw_alone(name)


if __name__ == "__main__":
    main()
