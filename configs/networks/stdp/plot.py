#!/usr/bin/env python3
"""Draws window.svg from the weights.csv of a run: plot.py DIR/weights.csv"""
import csv
import math
import pathlib
import sys

PAIRS, TAU, AMPLITUDE = 60, 20, 127 / 32
WIDTH, HEIGHT, X, Y = 480, 300, 5.5, 30     # picture and units per step and per unit of weight


def place(dt, dw):
    return f"{WIDTH / 2 + X * dt:.1f},{HEIGHT / 2 - Y * dw:.1f}"


sums = {}
with open(sys.argv[1]) as file:
    for row in csv.DictReader(file):
        sums.setdefault(int(row["source"]) - 40, []).append(int(row["weight"]) / PAIRS)
dots = "".join('<circle cx="%s" cy="%s" r="2"/>' % tuple(place(dt, sum(w) / len(w)).split(",")) for dt, w in sums.items())
curves = "".join(
    '<polyline points="%s"/>' % " ".join(place(side * k, side * AMPLITUDE * math.exp(-k / TAU)) for k in range(1, 41))
    for side in (-1, 1))
pathlib.Path(__file__).with_name("window.svg").write_text(
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">'
    f'<rect width="100%" height="100%" fill="white"/>'
    f'<path d="M0 {HEIGHT / 2}H{WIDTH}M{WIDTH / 2} 0V{HEIGHT}" stroke="#999"/>'
    f'<g fill="none" stroke="#c60">{curves}</g><g fill="#036">{dots}</g>'
    f'<text x="{WIDTH - 160}" y="{HEIGHT / 2 + 16}">post after pre, -40..40 steps</text>'
    f'<text x="{WIDTH / 2 + 6}" y="14">weight per pairing; line: programmed</text></svg>\n')
