#!/usr/bin/env python3
"""The picture of README.md shows the spikes of the run that it names, drawn by `seamount plot raster`.

    picture.py SEAMOUNT ROOT
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

PATH = re.compile(r'<path style="[^"]*" d="([^"]*)"')


def spikes(picture):
    """Of each population, how many spikes the steps have that have some, whatever fonts have moved: one stroke is one spike."""
    strokes = (re.findall(r"M (\S+) \S+ L", path) for path in PATH.findall(picture))
    return [list(collections.Counter(path).values()) for path in strokes if len(path) > 100]


def main():
    seamount, root = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    command = re.search(r"`seamount (run configs/\S+ .*) --out \S+`", (root / "README.md").read_text())[1].split()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([seamount, *command, "--out", folder / "run", "-q"], cwd=root, check=True)
        subprocess.run([seamount, "plot", "raster", folder / "run", "-o", folder / "run.svg", "-q"], check=True)
        drawn, kept = ((place / "run.svg").read_text() for place in (folder, root / "docs"))
        xml.etree.ElementTree.fromstring(drawn)
        if not spikes(drawn) or spikes(drawn) != spikes(kept):
            raise SystemExit(f"docs/run.svg shows other spikes than: seamount {' '.join(command)}\n"
                             "draw it again: seamount plot raster out/run -o docs/run.svg")
    print("the spikes of docs/run.svg are those of the run")


main()
