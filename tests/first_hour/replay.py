#!/usr/bin/env python3
"""Replays the mistakes of a first hour: every folder here is one, with what a user gets for it.

    replay.py SEAMOUNT [FOLDER...]

A folder holds `command`, a shell script that starts `seamount`, the files that it reads, and `expected.txt`: exit code, stdout and
stderr. The command runs in a copy of the folder. `requires`, if there, names what the case needs, a word a line: `release` (not
under sanitizers), `user` (not as root). SEAMOUNT_APPROVE=1 writes `expected.txt` as it is now: read the difference before keeping it.
"""
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT_S = 600
SKIPPED = 77
# What differs from run to run, and what stands for it. Lines of wall time vary in width too.
VARYING = [
    (re.compile(r"^( *wall time) .*$", re.M), r"\1 ..."),
    (re.compile(r"^compiled in .*$", re.M), "compiled in ..."),
    (re.compile(r"\.[0-9a-f]{8}\.tmp"), ".RANDOM.tmp"),
    (re.compile(r"after \d+ of"), "after N of"),
    (re.compile(r'("(?:wall_s|peak_rss_bytes|version|compile|load|run)": )[^,\n{]+'), r"\1..."),
]


def why_not(case):
    needs = case / "requires"
    if not needs.exists():
        return ""
    for word in needs.read_text().split():
        if word == "release" and os.environ.get("SEAMOUNT_SANITIZED"):
            return "not under sanitizers"
        if word == "user" and os.geteuid() == 0:
            return "root may write everywhere"
    return ""


def output_of(case, seamount, scratch):
    folder = scratch / case.name
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected.txt", "requires"))
    tools = scratch / "bin"
    tools.mkdir(exist_ok=True)
    if not (tools / "seamount").exists():
        (tools / "seamount").symlink_to(seamount)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    env.pop("SEAMOUNT_CONFIGS", None)
    done = subprocess.run(["sh", "./command"], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=TIMEOUT_S)
    texts = []
    for stream in (done.stdout, done.stderr):
        text = stream.decode(errors="backslashreplace").replace(f"{folder}/", "").replace(str(folder), ".")
        for pattern, stand_in in VARYING:
            text = pattern.sub(stand_in, text)
        texts.append(text)
    return f"exit {done.returncode}\n--- stdout\n{texts[0]}--- stderr\n{texts[1]}"


def replay(case, seamount, scratch):
    """True if the case passed, None if it was skipped."""
    reason = why_not(case)
    if reason:
        print(f"skipped: {case.name}: {reason}")
        return None
    expected = case / "expected.txt"
    try:
        got = output_of(case, seamount, scratch)
    except subprocess.TimeoutExpired:
        print(f"FAILED {case.name}: not done after {TIMEOUT_S} s")
        return False
    if os.environ.get("SEAMOUNT_APPROVE"):
        expected.write_text(got)
        return True
    want = expected.read_text() if expected.exists() else ""
    if got == want:
        return True
    print(f"FAILED {case.name}: $ {(case / 'command').read_text().strip()}")
    print("".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True), "expected", "now")))
    return False


def main():
    seamount = pathlib.Path(sys.argv[1]).resolve()
    asked = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    cases = asked or sorted(path.parent for path in HERE.glob("*/command"))
    with tempfile.TemporaryDirectory() as scratch:
        results = [replay(case, seamount, pathlib.Path(scratch)) for case in cases]
    passed, failed = results.count(True), results.count(False)
    print(f"{passed} passed, {failed} failed, {results.count(None)} skipped")
    return 1 if failed or not cases else 0 if passed else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
