#!/usr/bin/env python3
"""The worlds that programs in C++ include (configs/worlds/*.hpp) do what those in Python do."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "configs"))
from worlds.cart_pole import CartPole  # noqa: E402
from worlds.grid import SIDE, Map, nearest_unvisited  # noqa: E402
from worlds.joint import Joint  # noqa: E402


def in_python():
    """The numbers that worlds.cpp prints."""
    cart = CartPole(np.random.default_rng(0))
    cart.state = np.array([0.01, -0.02, 0.03, -0.04])
    for step in range(60):
        held = cart.push(-10.0 if step % 3 == 0 else 5.0)
        yield from (*cart.state, cart.box(), held)
    joint = Joint()
    for step in range(400):
        yield from (joint.turn(0.01 * step), joint.angle, joint.speed)
    world = Map([3, 11, 19, 27, 40, 41, 42, 9, 54, 62, 14, 30])
    for place in range(SIDE * SIDE):
        yield from (world.step(place, action) for action in range(4))
        if place not in world.free:
            continue
        distances = world.distances(place)
        yield from (distances.get(other, -1) for other in range(SIDE * SIDE))
        yield nearest_unvisited(world, place)


class Worlds(unittest.TestCase):
    def test_worlds_in_cpp_do_what_those_in_python_do(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", f"-I{ROOT}/configs", pathlib.Path(__file__).parent / sys.argv[1], "-o",
                            f"{folder}/worlds"], check=True)
            found = subprocess.run([f"{folder}/worlds"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        wanted = np.array(list(in_python()), float)
        self.assertEqual(len(found), len(wanted))
        np.testing.assert_allclose(np.array(found, float), wanted, rtol=1e-9, atol=1e-12)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
