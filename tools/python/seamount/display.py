"""Tables and rasters for notebooks: plain HTML and SVG, no other package."""
from __future__ import annotations

import html

import numpy as np

_COLOURS = ("#1b6ca8", "#c8553d", "#3c8d2f", "#7a4ea3", "#b8860b", "#2a8f8f")
_MOST_DOTS = 20000


def table(rows, title=""):
    """An HTML table of (name, value) pairs."""
    cells = "".join(f"<tr><th style='text-align:left'>{html.escape(str(name))}</th>"
                    f"<td style='text-align:right'>{html.escape(str(value))}</td></tr>" for name, value in rows)
    head = f"<caption style='text-align:left;font-weight:bold'>{html.escape(title)}</caption>" if title else ""
    return f"<table>{head}{cells}</table>"


def raster(step, neuron, steps, populations, width=640, height=240):
    """An SVG of dots: time to the right, neurons upwards, a colour for each population. At most 20,000 dots are drawn,
    evenly chosen; the text says how many there are."""
    neurons = max((p["first"] + p["size"] for p in populations), default=1)
    first, last = (int(step[0]), max(int(step[-1]), steps - 1)) if len(step) else (0, max(steps - 1, 0))
    span = max(last - first + 1, 1)
    chosen = np.arange(len(step)) if len(step) <= _MOST_DOTS else np.linspace(0, len(step) - 1, _MOST_DOTS).astype(int)
    left, top, bottom = 70, 8, 24
    inner_width, inner_height = width - left - 8, height - top - bottom
    x = left + (step[chosen].astype(float) - first + 0.5) / span * inner_width
    y = top + (1.0 - (neuron[chosen].astype(float) + 0.5) / max(neurons, 1)) * inner_height
    radius = max(0.6, min(2.5, 0.35 * inner_height / max(neurons, 1)))
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' font-family='sans-serif' font-size='11'>",
             f"<rect x='{left}' y='{top}' width='{inner_width}' height='{inner_height}' fill='none' stroke='#999'/>"]
    for index, population in enumerate(populations):
        colour = _COLOURS[index % len(_COLOURS)]
        low, high = population["first"], population["first"] + population["size"]
        inside = (neuron[chosen] >= low) & (neuron[chosen] < high)
        path = "".join(f"M{px:.1f} {py:.1f}h.01" for px, py in zip(x[inside], y[inside]))
        if path:
            parts.append(f"<path d='{path}' stroke='{colour}' stroke-width='{2 * radius:.1f}' stroke-linecap='round'/>")
        middle = top + (1.0 - (low + high) / 2 / max(neurons, 1)) * inner_height
        parts.append(f"<text x='{left - 6}' y='{middle + 4:.1f}' text-anchor='end' fill='{colour}'>"
                     f"{html.escape(population['name'][:10])}</text>")
    note = f"step {first} to {last}, {len(step):,} spikes"
    if len(chosen) < len(step):
        note += f", {len(chosen):,} of them drawn"
    parts.append(f"<text x='{left}' y='{height - 8}'>{note}</text></svg>")
    return "".join(parts)


def amount(value, unit):
    """A number with a prefix: 1.5e-6 s is 1.5 µs."""
    if value == 0:
        return f"0 {unit}"
    for scale, prefix in ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p")):
        if abs(value) >= scale:
            return f"{value / scale:.4g} {prefix}{unit}"
    return f"{value:.4g} {unit}"
