#!/usr/bin/env python3
"""Draws the twenty firing patterns of configs/neurons/izhikevich_patterns.json, each run by `seamount neuron`.

    plot_izhikevich.py SEAMOUNT OUT.svg
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

INPUT_UNIT = 256  # the default input_exp of izhikevich.asm
ONE = 65536
COLUMNS, WIDTH, HEIGHT, GAP, HEAD = 4, 200, 78, 14, 16
LOW, HIGH = -90.0, 30.0  # mV


def current(pattern, ms):
    """The sum of the segments [from, to, value, slope per ms]."""
    return sum(value + (ms - start) * slope for start, end, value, slope in pattern["input"] if start <= ms < end)


def run(seamount, pattern, folder):
    """Membrane voltages in mV, a spike drawn up to its peak, and input currents, one per step."""
    dt = 2.0 ** -pattern["params"]["dt_exp"]
    steps = int(pattern["ms"] / dt)
    inputs = [current(pattern, t * dt) for t in range(steps)]
    stimulus, trace = folder / "in.csv", folder / "out.csv"
    stimulus.write_text("".join(f"{round(i * INPUT_UNIT)}\n" for i in inputs))
    command = [seamount, "neuron", "izhikevich", "--steps", str(steps), "--input", str(stimulus), "--csv", str(trace), "-q"]
    for name, value in pattern["params"].items():
        command += ["--param", f"{name}={value}"]
    subprocess.run(command, check=True)
    with open(trace, newline="") as file:
        rows = list(csv.DictReader(file))
    return [HIGH if row["spikes"] else int(row["v"]) / ONE for row in rows], inputs


def simplified(points, tolerance=0.1):
    """Ramer, Douglas and Peucker: what is left is nowhere further away than the tolerance, in pixels."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    off = [abs(y0 + (y1 - y0) * (x - x0) / (x1 - x0) - y) for x, y in points]
    worst = max(range(len(points)), key=off.__getitem__)
    if off[worst] <= tolerance:
        return [points[0], points[-1]]
    return simplified(points[:worst + 1])[:-1] + simplified(points[worst:])


def polyline(values, low, high, x, y, height, colour):
    points = [(x + WIDTH * i / (len(values) - 1), y + height - height * (value - low) / (high - low))
              for i, value in enumerate(values)]
    text = " ".join(f"{across:.1f},{down:.1f}" for across, down in simplified(points))
    return f'<polyline fill="none" stroke="{colour}" stroke-width="0.8" points="{text}"/>\n'


def panel(pattern, voltages, inputs, x, y):
    top = max(max(inputs), 0.0)
    bottom = min(min(inputs), 0.0)
    text = f'<text x="{x}" y="{y + 11}">{pattern["name"]}, {pattern["ms"]} ms</text>\n'
    text += polyline(voltages, LOW, HIGH, x, y + HEAD, HEIGHT - 14, "#1a4db3")
    return text + polyline(inputs, bottom, max(top, bottom + 1e-9), x, y + HEAD + HEIGHT - 11, 9, "#bf731a")


def main(seamount, out):
    patterns = json.loads((pathlib.Path(__file__).parent.parent / "configs/neurons/izhikevich_patterns.json").read_text())
    rows = -(-len(patterns) // COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, rows * (HEAD + HEIGHT + GAP) + GAP
    body = ""
    with tempfile.TemporaryDirectory() as folder:
        for i, pattern in enumerate(patterns):
            voltages, inputs = run(seamount, pattern, pathlib.Path(folder))
            body += panel(pattern, voltages, inputs, GAP + i % COLUMNS * (WIDTH + GAP), GAP + i // COLUMNS * (HEAD + HEIGHT + GAP))
    pathlib.Path(out).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}</svg>\n')


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    main(sys.argv[1], sys.argv[2])
