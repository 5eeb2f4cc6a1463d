#!/usr/bin/env python3
"""Runs the examples of the manual as a reader would paste them, each page in a folder of its own.

    run_blocks.py SEAMOUNT CONFIGS PAGE.md...

A block `yaml title="net.yaml"` (or asm, csv, python) is saved under its title. In a `console` block lines that begin with `$ ` are
commands, run by bash with `seamount` in the path and the folder configs/ of the repository at hand; what follows must be
their output, without what they write to stderr beyond it: lines in their order, `...` for any text within a line and, alone,
for any lines. `console exit=2` expects that exit code of each command; `console needs=numpy` is left out, aloud, where python3
has no such module. Other blocks are only looked at.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\S+)(.*)$")


def blocks(page):
    """(line, language, the rest of the info string, lines) of each fenced block."""
    inside = None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if inside is None:
            match = FENCE.match(line)
            if match:
                inside = (number, match[1], match[2], [])
        elif line.startswith("```"):
            yield inside
            inside = None
        else:
            inside[3].append(line)
    if inside:
        raise SystemExit(f"{page}:{inside[0]}: the block has no end")


def pattern_of(lines):
    """A regular expression for the expected lines of an output."""
    text = ""
    for line in lines:
        if line.strip() == "...":
            text += r"(?:.*\n)*?"
        else:
            text += r"[^\n]*".join(re.escape(part.rstrip()) for part in line.split("...")) + r"[ ]*\n"
    return text


def commands(lines):
    """(command, expected lines) of a console block."""
    found = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0] + "\n" + line, [])
        elif found:
            found[-1][1].append(line)
    return found


def missing(modules, environment):
    """Those of the comma-separated modules that python3 does not have."""
    return [name for name in modules.split(",")
            if subprocess.run(["python3", "-c", f"import {name}"], env=environment, capture_output=True).returncode != 0]


def run_page(page, seamount, configs):
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(configs, pathlib.Path(folder) / "configs")
        path = f"{seamount.parent}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"  # python3 is what runs this
        environment = dict(os.environ, PATH=path, NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1",
                           SEAMOUNT_CACHE=str(pathlib.Path(folder) / ".cache"))
        for number, language, info, lines in blocks(page):
            title = re.search(r'title="([^"]+)"', info)
            if title:
                (pathlib.Path(folder) / title[1]).write_text("\n".join(lines) + "\n")
            if language != "console":
                continue
            wanted = re.search(r"exit=(\d+)", info)
            needs = re.search(r"needs=(\S+)", info)
            absent = missing(needs[1], environment) if needs else []
            if absent:
                print(f"{page}:{number}: left out: no Python module {', '.join(absent)}")
                continue
            for command, expected in commands(lines):
                ran = subprocess.run(["bash", "-ec", command], cwd=folder, env=environment, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                got = ran.stdout
                if ran.returncode != int(wanted[1] if wanted else 0):
                    print(f"{page}:{number}: exit code {ran.returncode} of: {command}\n{got}")
                    faults += 1
                elif expected and not re.fullmatch(pattern_of(expected), got):
                    print(f"{page}:{number}: `{command}` printed\n{got}\nthe page says\n" + "\n".join(expected))
                    faults += 1
    return faults


def main():
    seamount, configs = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    pages = [pathlib.Path(argument) for argument in sys.argv[3:]]
    faults = sum(run_page(page, seamount, configs) for page in pages)
    print(f"{len(pages)} pages, {faults} faults")
    return 1 if faults else 0


sys.exit(main())
