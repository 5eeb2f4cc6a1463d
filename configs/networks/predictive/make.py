#!/usr/bin/env python3
"""Writes start.npz for ../predictive.yaml; needs numpy."""
import pathlib

import numpy as np

arrays = {}
for start in range(1, 6):
    weights = 2 * np.random.default_rng(start).integers(-8, 9, (64, 32)).astype(np.int8)  # even: as synapses of both signs are stored
    arrays[f"predicts_{start}"] = weights    # (targets, sources): the pixels' errors from the latent units
    arrays[f"explains_{start}"] = weights.T
np.savez_compressed(pathlib.Path(__file__).resolve().parent / "start.npz", **arrays)
