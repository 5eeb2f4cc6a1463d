#!/usr/bin/env python3
"""Writes edges.npz for ../gridworld.yaml; needs numpy."""
import pathlib

import numpy as np

import maps

np.savez_compressed(pathlib.Path(__file__).resolve().parent / "edges.npz", **maps.edges())
