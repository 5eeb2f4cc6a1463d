#!/usr/bin/env python3
"""Writes payoffs.npz for ../bandit.yaml: cue, go and baseline of 400 trials, and 20 schedules of payoffs."""
import pathlib

import numpy as np

TRIALS, TRIAL, REVERSAL = 400, 50, 200     # trials, steps of one, first trial with the arms exchanged
CUE, GO, PAY, CLEAR = 1, range(1, 19), 40, 48      # steps within a trial
BEST, OTHER = 0.8, 0.2                     # how often the arms pay


def events(steps, indices):
    return np.stack([steps, indices], 1).astype(np.int16)


starts = np.arange(TRIALS) * TRIAL
zeros = np.zeros(TRIALS, int)
arrays = {
    "cue": events(starts + CUE, zeros),
    "go": events((starts[:, None] + np.array(GO)).ravel(), np.repeat(zeros, len(GO))),
    "clear": events(starts + CLEAR, zeros),
    "baseline": events(starts + PAY, zeros - 1),
}
for schedule in range(20):
    draw = np.random.default_rng(schedule).random((TRIALS, 2))
    best = (schedule + (np.arange(TRIALS) >= REVERSAL)) % 2
    chance = np.where(best[:, None] == np.arange(2), BEST, OTHER)
    trials, arms = np.nonzero(draw < chance)
    arrays[f"payoffs_{schedule}"] = events(starts[trials] + PAY, arms)
np.savez_compressed(pathlib.Path(__file__).with_name("payoffs.npz"), **arrays)
