#!/usr/bin/env python3
"""Does "why this class" hold? why.py NETWORK.yaml [--samples N] [--top PART] [--least RATIO]: of the samples that are answered right, how often
the answer changes without the tenth (or PART) of the input spikes that `seamount explain` names first, and without as many random ones."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
from outcome import Table  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("network", type=pathlib.Path)
    options.add_argument("--samples", type=int, help="the first ones (default: all)")
    options.add_argument("--top", default="0.1", metavar="PART", help="of the input spikes that are removed")
    options.add_argument("--least", type=float, default=3, metavar="RATIO", help="exit code 1 below this")
    chosen = options.parse_args()
    samples = f"0..{chosen.samples - 1}" if chosen.samples else "all"
    done = subprocess.run([os.environ.get("SEAMOUNT", "seamount"), "explain", FOLDER / chosen.network, "--chip", "loihi2", "--decision", samples,
                           "--verify", "--top", chosen.top, "--json", "-", "-q"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    answer = json.loads(done.stdout)
    ratio = answer["ratio"]
    table = Table("removed", "answers", "changed by the top", "by random ones", "ratio (95 %)")
    table.add(f"{float(chosen.top) * 100:.0f} %", len(answer["accounts"]), f"{ratio['top']:.1%}", f"{ratio['random']:.1%}", f"{ratio['ratio']:.1f} ({ratio['low']:.1f} to {ratio['high']:.1f})")
    table.check(ratio["ratio"] >= chosen.least, f"{chosen.least:g} times as often as random ones")
    table.end()


if __name__ == "__main__":
    main()
