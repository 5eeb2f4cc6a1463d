#!/usr/bin/env python3
"""The picture of README.md shows the spikes of the run that it names, and tools/plot_run.py draws it again.

    picture.py SEAMOUNT ROOT
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

PATH = re.compile(r'<path d="([^"]*)"')


def main():
    seamount, root = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    command = re.search(r"`seamount (run configs/\S+ .*) --out \S+`", (root / "README.md").read_text())[1].split()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([seamount, *command, "--out", folder / "run", "-q"], cwd=root, check=True)
        subprocess.run([sys.executable, root / "tools/plot_run.py", folder / "run", folder / "run.svg"], check=True)
        drawn, kept = ((place / "run.svg").read_text() for place in (folder, root / "docs"))
        xml.etree.ElementTree.fromstring(drawn)
        if not PATH.findall(drawn) or PATH.findall(drawn) != PATH.findall(kept):
            raise SystemExit(f"docs/run.svg shows other spikes than: seamount {' '.join(command)}\n"
                             "draw it again: tools/plot_run.py out/run docs/run.svg")
    print("the spikes of docs/run.svg are those of the run")


main()
