#!/usr/bin/env python3
"""What the agent of ../gridworld.yaml learns, plans and explores: gridworld.py [--maps N]. Needs the Python package and numpy."""
import argparse
import pathlib
import sys

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent), str(FOLDER.parent.parent)]
from agent import Agent  # noqa: E402
from outcome import Table  # noqa: E402
from worlds import grid  # noqa: E402


def explore_actions(agent, most=10000):
    """Tries what was not tried, the nearest first, until nothing is left within reach."""
    began = agent.steps
    while agent.steps - began < most:
        action = agent.choose(new_actions=True)
        if action is None:
            break
        agent.act(action)
    return agent.steps - began


def true_distances(agent):
    """The share of ordered pairs of places whose distance a wave tells."""
    right = pairs = 0
    for goal in agent.world.free:
        told = {}
        for move, (_, places) in enumerate(agent.wave(goals=[goal])):
            for place in places:
                told.setdefault(place, move)
        distances = agent.world.distances(goal)
        right += sum(told.get(place) == distance for place, distance in distances.items())
        pairs += len(distances)
    return right / pairs


def learn_and_plan(table, count):
    rows = []
    costs = []
    for number in range(count):
        random = np.random.default_rng(number)
        world = grid.random_map(random)
        agent = Agent(world, world.free[0])
        learned = explore_actions(agent)
        costs.append((agent.chip.time_s / learned, agent.chip.energy_j / learned))
        known = true_distances(agent)
        agent.world = grid.changed(world, random, agent.place)
        stale = true_distances(agent)
        agent.chip.write("action", "new", 1)
        relearned = explore_actions(agent, most=500)
        rows.append((learned, known, stale, relearned, true_distances(agent)))
    learned, known, stale, relearned, again = np.array(rows).T
    table.add("steps until every action was tried", f"{learned.mean():.0f}", f"{learned.max():.0f}")
    table.add("distances that a wave tells", f"{known.mean():.2%}", f"{known.min():.2%}")
    table.add("the same after 4 places changed", f"{stale.mean():.2%}", f"{stale.min():.2%}")
    table.add("steps to try every action again", f"{relearned.mean():.0f}", f"{relearned.max():.0f}")
    table.add("distances that a wave tells then", f"{again.mean():.2%}", f"{again.min():.2%}")
    time, energy = np.array(costs).T
    table.add("time of a decision and what is learned from it", f"{time.mean() * 1e6:.0f} µs", f"{time.max() * 1e6:.0f} µs")
    table.add("energy of the same, with a chip's static power", f"{energy.mean() * 1e6:.0f} µJ", f"{energy.max() * 1e6:.0f} µJ")
    table.check(known.min() == 1 and again.min() == 1, "waves tell every distance")
    table.check(relearned.max() <= 500, "a changed map is learned within 500 steps")


def visit_all(world, curious, most=2000):
    """Steps until every place was seen; None if the agent gives up, or after `most`."""
    agent = Agent(world, world.free[0], belief="open")
    random = np.random.default_rng(0)
    seen = {agent.place}
    while len(seen) < len(world.free):
        if agent.steps >= most:
            return None
        action = agent.choose(new_places=True) if curious else int(random.integers(4))
        if action is None:
            return None
        agent.act(action, grid.Map([]).step(agent.place, action))
        seen.add(agent.place)
    return agent.steps


def reach(agent, goal, preference=True, curiosity=False, most=500):
    """Steps until the agent is at `goal`, or `most`."""
    began = agent.steps
    random = np.random.default_rng(goal)
    while agent.place != goal and agent.steps - began < most:
        action = agent.choose(goals=[goal] if preference else [], new_places=curiosity)
        if action is None:
            action = int(random.integers(4))
        agent.act(action, grid.Map([]).step(agent.place, action))
    return agent.steps - began


def explore_and_exploit(table, count):
    ratios, randoms, first, known, blind, shortest = [], [], [], [], [], []
    for number in range(count):
        random = np.random.default_rng(number)
        world = grid.random_map(random)
        walker = grid.nearest_unvisited(world, world.free[0])
        ratios.append(visit_all(world, curious=True) / walker)
        randoms.append((visit_all(world, curious=False) or 2000) / walker)
        agent = Agent(world, world.free[0], belief="open")
        explore_actions(agent)
        fresh = Agent(world, world.free[0], belief="open")
        lost = Agent(world, world.free[0], belief="open")
        for goal in random.choice(world.free[1:], 8, replace=False):
            goal = int(goal)
            for one, steps, options in ((agent, known, {}), (fresh, first, {}), (lost, blind, {"preference": False, "curiosity": True})):
                distance = world.distances(goal)[one.place]
                if distance:
                    steps.append(reach(one, goal, **options) / distance)
    table.add("steps to see every place, of the nearest-unvisited walker's with the map", f"{np.mean(ratios):.2f}", f"{max(ratios):.2f}")
    table.add("the same without curiosity (at random; at most 2000 steps)", f"{np.mean(randoms):.2f}", f"{max(randoms):.2f}")
    table.add("steps to a goal, of the shortest way, map known", f"{np.mean(known):.2f}", f"{max(known):.2f}")
    table.add("the same while the map is being learned", f"{np.mean(first):.2f}", f"{max(first):.2f}")
    table.add("the same without preference (what is new, then at random; at most 500 steps)", f"{np.mean(blind):.2f}", f"{max(blind):.2f}")
    table.check(np.mean(ratios) <= 1.5, "every place is seen in 1.5 times the walker's steps")
    table.check(max(known) == 1, "goals are reached by shortest ways")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--maps", type=int, default=10)
    count = options.parse_args().maps
    table = Table(f"{count} maps", "mean", "worst")
    learn_and_plan(table, count)
    explore_and_exploit(table, count)
    table.end()


if __name__ == "__main__":
    main()
