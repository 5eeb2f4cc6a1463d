"""The explorer: sweeps over chips, mappings and networks (`seamount explore`)."""
from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import tempfile
from typing import Optional

from .errors import Diagnostic, Error

__all__ = ["explore", "Sweep"]


def program() -> str:
    """The command `seamount`: $SEAMOUNT, that of the build tree or prefix which this module belongs to, or one in PATH."""
    here = os.path.dirname(os.path.realpath(_core_file()))
    beside = [os.path.join(here, "..", "..", "seamount"), os.path.join(here, "..", "..", "..", "..", "bin", "seamount")]
    for candidate in [os.environ.get("SEAMOUNT"), *beside, shutil.which("seamount")]:
        if candidate and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return os.path.normpath(candidate)
    raise FileNotFoundError("the command 'seamount' was not found: set SEAMOUNT to it or put it into PATH")


def _core_file() -> str:
    from . import _core

    return _core.__file__


def _number(text: str):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


_FINDING = re.compile(r"^(?P<file>.*?):(?:(?P<line>\d+):(?P<column>\d+):)? error: (?P<message>.*) \[(?P<code>[A-Z0-9-]+)\]"
                      r"(?:\n +hint: (?P<hint>.*))?", re.MULTILINE)


def _findings(text: str, file: str):
    """What the command printed, as diagnostics."""
    found = [Diagnostic(m["code"], m["file"], int(m["line"] or 0), int(m["column"] or 0), m["message"], m["hint"] or "", m[0])
             for m in _FINDING.finditer(text)]
    return found or [Diagnostic("", file, 0, 0, text, "", text)]


class Sweep(list):
    """The points of a sweep: dicts from parameter and objective to value."""

    def __init__(self, points, store):
        super().__init__(points)
        self.store = store

    def to_dataframe(self):
        import pandas

        return pandas.DataFrame(list(self))

    def __repr__(self):
        return f"<Sweep: {len(self)} points in {self.store}>"


def explore(sweep, *, store=None, jobs: Optional[int] = None, set: Optional[dict] = None, options=()) -> Sweep:  # noqa: A002
    """Runs a sweep file; what its store has already is not run again. store: where results are kept (default: NAME.sqlite in
    the working folder). jobs: processes at once (default: all cores). options: further ones of `seamount explore`."""
    store = os.fspath(store) if store else os.path.splitext(os.path.basename(os.fspath(sweep)))[0] + ".sqlite"
    with tempfile.TemporaryDirectory(prefix="seamount-") as folder:
        table = os.path.join(folder, "points.csv")
        words = [program(), "explore", os.fspath(sweep), "--store", store, "--export", table, "-q", *options]
        if jobs is not None:
            words += ["--jobs", str(jobs)]
        for name, value in (set or {}).items():
            words += ["--set", f"{name}={value}"]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode == 2 or not os.path.exists(table):
            raise Error(_findings(done.stderr.strip(), os.fspath(sweep)))
        with open(table, newline="", encoding="utf-8") as file:
            points = [{key: _number(value) for key, value in row.items()} for row in csv.DictReader(file)]
    return Sweep(points, store)
