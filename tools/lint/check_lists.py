#!/usr/bin/env python3
"""Checks that nothing is forgotten: every source is in a CMakeLists.txt, every diagnostic code is documented and tested,
every YAML and .asm under configs/ is named by a test, the root holds only what belongs there.

    check_lists.py ROOT
"""
import pathlib
import re
import subprocess
import sys

CODE = re.compile(r'["\[]((?:ASM|CHIP|CLI|CMP|IMG|NET|OUT|YML|RUN)-[A-Z0-9-]+)["\]]')
ROOT_ENTRIES = {"CMakeLists.txt", "emulator", "isa", "compiler", "configs", "tests", "tools", "README.md",
                "CMakePresets.json", "LICENSE", "CHANGELOG.md"}


def tracked(root):
    out = subprocess.run(["git", "-C", str(root), "ls-files"], capture_output=True, text=True)
    if out.returncode != 0:  # an exported tree: take what is there
        return [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and "build" not in p.parts]
    return out.stdout.splitlines()


def problems(root):
    files = [f for f in tracked(root) if (root / f).is_file()]
    text = {f: (root / f).read_text(errors="replace") for f in files
            if f.endswith((".cpp", ".hpp", ".txt", ".md", ".py", ".sh", ".yaml", ".def", ".inl", ".cmake"))}

    lists = "\n".join(t for f, t in text.items() if f.endswith("CMakeLists.txt"))
    for f in files:
        if f.endswith(".cpp") and pathlib.PurePosixPath(f).name not in lists:
            yield f"{f}: in no CMakeLists.txt, so it never builds"

    documented = set(re.findall(r"`((?:ASM|CHIP|CLI|CMP|IMG|NET|OUT|YML|RUN)-[A-Z0-9-]+)`",
                                text.get("isa/spec/ERRORS.md", "")))
    tests = "\n".join(t for f, t in text.items() if f.startswith("tests/"))
    emitted = {}
    for f, t in text.items():
        if f.startswith(("isa/", "compiler/", "emulator/", "tools/")) and f.endswith((".cpp", ".hpp")):
            for code in CODE.findall(t):
                emitted.setdefault(code, f)
    for code, f in sorted(emitted.items()):
        if code not in documented:
            yield f"{f}: {code} is not in isa/spec/ERRORS.md"
        if code not in tests:
            yield f"{f}: {code} is in no test"
    for code in sorted(documented - set(emitted)):
        yield f"isa/spec/ERRORS.md: {code} is emitted nowhere"

    for f in files:
        name = pathlib.PurePosixPath(f).name
        if f.startswith("configs/") and f.endswith((".yaml", ".asm")) and name.rsplit(".", 1)[0] not in tests:
            yield f"{f}: named by no test"
        top = f.split("/")[0]
        if top not in ROOT_ENTRIES and not top.startswith("."):
            yield f"{top}: not part of the agreed top level"


if __name__ == "__main__":
    found = sorted(set(problems(pathlib.Path(sys.argv[1]))))
    print("\n".join(found) or "lists: nothing is forgotten")
    sys.exit(1 if found else 0)
