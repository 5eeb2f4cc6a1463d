#!/usr/bin/env python3
"""Writes edges.npz for ../gridworld.yaml; needs numpy."""
import pathlib
import sys

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent.parent))
from worlds.grid import Map  # noqa: E402

actions = np.arange(256)
places = np.arange(64)
leads = np.array([Map([]).step(action // 4, action % 4) for action in actions])
moves = leads != actions // 4                  # those into the border do not
believed = np.zeros((256, 64), np.uint8)       # (targets, sources)
believed[actions[moves], leads[moves]] = 128
np.savez_compressed(FOLDER / "edges.npz",
                    control_action=np.stack([0 * actions, actions], 1).astype(np.int16),
                    control_place=np.stack([0 * places + 1, places], 1).astype(np.int16),
                    at=np.stack([actions, actions // 4], 1).astype(np.int16), nothing=0 * believed, open=believed)
