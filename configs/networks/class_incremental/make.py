#!/usr/bin/env python3
"""Writes train.npz and edges.npy for ../class_incremental.yaml; needs numpy and scikit-learn (data and split only)."""
import pathlib
import sys

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "digits"))
from train import load_split  # noqa: E402

x, y, _, _ = load_split()
orders = {"by_class": np.argsort(y, kind="stable"), "shuffled": np.random.default_rng(1).permutation(len(y))}
arrays = {}
for name, order in orders.items():
    arrays["x_" + name] = x[order].astype(np.uint8)
    arrays["y_" + name] = y[order].astype(np.uint8)
    arrays["teacher_" + name] = (4095 * np.eye(10, dtype=np.int16))[y[order]]
np.savez_compressed(FOLDER / "train.npz", **arrays)
np.save(FOLDER / "edges.npy", np.stack(np.divmod(np.arange(960), 10), 1).astype(np.int16))
