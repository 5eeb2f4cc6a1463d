#!/usr/bin/env python3
"""Runs the code cells of a notebook one after another, in a folder of their own, and shows what the last line of each is worth, as
a notebook would: run_notebook.py NOTEBOOK. Skipped without h5py, which writes its NIR file."""
import ast
import json
import os
import sys
import tempfile

try:
    import h5py  # noqa: F401
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)


def run(source, names):
    """The value of the last line, if it is an expression."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(last, "cell", "eval"), names) if last else None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    names = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for number, cell in enumerate(cells, 1):
            value = run("".join(cell["source"]), names)
            shown = value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)
            print(f"[{number}] {shown[:200]}")
        os.chdir("/")
    assert len(names["simulation"].spikes) > 50, "the network is silent"
    assert names["simulation"].spikes["out"].counts().sum() > 0
    assert names["simulation"].energy_j > 0
    assert names["fit"].returncode in (0, 1), names["fit"].stderr


if __name__ == "__main__":
    main()
