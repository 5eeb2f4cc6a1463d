#!/usr/bin/env python3
"""Writes pairs.npz for ../triplet.yaml: 60 pairings at five frequencies, pre 10 steps before post (sources 0 to 4) or after it."""
import pathlib

import numpy as np

PAIRS, PERIODS, LAG, COPIES = 60, (100, 50, 30, 25, 20), 10, 20   # a step is 1 ms: 10, 20, 33, 40, 50 Hz

pre, post, edges = [], [], []
for source in range(2 * len(PERIODS)):
    first = np.arange(PAIRS) * PERIODS[source % len(PERIODS)]
    early, late = (pre, post) if source < len(PERIODS) else (post, pre)
    early += [(step, source) for step in first]
    late += [(step + LAG, source) for step in first]
    edges += [(source, source * COPIES + copy) for copy in range(COPIES)]
np.savez_compressed(pathlib.Path(__file__).with_name("pairs.npz"),
                    **{name: np.array(rows, np.int16) for name, rows in (("pre", pre), ("post", post), ("edges", edges))})
