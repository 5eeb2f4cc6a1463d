#!/usr/bin/env python3
"""Writes sudokus.npz for ../sudoku.yaml in two minutes; needs numpy."""
import pathlib

import numpy as np

import puzzles

np.savez_compressed(pathlib.Path(__file__).resolve().parent / "sudokus.npz",
                    conflicts=puzzles.conflicts().astype(np.int16),
                    **{f"holes_{holes}": np.array(puzzles.puzzles(holes, 20, seed=1), np.int8) for holes in (40, 48)})
