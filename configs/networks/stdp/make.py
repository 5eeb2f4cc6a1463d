#!/usr/bin/env python3
"""Writes spikes.npz for ../stdp.yaml: source k spikes k - 40 steps before (below 40: after) the targets, PAIRS times."""
import pathlib

import numpy as np

PAIRS, PERIOD, POST = 60, 250, 100     # pairings, steps from one to the next, when the targets spike

starts = np.arange(PAIRS)[:, None] * PERIOD
pre = np.stack([(starts + POST - (np.arange(81) - 40)).ravel(), np.tile(np.arange(81), PAIRS)], 1)
post = np.stack([(starts + POST).ravel(), np.zeros(PAIRS, int)], 1)
np.savez_compressed(pathlib.Path(__file__).with_name("spikes.npz"), pre=pre.astype(np.int16), post=post.astype(np.int16))
