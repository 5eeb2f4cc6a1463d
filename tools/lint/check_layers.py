#!/usr/bin/env python3
"""Checks the directions between folders: isa <- compiler, isa <- emulator, tools on top; <systemc> only in shells.

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
# Inside emulator/: core and mesh do not know each other, chip joins them, energy and trace are leaves.
MUST_NOT_INCLUDE = {
    "compiler/verify": ("compiler/cache", "compiler/lower", "compiler/partition", "compiler/place", "compiler/codegen"),
    "emulator/core": ("emulator/mesh", "emulator/chip", "emulator/energy"),
    "emulator/machine": ("emulator/mesh", "emulator/chip", "emulator/energy"),
    "emulator/mesh": ("emulator/core", "emulator/machine", "emulator/chip"),
    "emulator/energy": ("emulator/core", "emulator/mesh", "emulator/chip"),
    "emulator/trace": ("emulator/core", "emulator/mesh", "emulator/chip"),
}
INCLUDE = re.compile(r'^\s*#include\s+([<"])([^>"]+)[>"]')


def problems(root):
    for layer, allowed in MAY_INCLUDE.items():
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
                for folder, banned in MUST_NOT_INCLUDE.items():
                    if name.startswith(folder + "/") and target.startswith(tuple(b + "/" for b in banned)):
                        yield f"{name}:{number}: {folder} must not include \"{target}\""


if __name__ == "__main__":
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers: every include points in an allowed direction")
    sys.exit(1 if found else 0)
