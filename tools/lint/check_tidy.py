#!/usr/bin/env python3
"""Runs clang-tidy with .clang-tidy over the product's sources that may have new findings.

    check_tidy.py ROOT BUILD [--alone]

Sources that the build compiles as one (tools/cmake/batches.py) are checked as one, since clang-tidy spends most of its time
on headers. --alone takes every source by itself: only then a source must include what it uses, and using-declarations that
nobody uses are found.

A clean result is kept under ${XDG_CACHE_HOME:-~/.cache}/seamount-tidy by a hash of all that it depends on: the source and
every file of ours that it includes, directly or not, its compiler options, .clang-tidy, and the versions of clang-tidy and
of the installed -dev packages. Such a source is not looked at again; findings are never kept.

SEAMOUNT_TIDY_BASE names a git revision: then only sources are checked that a change since then (committed or not) can affect,
which are those that are, or include, a changed file; where git does not know it, nothing is checked, and "skipped:" is said.
Without it the whole tree is checked.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

PRODUCT = ("isa/", "compiler/", "emulator/", "tools/")
# In .clang-tidy, and here also sources, which batches include.
OURS = r"(isa|compiler|emulator|tools)/.*\.[ch]pp$"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
KEEP_DAYS = 90
NOISE = re.compile(r"^(\d+ warnings? (generated|treated)|Suppressed |Use -)")


def output_of(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


class Sources:
    """Files of the tree with what they include."""

    def __init__(self, root):
        self.root = root
        self.closures = {}
        self.digests = {}

    def digest(self, name):
        if name not in self.digests:
            self.digests[name] = hashlib.sha256((self.root / name).read_bytes()).hexdigest()
        return self.digests[name]

    def closure(self, name):
        """Paths from the root: the file (a batch is none of ours) and every file of ours that it includes, directly or not."""
        if name not in self.closures:
            found, queue = {name} if name.startswith(PRODUCT) else set(), [name]
            while queue:
                for included in INCLUDE.findall((self.root / queue.pop()).read_text()):
                    if included not in found and (self.root / included).is_file():
                        found.add(included)
                        queue.append(included)
            self.closures[name] = sorted(found)
        return self.closures[name]


def product_commands(root, build, alone):
    """{path from the root: compile command} of sources and batches, without precompiled headers: so sources must include what
    they use."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["file"])
        # Where the object goes says nothing about a source.
        command = re.sub(r" -Winvalid-pch|( -Xclang)? -include(-pch)?( -Xclang)? \S*cmake_pch\.hxx(\.pch)?| -o \S+", "", entry["command"])
        is_batch = file.is_relative_to(build / "batches")
        included = INCLUDE.findall(file.read_text()) if is_batch else []
        members = [name for name in included if name.endswith(".cpp")] or [os.path.relpath(file, root)]
        if not members[0].startswith(PRODUCT):
            continue
        if is_batch and not alone:
            commands[os.path.relpath(file, root)] = {**entry, "command": command}
            continue
        for name in members:
            source = str(root / name)
            commands[name] = {**entry, "file": source, "command": command.replace(str(file), source)}
    return commands


def changed_since(root, base):
    """Paths that differ from revision `base`, or None where git cannot tell."""
    git = ["git", "-c", "safe.directory=*", "-C", str(root)]
    tracked = output_of([*git, "diff", "--name-only", base, "--"])
    untracked = output_of([*git, "ls-files", "--others", "--exclude-standard"])
    return None if tracked is None or untracked is None else set((tracked + untracked).splitlines())


def key_of(name, command, sources, common):
    whole = hashlib.sha256(common)
    # Options, not places: the same tree in another folder has the same results.
    text = command["command"].replace(command["file"], "").replace(command["directory"], "").replace(str(sources.root), "")
    whole.update(text.encode())
    for included in sources.closure(name):
        whole.update(f"{included} {sources.digest(included)}\n".encode())
    return whole.hexdigest()


def tidy(name, root, database):
    command = ["clang-tidy", "--quiet", f"--config-file={root / '.clang-tidy'}", f"--header-filter={OURS}", "-p", database, name]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    lines = [line for line in (run.stdout + run.stderr).splitlines() if not NOISE.match(line)]
    return run.returncode, "\n".join(lines)


def prune(cache):
    oldest = time.time() - KEEP_DAYS * 86400
    for entry in cache.iterdir():
        try:
            if entry.stat().st_mtime < oldest:
                entry.unlink()
        except FileNotFoundError:  # another run was faster
            pass


def main(root, build, alone):
    sources = Sources(root)
    commands = product_commands(root, build, alone)
    scope = "the whole tree"
    wanted = sorted(commands)
    if not wanted:
        sys.exit(f"{build}/compile_commands.json names no source of {root}")
    base = os.environ.get("SEAMOUNT_TIDY_BASE", "")
    changed = changed_since(root, base) if base else None
    if base and changed is None:
        print(f"skipped: git does not know {base}, and so not what has changed; without SEAMOUNT_TIDY_BASE the whole tree is checked")
        return 0
    if changed is not None and ".clang-tidy" not in changed:
        wanted = [name for name in wanted if changed.intersection(sources.closure(name))]
        scope = f"what changes since {base} can affect"

    common = (root / ".clang-tidy").read_bytes()
    for command in (["clang-tidy", "--version"], ["dpkg-query", "-W", "*-dev"]):
        common += (output_of(command) or "").encode()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "seamount-tidy"
    cache.mkdir(parents=True, exist_ok=True)
    prune(cache)

    keys = {name: key_of(name, commands[name], sources, common) for name in wanted}
    missing = []
    for name in wanted:
        try:
            os.utime(cache / keys[name])
        except FileNotFoundError:
            missing.append(name)

    bad = 0
    with tempfile.TemporaryDirectory() as database:
        (pathlib.Path(database) / "compile_commands.json").write_text(json.dumps(list(commands.values())))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = {pool.submit(tidy, name, root, database): name for name in missing}
            for run in concurrent.futures.as_completed(runs):
                code, text = run.result()
                if code == 0:
                    (cache / keys[runs[run]]).touch()
                else:
                    bad += 1
                    print(text or f"{runs[run]}: clang-tidy ended with {code}", flush=True)
    unit = "sources" if alone else "sources and batches of sources"
    print(f"clang-tidy: {scope}: {len(wanted)} of {len(commands)} {unit}, {len(wanted) - len(missing)} known to be clean, "
          f"{len(missing)} checked, {bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--alone", action="store_true")
    arguments = parser.parse_args()
    sys.exit(main(arguments.root.resolve(), arguments.build.resolve(), arguments.alone))
