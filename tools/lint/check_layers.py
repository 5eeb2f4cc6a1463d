#!/usr/bin/env python3
"""Checks the directions between folders: isa <- compiler, isa <- emulator, tools on top, no pass of the compiler knows
another; <systemc> only in shells. Each folder of the product has a README.md and few modules.

    check_layers.py ROOT
"""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "isa": {"isa"},
    "compiler": {"isa", "compiler"},
    "emulator": {"isa", "emulator"},
    "tools": {"isa", "compiler", "emulator", "tools"},
    "tests": {"isa", "compiler", "emulator", "tools", "tests"},
}
# Inside a layer, what a room (with the rooms in it) may include of its layer's other rooms. The passes of the compiler run in
# the order frontend, lower, partition, place, codegen; each knows what they hand on (ir) and none of the others.
ROOMS = {
    "compiler": {
        "base": set(),
        "ir": {"base"},
        "frontend": {"base", "ir"},
        "lower": {"base", "ir"},
        "partition": {"base", "ir"},
        "place": {"base", "ir"},
        "codegen": {"base", "ir"},
        "report": {"base", "ir", "place"},  # what a placed network costs is counted there
        "verify": {"ir"},  # shares no code with what it checks
        "cache": {"base", "ir", "partition"},
        "driver": {"base", "ir", "frontend", "lower", "partition", "place", "codegen", "report", "cache"},
    },
    "emulator": {
        "base": set(),
        "learning": set(),
        "core": {"base", "learning"},
        "machine": {"base", "core", "learning"},
        "mesh": {"base"},
        "energy": set(),
        "trace": set(),
        "timing": {"base", "machine", "mesh", "energy"},
        "chip": {"machine", "mesh", "energy", "timing"},
    },
}
MUST_NOT_INCLUDE = {
    "emulator/mesh/packet": ("emulator/mesh/flit",),
    "emulator/mesh/flit": ("emulator/mesh/packet",),
}
MAX_MODULES = 15  # of a folder; a .cpp with its .hpp counts once
INCLUDE = re.compile(r'^\s*#include\s+([<"])([^>"]+)[>"]')


def problems(root):
    for layer, allowed in MAY_INCLUDE.items():
        rooms = ROOMS.get(layer, {})
        for path in sorted((root / layer).rglob("*")):
            if path.suffix not in {".cpp", ".hpp", ".inl"}:
                continue
            name = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                kind, target = match.groups()
                if kind == "<":
                    shell = name.startswith("emulator/chip/") or "_module." in name
                    if target.startswith(("systemc", "tlm")) and not shell:
                        yield f"{name}:{number}: <{target}> outside emulator/chip and *_module.*"
                    if target.startswith("yaml-cpp") and not name.startswith("isa/yaml/"):
                        yield f"{name}:{number}: <{target}> outside isa/yaml"
                    if target.startswith("Random123") and name != "isa/base/random_domain.hpp":
                        yield f"{name}:{number}: <{target}> outside isa/base/random_domain.hpp"
                    continue
                if target.split("/")[0] not in allowed:
                    yield f"{name}:{number}: {layer} must not include \"{target}\""
                if not (root / target).is_file():
                    yield f"{name}:{number}: \"{target}\" is not a path from the root"
                room, other = name.split("/")[1], target.split("/")[1]
                if target.split("/")[0] == layer and room in rooms and other not in rooms[room] | {room}:
                    yield f"{name}:{number}: {layer}/{room} must not include \"{target}\""
                for folder, banned in MUST_NOT_INCLUDE.items():
                    if name.startswith(folder + "/") and target.startswith(tuple(b + "/" for b in banned)):
                        yield f"{name}:{number}: {folder} must not include \"{target}\""


def folder_problems(root):
    for layer in MAY_INCLUDE:
        if layer == "tests":
            continue
        folders = {}
        for path in (root / layer).rglob("*"):
            if path.suffix in {".cpp", ".hpp", ".inl", ".def"}:
                folders.setdefault(path.parent, set()).add(path.stem)
        for folder, modules in sorted(folders.items()):
            name = folder.relative_to(root).as_posix()
            if len(modules) > MAX_MODULES:
                yield f"{name}: {len(modules)} modules, more than {MAX_MODULES}: divide it"
            if not (folder / "README.md").is_file():
                yield f"{name}: no README.md that says what it is for and where to start reading"


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    found = [*problems(root), *folder_problems(root)]
    print("\n".join(found) or "layers: every include points in an allowed direction, every folder is small and has a README")
    sys.exit(1 if found else 0)
