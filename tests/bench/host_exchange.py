#!/usr/bin/env python3
"""What an exchange with `run --host` costs beside a bare parent in C++ with the same Python child: host_exchange.py SEAMOUNT

Pairs of runs in turn, as the machine may be busy; prints microseconds per exchange of both, and the median and the least of the
ratios of the pairs. tests/bench/README.md has figures."""
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NETWORK = os.path.join(HERE, "../../configs/python/echo.yaml")
EXCHANGES, ROUNDS = 20_000, 9
CHILD = """import json, sys, time
began, lines = 0, 0
for line in sys.stdin:
    began = began or time.perf_counter()
    lines += 1
    told = json.loads(line)
    print('{"spikes": {"eye": [%d]}}' % (told["step"] % 4), flush=True)
print((time.perf_counter() - began) / lines * 1e6, file=open(sys.argv[1], "w"))
"""


def measured(words, clock):
    """Microseconds of an exchange by the clock of the child: its own start is not in them."""
    subprocess.run(words, check=True, capture_output=True)
    with open(clock, encoding="utf-8") as file:
        return float(file.read())


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        parent, child = os.path.join(folder, "parent"), os.path.join(folder, "child.py")
        subprocess.run(["c++", "-O2", "-std=c++20", os.path.join(HERE, "host_parent.cpp"), "-o", parent], check=True)
        with open(child, "w", encoding="utf-8") as file:
            file.write(CHILD)
        clock = os.path.join(folder, "clock")
        command = f"exec /usr/bin/python3 {child} {clock}"
        bare = [parent, str(EXCHANGES), '{"step":17,"spikes":{"out":[[16,2]]}}', command]
        ours = [binary, "run", NETWORK, "--steps", str(EXCHANGES), "--host", command, "-q"]
        pairs = [(measured(bare, clock), measured(ours, clock)) for _ in range(ROUNDS)]
    ratios = [ours / theirs for theirs, ours in pairs]
    print(f"bare {statistics.median(p[0] for p in pairs):.1f} us, run --host {statistics.median(p[1] for p in pairs):.1f} us, "
          f"ratio {statistics.median(ratios):.3f}, least {min(ratios):.3f}")


if __name__ == "__main__":
    main()
