#!/usr/bin/env python3
"""Writes samples.npz for ../pes.yaml: 4000 random values x in 0..1, the tuned spikes of 64 sources and the target 100 sin(2 pi x)."""
import pathlib

import numpy as np

STEPS, SOURCES, WIDTH, AMPLITUDE = 4000, 64, 0.06, 100

rng = np.random.default_rng(1)
x = rng.random(STEPS)
steps, sources = np.nonzero(np.abs(x[:, None] - (np.arange(SOURCES) + 0.5) / SOURCES) < WIDTH)
target = np.rint(AMPLITUDE * np.sin(2 * np.pi * x)).astype(int)
moments = np.nonzero(target)[0]
np.savez_compressed(pathlib.Path(__file__).with_name("samples.npz"),
                    spikes=np.stack([steps, sources], 1).astype(np.int16),
                    target=np.stack([moments, np.zeros_like(moments), -target[moments]], 1).astype(np.int16))
