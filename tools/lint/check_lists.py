#!/usr/bin/env python3
"""Checks that nothing is forgotten: every source is in a CMakeLists.txt, every diagnostic code is documented and tested,
every YAML and .asm under configs/ is named by a test, every page of the manual is in its tables of contents, the root holds only what belongs there, tests are tagged by their file
and skip aloud.

    check_lists.py ROOT
"""
import os
import pathlib
import posixpath
import re
import subprocess
import sys

CODE = re.compile(r'["\[]((?:ASM|CHIP|CLI|CMP|EXP|IMG|IMP|NET|OUT|YML|RUN|VFY)-[A-Z0-9-]+)["\]]')
ROOT_ENTRIES = {"CMakeLists.txt", "emulator", "isa", "compiler", "configs", "tests", "tools", "README.md",
                "CMakePresets.json", "LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "docs", "pyproject.toml"}


TEST_CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\\n]|\\.)*"\s*)+)(?:,\s*"([^"]*)")?\s*\)')
UNSEEN = re.compile(r'WARN\("skipped|mkdtemp|temp_directory_path')
FOREACH = re.compile(r"foreach\((\w+) ([^)]*)\)(.*?)endforeach\(\)", re.DOTALL)
SOURCE = re.compile(r'[^\s()";]+\.cpp\b')


def tracked(root):
    out = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(root), "ls-files"], capture_output=True, text=True)
    if out.returncode == 0 and out.stdout:
        return out.stdout.splitlines()
    files = []  # an exported tree: take what is there, without what builds and tools leave behind
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in ("out", "__pycache__", ".git", ".cache") and not f.startswith("build")]
        files += [(pathlib.Path(folder) / name).relative_to(root).as_posix() for name in names]
    return files


def listed_sources(lists):
    """Paths from the root of the .cpp files that CMakeLists.txt files, {path: text}, name: relative to their folder."""
    sources = set()
    for path, text in lists.items():
        folder = posixpath.dirname(path)
        text = FOREACH.sub(lambda loop: "\n".join(loop[3].replace("${%s}" % loop[1], item) for item in loop[2].split()),
                           re.sub(r"#.*", "", text))
        for name in SOURCE.findall(text):
            name = name.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
            base = folder
            for root in ("${PROJECT_SOURCE_DIR}/", "${CMAKE_SOURCE_DIR}/"):
                if name.startswith(root):
                    base, name = "", name[len(root):]
            sources.add(posixpath.normpath(posixpath.join(base, name)))
    return sources


def test_problems(name, text):
    """tests/README.md: a tag that is the file's name; skips by SKIP_TEST; files in a TemporaryFolder."""
    if not name.startswith("tests/") or not name.endswith((".cpp", ".hpp")):
        return
    subject = pathlib.PurePosixPath(name).name.removesuffix(".test.cpp")
    for title, tags in TEST_CASE.findall(text):
        if ";" in title:
            yield f"{name}: {title.strip()}: CMake's discovery of tests cuts a title at ';'"
        if tags not in (f"[{subject}]", f"[{subject}][study]"):
            yield f"{name}: {title.strip()} has tags '{tags}', not '[{subject}]'"
    if not name.startswith("tests/support/"):
        for found in UNSEEN.findall(text):
            yield f"{name}: {found}: use tests/support/skip.hpp and temporary_folder.hpp"


def problems(root):
    files = [f for f in tracked(root) if (root / f).is_file()]
    text = {f: (root / f).read_text(errors="replace") for f in files
            if f.endswith((".cpp", ".hpp", ".txt", ".md", ".py", ".sh", ".yaml", ".def", ".inl", ".cmake"))}

    listed = listed_sources({f: t for f, t in text.items() if f.endswith("CMakeLists.txt")})
    for f in files:
        if f.endswith(".cpp") and f not in listed:
            yield f"{f}: in no CMakeLists.txt, so it never builds"

    for f, t in text.items():
        yield from test_problems(f, t)

    documented = set(re.findall(r"`((?:ASM|CHIP|CLI|CMP|EXP|IMG|IMP|NET|OUT|YML|RUN|VFY)-[A-Z0-9-]+)`",
                                text.get("isa/base/ERRORS.md", "")))
    tests = "\n".join(t for f, t in text.items() if f.startswith("tests/"))
    emitted = {}
    for f, t in text.items():
        if f.startswith(("isa/", "compiler/", "emulator/", "tools/")) and f.endswith((".cpp", ".hpp")):
            for code in CODE.findall(t):
                emitted.setdefault(code, f)
    for code, f in sorted(emitted.items()):
        if code not in documented:
            yield f"{f}: {code} is not in isa/base/ERRORS.md"
        if code not in tests:
            yield f"{f}: {code} is in no test"
    for code in sorted(documented - set(emitted)):
        yield f"isa/base/ERRORS.md: {code} is emitted nowhere"

    for f in files:
        name = pathlib.PurePosixPath(f).name
        if f.startswith("configs/") and f.endswith((".yaml", ".asm")) and name.rsplit(".", 1)[0] not in tests:
            yield f"{f}: named by no test"
        if re.fullmatch(r"docs/(?!README)\w+\.md", f):
            for contents in ("tools/mkdocs.yml", "docs/README.md"):
                if name not in text.get(contents, (root / contents).read_text()):
                    yield f"{f}: not in {contents}"
        top = f.split("/")[0]
        if top not in ROOT_ENTRIES and not top.startswith("."):
            yield f"{top}: not part of the agreed top level"


if __name__ == "__main__":
    found = sorted(set(problems(pathlib.Path(sys.argv[1]))))
    print("\n".join(found) or "lists: nothing is forgotten")
    sys.exit(1 if found else 0)
