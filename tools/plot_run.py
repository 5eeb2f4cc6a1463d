#!/usr/bin/env python3
"""Draws a run as one SVG: which neuron spiked when, how long each step took, and what each core did.

    plot_run.py DIR OUT.svg [--neurons N]

DIR is the folder of `seamount run --out DIR`. Of each population N neurons are drawn (default 90), evenly spaced.
"""
import argparse
import csv
import json
import pathlib
from xml.sax.saxutils import escape

WIDTH, LEFT, GAP = 620, 52, 10        # of the raster
ROW = 2                               # height of a neuron
TIMES, CHIP = 46, 168                # height of the curve below, width of the chip beside
COLOURS = ("#2563ab", "#b4472c", "#3d7d4f", "#7c5295")
LIGHT, DARK = (232, 238, 246), (23, 63, 120)


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def text(x, y, content, anchor="start", colour="#444"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(content)}</text>'


def chosen(spikes, count):
    """{population: {neuron: row}} of the neurons that are drawn, of as many as the largest that spiked."""
    sizes = {}
    for spike in spikes:
        sizes[spike["population"]] = max(sizes.get(spike["population"], 0), int(spike["neuron"]) + 1)
    rows, row = {}, 0
    for name, size in sizes.items():
        shown = min(count, size)
        rows[name] = {i * size // shown: row + i for i in range(shown)}
        row += shown + 2
    return rows, row


def raster(spikes, steps, count, top):
    rows, height = chosen(spikes, count)
    scale, out = WIDTH / steps, []
    for number, (name, places) in enumerate(rows.items()):
        marks = [(places[int(s["neuron"])], int(s["step"])) for s in spikes if s["population"] == name and int(s["neuron"]) in places]
        colour = COLOURS[number % len(COLOURS)]
        path = "".join(f"M{LEFT + step * scale:.4g} {top + row * ROW}v{ROW}" for row, step in sorted(marks))
        out.append(f'<path d="{path}" stroke="{colour}" stroke-width="{max(1, scale * 0.5):.3g}"/>')
        middle = top + ROW * (min(places.values()) + max(places.values()) + 1) / 2 + 4
        out.append(text(LEFT - 6, round(middle), name, "end", colour))
    return out, top + height * ROW


def times(perf, top):
    """The modelled time of each step, from 0 up to the longest."""
    values = [float(row["time_ns"]) for row in perf]
    largest = max(values) or 1
    points = " ".join(f"{LEFT + (i + 0.5) * WIDTH / len(values):.4g},{top + TIMES - TIMES * v / largest:.1f}" for i, v in enumerate(values))
    return [f'<polyline points="{points}" fill="none" stroke="#444"/>', text(LEFT - 6, top + 10, f"{largest / 1000:.2g} us", "end"),
            text(LEFT - 6, top + TIMES, "0", "end"), text(LEFT, top + TIMES + 14, "step 0"),
            text(LEFT + WIDTH, top + TIMES + 14, f"step {len(values) - 1}: modelled time of each step", "end")]


def cores(table, left, top):
    """Tiles where they are on the chip, in each its cores, dark where there were most synaptic events."""
    most = max(int(row["synaptic_events"]) for row in table) or 1
    width, height = (1 + max(int(row[key]) for row in table) for key in ("tile_x", "tile_y"))
    tile_size = min(CHIP // max(width, height), CHIP // 4)
    out = [f'<rect x="{left + x * tile_size}" y="{top + y * tile_size}" width="{tile_size - 2}" height="{tile_size - 2}" fill="#f1f1f1"/>'
           for x in range(width) for y in range(height)]
    seen = {}
    for row in table:
        tile = int(row["tile_x"]), int(row["tile_y"])
        place = seen[tile] = seen.get(tile, -1) + 1
        share = int(row["synaptic_events"]) / most
        colour = "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(LIGHT, DARK))
        half = (tile_size - 2) // 2
        out.append(f'<rect x="{left + tile[0] * tile_size + place % 2 * (half + 1)}" y="{top + tile[1] * tile_size + place // 2 % 2 * (half + 1)}" '
                   f'width="{half}" height="{half}" fill="{colour}"><title>core {row["core"]}: {int(row["synaptic_events"]):,}</title></rect>')
    return out + [text(left, top - 8, "synaptic events of each core"), text(left, top + height * tile_size + 12, f"darkest: {most:,}")]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("out", type=pathlib.Path)
    options.add_argument("--neurons", type=int, default=90)
    given = options.parse_args()
    summary = json.loads((given.folder / "summary.json").read_text())
    marks, bottom = raster(rows_of(given.folder / "spikes.csv"), summary["steps"], given.neurons, 30)
    curve = times(rows_of(given.folder / "perf.csv"), bottom + GAP)
    chip = cores(rows_of(given.folder / "cores.csv"), LEFT + WIDTH + 24, 42)
    title = (f"{summary['network']} on {summary['chip']}: {summary['neurons']:,} neurons, {summary['synapses']:,} synapses, "
             f"{summary['spikes']:,} spikes in {summary['steps']:,} steps")
    width, height = LEFT + WIDTH + 34 + CHIP, bottom + GAP + TIMES + 24
    given.out.write_text("\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
         'font-family="sans-serif" font-size="11">', f'<rect width="{width}" height="{height}" fill="#fff"/>',
         text(LEFT, 18, title, colour="#111"), *marks, *curve, *chip, "</svg>"]) + "\n")


main()
