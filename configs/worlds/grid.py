"""Maps of 8 x 8 places with 12 walls, and what is true of them."""
import collections

import numpy as np

SIDE = 8
MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))


class Map:
    def __init__(self, walls):
        self.walls = frozenset(int(wall) for wall in walls)
        self.free = [place for place in range(SIDE * SIDE) if place not in self.walls]

    def step(self, place, action):
        """Where an action leads; into a wall or the border: nowhere."""
        row, column = place // SIDE + MOVES[action][0], place % SIDE + MOVES[action][1]
        there = row * SIDE + column
        return there if 0 <= row < SIDE and 0 <= column < SIDE and there not in self.walls else place

    def distances(self, goal):
        """Steps to `goal` from each place that it can be reached from."""
        to = {goal: 0}
        queue = collections.deque([goal])
        while queue:
            here = queue.popleft()
            for action in range(4):  # a step can be undone, so the way back is as long
                there = self.step(here, action)
                if there not in to:
                    to[there] = to[here] + 1
                    queue.append(there)
        return to

    def connected(self):
        return len(self.distances(self.free[0])) == len(self.free)


def random_map(random):
    while True:
        made = Map(random.choice(SIDE * SIDE, 12, replace=False))
        if made.connected():
            return made


def changed(before, random, agent):
    """The map with two walls taken away and two others put up, not where the agent is."""
    while True:
        gone = random.choice(sorted(before.walls), 2, replace=False)
        put = random.choice([place for place in before.free if place != agent], 2, replace=False)
        after = Map((before.walls - set(gone.tolist())) | set(put.tolist()))
        if after.connected():
            return after


def nearest_unvisited(world, start):
    """Steps until every place was visited, by one who knows the map and always goes to the nearest place not visited."""
    here, steps, left = start, 0, set(world.free) - {start}
    while left:
        distance = world.distances(here)
        here = min(left, key=lambda place: (distance[place], place))
        steps += distance[here]
        left.remove(here)
    return steps
